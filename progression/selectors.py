"""Every read of a case, in a fixed number of queries. Lists of many people are in `registers.py`."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone

from competencies import selectors as competencies
from competencies.models import Step
from people import selectors as people
from people.models import Post, User
from people.roles import LINE_OF_MANAGEMENT, Role, at_least
from portfolios import selectors as portfolios
from portfolios.models import Evidence
from progression import policies
from progression.deadlines import Holidays
from progression.models import Application, BankHoliday, Deadline
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


def beginning(worker, *, today, known_closed=False):
    """What the worker would start today. Four queries, or three where all they made is known to be closed."""
    post = people.post_of(worker)
    if post is None:
        return Beginning(
            None, None, ["You have no post in this service yet. Ask whoever looks after it."], []
        )
    step = competencies.step_from(competencies.current_scheme(post.team.scheme_code, today=today), post.level)
    gates = policies.gates_ahead(post, step, today=today) if step else []
    return Beginning(post, step, policies.blocks_on_starting(worker, step, known_closed=known_closed), gates)


def being_built(worker):
    """The application whose portfolio the worker may change, or None."""
    return Application.objects.filter(worker=worker, state__in=BEING_BUILT).first()


def open_deadline(application):
    """The deadline that the application's state has opened, or None."""
    return Deadline.objects.filter(application=application, closed_on=None).first()


def history(application):
    """The case's events, latest first, each with who acted."""
    return application.events.select_related("actor").order_by("-id")


def returned_for(application):
    """What the manager asks of the worker while the application is returned; otherwise an empty text."""
    if application.state != State.RETURNED:
        return ""
    returns = application.events.filter(to_state=State.RETURNED).order_by("-id")
    return returns.values_list("reason", flat=True).first() or ""


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


_WAITING = """
    SELECT a.id FROM progression_application a
     WHERE a.worker_id = %(user)s AND a.state = ANY(%(worker)s)
    UNION ALL
    SELECT a.id FROM progression_application a
      JOIN people_team t ON t.id = a.team_id
     WHERE t.manager_id = %(user)s AND a.worker_id <> %(user)s AND a.state = ANY(%(manager)s)
    UNION ALL
    SELECT a.id FROM progression_application a
      JOIN people_team t ON t.id = a.team_id
      JOIN people_service_officers o ON o.service_id = t.service_id AND o.user_id = %(user)s
      JOIN competencies_schemecontent s ON s.scheme_id = a.scheme_id
     WHERE a.state = ANY(%(authoriser)s) AND s.file #>> '{decision,authorised_by}' = ANY(%(ranks)s)
       AND a.worker_id <> %(user)s AND a.assessor_id IS DISTINCT FROM %(user)s
    UNION ALL
    SELECT a.id FROM progression_application a
      JOIN people_team t ON t.id = a.team_id
      JOIN people_service_officers o ON o.service_id = t.service_id AND o.user_id = %(user)s
      JOIN competencies_schemecontent s ON s.scheme_id = a.scheme_id
     WHERE a.state = ANY(%(hearer)s) AND s.file #>> '{appeal,heard_by}' = %(role)s
       AND a.worker_id <> %(user)s AND a.assessor_id IS DISTINCT FROM %(user)s
       AND (s.file #>> '{decision,authorised_by}' = %(role)s
            OR NOT EXISTS (SELECT FROM progression_event e WHERE e.application_id = a.id
                              AND e.actor_id = %(user)s AND e.to_state = ANY(%(refusals)s)))
    UNION ALL
    SELECT a.id FROM progression_application a
      JOIN people_team t ON t.id = a.team_id
      JOIN people_service_officers o ON o.service_id = t.service_id AND o.user_id = %(user)s
     WHERE a.state = ANY(%(payroll)s) AND %(role)s = 'payroll'
"""
"""permissions.py's checks of who may act, for each owner of a state; a test holds the two together.

In SQL, because putting it together from Django's parts at each visit took longer than the rest of the page.
"""
_WAITING_VALUES = re.findall(r"%\((\w+)\)s", _WAITING)
_WAITING_SQL = re.sub(r"%\(\w+\)s", "%s", _WAITING)


def waiting_for(user):
    """The applications whose next act is this person's: those for which `permissions.acts_next` says yes.

    Their own draft or refusal is among them: it waits for them too. Longest waiting first.
    """
    values = {owner.value: _states_of(owner) for owner in Owner} | {
        "user": user.pk,
        "role": user.role,
        "ranks": [rank for rank in LINE_OF_MANAGEMENT if at_least(user.role, rank)],
        "refusals": [State.DECLINED, State.REFUSED],
    }
    waiting = RawSQL(_WAITING_SQL, [values[name] for name in _WAITING_VALUES])  # noqa: S611 - all parameters
    return Application.objects.filter(pk__in=waiting).order_by("state_since", "id")


@cache
def _states_of(owner):
    return [state.value for state, stage in STAGES.items() if stage.owner == owner]


@dataclass(frozen=True)
class Waiting:
    """One application on the list of what waits for somebody, with when it is due."""

    application: Application
    by: date | None
    overdue: bool


@dataclass(frozen=True)
class WaitingList:
    """Those that have waited longest, and whether there are more."""

    rows: list[Waiting]
    more: bool


MOST_WAITING = 10


def waiting_list(user, *, today):
    """The MOST_WAITING applications that have waited longest for `user`. One query."""
    deadline = Deadline.objects.filter(application=OuterRef("pk"), closed_on=None)
    found = (
        waiting_for(user)
        .select_related("worker", "team", "step__to_level")
        .annotate(by=Subquery(deadline.values("due_on")[:1]))
    )
    rows = [Waiting(one, one.by, one.by is not None and one.by < today) for one in found[: MOST_WAITING + 1]]
    return WaitingList(rows[:MOST_WAITING], more=len(rows) > MOST_WAITING)


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
