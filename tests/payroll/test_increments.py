"""The April increment of the old point and of the new, in back-pay. R12, R17, R22, R37."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from payroll.increments import Increments, climb, months_later
from payroll.pay import PayChange, end_of_month, rates, total

APRIL = Increments(month=4, day=1, after_months=6)
LEVEL_2, LEVEL_3 = (36, 37, 38, 39, 40), (41, 42, 43)
SALARIES = dict(
    zip(
        (*LEVEL_2, *LEVEL_3),
        map(Decimal, (30011, 30851, 31754, 32800, 33661, 34549, 35430, 36313)),
        strict=True,
    )
)


def award(percent):
    return {point: salary * (100 + Decimal(percent)) / 100 for point, salary in SALARIES.items()}


def moved(effective_from, today, *, old=37, awards=()):
    """The change of somebody at `old` from Level 2 to the lowest of Level 3, told to the end of the month."""
    until = end_of_month(today)
    scales = [(effective_from, SALARIES), *((day, scale) for day, scale in awards if day > effective_from)]
    return PayChange(
        old,
        41,
        effective_from,
        rates(
            climb(
                old,
                LEVEL_2,
                start=effective_from,
                first=APRIL.next_after(effective_from),
                increments=APRIL,
                until=until,
            ),
            climb(
                41,
                LEVEL_3,
                start=effective_from,
                first=APRIL.first_in_grade(effective_from),
                increments=APRIL,
                until=until,
            ),
            scales,
        ),
    )


def points(change):
    return [(rate.starts, rate.old_point, rate.new_point) for rate in change.rates]


# Less than six months in the grade by 1 April: when six months have passed; otherwise on that 1 April.
@pytest.mark.rule("R12", scheme="medway-2010")
@pytest.mark.parametrize(
    ("since", "first"),
    [
        pytest.param(date(2026, 5, 4), date(2027, 4, 1), id="eleven months in the grade"),
        pytest.param(date(2026, 10, 1), date(2027, 4, 1), id="six months to the day"),
        pytest.param(date(2026, 10, 2), date(2027, 4, 2), id="a day short of six months"),
        pytest.param(date(2026, 12, 1), date(2027, 6, 1), id="four months"),
        pytest.param(date(2027, 3, 31), date(2027, 9, 30), id="one day"),
        pytest.param(date(2027, 4, 1), date(2028, 4, 1), id="on 1 April itself"),
        pytest.param(date(2027, 8, 31), date(2028, 4, 1), id="six months end on 29 February"),
    ],
)
def test_the_first_increment_in_a_new_grade(since, first):
    assert APRIL.first_in_grade(since) == first


@pytest.mark.rule("R12", scheme="medway-2010")
def test_R12_both_points_go_up_on_1_april_when_six_months_have_passed():
    assert points(moved(date(2026, 5, 4), date(2028, 4, 20))) == [
        (date(2026, 5, 4), 37, 41),
        (date(2027, 4, 1), 38, 42),
        (date(2028, 4, 1), 39, 43),
    ]


@pytest.mark.rule("R12", scheme="medway-2010")
def test_R12_31_march_the_old_point_rises_next_day_and_the_new_one_in_september():
    change = moved(date(2027, 3, 31), date(2028, 4, 1))
    assert points(change) == [
        (date(2027, 3, 31), 37, 41),
        (date(2027, 4, 1), 38, 41),
        (date(2027, 9, 30), 38, 42),
        (date(2028, 4, 1), 39, 43),
    ]
    first, second, *_ = change.back_pay(date(2027, 4, 1))
    assert (first.first, first.last, first.amount) == (date(2027, 3, 31), date(2027, 3, 31), Decimal("9.94"))
    assert (second.days, second.yearly, second.amount) == (30, Decimal(2795), Decimal("232.92"))


@pytest.mark.rule("R12", scheme="medway-2010")
def test_R12_on_1_april_the_point_held_has_risen_already():
    assert points(moved(date(2027, 4, 1), date(2027, 12, 31))) == [(date(2027, 4, 1), 37, 41)]


def test_at_the_top_of_a_level_nothing_rises():
    assert points(moved(date(2026, 5, 4), date(2030, 5, 1), old=40)) == [
        (date(2026, 5, 4), 40, 41),
        (date(2027, 4, 1), 40, 42),
        (date(2028, 4, 1), 40, 43),
    ]


@pytest.mark.rule("R37")
def test_R37_an_award_on_the_day_of_the_increment_makes_one_line_a_month():
    change = moved(date(2027, 3, 22), date(2027, 4, 8), awards=[(date(2027, 4, 1), award(2))])
    assert points(change) == [(date(2027, 3, 22), 37, 41), (date(2027, 4, 1), 38, 41)]
    march, april = change.back_pay(date(2027, 4, 8))
    assert (march.last, april.first) == (date(2027, 3, 31), date(2027, 4, 1))
    assert april.yearly == Decimal("34549") * Decimal("1.02") - Decimal("31754") * Decimal("1.02")


@pytest.mark.rule("R37")
def test_R37_awards_in_the_middle_of_a_month_and_of_the_increments_split_it():
    awards = [(date(2027, 4, 1), award(2)), (date(2027, 9, 15), award(3))]
    change = moved(date(2027, 3, 22), date(2027, 10, 1), awards=awards)
    september = [line for line in change.back_pay(date(2027, 10, 1)) if line.first.month == 9]
    assert [(line.first.day, line.last.day) for line in september] == [(1, 14), (15, 21), (22, 30)]


@pytest.mark.parametrize(("year", "days"), [(2027, 28), (2028, 29)])
def test_a_february_is_a_whole_month_leap_year_or_not(year, days):
    (line,) = moved(date(year, 2, 1), date(year, 2, 10)).back_pay(date(year, 2, 10))
    assert (line.days, line.whole_month, line.amount) == (days, True, Decimal("308.17"))


def test_months_later_keeps_to_the_month():
    assert months_later(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_later(date(2026, 12, 15), 12) == date(2027, 12, 15)


def test_a_day_that_a_year_does_not_have_is_the_last_of_its_month():
    assert Increments(month=2, day=29, after_months=6).next_after(date(2027, 1, 1)) == date(2027, 2, 28)


days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
awards_made = st.lists(st.tuples(days, st.integers(1, 9)), max_size=5, unique_by=lambda made: made[0])


def made_in_order(made):
    percent, scales = 0, []
    for day, more in sorted(made):
        percent += more
        scales.append((day, award(percent)))
    return scales


@given(effective=days, months=st.integers(0, 40), old=st.sampled_from(LEVEL_2), made=awards_made)
def test_the_lines_leave_no_day_out_and_sum_to_the_total(effective, months, old, made):
    today = months_later(effective, months)
    change = moved(effective, today, old=old, awards=made_in_order(made))
    lines = change.back_pay(today)
    assert lines[0].first == effective and lines[-1].last == end_of_month(today)
    for before, after in zip(lines, lines[1:], strict=False):
        assert after.first == before.last + timedelta(days=1)
    for line in lines:
        assert line.first.month == line.last.month
        assert line.yearly > 0 and line.rate.old_point in LEVEL_2 and line.rate.new_point in LEVEL_3
    assert total(lines) == sum(line.amount for line in lines)


@given(effective=days, months=st.integers(0, 40), cut=st.integers(0, 40), made=awards_made)
def test_a_period_cut_in_two_adds_up_to_the_whole(effective, months, cut, made):
    """To the penny where the cut is at a month's end: a later month adds lines and changes none before."""
    assume(cut <= months)
    scales = made_in_order(made)
    whole_on, cut_on = months_later(effective, months), months_later(effective, cut)
    whole = moved(effective, whole_on, awards=scales).back_pay(whole_on)
    first = moved(effective, cut_on, awards=scales).back_pay(cut_on)
    assert whole[: len(first)] == first
    rest = [line for line in whole if line.first > end_of_month(cut_on)]
    assert total(first) + total(rest) == total(whole)


@given(effective=days, day=days, made=awards_made)
def test_what_is_owed_does_not_depend_on_the_order_in_which_awards_are_told(effective, day, made):
    assume(day >= effective)
    one = moved(effective, day, awards=made_in_order(made))
    other = moved(effective, day, awards=made_in_order(made[::-1]))
    assert one.back_pay(day) == other.back_pay(day)


@given(effective=days, before=st.integers(1, 4000))
def test_nothing_is_owed_before_the_month_of_the_effective_date(effective, before):
    today = effective - timedelta(days=before)
    assume(end_of_month(today) < effective)
    assert moved(effective, today).back_pay(today) == []


@given(since=days)
def test_nobody_waits_longer_than_a_year_nor_less_than_six_months_for_the_first_increment(since):
    first = APRIL.first_in_grade(since)
    assert months_later(since, 6) <= first <= months_later(since, 12)
