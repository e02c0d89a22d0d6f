"""*When* a case may move: what is missing, what blocks. Checklist, guard and message all ask here."""

import calendar
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format

from competencies import selectors as competencies
from people.models import PerformanceRating
from people.policies import Blocked
from portfolios import policies as portfolios
from progression.models import Application
from progression.states import OPEN

RATINGS = tuple(PerformanceRating.values)
"""Worst first; somebody not rated has reached none."""


def already_moved(application):
    """The sentence for somebody whose move came after another's: who moved the case, and when."""
    last = application.events.select_related("actor").exclude(to_state="").last()
    who = last.actor.name if last and last.actor else "The service"
    at = timezone.localtime(application.state_since)
    return (
        f"{who} moved this application on {date_format(at, 'j F Y')} "
        f"at {date_format(at, 'g:ia').replace('.', '')}. "
        f"It is now: {application.stage.staff_see.lower()}."
    )


def blocks_on_starting(worker, *, today):
    """Sentences, each a reason why this worker cannot start an application today. R1."""
    post = worker.post
    if Application.objects.filter(worker=worker, state__in=OPEN).exists():
        return ["You already have an application open. Finish it or withdraw it first."]
    scheme = competencies.current_scheme(post.team.scheme_code, today=today)
    if competencies.step_from(scheme, post.level) is None:
        return ["You are at the highest level of this scheme."]
    return []


def gates_ahead(worker, step, *, today):
    """Sentences, each a thing that would block handing in today: told before the start. R10, R34, R35."""
    return _closed_window(step.scheme.rules, today=today) + _gates(worker, step, kind="must", today=today)


def missing_before_submission(application, *, today):
    """Sentences, each a thing that blocks handing in the portfolio today. R7, R10, R34, R35."""
    missing = [item.sentence for item in portfolios.missing_before_submission(application.portfolio)]
    return missing + gates_ahead(application.worker, application.step, today=today)


def expected_but_missing(application, *, today):
    """Sentences, each a thing the scheme expects: the manager gives a reason to go on without it. R11."""
    return _gates(application.worker, application.step, kind="expected", today=today)


def warnings_before_submission(application, *, today):
    """Sentences, each a thing expected but not required. R7, R11."""
    return portfolios.warnings_before_submission(application.portfolio) + expected_but_missing(
        application, today=today
    )


def check_startable(worker, *, today):
    if blocks := blocks_on_starting(worker, today=today):
        raise Blocked(blocks)


def check_submittable(application, *, today):
    if missing := missing_before_submission(application, today=today):
        raise Blocked(missing)


def _closed_window(rules, *, today):
    """Where the scheme takes applications in some months only, and this is not one of them. R34."""
    window = rules.cycle.opens
    if window is None or window.contains(today):
        return []
    first = date(today.year, window.opening.month, window.opening.day)
    last_day = calendar.monthrange(today.year, window.closing.month)[1]
    last = date(today.year, window.closing.month, last_day if window.closing.last_day else window.closing.day)
    return [f"Applications are taken from {first.day} {first:%B} to {last.day} {last:%B} each year."]


def _gates(worker, step, *, kind, today):
    """A sentence for each of the scheme's gates of `kind`, "must" or "expected", not met. R10, R11, R35."""
    return [
        _SENTENCES[gate.rule].format(level=step.to_level.name, months=gate.months, rating=_label(gate.rating))
        for gate in step.scheme.rules.eligibility
        if gate.kind == kind
        and _applies(gate, worker.post, step)
        and not _PASSED[gate.rule](gate, worker.post, today)
    ]


def _applies(gate, post, step):
    if gate.progression_to not in (None, step.to_level.number):
        return False
    return post.newly_qualified or gate.applies_to != "newly qualified"


def _months_before(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _label(rating):
    return PerformanceRating(rating).label.lower() if rating else ""


_PASSED = {
    "induction_completed": lambda gate, post, today: (
        post.induction_completed_on is not None and post.induction_completed_on <= today
    ),
    "minimum_service": lambda gate, post, today: post.service_start <= _months_before(today, gate.months),
    "performance_rating_at_least": lambda gate, post, today: (
        RATINGS.index(post.performance_rating) >= RATINGS.index(gate.rating)
    ),
    "no_formal_capability_or_disciplinary": lambda gate, post, today: not post.under_formal_process,
    "probation_completed": lambda gate, post, today: post.probation_completed,
}
_SENTENCES = {
    "induction_completed": "Induction must be completed before an application for {level}.",
    "minimum_service": "{months} months’ service is expected before an application for {level}.",
    "performance_rating_at_least": "The last performance rating must be {rating} or above.",
    "no_formal_capability_or_disciplinary": (
        "An application cannot go on during a formal capability or disciplinary process."
    ),
    "probation_completed": "Probation must be completed.",
}
