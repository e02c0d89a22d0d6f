"""What a scheme's file says of pay: salaries, awards, and when points go up."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from competencies.rule_kinds import Count, Point, Pounds, Rule


class Award(Rule):
    """A cost-of-living award: every point's annual salary in pounds from a date. R37."""

    effective_from: date
    salaries: Annotated[dict[Point, Pounds], Field(min_length=1)]


class Opening(Rule):
    """A day of the year."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]


class Pay(Rule):
    """Annual salaries in pounds by spinal column point. R22.

    Points go up on one day of the year, and first after some months in a new level where that is later. R12.

    They run from their own day, or from the day the scheme takes effect where none is given: a later version
    of a scheme keeps the scales that were paid before it began.
    """

    currency: Literal["GBP"]
    increment: Literal["annual"]
    increment_day: Opening = Opening(month=4, day=1)
    increment_after_months: Count = 6
    effective_from: date | None = None
    salaries: Annotated[dict[Point, Pounds], Field(min_length=1)]
    awards: list[Award] = []
