"""Every read of a case, in a fixed number of queries. Lists of many people are in `registers.py`."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.utils import timezone

from competencies import selectors as competencies
from competencies.models import Step
from people import selectors as people
from people.models import Post
from people.written import Given, Written
from portfolios import selectors as portfolios
from portfolios.cpd_selectors import chosen_of_row
from portfolios.models import Evidence
from portfolios.news_selectors import news_for_row
from progression import judges, policies
from progression.deadlines import Holidays
from progression.models import OF_A_STATE, Application, BankHoliday, CouncilClosure, Deadline, DeadlineKind
from progression.states import BEING_BUILT, OPEN, STAGES, Owner, Stage, State, stage_of


def bank_holidays():
    """The bank holidays kept, known until the end of the last year that has one."""
    return holidays_of(None)


def holidays_of(service):
    """The days on which nobody of this service works: bank holidays, and its own closures. One query.

    Closures say nothing of how far the bank holidays are known.
    """
    kept = BankHoliday.objects.order_by().values_list("day", Value(True))
    closed = CouncilClosure.objects.filter(service=service).order_by().values_list("day", Value(False))
    rows = list(kept.union(closed, all=True) if service else kept)
    last = max((day for day, everywhere in rows if everywhere), default=None)
    return Holidays(frozenset(day for day, _ in rows), date(last.year, 12, 31) if last else date.min)


_OF_ROW = '"progression_application"."worker_id"'


def applications_of(worker, *, news_at=None, cpd_of=None):
    """The worker's applications, the open one first, then the latest. One query.

    Given a moment, each has what news_selectors.news_for_row says then of the worker's evidence; given the
    last day of a regulator's year, what cpd_selectors.standing_of_row needs.
    """
    found = (
        worker.applications.select_related("team__manager", "portfolio")
        .annotate(
            **(news_for_row(_OF_ROW, now=news_at) if news_at else {}),
            **({"cpd": chosen_of_row(_OF_ROW, cpd_of)} if cpd_of else {}),
        )
        .alias(going_on=Q(state__in=OPEN))
        .order_by("-going_on", "-started_at", "-id")
    )
    return competencies.put_at_hand(list(found))


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
    """The deadline that the application's state has opened, or None. One query, unless they are at hand."""
    return next((one for one in _open_deadlines(application) if one.kind in OF_A_STATE), None)


def asked_late(application):
    """Whether a late request waits for whoever hears reviews. One query, unless they are at hand. R19."""
    return any(one.kind == DeadlineKind.DECIDE_LATE_REQUEST for one in _open_deadlines(application))


def _open_deadlines(application):
    return [one for one in application.deadlines.all() if one.closed_on is None]


def was_upheld(application):
    """Whether its award rests on a decided review, which is final. R21."""
    return application.events.filter(to_state=State.UPHELD).exists()


def history(application):
    """The case's events, latest first, each with who acted."""
    return application.events.select_related("actor", "on_behalf_of").order_by("-id")


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


def contract_waits(application):
    """Whether the worker has yet to answer the change to their contract. R23, R30. One query at most."""
    if application.state != State.SENT_TO_PAYROLL:
        return False
    return application.variations.filter(answered_at=None, pay_form__stopped_at=None).exists()


def payroll_asks(application):
    """Whether payroll has sent the form back and waits for it to be put right. One query, with payroll."""
    if application.state != State.SENT_TO_PAYROLL:
        return False
    sent_back = application.pay_forms.filter(stopped_at=None, payroll_query__isnull=False)
    return sent_back.filter(payroll_query__answered_at=None).exists()


def letters_for(user, application):
    """The letters about a case that this person may read, newest first: a worker their own. One query."""
    letters = application.letters.select_related("to", "application").defer("content")
    return letters.filter(to=user) if user.pk == application.worker_id else letters


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
    return _waiting_for(user.pk, user.role, timezone.localdate())


def _waiting_for(user, role, today):
    """The same by a person's id and role; each may be Given."""
    states = [_states_of(owner) for owner in _JUDGED_IN_TURN]
    waiting = RawSQL(  # noqa: S611 - all parameters
        "SELECT progression_waiting(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [user, role, judges.LINE, today, *states, list(judges.MAY_PASS_ON)],
    )
    return Application.objects.filter(pk__in=waiting).order_by("state_since", "id")


_JUDGED_IN_TURN = (Owner.WORKER, Owner.MANAGER, Owner.AUTHORISER, Owner.HEARER, Owner.PAYROLL)
"""In the order in which the function takes the states that wait for each."""


@cache
def _states_of(owner):
    return [state.value for state, stage in STAGES.items() if stage.owner == owner]


@dataclass(frozen=True)
class Waiting:
    """One application on the list of what waits for somebody, as its line says it, with when it is due."""

    reference: str
    worker: str
    team: str
    to_level: str
    stage: Stage
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
    found = _lines_waiting().rows(user=user.pk, role=user.role, today=timezone.localdate())
    rows = [
        Waiting(
            reference=reference,
            worker=worker,
            team=team,
            to_level=competencies.asked_by(step).step.to_level.name,
            stage=stage_of(state, awarded=authoriser is not None),
            by=by,
            overdue=by is not None and by < today,
        )
        for reference, worker, team, step, state, authoriser, by in found[:MOST_WAITING]
    ]
    return WaitingList(rows, more=len(found) > MOST_WAITING)


@cache
def _lines_waiting():
    deadline = Deadline.objects.filter(application=OuterRef("pk"), closed_on=None, kind__in=OF_A_STATE)
    found = _waiting_for(Given("user"), Given("role"), Given("today")).values_list(
        "reference",
        "worker__name",
        "team__name",
        "step_id",
        "state",
        "authoriser_id",
        Subquery(deadline.values("due_on")[:1]),
    )
    return Written(found[: MOST_WAITING + 1])


def last_asked_to_judge(application, capacity):
    """Whose it is to judge the case by the last hand-over, or else by their post. Up to one query."""
    handed = application.recusals.filter(capacity=capacity).select_related("handed_to").last()
    return handed.handed_to if handed else application.team.manager


@dataclass(frozen=True)
class Acting:
    """Whose act a case waits for: the `people` to ask, and the ids of all who are `able`.

    `to_hand_over`: nobody may judge it, so they choose who does.
    """

    people: list
    able: set
    to_hand_over: bool = False


def acting_in(applications):
    """{id: Acting} for any number of cases, each given with its `worker`. One query at most."""
    asked, acting = {}, {}
    for one in applications:
        owner = one.stage.owner
        capacity = judges.PAYROLL if owner == Owner.PAYROLL else judges.CAPACITY_OF_OWNER.get(owner)
        if capacity:
            asked[one.pk] = capacity
        else:
            people = [one.worker] if owner == Owner.WORKER else []
            acting[one.pk] = Acting(people, {person.pk for person in people})
    if len(asked) == 1:
        (one,) = (one for one in applications if one.pk in asked)
        judged = {one.pk: judges.judges_of(one, asked[one.pk])}
    else:
        judged = judges.judges_in(asked)
    for pk, found in judged.items():
        stuck = asked[pk] != judges.PAYROLL and judges.is_stuck(found)
        acting[pk] = Acting(judges.who_is_asked(found), judges.who_is_able(found), stuck)
    return acting


def who_acts_in(applications):
    """{id: the people whose act it waits for}, as `who_acts` says it. One query at most."""
    return {pk: acting.people for pk, acting in acting_in(applications).items()}


def who_acts(application):
    """The people whose act the case waits for, to name and to remind; empty where it waits for nobody.

    One query at most, but none for a worker's own act.
    """
    return who_acts_in([application])[application.pk]
