"""Where a case stands, in words for one reader: who acts next, by when, what comes after, what has been."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import prefetch_related_objects

from people.permissions import allowed
from people.roles import Role
from progression import deadlines, judges, permissions, policies, selectors
from progression.models import Capacity
from progression.states import BEING_BUILT, Owner, State

MOST_NAMES = 3


@dataclass(frozen=True)
class Standing:
    """`by` is None where there is no time limit, or none known yet: `note` then says so."""

    label: str
    colour: str
    who: str
    by: date | None
    note: str
    overdue: bool
    after: str


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. `reason` is empty where this reader may not read it."""

    title: str
    who: str
    at: datetime
    reason: str
    note: str


@dataclass(frozen=True)
class Outcome:
    """What was decided, and what it does to pay: no points where the scheme publishes none. R17, R22."""

    progressed: bool
    decided_at: datetime
    reasons: str
    effective_date: date | None
    from_point: int | None
    to_point: int | None


def standing_of(application, reader, *, today):
    """Where the application stands, for `reader`."""
    stage, is_worker = application.stage, reader.pk == application.worker_id
    prefetch_related_objects([application], "deadlines")  # asked for more than once on a page
    deadline = selectors.open_deadline(application)
    by = deadline.due_on if deadline else None
    who, acts = _who(application, reader, by=by, today=today)
    worker_next, staff_next = stage.worker_next, (stage.actor_next if acts else "") or stage.staff_next
    if application.state == State.SENT_TO_PAYROLL:
        who, worker_next, staff_next = _with_payroll(application, reader)
    return Standing(
        label=stage.worker_sees if is_worker else stage.staff_see,
        colour=stage.colour,
        who=who,
        by=by,
        note=_note(application, deadline),
        overdue=by is not None and by < today and stage.owner != Owner.WORKER,
        after=worker_next if is_worker else staff_next,
    )


def timeline(application, reader, events):
    """The events as lines for `reader`, in the order given."""
    return [
        Entry(
            title=event.verb[:1].upper() + event.verb[1:].replace("_", " "),
            who=who_did(event),
            at=event.at,
            reason=event.reason if permissions.can_read_reason(reader, application, event) else "",
            note=_handed_over(event),
        )
        for event in events
    ]


def who_did(event):
    """Who acted, with both names where somebody stood in; who has no account is named by the event."""
    if event.actor:
        return event.actor.named_with(event.on_behalf_of)
    return event.detail.get("by", "the service")


def _handed_over(event):
    """Who judges the case now, where somebody else was to: the worker reads this, and not why."""
    if event.verb not in permissions.HAND_OVERS:
        return ""
    capacity = Capacity(event.detail["capacity"]).label
    return f"{event.detail['to']} is to {capacity}, not {event.detail['from']}."


_DECISIONS = (State.AUTHORISED, State.DECLINED, State.REFUSED, State.UPHELD, State.DISMISSED)


def outcome_of(application, events):
    """The latest decision among `events`, latest first, or None before there is one."""
    decision = next((event for event in events if event.to_state in _DECISIONS), None)
    if decision is None:
        return None
    progressed = decision.to_state in (State.AUTHORISED, State.UPHELD)
    return Outcome(
        progressed=progressed,
        decided_at=decision.at,
        reasons=decision.reason,
        effective_date=application.effective_date if progressed else None,
        from_point=decision.detail.get("from_point"),
        to_point=decision.detail.get("to_point"),
    )


def _who(application, reader, *, by, today):
    """Who acts next, in words, and whether the reader does and there is something to judge."""
    owner = application.stage.owner
    if owner == Owner.NOBODY:
        return "Nobody", False
    if owner == Owner.SYSTEM:
        return "Nobody: the service does this by itself", False
    if owner == Owner.PAYROLL:
        return "HR and payroll", False
    if owner == Owner.WORKER and application.state not in BEING_BUILT:
        return _who_may_challenge(application, reader, late=by is not None and by < today), False
    acting = selectors.acting_in([application])[application.pk]
    others = [person.name for person in acting.people if person.pk != reader.pk]
    mine = reader.pk in acting.able
    who = _either(["You", *others] if mine and len(acting.people) > 1 else ["You"] if mine else others)
    if acting.to_hand_over and who:
        capacity = judges.CAPACITY_OF_OWNER[owner]
        return f"{who}, to choose who is to {capacity.label}: nobody who would may", False
    return who or f"Nobody yet: there is no {_rank(application)} who may act", mine


def _with_payroll(application, reader):
    """Who acts next, and what follows for the worker and for others. R13, R23."""
    stage = application.stage
    if selectors.payroll_asks(application):
        able = allowed(permissions.check_can_answer_payroll, reader, application)
        who = "You" if able else "The team manager, or whoever authorised it"
        says = "The pay form is put right, and a new one goes to payroll."
        return who, says, says
    if selectors.contract_waits(application):
        who = "You" if reader.pk == application.worker_id else application.worker.name
        return who, stage.worker_next, stage.staff_next
    return "HR and payroll", "Payroll changes your pay and says so here.", "Payroll changes the pay."


def _who_may_challenge(application, reader, *, late):
    """A refusal is the end unless its worker asks again, which they need not."""
    challenge = policies.challenge(application)
    if late and selectors.asked_late(application):
        hearers = judges.who_is_asked(judges.judges_of(application, Capacity.HEARER))
        names = ["You" if person.pk == reader.pk else person.name for person in hearers]
        return f"{_either(names) or 'Nobody yet'}, to say whether a late request for {challenge} is heard"
    if late:
        return f"Nobody: the time to ask for {challenge} has ended"
    who = "you" if reader.pk == application.worker_id else application.worker.name
    return f"Nobody, unless {who} {'ask' if who == 'you' else 'asks'} for {challenge}"


def _rank(application):
    rules = application.scheme.rules
    rank = rules.appeal.heard_by if application.stage.owner == Owner.HEARER else rules.decision.authorised_by
    return Role(rank).label.lower()


def _either(names):
    """Ann; Ann or Ben; Ann, Ben or 2 others."""
    if len(names) > MOST_NAMES:
        names = [*names[: MOST_NAMES - 1], f"{len(names) - MOST_NAMES + 1} others"]
    *first, last = names or [""]
    return f"{', '.join(first)} or {last}" if first else last


def _note(application, deadline):
    """Why a case with a time limit has no date: the bank holidays it may run over are not known yet."""
    if deadline is None or deadline.due_on or application.state in BEING_BUILT:
        return ""
    if not policies.working_days_allowed(application):
        return ""
    return deadlines.not_known_yet(selectors.bank_holidays())
