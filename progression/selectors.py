"""Every read of a case, in a fixed number of queries. Lists of many people are in `registers.py`."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from competencies.models import Scheme
from people.models import Team, User
from people.roles import LINE_OF_MANAGEMENT, Role, at_least
from portfolios.models import Evidence
from progression.deadlines import Holidays
from progression.models import Application, BankHoliday, Deadline
from progression.states import OPEN, STAGES, Owner


def bank_holidays():
    """The bank holidays kept, known until the end of the last year that has one."""
    days = frozenset(BankHoliday.objects.values_list("day", flat=True))
    return Holidays(days, date(max(days).year, 12, 31) if days else date.min)


def applications_of(worker):
    """The worker's applications, the open one first, then the latest, each with its scheme and step."""
    return (
        Application.objects.filter(worker=worker)
        .select_related("scheme", "step__from_level", "step__to_level", "team__manager", "portfolio")
        .alias(is_open=Q(state__in=OPEN))
        .order_by("-is_open", "-started_at", "-id")
    )


def open_deadline(application):
    """The deadline that the application's state has opened, or None."""
    return Deadline.objects.filter(application=application, closed_on=None).first()


def history(application):
    """The case's events, latest first, each with who acted."""
    return application.events.select_related("actor").order_by("-id")


def last_worked_on(application):
    """The day on which the worker last saved evidence, or None."""
    latest = (
        Evidence.objects.filter(worker=application.worker_id, removed_at__isnull=True)
        .order_by("-updated_at", "-id")
        .values_list("updated_at", flat=True)
        .first()
    )
    return timezone.localdate(latest) if latest else None


def latest_submission(application):
    """What was handed in last, or None."""
    return application.portfolio.submissions.order_by("-number").first()


def waiting_for(user):
    """The applications whose next act is this person's: those for which `permissions.acts_next` says yes.

    Their own draft or refusal is among them: it waits for them too. Longest waiting first.
    """
    first, *rest = [
        Q(state__in=[state for state, stage in STAGES.items() if stage.owner == owner]) & may_act(user)
        for owner, may_act in _MAY_ACT.items()
    ]
    for more in rest:
        first |= more
    return Application.objects.filter(first).order_by("state_since", "id")


NOBODY = Q(pk__in=[])


def _teams_served(user):
    return Q(team__in=Team.objects.filter(service__officers=user).order_by().values("pk"))


def _may_assess(user):
    return Q(team__in=Team.objects.filter(manager=user).order_by().values("pk")) & ~Q(worker=user)


def _may_authorise(user):
    if user.role not in LINE_OF_MANAGEMENT:
        return NOBODY
    ranks = [rank for rank in LINE_OF_MANAGEMENT if at_least(user.role, rank)]
    schemes = Scheme.objects.filter(content__file__decision__authorised_by__in=ranks).order_by().values("pk")
    not_assessor = Q(assessor__isnull=True) | ~Q(assessor=user)
    return Q(scheme__in=schemes) & _teams_served(user) & ~Q(worker=user) & not_assessor


def _may_hear(user):
    schemes = Scheme.objects.filter(content__file__appeal__heard_by=user.role).order_by().values("pk")
    return Q(scheme__in=schemes) & _teams_served(user) & ~Q(worker=user)


def _is_payroll(user):
    return _teams_served(user) if user.role == Role.PAYROLL else NOBODY


# permissions.py's checks as conditions, by who acts next; a test holds the two together.
_MAY_ACT = {
    Owner.WORKER: lambda user: Q(worker=user),
    Owner.MANAGER: _may_assess,
    Owner.AUTHORISER: _may_authorise,
    Owner.HEARER: _may_hear,
    Owner.PAYROLL: _is_payroll,
}


def who_acts(application):
    """The people whose act the case waits for, to name and to remind; empty where it waits for nobody.

    Anybody senior to the scheme's rank may authorise, but only those of exactly that rank are asked, so that
    a director is not written to about every case. Where none of them is free, the next rank up is. R15.
    """
    owner = application.stage.owner
    if owner == Owner.WORKER:
        return [application.worker]
    if owner == Owner.MANAGER:
        return [application.team.manager]
    if owner == Owner.AUTHORISER:
        return _lowest_free_rank(application)
    if owner == Owner.HEARER:
        return _officers(application, application.scheme.rules.appeal.heard_by)
    if owner == Owner.PAYROLL:
        return _officers(application, Role.PAYROLL)
    return []


def _officers(application, *roles):
    return list(
        User.objects.filter(services=application.team.service_id, role__in=roles, is_active=True).exclude(
            pk=application.worker_id
        )
    )


def _lowest_free_rank(application):
    needed = application.scheme.rules.decision.authorised_by
    ranks = [rank for rank in LINE_OF_MANAGEMENT if at_least(rank, needed)]
    free = [officer for officer in _officers(application, *ranks) if officer.pk != application.assessor_id]
    lowest = min((ranks.index(officer.role) for officer in free), default=None)
    return [officer for officer in free if ranks.index(officer.role) == lowest]
