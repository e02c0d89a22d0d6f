"""Working days: pure sums over England's bank holidays. R19, R21."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from progression import selectors
from progression.deadlines import (
    BeyondKnownHolidays,
    Holidays,
    add_weekdays,
    add_working_days,
    is_working_day,
    working_days_before,
    working_days_between,
)
from progression.models import BankHoliday

CHRISTMAS = Holidays(
    frozenset(
        {
            date(2026, 4, 3),
            date(2026, 4, 6),
            date(2026, 12, 25),
            date(2026, 12, 28),
            date(2027, 1, 1),
            date(2027, 3, 26),
            date(2027, 3, 29),
            date(2027, 12, 27),
            date(2027, 12, 28),
            date(2028, 1, 3),
        }
    ),
    date(2028, 12, 31),
)
TEN_WORKING_DAYS = [
    (date(2026, 12, 18), date(2027, 1, 6)),  # over Christmas, with a substitute day
    (date(2026, 12, 24), date(2027, 1, 12)),
    (date(2026, 3, 27), date(2026, 4, 14)),  # over Easter
    (date(2026, 4, 2), date(2026, 4, 20)),
    (date(2027, 3, 19), date(2027, 4, 6)),
    (date(2027, 12, 17), date(2028, 1, 5)),  # both days of Christmas on a weekend
    (date(2026, 3, 10), date(2026, 3, 24)),  # no holiday at all
]


@pytest.mark.rule("R19")
@pytest.mark.rule("R21")
@pytest.mark.parametrize(("start", "due"), TEN_WORKING_DAYS)
def test_ten_working_days(start, due):
    """R19, R21."""
    assert add_working_days(start, 10, CHRISTMAS) == due


@pytest.mark.rule("R19")
@pytest.mark.rule("R21")
@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_published")
@pytest.mark.parametrize(("start", "due"), TEN_WORKING_DAYS)
def test_ten_working_days_over_the_holidays_kept(start, due):
    call_command("load_bank_holidays", verbosity=0)
    assert add_working_days(start, 10, selectors.bank_holidays()) == due


def test_no_working_days_is_the_day_itself():
    assert add_working_days(date(2026, 12, 25), 0, CHRISTMAS) == date(2026, 12, 25)


def test_past_the_last_known_year_it_says_so():
    with pytest.raises(
        BeyondKnownHolidays,
        match="^The last day cannot be worked out until the bank holidays of 2029 are published\\.$",
    ):
        add_working_days(date(2028, 12, 18), 10, CHRISTMAS)


def test_up_to_the_last_known_day_it_knows():
    assert add_working_days(date(2028, 12, 28), 1, CHRISTMAS) == date(2028, 12, 29)


def test_for_a_reminder_weekdays_are_near_enough():
    assert add_weekdays(date(2028, 12, 29), 5) == date(2029, 1, 5)


DAYS = st.dates(date(2026, 1, 1), date(2028, 6, 1))
COUNTS = st.integers(0, 60)
CLOSED = st.frozensets(DAYS, max_size=40)


def _closed(days, also=CHRISTMAS):
    return Holidays(also.days | days, also.known_until)


@given(DAYS, COUNTS, CLOSED)
def test_counted_back_it_is_the_same_number(start, count, closed):
    holidays = _closed(closed)
    assert working_days_between(start, add_working_days(start, count, holidays), holidays) == count


@given(DAYS, st.integers(1, 60), CLOSED)
def test_so_many_before_it_is_the_working_day_one_began_at(start, count, closed):
    holidays = _closed(closed)
    first = add_working_days(start, 1, holidays)
    assert working_days_before(add_working_days(first, count, holidays), count, holidays) == first


@given(DAYS, DAYS, COUNTS, CLOSED)
def test_begun_later_never_ends_earlier(one, other, count, closed):
    holidays = _closed(closed)
    earlier, later = sorted((one, other))
    assert add_working_days(earlier, count, holidays) <= add_working_days(later, count, holidays)


@given(DAYS, COUNTS, CLOSED)
def test_one_day_more_is_later(start, count, closed):
    holidays = _closed(closed)
    assert add_working_days(start, count, holidays) < add_working_days(start, count + 1, holidays)


@given(DAYS, st.integers(1, 60), CLOSED)
def test_it_never_falls_on_a_day_on_which_nobody_works(start, count, closed):
    due = add_working_days(start, count, _closed(closed))
    assert due.weekday() < 5
    assert due not in closed | CHRISTMAS.days


@given(DAYS, COUNTS, CLOSED)
def test_a_closure_only_makes_it_later(start, count, closed):
    """Nobody loses a day of a time limit because the council shuts its offices. R19."""
    assert add_working_days(start, count, _closed(closed)) >= add_working_days(start, count, CHRISTMAS)


@given(st.dates(date(2028, 1, 1), date(2029, 6, 1)), COUNTS, CLOSED)
def test_it_is_never_past_what_is_known(start, count, closed):
    try:
        assert add_working_days(start, count, _closed(closed)) <= max(start, CHRISTMAS.known_until)
    except BeyondKnownHolidays:
        assert start + timedelta(days=7 * count // 5 + 60) > CHRISTMAS.known_until


@given(start=st.dates(date(2020, 1, 1), date(2027, 1, 1)), count=st.integers(1, 60))
def test_the_answer_is_a_working_day_with_that_many_behind_it(start, count):
    due = add_working_days(start, count, CHRISTMAS)
    days = [start + timedelta(days=number) for number in range(1, (due - start).days + 1)]
    assert is_working_day(due, CHRISTMAS)
    assert sum(is_working_day(day, CHRISTMAS) for day in days) == count


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_published")
class TestLoadBankHolidays:
    def test_twice_is_once(self):
        call_command("load_bank_holidays", verbosity=0)
        kept = list(BankHoliday.objects.values_list("day", "title"))
        call_command("load_bank_holidays", verbosity=0)
        assert list(BankHoliday.objects.values_list("day", "title")) == kept
        assert (date(2026, 4, 3), "Good Friday") in kept

    def test_a_holiday_that_was_moved_is_no_longer_kept(self):
        BankHoliday.objects.create(day=date(2026, 5, 6), title="Moved since")
        call_command("load_bank_holidays", verbosity=0)
        assert not BankHoliday.objects.filter(day=date(2026, 5, 6)).exists()

    def test_known_until_the_end_of_the_last_year_that_has_one(self):
        call_command("load_bank_holidays", verbosity=0)
        last = BankHoliday.objects.latest("day").day
        assert selectors.bank_holidays().known_until == date(last.year, 12, 31)

    def test_before_any_is_loaded_nothing_is_known(self):
        with pytest.raises(BeyondKnownHolidays):
            add_working_days(date(2026, 3, 10), 1, selectors.bank_holidays())
