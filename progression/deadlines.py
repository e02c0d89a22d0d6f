"""Working-day arithmetic. Pure: holidays and days are passed in, nothing is read.

A council's own closures are among the holidays: they only ever make a day later.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Holidays:
    """The days on which nobody works, and the last day until which all of them are known."""

    days: frozenset
    known_until: date


class BeyondKnownHolidays(Exception):
    """The sum runs past the last day whose bank holidays are known: better said than guessed."""


def not_known_yet(holidays):
    """The sentence for the screen where a last day falls past what is known. R19, R21."""
    if holidays.known_until == date.min:
        return "The last day cannot be worked out until the bank holidays are published."
    year = holidays.known_until.year + 1
    return f"The last day cannot be worked out until the bank holidays of {year} are published."


def is_working_day(day, holidays):
    """Monday to Friday, no bank holiday and no closure."""
    return day.weekday() < 5 and day not in holidays.days


def add_working_days(start, count, holidays):
    """The day `count` working days after `start`; the day of `start` itself does not count. R19, R21.

    Raises BeyondKnownHolidays when the answer lies past `holidays.known_until`.
    """
    day = start
    while count > 0:
        day += timedelta(days=1)
        if day > holidays.known_until:
            raise BeyondKnownHolidays(not_known_yet(holidays))
        if is_working_day(day, holidays):
            count -= 1
    return day


def working_days_between(start, end, holidays):
    """How many working days after `start` the day `end` is, itself counted."""
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(is_working_day(day, holidays) for day in days)


def working_days_before(end, count, holidays):
    """The day `count` working days before `end`."""
    day = end
    while count > 0:
        day -= timedelta(days=1)
        count -= is_working_day(day, holidays)
    return day


def add_weekdays(start, count):
    """The day `count` weekdays after `start`, holidays or not: near enough to remind, no time limit."""
    return add_working_days(start, count, Holidays(frozenset(), date.max))
