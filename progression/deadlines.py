"""Working-day arithmetic. Pure: holidays and days are passed in, nothing is read."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Holidays:
    """The days on which nobody works, and the last day until which all of them are known."""

    days: frozenset
    known_until: date


class BeyondKnownHolidays(Exception):
    """The sum runs past the last day whose bank holidays are known: better said than guessed."""


def is_working_day(day, holidays):
    """Monday to Friday and no bank holiday."""
    return day.weekday() < 5 and day not in holidays.days


def add_working_days(start, count, holidays):
    """The day `count` working days after `start`; the day of `start` itself does not count. R19, R21.

    Raises BeyondKnownHolidays when the answer lies past `holidays.known_until`.
    """
    day = start
    while count > 0:
        day += timedelta(days=1)
        if day > holidays.known_until:
            raise BeyondKnownHolidays(f"Bank holidays are known until {holidays.known_until:%-d %B %Y}.")
        if is_working_day(day, holidays):
            count -= 1
    return day


def add_weekdays(start, count):
    """The day `count` weekdays after `start`, holidays or not: near enough to remind, no time limit."""
    return add_working_days(start, count, Holidays(frozenset(), date.max))
