"""Every verb, in every state, by everybody: what the table has goes through; nothing else writes a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from payroll import transitions as payroll
from payroll import variation_transitions as variations
from people.permissions import NotAllowed
from people.policies import Blocked
from progression import transitions as progression
from progression.models import Application
from progression.states import BEING_BUILT, OPEN, STAGES, WITHDRAWABLE, Owner, State
from reviews import appeal_transitions as appeals
from reviews import reversal_transitions as reversals
from reviews import transitions as reviews
from tests import council, standing_in, walk
from tests.access.visit import undone
from tests.built_once import built_once
from tests.council import NOW
from tests.walk import WHY_NOT, application_at

pytestmark = pytest.mark.django_db

WORKER, MANAGER, PAYROLL = {"worker of the case"}, {"manager"}, {"payroll"}
SENIORS, HEARER = {"service_manager", "head", "director"}, {"director"}
JUDGES = ("manager", "service_manager", "head", "director")
FROM_OUTSIDE = (*JUDGES, "payroll", "psw", "auditor", "worker")


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A move by its function: from which states, to which, by whom; and what must go before it."""

    name: str
    from_states: tuple
    to: State
    by: set
    act: Callable
    before: Callable = lambda case, place: None
    days: int = 0
    """After everything else, for what cannot be done on the day."""

    @property
    def everybody(self):
        """Whom it is for, and who stands in for one of them."""
        return self.by | {_who_stands_in_for(name) for name in self.by.intersection(JUDGES)}

    def __str__(self):
        return self.name


def _on(days):
    now = NOW + timedelta(days=days)
    return {"now": now, "today": now.date()}


def _not_recommending(case, place):
    assessment = case.assessments.get()
    reviews.save_recommendation(
        assessment,
        actor=place.manager,
        base_revision=assessment.revision_of("recommendation"),
        recommended=False,
        reasons="Recording is not yet made on time.",
        now=NOW,
    )


def _form(case):
    return case.pay_forms.order_by("version").last() or _no_form(case)


def _no_form(case):
    """What somebody would try with who had another case's form at hand, if this one has none."""
    raise Blocked("There is no form of this case.")


VERBS = [
    Verb(
        name="submit",
        from_states=BEING_BUILT,
        to=State.SUBMITTED,
        by=WORKER,
        act=lambda case, actor, at: progression.submit(
            case, actor=actor, worked_through_with_manager=True, **at
        ),
    ),
    Verb(
        name="withdraw",
        from_states=WITHDRAWABLE,
        to=State.WITHDRAWN,
        by=WORKER,
        act=lambda case, actor, at: progression.withdraw(case, actor=actor, now=at["now"]),
    ),
    Verb(
        name="return",
        from_states=(State.SUBMITTED,),
        to=State.RETURNED,
        by=MANAGER,
        act=lambda case, actor, at: reviews.return_to_worker(
            case, actor=actor, reason="Add one.", now=at["now"]
        ),
    ),
    Verb(
        name="sign, recommending",
        from_states=(State.SUBMITTED,),
        to=State.RECOMMENDED,
        by=MANAGER,
        act=lambda case, actor, at: reviews.sign(case, actor=actor, **at),
    ),
    Verb(
        name="sign, not recommending",
        from_states=(State.SUBMITTED,),
        to=State.NOT_RECOMMENDED,
        by=MANAGER,
        before=_not_recommending,
        act=lambda case, actor, at: reviews.sign(case, actor=actor, **at),
    ),
    Verb(
        name="authorise",
        from_states=(State.RECOMMENDED,),
        to=State.AUTHORISED,
        by=SENIORS,
        act=lambda case, actor, at: reviews.authorise(case, actor=actor, **at),
    ),
    Verb(
        name="decline",
        from_states=(State.RECOMMENDED,),
        to=State.DECLINED,
        by=SENIORS,
        act=lambda case, actor, at: reviews.decline(case, actor=actor, **WHY_NOT, now=at["now"]),
    ),
    Verb(
        name="confirm a refusal",
        from_states=(State.NOT_RECOMMENDED,),
        to=State.REFUSED,
        by=SENIORS,
        act=lambda case, actor, at: reviews.confirm_refusal(case, actor=actor, **WHY_NOT, now=at["now"]),
    ),
    Verb(
        name="ask for a review",
        from_states=(State.DECLINED, State.REFUSED),
        to=State.UNDER_APPEAL,
        by=WORKER,
        act=lambda case, actor, at: appeals.lodge_review(case, actor=actor, grounds="A report.", **at),
    ),
    Verb(
        name="hear a late request",
        from_states=(State.DECLINED, State.REFUSED),
        to=State.UNDER_APPEAL,
        by=HEARER,
        days=30,
        before=lambda case, place: walk.asked_late(case, now=NOW + timedelta(days=30)),
        act=lambda case, actor, at: appeals.accept_late_request(case, actor=actor, reason="Ill.", **at),
    ),
    Verb(
        name="uphold",
        from_states=(State.UNDER_APPEAL,),
        to=State.UPHELD,
        by=HEARER,
        days=7,
        act=lambda case, actor, at: appeals.uphold(case, actor=actor, reasons="It shows it.", **at),
    ),
    Verb(
        name="dismiss",
        from_states=(State.UNDER_APPEAL,),
        to=State.DISMISSED,
        by=HEARER,
        days=7,
        act=lambda case, actor, at: appeals.dismiss(case, actor=actor, **WHY_NOT, now=at["now"]),
    ),
    Verb(
        name="put in pay",
        from_states=(State.SENT_TO_PAYROLL,),
        to=State.IMPLEMENTED,
        by=PAYROLL,
        before=lambda case, place: walk.contract_accepted(case),
        act=lambda case, actor, at: payroll.put_in_pay(_form(case), actor=actor, now=at["now"]),
    ),
    Verb(
        name="decline the new contract",
        from_states=(State.SENT_TO_PAYROLL,),
        to=State.WITHDRAWN,
        by=WORKER,
        act=lambda case, actor, at: variations.decline_contract(
            case, actor=actor, reason="I am moving away.", now=at["now"]
        ),
    ),
    Verb(
        name="take the authorisation back",
        from_states=(State.AUTHORISED, State.SENT_TO_PAYROLL, State.IMPLEMENTED),
        to=State.RECOMMENDED,
        by=SENIORS - {"head"},  # who asked for it
        before=lambda case, place: reversals.ask_to_reverse(
            case, actor=place.head, reason="The wrong case was open.", now=NOW
        ),
        act=lambda case, actor, at: reversals.confirm_reversal(case, actor=actor, now=at["now"]),
    ),
]


def walked():
    with connection.cursor() as cursor:
        # Tables of a few rows: looking for the best order to join them takes longer than the query.
        cursor.execute("SET LOCAL join_collapse_limit = 1")
    place, outside, beside = council.organisation(), council.organisation(), council.organisation()
    cases = {state: application_at(state, place) for state in State}
    walk.portfolio_filled(cases[State.DRAFT])
    walk.assessed(cases[State.SUBMITTED])
    walk.heard(cases[State.UNDER_APPEAL])
    others = {f"{name} of another service": getattr(outside, name) for name in FROM_OUTSIDE}
    others["stood in for the manager, until a moment ago"] = beside.other_manager
    standing_in.back(standing_in.away(place.manager, beside.other_manager))
    for name in JUDGES:
        standing_in.away(getattr(place, name), getattr(beside, name))
        others[_who_stands_in_for(name)] = getattr(beside, name)
    return SimpleNamespace(place=place, cases=cases, others=others)


def _who_stands_in_for(name):
    return f"stands in for the {name}"


built, world = built_once(walked)


def everybody(world, case):
    """Everybody by the name they have in the service, or beside it, and the worker whose case it is."""
    return world.place.everybody | world.others | {"worker of the case": case.worker}


def tried(world, verb, state):
    """Who brought the case in this state to another by this verb, and whether the others wrote anything."""
    case, went, may = world.cases[state], set(), set()
    people = everybody(world, case)
    with undone():
        if state in verb.from_states:
            may = verb.everybody
            verb.before(case, world.place)
        with undone() as written:
            went |= {name for name in people.keys() - may if _goes(verb, case, people[name])}
            wrote = written()
        for name in may:
            with undone():
                went |= {name} if _goes(verb, case, people[name]) else set()
    return went, wrote


def _goes(verb, case, actor):
    try:
        verb.act(case, actor, _on(verb.days))
    except (NotAllowed, Blocked):
        return False
    return True


def _fresh(case):
    return Application.objects.select_related("worker", "team").get(pk=case.pk)


def test_the_verbs_are_the_tables_moves():
    """Every move is somebody's verb here, but for the service's own."""
    moves = {(state, to) for state, stage in STAGES.items() for to in stage.moves}
    by_hand = {(state, verb.to) for verb in VERBS for state in verb.from_states}
    assert moves - by_hand == {(state, State.SENT_TO_PAYROLL) for state in (State.AUTHORISED, State.UPHELD)}
    assert by_hand <= moves


@pytest.mark.rule("R9")
@pytest.mark.rule("R15")
@pytest.mark.rule("R23")
@pytest.mark.parametrize("verb", VERBS, ids=str)
def test_in_every_state_by_everybody(world, verb):
    """Whom the verb names, and who stands in for them, from its states; the rest write nothing."""
    faults = []
    for state in State:
        expected = verb.everybody if state in verb.from_states else set()
        went, wrote = tried(world, verb, state)
        if went != expected:
            faults.append(f"at {state}: by {sorted(went)}, not {sorted(expected)}")
        elif wrote:
            faults.append(f"at {state}: somebody was refused, and yet wrote {wrote} rows")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("verb", VERBS, ids=str)
def test_a_verb_leads_where_it_says(world, verb):
    for state in verb.from_states:
        case = world.cases[state]
        (name, *_) = sorted(verb.by)
        with undone():
            verb.before(case, world.place)
            verb.act(_fresh(case), everybody(world, case)[name], _on(verb.days))
            assert _fresh(case).state == verb.to


@pytest.mark.rule("R1")
def test_who_may_start_in_what_state(world):
    """A worker whose case is over, and who is not at the top; nobody for another, nor any other post."""
    over = {state for state in State if state not in OPEN} - {State.IMPLEMENTED}
    started = set()
    for state, case in world.cases.items():
        with undone():
            try:
                progression.start(worker=case.worker, **_on(0))
            except Blocked:
                continue
            started.add(state)
    assert started == over
    people = world.place.everybody | world.others
    may = {name for name, person in people.items() if _starts(person)}
    assert may == {"worker", "colleague", "worker of another service"}


def _starts(person):
    try:
        with transaction.atomic():
            progression.start(worker=person, **_on(0))
            transaction.set_rollback(True)
    except NotAllowed:
        return False
    return True


def test_the_service_sends_on_what_is_decided_for_the_worker_and_nothing_else(world):
    """Issuing a form moves a case only out of the states in which the service itself acts next."""
    for state, case in world.cases.items():
        for form in case.pay_forms.all():
            with undone():
                payroll.issue(form, now=NOW)
                moved = _fresh(case).state
            sent_on = STAGES[state].owner == Owner.SYSTEM and form.progressed
            assert moved == (State.SENT_TO_PAYROLL if sent_on else state)
