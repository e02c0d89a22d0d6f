"""Editing pay: what each spinal column point is paid, and each cost-of-living award since. R37."""

from dataclasses import dataclass
from datetime import date

from competencies.pay_rules import Pay
from competencies.questions import MONTHS, Part, Question, Until


def points_of(file):
    """Every spinal column point of the scheme, with the name of its level."""
    return [(point, level["name"]) for level in file["levels"] for point in level.get("spinal_points") or []]


def scales(file):
    """(the day it runs from, salaries by point as the file writes them) of each scale, the first first."""
    pay = file.get("pay")
    if not pay:
        return []
    first = {
        "effective_from": pay.get("effective_from") or file["effective_from"],
        "salaries": pay["salaries"],
    }
    return [
        (date.fromisoformat(scale["effective_from"]), scale["salaries"])
        for scale in (first, *(pay.get("awards") or []))
    ]


@dataclass(frozen=True)
class Scale:
    """One table of salaries: number 0 is where pay began, those after it are awards, the next a new one."""

    number: int

    def read(self, file):
        found = scales(file)
        if self.number >= len(found):
            return []
        day, salaries = found[self.number]
        return [day.isoformat(), salaries]

    def write(self, file, values):
        """`values`: (the day as a date, salaries by point as text); or None to remove it.

        Without its first scale a scheme publishes no pay.
        """
        if values is None and self.number == 0:
            del file["pay"]
            return file
        pay = file["pay"] = file.get("pay") or {"currency": "GBP", "increment": "annual"}
        awards = pay.setdefault("awards", [])
        if values is None:
            awards[self.number - 1 : self.number] = []
            return file
        day, salaries = values
        said = {"effective_from": day.isoformat(), "salaries": salaries}
        if self.number == 0:
            pay |= said
        else:
            awards[self.number - 1 : self.number] = [said]
        awards.sort(key=lambda award: award["effective_from"])
        return file

    def holds(self, where):
        return where[:1] == ("pay",) and where[1:2] in (("salaries",), ("awards",), ("effective_from",))

    def field_at(self, where, values):
        """The form's field for a problem at `where`, in whichever scale it was found."""
        if "salaries" in where and where[-1] != "salaries":
            return f"point-{where[-1]}"
        return "effective_from" if where[-1] == "effective_from" else None


INCREMENTS = Part(
    "increments",
    "Yearly increments",
    (
        Question(
            ("pay", "increment_day", "month"),
            "Points go up on, month",
            "choice",
            choices=MONTHS,
            optional=False,
            section=("pay", "increment_day"),
            otherwise=Pay.model_fields["increment_day"].default.model_dump(),
        ),
        Question(
            ("pay", "increment_day", "day"),
            "Points go up on, day",
            "number",
            optional=False,
            section=("pay", "increment_day"),
            otherwise=Pay.model_fields["increment_day"].default.model_dump(),
        ),
        Question(
            ("pay", "increment_after_months"),
            "Months in a new level before the first",
            "number",
            optional=False,
            usual=Pay.model_fields["increment_after_months"].default,
        ),
    ),
    until=Until.FORM_MADE,
    needs="pay",
)
