"""What a step up does to pay: arithmetic in Decimal pounds. Pure: nothing is read, `today` is passed in.

The method is the one usual in local government. A whole month is a twelfth of the year's salary. A month in
part is that twelfth, times the days it counts for, over the days the month has. Each line is rounded to the
penny, half up, and the total is the sum of the lines as shown. Annual increments are no part of it: R12.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

PENNY = Decimal("0.01")
MONTHS = 12


@dataclass(frozen=True)
class Rate:
    """The yearly salaries, old point and new, of one pay scale, in force from the day it `starts`. R37."""

    starts: date
    old: Decimal
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
    yearly: Decimal

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
            lines.append(BackPayLine(first=day, last=last, yearly=rate.yearly))
            day = last + timedelta(days=1)
        return lines

    def _rate_on(self, day):
        return [rate for rate in self.rates if rate.starts <= day][-1]

    def _last_day_of(self, rate):
        after = [later.starts for later in self.rates if later.starts > rate.starts]
        return min(after) - timedelta(days=1) if after else date.max


def total(lines):
    """Pounds: the sum of the lines as they are shown."""
    return sum((line.amount for line in lines), Decimal("0.00"))


def end_of_month(day):
    """The last day of the month that `day` is in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def pennies(pounds):
    """Rounded to the penny, half up."""
    return pounds.quantize(PENNY, rounding=ROUND_HALF_UP)
