"""What a scheme's file says of retention: how long after somebody has left what they leave behind is kept."""

from typing import Annotated

from pydantic import Field

from competencies.rule_kinds import Rule


class Retention(Rule):
    """From the day somebody left: months for what nobody was given to judge, years for everything else.

    Six years is how long a claim may be brought on a contract, and on the pay that was changed by one.
    """

    months_after_leaving: Annotated[int, Field(ge=1, le=120)] = 6
    years_after_leaving: Annotated[int, Field(ge=1, le=100)] = 6
