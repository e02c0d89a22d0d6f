"""*When* a case may move: what is missing, what blocks. Checklist, guard and message all ask here."""

import calendar
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format

from people.models import PerformanceRating
from people.policies import Blocked
from portfolios import policies as portfolios
from portfolios.policies import Missing
from progression.models import Application, DeadlineKind
from progression.states import BEING_BUILT, OPEN, WITHDRAWABLE, Owner, State

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


def blocks_on_starting(worker, step, *, known_closed=False):
    """Sentences, each a reason why this worker cannot start an application for `step`, their next. R1.

    `known_closed`: the caller has read the worker's applications and found none open, which saves a query.
    """
    if not known_closed and Application.objects.filter(worker=worker, state__in=OPEN).exists():
        return ["You already have an application open. Finish it or withdraw it first."]
    if step is None:
        return ["You are at the highest level of this scheme."]
    return []


def gates_ahead(post, step, *, today):
    """Sentences, each a thing that would block handing in today: told before the start. R10, R34, R35."""
    return _closed_window(step.scheme.rules, today=today) + _gates(post, step, kind="must", today=today)


def missing_before_submission(application, *, today):
    """A Missing for each thing that blocks handing in the portfolio today. R7, R10, R34, R35.

    What the worker cannot mend on a page of ours has no `url_name`.
    """
    gates = gates_ahead(application.worker.post, application.step, today=today)
    return [Missing(sentence, "") for sentence in gates] + portfolios.missing_before_submission(
        application.portfolio
    )


def expected_but_missing(application, *, today):
    """Sentences, each a thing the scheme expects: the manager gives a reason to go on without it. R11."""
    return _gates(application.worker.post, application.step, kind="expected", today=today)


def warnings_before_submission(application, *, today):
    """Sentences, each a thing expected but not required. R7, R11."""
    return portfolios.warnings_before_submission(application.portfolio) + expected_but_missing(
        application, today=today
    )


def check_startable(worker, step):
    if blocks := blocks_on_starting(worker, step):
        raise Blocked(blocks)


def check_submittable(application, *, today):
    if missing := missing_before_submission(application, today=today):
        raise Blocked([item.sentence for item in missing])


def working_days_allowed(application):
    """How long the state's owner has, in working days, or None where there is no limit. R19, R21."""
    stage, appeal = application.stage, application.scheme.rules.appeal
    if stage.owner == Owner.HEARER:
        return appeal.decide_within.working_days if appeal.decide_within else None
    if State.UNDER_APPEAL in stage.moves:
        return appeal.lodge_within.working_days if appeal.lodge_within else None
    if stage.owner == Owner.WORKER or not stage.remind_after:
        return None
    return stage.remind_after[-1]


def check_being_built(application):
    """Raise Blocked, saying who moved it and when, once the portfolio is no longer the worker's to change."""
    if application.state not in BEING_BUILT:
        raise Blocked(already_moved(application))


def check_withdrawable(application):
    """Raise Blocked, saying who moved it and when, once it is decided or over."""
    if application.state not in WITHDRAWABLE:
        raise Blocked(already_moved(application))


def challenge(application):
    """What the scheme calls asking for an outcome to be looked at again: "a review" or "an appeal"."""
    return {"Review": "a review", "Appeal": "an appeal"}[application.scheme.rules.appeal.name]


def blocks_on_asking_for_review(application, *, today):
    """Sentences, each a reason why the worker cannot ask for a review of this refusal today. R1, R19, R32."""
    if application.state not in (State.DECLINED, State.REFUSED):
        return [already_moved(application)]
    if not application.scheme.rules.decision.if_refused.may_appeal:
        return ["This scheme has no way to have an outcome looked at again."]
    limit = application.deadlines.filter(kind=DeadlineKind.ASK_FOR_REVIEW, closed_on=None, due_on__lt=today)
    if late := limit.first():
        return [f"The last day to ask for {challenge(application)} was {date_format(late.due_on, 'j F Y')}."]
    other = Application.objects.filter(worker=application.worker_id, state__in=OPEN).first()
    if other is not None:
        return [f"You have another application open, {other.reference}. Finish it or withdraw it first."]
    return []


def can_ask_for_review(application, *, today):
    return not blocks_on_asking_for_review(application, today=today)


def _closed_window(rules, *, today):
    """Where the scheme takes applications in some months only, and this is not one of them. R34."""
    window = rules.cycle.opens
    if window is None or window.contains(today):
        return []
    first = date(today.year, window.opening.month, window.opening.day)
    last_day = calendar.monthrange(today.year, window.closing.month)[1]
    last = date(today.year, window.closing.month, last_day if window.closing.last_day else window.closing.day)
    return [f"Applications are taken from {first.day} {first:%B} to {last.day} {last:%B} each year."]


def _gates(post, step, *, kind, today):
    """A sentence for each of the scheme's gates of `kind`, "must" or "expected", not met. R10, R11, R35."""
    return [
        _SENTENCES[gate.rule].format(level=step.to_level.name, months=gate.months, rating=_label(gate.rating))
        for gate in step.scheme.rules.eligibility
        if gate.kind == kind and _applies(gate, post, step) and not _PASSED[gate.rule](gate, post, today)
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
