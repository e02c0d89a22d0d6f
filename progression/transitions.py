"""The moves of a case that its worker makes, and the kernel that every package's moves are made with.

Each verb reads: lock, who, when, write, history, tell.
"""

from django.db import IntegrityError, connection, transaction

from competencies import selectors as competencies
from people.policies import Blocked
from portfolios import portfolio_transitions as portfolios
from progression import access, notifications, permissions, policies, reminders
from progression.models import Application, Event, Meeting
from progression.states import BEING_BUILT, REFUSALS, STAGES, WITHDRAWABLE, State


@transaction.atomic
def start(*, worker, today, now):
    """Open an application for the worker's next level, on the scheme version in force today. R1."""
    permissions.check_can_start(worker)
    team = worker.post.team
    scheme = competencies.current_scheme(team.scheme_code, today=today)
    step = competencies.step_from(scheme, worker.post.level)
    policies.check_startable(worker, step)
    try:
        application = Application.objects.create(
            reference=_next_reference(today.year),
            worker=worker,
            team=team,
            scheme=scheme,
            step=step,
            portfolio=portfolios.open_portfolio(
                worker=worker, step=step, follows=refused_before(worker, step), now=now
            ),
            state_since=now,
            started_at=now,
        )
    except IntegrityError as clash:
        # Begun in another tab, or an earlier one opened again, at this very moment.
        if "one_open_a_worker" not in str(clash):
            raise
        raise Blocked("You already have an application open. Finish it or withdraw it first.") from clash
    record(application, actor=worker, verb="started", now=now)
    reminders.open_for_state(application, now=now)
    return application


@transaction.atomic
def submit(application, *, actor, worked_through_with_manager, desirables=(), now, today):
    """Hand the portfolio in: it is frozen as a submission and goes to the team's manager. R7, R8, R10."""
    application = lock(application, *BEING_BUILT)
    permissions.check_is_worker(actor, application)
    policies.check_submittable(application, today=today)
    submission = portfolios.freeze(
        application.portfolio,
        worked_through_with_manager=worked_through_with_manager,
        desirables=desirables,
        now=now,
    )
    application.team = actor.post.team
    move(
        application,
        State.SUBMITTED,
        actor=actor,
        verb="submitted",
        now=now,
        detail={"submission": submission.number, "sha256": submission.sha256},
    )
    return application


@transaction.atomic
def withdraw(application, *, actor, reason="", now):
    """End the worker's own application before a decision on it."""
    application = lock(application, *WITHDRAWABLE)
    permissions.check_is_worker(actor, application)
    portfolios.close(application.portfolio)
    meetings = Meeting.objects.filter(application=application, held_on=None, cancelled_at=None)
    meetings.update(application=None, notice_given_on=None)
    move(application, State.WITHDRAWN, actor=actor, verb="withdrawn", now=now, reason=reason)
    return application


def refused_before(worker, step):
    """The reference of the last application for this level that was refused, and stayed so, or "". R18."""
    refused = Application.objects.filter(
        worker=worker, step__to_level__number=step.to_level.number, events__to_state__in=REFUSALS
    ).exclude(events__to_state=State.UPHELD)
    return refused.order_by("-started_at", "-id").values_list("reference", flat=True).first() or ""


def lock(application, *states):
    """The application's row, locked until the transaction ends, and still in one of `states`.

    Raises Blocked, saying who moved it and when, if somebody was quicker.
    """
    locked = (
        Application.objects.select_for_update(of=("self",))
        .select_related(
            "worker__post",
            "team__service",
            "team__manager",
            "scheme",
            "step__from_level",
            "step__to_level",
            "portfolio",
        )
        .get(pk=application.pk)
    )
    if locked.state not in states:
        raise Blocked(policies.already_moved(locked))
    return locked


def move(application, to, *, actor, on_behalf_of=None, verb, now, reason="", detail=None):
    """Put a locked application into state `to`, with its history, its deadlines and whom to tell.

    `on_behalf_of` is whom the actor stands in for, if anybody. Returns the Event. Raises ValueError for a
    move that the table of states does not have.
    """
    came_from = State(application.state)
    if to not in STAGES[came_from].moves:
        raise ValueError(f"No move from {came_from} to {to}.")
    application.state = to
    application.state_since = now
    application.save()
    event = record(
        application,
        actor=actor,
        on_behalf_of=on_behalf_of,
        verb=verb,
        now=now,
        from_state=came_from,
        to_state=to,
        reason=reason,
        detail=detail,
    )
    for person in (actor, on_behalf_of):
        if person is not None:
            access.keep_sight(application, of=person)
    reminders.close_all(application, now=now)
    reminders.open_for_state(application, now=now)
    notifications.tell_of_move(application, event=event, now=now)
    return event


def record(
    application,
    *,
    actor,
    on_behalf_of=None,
    verb,
    now,
    from_state="",
    to_state="",
    reason="",
    detail=None,
):
    """Write one line of the case's history. Returns the Event."""
    return Event.objects.create(
        application=application,
        actor=actor,
        on_behalf_of=on_behalf_of,
        verb=verb,
        at=now,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        detail=detail or {},
    )


def _next_reference(year):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO progression_referencecounter (year, last) VALUES (%s, 1)"
            " ON CONFLICT (year) DO UPDATE SET last = progression_referencecounter.last + 1 RETURNING last",
            [year],
        )
        (number,) = cursor.fetchone()
    return f"APP-{year}-{number:04d}"
