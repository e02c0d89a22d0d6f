"""When a point goes up by itself: every year, and for the first time in a new grade. Pure; R12 leaves it be.

As in the national agreement for local government: everybody's point goes up on one day of the year, up to the
top of the level; who has then been in the level for less than some months goes up when they have passed.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Increments:
    """The day of the year on which points go up, and the months in a grade before the first time."""

    month: int
    day: int
    after_months: int

    def next_after(self, day):
        """The first yearly increment day later than `day`."""
        this_year = self._in(day.year)
        return this_year if this_year > day else self._in(day.year + 1)

    def first_in_grade(self, since):
        """The day of the first increment of somebody who is in a grade `since` that day."""
        yearly, served = self.next_after(since), months_later(since, self.after_months)
        return max(yearly, served)

    def between(self, after, until):
        """Whether a yearly increment day falls later than `after`, and not later than `until`."""
        return self.next_after(after) <= until

    def _in(self, year):
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))


def climb(point, points, *, start, first, increments, until):
    """The points held from `start`, as (day, point): one up on the day `first`, and each year until the top.

    `points` are those of the level. Nothing later than `until` is told.
    """
    held = [(start, point)]
    day = first
    for higher in sorted(number for number in points if number > point):
        if day > until:
            break
        held.append((day, higher))
        day = increments.next_after(day)
    return held


def months_later(day, months):
    """The same day so many months later, or the last of its month where that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
