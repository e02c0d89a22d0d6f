"""PostgreSQL's own table of states: every pair of states is tried by SQL, with and without its event."""

import itertools
import re
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from people.models import User
from people.roles import LINE_OF_MANAGEMENT, Role
from progression.models import Application, Event
from progression.states import NEED_REASON, STAGES, Owner, State
from tests import council, walk
from tests.built_once import built_once
from tests.council import NOW, TODAY
from tests.walk import application_at

pytestmark = pytest.mark.django_db

MOVES = {(here, to) for here, stage in STAGES.items() for to in stage.moves}
AWARDED = (State.AUTHORISED, State.SENT_TO_PAYROLL, State.IMPLEMENTED)
PAIRS = [(here, to) for here, to in itertools.product(State, State) if here != to]
TAKEN_BACK = {
    (state, State.RECOMMENDED) for state in (State.AUTHORISED, State.SENT_TO_PAYROLL, State.IMPLEMENTED)
}


def made_by(here, to):
    """In what part somebody makes a move: as who acts next, but for those that others may make."""
    if to == State.WITHDRAWN:
        return {Owner.WORKER}
    if here in AWARDED and to == State.RECOMMENDED:
        return {Owner.AUTHORISER}
    also = {
        # Where the scheme leaves a refusal to the manager's word. R32.
        State.REFUSED: {Owner.MANAGER},
        # Late, if whoever hears it lets it in. R19.
        State.UNDER_APPEAL: {Owner.HEARER},
    }
    return {STAGES[here].owner} | also.get(to, set())


def walked():
    place = council.organisation()
    cases = {state: application_at(state, place) for state in State}
    redbridge = council.organisation("redbridge-2013")
    submitted = application_at(State.SUBMITTED, redbridge)
    walk.assessed(submitted, recommended=False)
    looked_at()
    return SimpleNamespace(place=place, cases=cases, redbridge=redbridge, refusable=submitted)


built, world = built_once(walked)


@pytest.fixture
def who(world):
    """Everybody who might have a part in a case of the place."""
    return world.place.everybody | {"nobody": None}


def put(application, to, **fields):
    """Move a case by SQL, with the fields that a state asks for."""
    return Application.objects.filter(pk=application.pk).update(state=to, **fields)


def goes_with(application, to, actor):
    """The fields that CHECK constraints ask of a case in this state, with this actor in them."""
    fields = {"assessor": application.assessor or application.team.manager, "assessed_on": TODAY}
    if to in (State.RECOMMENDED, State.NOT_RECOMMENDED) and application.state == State.SUBMITTED:
        fields |= {"assessor": actor}
    if to in (State.AUTHORISED, State.UPHELD):
        fields |= {"authoriser": actor, "effective_date": TODAY}
    if to in (State.SENT_TO_PAYROLL, State.IMPLEMENTED):
        fields |= {"authoriser": application.authoriser or council.authoriser_of(application)}
        fields |= {"effective_date": TODAY}
    return fields


def wrote(application, here, to, actor):
    return Event.objects.create(
        application=application,
        actor=actor,
        at=NOW,
        verb="by hand",
        from_state=here,
        to_state=to,
        reason="Because." if to in NEED_REASON else "",
    )


def looked_at():
    """Have PostgreSQL check now what it would check at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def refusal_of(*acts):
    """The name of the law that refuses these acts, done together; "" if none does. Undone in any case."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                for act in acts:
                    act()
                looked_at()
                answer = ""
        except IntegrityError as refused:
            answer = refused.__cause__.diag.constraint_name
        transaction.set_rollback(True)
    return answer


def test_the_table_in_postgresql_is_the_table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT from_state, to_state, made_by FROM progression_allowed_move")
        there = {(here, to): set(by) for here, to, by in cursor.fetchall()}
    assert there == {pair: made_by(*pair) for pair in MOVES}


def test_ranks_in_postgresql_are_the_ranks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT role, rank_of(role) FROM unnest(%s) AS role", [Role.values])
        ranks = dict(cursor.fetchall())
    assert ranks == {
        role: LINE_OF_MANAGEMENT.index(role) + 1 if role in LINE_OF_MANAGEMENT else None for role in Role
    }


def test_only_the_tables_moves_go_through(world):
    """Every state to every other: refused at once, or let through with its event and not without."""
    for here, to in PAIRS:
        case = world.cases[here]
        actor = someone_who_may(world, case, here, to) if (here, to) in MOVES else world.place.service_manager
        change = partial(put, case, to, **goes_with(case, to, actor))
        if (here, to) in MOVES:
            assert refusal_of(change, partial(wrote, case, here, to, actor)) == "", (here, to)
            assert refusal_of(change) == "application_move_has_its_event", (here, to)
        else:
            assert refusal_of(change) == "application_moves_by_the_table", (here, to)


def someone_who_may(world, case, here, to):
    by = next(iter(made_by(here, to) & {STAGES[here].owner} or made_by(here, to)))
    return {
        Owner.WORKER: lambda: case.worker,
        Owner.MANAGER: lambda: case.team.manager,
        Owner.AUTHORISER: lambda: world.place.service_manager,
        Owner.HEARER: lambda: world.place.director,
        Owner.PAYROLL: lambda: world.place.payroll,
        Owner.SYSTEM: lambda: None,
    }[by]()


@pytest.mark.rule("R9")
@pytest.mark.rule("R15")
@pytest.mark.rule("R19")
@pytest.mark.rule("R23")
@pytest.mark.parametrize(("here", "to"), sorted(MOVES))
def test_only_who_may_makes_a_move(world, who, here, to):
    """Everybody tries each move by SQL, with an event in their own name."""
    case = world.cases[here]
    went = {
        name
        for name, actor in (who | {"worker": case.worker}).items()
        if not refusal_of(
            partial(put, case, to, **goes_with(case, to, actor)), partial(wrote, case, here, to, actor)
        )
    }
    senior = {"service_manager", "head", "director"}
    may = {
        Owner.WORKER: {"worker"},
        # Nothing in a row says whose team it is for good: the pages and functions do. Here, the rank.
        Owner.MANAGER: {"manager", "other_manager", *senior},
        Owner.AUTHORISER: senior,
        Owner.HEARER: {"director"},
        Owner.PAYROLL: {"payroll"},
        Owner.SYSTEM: {"nobody"},
    }
    expected = set().union(*(may[by] for by in made_by(here, to)))
    if to == State.REFUSED:
        expected = senior  # in this scheme the authoriser confirms it
    assert went == expected


def test_R32_the_managers_word_refuses_where_the_scheme_says_so(world):
    case = world.refusable
    manager = case.team.manager

    def signed():
        put(case, State.NOT_RECOMMENDED, assessor=manager, assessed_on=TODAY)
        wrote(case, State.SUBMITTED, State.NOT_RECOMMENDED, manager)

    def refused(actor):
        put(case, State.REFUSED)
        wrote(case, State.NOT_RECOMMENDED, State.REFUSED, actor)

    assert refusal_of(signed, partial(refused, manager)) == ""
    another = world.redbridge.other_manager
    assert refusal_of(signed, partial(refused, another)) == "event_of_a_move_by_who_may"


@pytest.mark.rule("R15")
def test_rank_is_that_of_today(world):
    """Somebody who no longer has the rank decides nothing more."""
    case, actor = world.cases[State.RECOMMENDED], world.place.service_manager
    authorised = (
        partial(put, case, State.AUTHORISED, **goes_with(case, State.AUTHORISED, actor)),
        partial(wrote, case, State.RECOMMENDED, State.AUTHORISED, actor),
    )
    assert refusal_of(*authorised) == ""
    User.objects.filter(pk=actor.pk).update(role=Role.TEAM_MANAGER)
    assert refusal_of(*authorised) == "event_of_a_move_by_who_may"


def test_history_tells_of_no_move_that_was_not_made(world):
    """An event without its change; with another; twice."""
    case = world.cases[State.SUBMITTED]
    manager = case.team.manager
    told = partial(wrote, case, State.SUBMITTED, State.RETURNED, manager)
    returned = partial(put, case, State.RETURNED)
    assert refusal_of(told) == "event_of_a_move_follows"
    assert refusal_of(told, returned) == "event_of_a_move_follows"
    assert refusal_of(returned, told) == ""
    assert refusal_of(returned, told, told) == "event_of_a_move_follows"
    withdrawn = partial(wrote, case, State.SUBMITTED, State.WITHDRAWN, case.worker)
    assert refusal_of(returned, withdrawn) == "event_of_a_move_follows"


def test_a_line_of_history_that_is_no_move_needs_none(world):
    case = world.cases[State.SUBMITTED]
    assert refusal_of(partial(wrote, case, "", "", case.worker)) == ""


def test_an_application_begins_as_a_draft(world):
    case = world.cases[State.WITHDRAWN]
    fresh = {
        field.attname: getattr(case, field.attname)
        for field in Application._meta.concrete_fields
        if not field.primary_key
    }

    def begun(state):
        portfolio = type(case.portfolio).objects.create(
            worker=case.worker, step=case.step, is_open=False, created_at=NOW
        )
        Application.objects.create(
            **fresh | {"reference": f"APP-1999-{state}", "state": state, "portfolio_id": portfolio.pk}
        )

    assert refusal_of(partial(begun, State.DRAFT)) == ""
    assert refusal_of(partial(begun, State.SUBMITTED)) == "application_begins_as_draft"


@pytest.mark.parametrize("field", ["reference", "worker_id", "scheme_id", "step_id", "portfolio_id"])
def test_an_application_stays_what_it_began_as(world, field):
    """Its worker, its step and the scheme version that it began under are fixed."""
    case = world.cases[State.DRAFT]
    other = Application.objects.exclude(**{field: getattr(case, field)}).first()
    with pytest.raises(IntegrityError, match=f"{field} is fixed"), transaction.atomic():
        Application.objects.filter(pk=case.pk).update(**{field: getattr(other, field)})


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO progression_allowed_move VALUES ('draft', 'authorised', '{worker}')",
        "UPDATE progression_allowed_move SET made_by = '{worker}'",
        "DELETE FROM progression_allowed_move",
        "TRUNCATE progression_allowed_move",
        "SET LOCAL session_replication_role = replica; DELETE FROM progression_allowed_move",
    ],
)
def test_nobody_adds_a_move(statement):
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_switching_triggers_off_for_the_session_does_not_help(world):
    case = world.cases[State.DRAFT]

    def switched_off():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")

    assert refusal_of(switched_off, partial(put, case, State.DISMISSED)) != ""
    assert refusal_of(switched_off, partial(put, case, State.SUBMITTED)) == "application_move_has_its_event"
    told = partial(wrote, case, State.DRAFT, State.SUBMITTED, None)
    assert refusal_of(switched_off, partial(put, case, State.SUBMITTED), told) == "event_of_a_move_by_who_may"


def test_the_names_in_this_file_are_postgresqls():
    """Each law that a test here expects is one that the database names: a typing error proves nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(prosrc, '') FROM pg_proc WHERE proname LIKE 'check_%%'")
        (source,) = cursor.fetchone()
    named = set(re.findall(r"CONSTRAINT = '(\w+)'", source))
    assert {
        "application_begins_as_draft",
        "application_moves_by_the_table",
        "application_move_has_its_event",
        "event_of_a_move_follows",
        "event_of_a_move_by_who_may",
    } <= named
