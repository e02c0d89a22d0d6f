"""The kinds of value that a scheme's file is made of, each validated on its own."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from people.models import PerformanceRating
from people.roles import LINE_OF_MANAGEMENT, Role


class Rule(BaseModel):
    """A part of the file: what it does not know it refuses, and nobody changes it once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _manager(value):
    """The role in the line of management that a file's words name; a line manager manages a team."""
    if isinstance(value, str):
        words = value.strip().lower().replace(" ", "_")
        value = Role.TEAM_MANAGER if words == "line_manager" else words
    managers = LINE_OF_MANAGEMENT[1:]
    if value not in managers:
        raise ValueError(
            f"must be one of: line manager, {', '.join(role.label.lower() for role in managers)}"
        )
    return Role(value)


def _pounds(value):
    """Whole or decimal pounds as Decimal: 27849.5 in a file is exact to the penny."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return value


def _shortest(value):
    """The same amount without noughts that say nothing: written to a file and read again, it is the same."""
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


def _rating(value):
    rated = [rating.value for rating in PerformanceRating if rating.value]
    if value not in rated:
        raise ValueError(f"must be one of: {', '.join(rated)}")
    return PerformanceRating(value)


Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
LevelNumber = Annotated[int, Field(ge=1, le=9)]
Point = Annotated[int, Field(ge=1, le=999)]
Count = Annotated[int, Field(ge=1, le=99)]
Pounds = Annotated[
    Decimal,
    BeforeValidator(_pounds),
    Field(gt=0, max_digits=9, decimal_places=2),
    AfterValidator(_shortest),
]
Manager = Annotated[Role, BeforeValidator(_manager)]
Rating = Annotated[PerformanceRating, BeforeValidator(_rating)]
