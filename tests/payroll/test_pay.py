"""What a step up does to pay, in pounds and pence. R17, R22, R37."""

from datetime import date
from decimal import Decimal

import pytest

from payroll.pay import PayChange, Rate, total

OLD, NEW = Decimal("30851"), Decimal("34549")


def rate(starts, old, new):
    return Rate(starts, 37, old, 41, new)


def change(effective_from, rates=None):
    rates = rates or (rate(date(2010, 4, 1), OLD, NEW),)
    return PayChange(from_point=37, to_point=41, effective_from=effective_from, rates=tuple(rates))


def shown(lines):
    return [(line.first, line.last, line.days, line.days_in_month, line.amount) for line in lines]


@pytest.mark.rule("R22", scheme="medway-2010")
def test_R22_from_37_to_41_is_worth_3698_pounds_a_year_and_308_17_a_month():
    moved = change(date(2026, 5, 4))
    assert (moved.old_salary, moved.new_salary) == (OLD, NEW)
    assert moved.yearly == Decimal("3698")
    assert moved.monthly == Decimal("308.17")


@pytest.mark.rule("R17", scheme="medway-2010")
def test_R17_back_pay_runs_from_the_effective_date_to_the_end_of_this_month():
    lines = change(date(2026, 5, 4)).back_pay(date(2026, 5, 20))
    assert shown(lines) == [(date(2026, 5, 4), date(2026, 5, 31), 28, 31, Decimal("278.34"))]
    assert total(lines) == Decimal("278.34")


# A twelfth of £3,698 is £308.1666…; a part of a month is that, times its days, over the days the month has.
@pytest.mark.parametrize(
    ("effective", "today", "days", "amount"),
    [
        pytest.param(date(2026, 5, 20), date(2026, 5, 20), 12, "119.29", id="effective today"),
        pytest.param(date(2026, 5, 31), date(2026, 5, 31), 1, "9.94", id="today, the last day of 31"),
        pytest.param(date(2026, 4, 30), date(2026, 4, 30), 1, "10.27", id="today, the last day of 30"),
        pytest.param(date(2026, 5, 1), date(2026, 5, 1), 31, "308.17", id="the first: a whole month"),
        pytest.param(date(2026, 2, 14), date(2026, 2, 28), 15, "165.09", id="February of 28 days"),
        pytest.param(date(2028, 2, 14), date(2028, 2, 14), 16, "170.02", id="February of 29 days"),
        pytest.param(date(2028, 2, 29), date(2028, 2, 29), 1, "10.63", id="29 February"),
    ],
)
def test_one_month_in_part(effective, today, days, amount):
    (line,) = change(effective).back_pay(today)
    assert (line.days, line.amount) == (days, Decimal(amount))


def test_eight_months_back_over_a_new_year_and_a_leap_february():
    lines = change(date(2027, 9, 16)).back_pay(date(2028, 5, 2))
    assert [line.whole_month for line in lines] == [False] + [True] * 8
    assert (lines[0].days, lines[0].amount) == (15, Decimal("154.08"))
    assert {line.amount for line in lines[1:]} == {Decimal("308.17")}
    assert (lines[-1].first, lines[-1].last) == (date(2028, 5, 1), date(2028, 5, 31))
    assert total(lines) == Decimal("154.08") + 8 * Decimal("308.17")


def test_the_lines_touch_and_leave_no_day_out():
    lines = change(date(2027, 9, 16)).back_pay(date(2028, 5, 2))
    days = [line.days for line in lines]
    assert sum(days) == (date(2028, 5, 31) - date(2027, 9, 16)).days + 1
    assert all((after.first - before.last).days == 1 for before, after in zip(lines, lines[1:], strict=False))


def test_the_end_of_the_month_counts_whatever_day_today_is():
    first, last = date(2026, 5, 4), date(2026, 6, 30)
    assert change(first).back_pay(date(2026, 6, 1)) == change(first).back_pay(last)


def test_an_effective_date_in_a_month_to_come_owes_nothing_yet():
    assert change(date(2026, 6, 1)).back_pay(date(2026, 5, 31)) == []
    assert total([]) == Decimal("0")


@pytest.mark.rule("R37")
def test_R37_an_award_after_the_effective_date_changes_the_lines_from_its_day():
    """2% on both points from 1 April: the difference goes up too, and each line is at its own rate."""
    award = rate(date(2027, 4, 1), Decimal("31468.02"), Decimal("35239.98"))
    rates = (rate(date(2026, 4, 1), OLD, NEW), award)
    lines = change(date(2027, 3, 22), rates).back_pay(date(2027, 4, 8))
    assert shown(lines) == [
        (date(2027, 3, 22), date(2027, 3, 31), 10, 31, Decimal("99.41")),
        (date(2027, 4, 1), date(2027, 4, 30), 30, 30, Decimal("314.33")),
    ]


def test_R37_an_award_in_the_middle_of_a_month_splits_it():
    rates = (rate(date(2026, 4, 1), OLD, NEW), rate(date(2026, 5, 16), OLD, NEW + 1200))
    lines = change(date(2026, 5, 1), rates).back_pay(date(2026, 5, 1))
    assert [(line.days, line.whole_month) for line in lines] == [(15, False), (16, False)]
    assert [line.yearly for line in lines] == [Decimal("3698"), Decimal("4898")]


def test_a_scheme_that_publishes_no_pay_states_none():
    unknown = PayChange(from_point=None, to_point=None, effective_from=date(2026, 5, 4))
    assert not unknown.stated
    assert (unknown.old_salary, unknown.new_salary) == (None, None)
    assert unknown.back_pay(date(2026, 5, 4)) == []
