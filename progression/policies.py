"""*When* a case may move: what is missing, what blocks. Checklist, guard and message all ask here."""

from django.utils import timezone
from django.utils.formats import date_format

from people.policies import Blocked
from portfolios import policies as portfolios
from portfolios.policies import Missing
from progression import gates, judges, meeting_selectors
from progression.models import Application, DeadlineKind
from progression.states import BEING_BUILT, OPEN, WITHDRAWABLE, Owner, State


def already_moved(application):
    """The sentence for somebody whose move came after another's: who moved the case, and when."""
    last = application.events.select_related("actor", "on_behalf_of").exclude(to_state="").last()
    now = f"It is now: {application.stage.staff_see.lower()}."
    if last is None:
        return f"This application has not moved since it was begun. {now}"
    who = last.actor.named_with(last.on_behalf_of) if last.actor else "The service"
    at = timezone.localtime(application.state_since)
    return (
        f"{who} moved this application on {date_format(at, 'j F Y')} "
        f"at {date_format(at, 'g:ia').replace('.', '')}. "
        f"{now}"
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


def gates_of(post, step, *, application=None, today):
    """Every Gate of the scheme on the way to handing in for `step`. R10, R11, R26, R34, R35.

    `application` is the one being built, if it is begun. Where the scheme judges at a meeting one query or
    two, otherwise none.
    """
    judged = gates.judged_at_meeting(step.rules)
    met_at = meeting_selectors.for_notice(post.holder_id, application) if judged else None
    return gates.of_step(post, step, met_at, application, today=today)


def gates_ahead(post, step, *, today):
    """Sentences, each a thing that would block handing in today: told before the start. R10, R34, R35."""
    return [gate.in_full for gate in gates_of(post, step, today=today) if gate.in_the_way]


def gates_in_the_way(application, *, today):
    """Each Gate that blocks handing in the application today. R10, R26, R34, R35."""
    found = gates_of(application.worker.post, application.step, application=application, today=today)
    return [gate for gate in found if gate.in_the_way]


def missing_before_submission(application, counts=None, said=None, *, today):
    """A Missing for each thing that blocks handing in the portfolio today. R7, R10, R34, R35.

    What the worker cannot mend on a page of ours has no `url_name`. `counts` are the portfolio's
    `examples_by_heading`, `said` what its worker says of themselves, where they have been read.
    """
    missing = [Missing(gate.in_full, gate.page) for gate in gates_in_the_way(application, today=today)]
    application.portfolio.worker = application.worker  # the same, and read already
    return missing + portfolios.missing_before_submission(application.portfolio, counts, said)


def expected_but_missing(application, *, today):
    """Sentences, each a thing the scheme expects: the manager gives a reason to go on without it. R11."""
    found = gates.eligibility(application.worker.post, application.step, today=today)
    return [gate.in_full for gate in found if gate.state == gates.GateState.EXPECTED]


def warnings_before_submission(application, counts=None, *, today):
    """Sentences, each a thing expected but not required; `counts` as above. R7, R11."""
    expected = portfolios.warnings_before_submission(application.portfolio, counts)
    return expected + expected_but_missing(application, today=today)


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
    if stage.owner not in (Owner.MANAGER, Owner.AUTHORISER, Owner.PAYROLL):
        return None
    return application.scheme.rules.reminders.act.within


def check_judged_as(application, capacity):
    """Raise Blocked, saying who moved it and when, unless it still waits to be judged in this part."""
    if judges.CAPACITY_OF_OWNER.get(application.stage.owner) != capacity:
        raise Blocked(already_moved(application))


def check_says_why(reason):
    """Raise Blocked for stepping back without saying why."""
    if not reason.strip():
        raise Blocked("Say why somebody else must judge this application.")


def check_may_take_over(application, capacity, somebody, *, instead_of):
    """Raise Blocked unless the case may be handed to `somebody` for this part."""
    if somebody == instead_of or somebody not in judges.may_take_over(application, capacity):
        raise Blocked(
            f"This application cannot be handed to {somebody.name}: it must be somebody of the council, "
            "senior enough, who has nothing else to do with it."
        )


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
    # Of all its deadlines, which the page has at hand: a query of its own would be one too many.
    late = next((one for one in application.deadlines.all() if _asking_ended(one, today=today)), None)
    if late:
        return [f"The last day to ask for {challenge(application)} was {date_format(late.due_on, 'j F Y')}."]
    return blocks_on_another_open(application)


def _asking_ended(deadline, *, today):
    asks = deadline.kind == DeadlineKind.ASK_FOR_REVIEW and deadline.closed_on is None
    return asks and deadline.due_on is not None and deadline.due_on < today


def blocks_on_another_open(application):
    """Sentences for a worker whose application cannot open again, since they have another one open. R1."""
    other = other_open(application)
    if other is None:
        return []
    return [f"You have another application open, {other.reference}. Finish it or withdraw it first."]


def other_open(application):
    """The application that this one's worker has open beside it, or None. R1."""
    others = Application.objects.filter(worker=application.worker_id, state__in=OPEN)
    return others.exclude(pk=application.pk).first()


def can_ask_for_review(application, *, today):
    return not blocks_on_asking_for_review(application, today=today)
