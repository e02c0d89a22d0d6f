"""The history of what managers recorded of a post, in words."""

from dataclasses import dataclass
from datetime import date, datetime

from people.models import PerformanceRating
from progression.details_transitions import RECORDED
from progression.gates import shown

RATED = {rating.value: rating.label for rating in PerformanceRating}


@dataclass(frozen=True)
class Change:
    """One line. `was` is empty where nothing had been said before."""

    name: str
    was: str
    became: str
    by: str
    at: datetime


def changes_of(post):
    """Each change, latest first. One query."""
    return [
        Change(
            RECORDED[one.field],
            _words(one.field, one.was),
            _words(one.field, one.became) or "nothing",
            one.by.named_with(one.on_behalf_of),
            one.at,
        )
        for one in post.changes.select_related("by", "on_behalf_of")
    ]


def _words(field, value):
    if field == "performance_rating":
        return RATED[value].lower()
    if field.endswith("_on") and value:
        return shown(date.fromisoformat(value))
    return value
