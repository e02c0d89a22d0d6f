"""What a step up does to pay: arithmetic in Decimal pounds. Pure: nothing is read, `today` is passed in.

The method is the one usual in local government, told to people by METHOD. Rounding is half up, and the total
is the sum of the lines as shown. A line ends with its month, and the day before a point or a salary changes.
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

PENNY = Decimal("0.01")
MONTHS = 12
METHOD = (
    "Each line is counted in days: a whole month is a twelfth of the yearly difference, and part of a month "
    "is that twelfth, times its days, over the days in the month, to the nearest penny."
)


@dataclass(frozen=True)
class Rate:
    """From the day it `starts`: the point held without the step up and with it, and their yearly salaries.

    An award, or an increment of either point, begins another. R12, R37.
    """

    starts: date
    old_point: int
    old: Decimal
    new_point: int
    new: Decimal

    @property
    def yearly(self):
        """Pounds a year more."""
        return self.new - self.old


@dataclass(frozen=True)
class BackPayLine:
    """What is owed for one month, or the part of one at a single rate: `first` to `last`, both included."""

    first: date
    last: date
    rate: Rate

    @property
    def yearly(self):
        """Pounds a year more."""
        return self.rate.yearly

    @property
    def days(self):
        return (self.last - self.first).days + 1

    @property
    def days_in_month(self):
        return monthrange(self.first.year, self.first.month)[1]

    @property
    def whole_month(self):
        return self.days == self.days_in_month

    @property
    def amount(self):
        """Pounds, to the penny."""
        return pennies(self.yearly * self.days / (MONTHS * self.days_in_month))


@dataclass(frozen=True)
class PayChange:
    """One worker's move from a point to another from a day.

    `rates` holds the one in force on the effective date first, then each one that came after it, by date;
    it is empty where the scheme publishes no pay.
    """

    from_point: int | None
    to_point: int | None
    effective_from: date
    rates: tuple[Rate, ...] = ()

    @property
    def stated(self):
        """Whether the scheme says what the change is worth."""
        return bool(self.rates)

    @property
    def old_salary(self):
        """Pounds a year on the effective date; None where the scheme publishes no pay."""
        return self.rates[0].old if self.rates else None

    @property
    def new_salary(self):
        """Pounds a year on the effective date; None where the scheme publishes no pay."""
        return self.rates[0].new if self.rates else None

    @property
    def yearly(self):
        """Pounds a year more, on the effective date."""
        return self.rates[0].yearly

    @property
    def monthly(self):
        """Pounds a month more, on the effective date, before tax."""
        return pennies(self.yearly / MONTHS)

    def back_pay(self, today):
        """The lines owed from the effective date to the end of this month, oldest first."""
        end = end_of_month(today)
        lines = []
        day = self.effective_from
        while self.rates and day <= end:
            rate = self._rate_on(day)
            last = min(end_of_month(day), self._last_day_of(rate))
            lines.append(BackPayLine(first=day, last=last, rate=rate))
            day = last + timedelta(days=1)
        return lines

    def point_on(self, day):
        """The new point as it stands on a day: the first, and the increments in the new level since."""
        return self._rate_on(day).new_point if self.rates and day >= self.effective_from else self.to_point

    def _rate_on(self, day):
        return [rate for rate in self.rates if rate.starts <= day][-1]

    def _last_day_of(self, rate):
        after = [later.starts for later in self.rates if later.starts > rate.starts]
        return min(after) - timedelta(days=1) if after else date.max


def rates(old, new, scales):
    """The rates of a change, oldest first: a new one wherever a point or a salary changes.

    `old` and `new` are the points held, as (day, point), and `scales` the salaries by point, as (day, {point:
    salary}); each begins on the effective date or before, and is in order of days.
    """
    effective_from = old[0][0]
    found = []
    for day in sorted({effective_from, *(day for day, _ in (*old, *new, *scales) if day > effective_from)}):
        salaries, was, becomes = _held(scales, day), _held(old, day), _held(new, day)
        rate = Rate(day, was, salaries[was], becomes, salaries[becomes])
        if not found or replace(rate, starts=found[-1].starts) != found[-1]:
            found.append(rate)
    return tuple(found)


def _held(since, day):
    """What holds on `day`: the last to begin by then."""
    return [thing for starts, thing in since if starts <= day][-1]


def total(lines):
    """Pounds: the sum of the lines as they are shown."""
    return sum((line.amount for line in lines), Decimal("0.00"))


def end_of_month(day):
    """The last day of the month that `day` is in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def pennies(pounds):
    """Rounded to the penny, half up."""
    return pounds.quantize(PENNY, rounding=ROUND_HALF_UP)
