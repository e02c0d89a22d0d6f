"""The gates between a worker and applying, each with its state and the day it opens. R10, R11, R26, R34, R35.

Pure: a post, a step, a meeting and a day go in. Checklist, guard and the page of when one can apply ask here.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.timezone import localdate

from people.models import PerformanceRating

RATINGS = tuple(PerformanceRating.values)
"""Worst first; somebody not rated has reached none."""


class GateState(TextChoices):
    OPEN = "open", "OK"
    SHUT = "shut", "Not yet"
    EXPECTED = "expected", "Expected, not required"
    UNKNOWN = "unknown", "No date yet"


@dataclass(frozen=True)
class Gate:
    """One thing that must hold, or is expected to, before a worker may hand in.

    A gate that is SHUT opens on `opens_on`. One that is UNKNOWN stands in the way too, and nobody can say
    until when. One that is EXPECTED stands in nobody's way. `page` names the worker's page on which to open
    it, if there is one.
    """

    name: str
    state: GateState
    sentence: str
    opens_on: date | None = None
    page: str = ""

    @property
    def in_the_way(self):
        return self.state in (GateState.SHUT, GateState.UNKNOWN)

    @property
    def in_full(self):
        """The sentence, with the day."""
        if self.opens_on is None or self.page:
            return self.sentence
        return f"{self.sentence} Earliest day: {shown(self.opens_on)}."


def shown(day):
    """4 May 2026."""
    return date_format(day, "j F Y")


def months_after(day, months):
    """The day so many months later; where that month has no such day, the first of the next.

    A year from 29 February 2024 is over on 1 March 2025.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return months_after(date(year, month + 1, 1), 1)


def eligibility(post, step, *, today):
    """A Gate for each that the scheme has for this worker's step. R10, R11, R35."""
    return [
        _eligibility_gate(rule, post, step, today=today)
        for rule in step.rules.eligibility
        if rule.progression_to in (None, step.to_level.number)
        and (post.newly_qualified or rule.applies_to != "newly qualified")
    ]


def _eligibility_gate(rule, post, step, *, today):
    name, sentence = _WORDS[rule.rule]
    sentence = sentence.format(level=step.to_level.name, months=rule.months, rating=_label(rule.rating))
    opens_on = _OPENS[rule.rule](rule, post, today)
    if opens_on is not None and opens_on <= today:
        return Gate(name, GateState.OPEN, sentence)
    if rule.kind == "expected":
        return Gate(name, GateState.EXPECTED, sentence, opens_on)
    return Gate(name, GateState.UNKNOWN if opens_on is None else GateState.SHUT, sentence, opens_on)


def _label(rating):
    return PerformanceRating(rating).label.lower() if rating else ""


def _when(holds, today):
    """Today for what holds; no day can be named for what does not."""
    return today if holds else None


def _probation_over(rule, post, today):
    """The day it is due to end, while that lies ahead: who then passes it is the manager's to say."""
    if post.probation_completed:
        return today
    ends_on = post.probation_ends_on or (rule.months and months_after(post.service_start, rule.months))
    return ends_on if ends_on and ends_on > today else None


_OPENS = {
    "induction_completed": lambda rule, post, today: post.induction_completed_on,
    "minimum_service": lambda rule, post, today: months_after(post.service_start, rule.months),
    "performance_rating_at_least": lambda rule, post, today: _when(
        RATINGS.index(post.performance_rating) >= RATINGS.index(rule.rating), today
    ),
    "no_formal_capability_or_disciplinary": lambda rule, post, today: _when(
        not post.under_formal_process, today
    ),
    "probation_completed": _probation_over,
}
"""The day from which each holds, or None where the register names none."""
_WORDS = {
    "induction_completed": (
        "Induction",
        "Induction must be completed before an application for {level}.",
    ),
    "minimum_service": (
        "Length of service",
        "{months} months’ service is expected before an application for {level}.",
    ),
    "performance_rating_at_least": (
        "Performance rating",
        "The last performance rating must be {rating} or above.",
    ),
    "no_formal_capability_or_disciplinary": (
        "Formal process",
        "An application cannot go on during a formal capability or disciplinary process.",
    ),
    "probation_completed": ("Probation", "Probation must be completed."),
}


def window(rules, *, today):
    """The Gate of a scheme that takes applications in some months of the year only, or None. R34."""
    opens = rules.cycle.opens
    if opens is None:
        return None
    first, last = window_from(opens, today)
    sentence = f"Applications are taken from {_day(first)} to {_day(last)} each year."
    if first <= today:
        return Gate("Time of year", GateState.OPEN, sentence)
    return Gate("Time of year", GateState.SHUT, sentence, first)


def window_from(opens, day):
    """The first and the last day of the window that `day` is in, or else of the next one."""
    first = date(day.year, opens.opening.month, opens.opening.day)
    if opens.contains(day):
        first = first if first <= day else first.replace(year=day.year - 1)
    else:
        first = first if first >= day else first.replace(year=day.year + 1)
    ends_next_year = (opens.closing.month, opens.closing.day or 31) < (first.month, first.day)
    year = first.year + ends_next_year
    last_day = calendar.monthrange(year, opens.closing.month)[1]
    return first, date(year, opens.closing.month, last_day if opens.closing.last_day else opens.closing.day)


def _day(day):
    return f"{day.day} {day:%B}"


def judged_at_meeting(rules):
    """Whether an application is judged at a meeting, of which the worker gives notice. R25, R26."""
    return rules.cycle.notice_days is not None or rules.decision.effective_date == "meeting_date"


def notice_needed(rules):
    """How many days before the meeting the worker gives notice: on the 1st for the 8th, with seven. R26."""
    return timedelta(days=rules.cycle.notice_days or 0)


def notice(rules, meeting, application, *, today):
    """The Gate of a scheme that judges at a meeting, or None. R26.

    `meeting` is the one with this application on it, or else the worker's next; `application` the one being
    built, if it is begun. Either may be None.
    """
    if not judged_at_meeting(rules):
        return None
    name, review = "Notice of the review", rules.cycle.held_at
    if meeting is None:
        return Gate(name, GateState.UNKNOWN, f"The {review} must be in the diary first. None is yet.")
    day = localdate(meeting.starts_at)
    if application is not None and meeting.application_id == application.pk:
        given = shown(meeting.notice_given_on)
        return Gate(name, GateState.OPEN, f"Notice of the {review} on {shown(day)} was given on {given}.")
    last_day = day - notice_needed(rules)
    if today <= last_day:
        sentence = f"Notice of the {review} on {shown(day)} must be given by {shown(last_day)}."
        return Gate(name, GateState.SHUT, sentence, today, page="progression:give_notice")
    sentence = (
        f"Notice of the {review} on {shown(day)} had to be given by {shown(last_day)}. "
        f"With notice today, it could be held on {shown(today + notice_needed(rules))} or later."
    )
    return Gate(name, GateState.UNKNOWN, sentence, page="progression:meetings")


def of_step(post, step, meeting, application, *, today):
    """Every Gate on the way to handing in for `step`; `meeting` and `application` are as in `notice`."""
    rules = step.rules
    found = (
        window(rules, today=today),
        *eligibility(post, step, today=today),
        notice(rules, meeting, application, today=today),
    )
    return [gate for gate in found if gate is not None]
