"""What the regulator of social workers asks for each year's renewal: facts of regulators/*.yaml.

A registration year is named by the day on which it ends.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

FILE = Path(__file__).parent / "regulators" / "social-work-england.yaml"


@dataclass(frozen=True)
class Heading:
    """One heading of the regulator's form: `source` is the field of a piece, or "peer"."""

    label: str
    source: str


@dataclass(frozen=True)
class Regulator:
    """Its `name`; how many records a year, and with peer reflection; days as (month, day)."""

    name: str
    year_begins: tuple[int, int]
    renewal_opens: tuple[int, int]
    records: int
    with_peer_reflection: int
    reminders: tuple[tuple[int, int], ...]
    headings: tuple[Heading, ...]

    def year_ends(self, day):
        """The last day of the registration year that this day is in."""
        begins = date(day.year, *self.year_begins)
        return (begins if day < begins else date(day.year + 1, *self.year_begins)) - timedelta(days=1)

    def year_starts(self, ends):
        """The first day of the year that ends on this day."""
        return date(ends.year - 1, ends.month, ends.day) + timedelta(days=1)

    def opens(self, ends):
        """The first day on which the year that ends on this day can be renewed."""
        return self._within(ends, self.renewal_opens)

    def reminder_due(self, day):
        """The latest day of the ladder, of this day's year, that has come; None before the first."""
        ends = self.year_ends(day)
        return max((one for one in self.ladder(ends) if one <= day), default=None)

    def ladder(self, ends):
        """The days of the year that ends on this day on which who misses something is reminded."""
        return [self._within(ends, one) for one in self.reminders]

    def _within(self, ends, month_and_day):
        found = date(ends.year, *month_and_day)
        return found if found <= ends else date(ends.year - 1, *month_and_day)


@cache
def regulator():
    """The regulator of social workers in England."""
    said = YAML(typ="safe").load(FILE.read_text())
    return Regulator(
        name=said["name"],
        year_begins=_day(said["year_begins"]),
        renewal_opens=_day(said["renewal_opens"]),
        records=said["records"],
        with_peer_reflection=said["with_peer_reflection"],
        reminders=tuple(_day(one) for one in said["reminders"]),
        headings=tuple(Heading(one["label"], one["from"]) for one in said["headings"]),
    )


def _day(text):
    month, day = text.split("-")
    return int(month), int(day)
