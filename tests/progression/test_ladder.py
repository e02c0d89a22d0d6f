"""The ladder of a scheme: when, and to whom. Pure."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.reminder_rules import Ladder, Reminders
from progression import ladder
from progression.deadlines import Holidays, is_working_day
from progression.models import DeadlineKind
from progression.states import State

CLOSED = Holidays(frozenset({date(2026, 4, 3), date(2026, 4, 6)}), date(2027, 12, 31))
MARCH_10, MARCH_24 = date(2026, 3, 10), date(2026, 3, 24)


def rungs(reminders, *, kind=DeadlineKind.DECIDE_REVIEW, state=State.UNDER_APPEAL, due_on=MARCH_24):
    found = ladder.rungs(kind, state, since=MARCH_10, due_on=due_on, reminders=reminders, holidays=CLOSED)
    return [(rung.day.isoformat(), rung.to_manager) for rung in found]


def test_before_on_and_after():
    own = Ladder(before=[5, 2], on_day=True, after=[1, 5], to_manager_after=5)
    assert rungs(Reminders(decide_review=own)) == [
        ("2026-03-17", False),
        ("2026-03-20", False),
        ("2026-03-24", False),
        ("2026-03-25", False),
        ("2026-03-31", True),
    ]


def test_another_scheme_has_another():
    own = Ladder(before=[1], on_day=False, after=[8], to_manager_after=2)
    assert rungs(Reminders(decide_review=own)) == [("2026-03-23", False), ("2026-04-07", True)]


def test_never_to_a_manager_where_the_scheme_does_not_say():
    assert not any(told for _, told in rungs(Reminders(decide_review=Ladder(after=[1, 5, 50]))))


def test_without_a_limit_it_hangs_on_the_day_expected():
    assert rungs(Reminders(decide_review=Ladder(within=4, before=[1])), due_on=None) == [
        ("2026-03-13", False),
        ("2026-03-16", False),
    ]


def test_a_portfolio_counts_from_its_last_save():
    assert rungs(Reminders(idle=[5, 1]), kind=DeadlineKind.ACT, state=State.DRAFT, due_on=None) == [
        ("2026-03-11", False),
        ("2026-03-17", False),
    ]


@pytest.mark.parametrize("kind", DeadlineKind)
def test_every_kind_has_its_ladder(kind):
    assert rungs(Reminders(), kind=kind, state=State.SUBMITTED)


@pytest.mark.parametrize("kind", DeadlineKind)
def test_what_is_the_workers_own_to_leave_is_never_missed(kind):
    missed = ladder.missed_from(kind, MARCH_24, CLOSED)
    assert (missed is None) == (kind in (DeadlineKind.ASK_FOR_REVIEW, DeadlineKind.ANSWER_VARIATION))
    assert missed in (None, date(2026, 3, 25))


DAYS = st.lists(st.integers(1, 30), max_size=5, unique=True)


@given(st.builds(Ladder, before=DAYS, on_day=st.booleans(), after=DAYS, to_manager_after=st.integers(1, 30)))
def test_the_reminders_come_in_order_on_working_days(own):
    found = ladder.rungs(
        DeadlineKind.DECIDE_REVIEW,
        State.UNDER_APPEAL,
        since=MARCH_10,
        due_on=MARCH_24,
        reminders=Reminders(decide_review=own),
        holidays=CLOSED,
    )
    days = [rung.day for rung in found]
    assert days == sorted(set(days))
    assert all(is_working_day(day, CLOSED) for day in days)
    assert len(found) == len(own.before) + own.on_day + len(own.after)
