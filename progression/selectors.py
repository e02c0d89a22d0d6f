"""Every read of a case, in a fixed number of queries. Lists of many people are in `registers.py`."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from competencies import selectors as competencies
from competencies.models import Scheme, Step
from people import selectors as people
from people.models import Post, Team, User
from people.roles import LINE_OF_MANAGEMENT, Role, at_least
from portfolios import selectors as portfolios
from portfolios.models import Evidence
from progression import policies
from progression.deadlines import Holidays
from progression.models import Application, BankHoliday, Deadline, Event
from progression.states import BEING_BUILT, OPEN, STAGES, Owner, State


def bank_holidays():
    """The bank holidays kept, known until the end of the last year that has one."""
    days = frozenset(BankHoliday.objects.values_list("day", flat=True))
    return Holidays(days, date(max(days).year, 12, 31) if days else date.min)


def applications_of(worker):
    """The worker's applications, the open one first, then the latest, each with its scheme and step."""
    return (
        Application.objects.filter(worker=worker)
        .select_related("scheme", "step__from_level", "step__to_level", "team__manager", "portfolio")
        .alias(going_on=Q(state__in=OPEN))
        .order_by("-going_on", "-started_at", "-id")
    )


@dataclass(frozen=True)
class Beginning:
    """What a worker in `post` would start: the next `step`, what blocks it, what would block submitting."""

    post: Post | None
    step: Step | None
    blocks: list[str]
    gates: list[str]


def beginning(worker, *, today):
    """What the worker would start today. Four queries."""
    post = people.post_of(worker)
    if post is None:
        return Beginning(
            None, None, ["You have no post in this service yet. Ask whoever looks after it."], []
        )
    step = competencies.step_from(competencies.current_scheme(post.team.scheme_code, today=today), post.level)
    gates = policies.gates_ahead(post, step, today=today) if step else []
    return Beginning(post, step, policies.blocks_on_starting(worker, step), gates)


def being_built(worker):
    """The application whose portfolio the worker may change, or None."""
    return Application.objects.filter(worker=worker, state__in=BEING_BUILT).first()


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


def submission(application, number=None):
    """What was handed in the `number`th time, or without a number the last time; None if it was not."""
    if number is None:
        return latest_submission(application)
    return application.portfolio.submissions.filter(number=number).first()


def submission_times(application):
    """(number, when) of each handing in, the first first."""
    return list(application.portfolio.submissions.order_by("number").values_list("number", "submitted_at"))


def submitted_file(application, token):
    """The Attachment with this token, if it was handed in with this case; else None."""
    for handed_in in application.portfolio.submissions.all():
        if found := portfolios.submitted_attachment(handed_in, token):
            return found
    return None


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


@dataclass(frozen=True)
class Waiting:
    """One application on the list of what waits for somebody, with when it is due."""

    application: Application
    by: date | None
    overdue: bool


MOST_WAITING = 50


def waiting_list(user, *, today):
    """The first MOST_WAITING applications that wait for `user`, longest waiting first. One query."""
    deadline = Deadline.objects.filter(application=OuterRef("pk"), closed_on=None)
    found = (
        waiting_for(user)
        .select_related("worker", "team", "step__from_level", "step__to_level")
        .annotate(by=Subquery(deadline.values("due_on")[:1]))
    )
    return [Waiting(one, one.by, one.by is not None and one.by < today) for one in found[:MOST_WAITING]]


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
    return Q(scheme__in=schemes) & _teams_served(user) & ~Q(worker=user) & ~Q(assessor=user)


def _may_hear(user):
    hears = Scheme.objects.filter(content__file__appeal__heard_by=user.role).order_by()
    decides_too = hears.filter(content__file__decision__authorised_by=user.role)
    refused = Event.objects.filter(actor=user, to_state__in=(State.DECLINED, State.REFUSED)).order_by()
    not_decided = Q(scheme__in=decides_too.values("pk")) | ~Q(pk__in=refused.values("application"))
    not_own = ~Q(worker=user) & ~Q(assessor=user)
    return Q(scheme__in=hears.values("pk")) & _teams_served(user) & not_own & not_decided


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
