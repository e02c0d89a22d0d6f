"""What a reader of a case may do with it now: the buttons. Each asks the check that guards its page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.urls import NoReverseMatch, reverse

from people.permissions import NotAllowed, allowed
from progression import permissions, policies, selectors
from progression.models import AFTER_ASSESSMENT, DeadlineKind
from progression.states import BEING_BUILT, DECIDED, WITHDRAWABLE, State


@dataclass(frozen=True)
class Action:
    """A link to a page. `main` is the thing to do next, a button; the others stand back."""

    text: str
    href: str
    main: bool


def _in_time(application, today):
    return policies.can_ask_for_review(application, today=today)


def _may_ask_late(application, today):
    """The last day to ask has passed, and nobody has asked late yet. R19."""
    deadlines = {one.kind: one for one in application.deadlines.all()}
    limit = deadlines.get(DeadlineKind.ASK_FOR_REVIEW)
    asked = DeadlineKind.DECIDE_LATE_REQUEST in deadlines
    late = limit is not None and limit.due_on is not None and limit.due_on < today
    return late and not asked and not policies.blocks_on_another_open(application)


def _asked_late(application, today):
    """A late request waits for whoever hears reviews. R19."""
    return selectors.asked_late(application)


def _contract_waits(application, today):
    # A form that payroll sent back may come again with other terms: the worker answers those.
    return selectors.contract_waits(application) and not selectors.payroll_asks(application)


def _payroll_asks(application, today):
    return selectors.payroll_asks(application)


def _check_only_reads_review(user, application):
    """Whoever hears it has the same page as the thing to do next."""
    permissions.check_can_read_findings(user, application)
    if application.state == State.UNDER_APPEAL and permissions.can_hear_review(user, application):
        raise NotAllowed("You hear this review.")


def _authorised_without_a_review(application, today):
    return not selectors.was_upheld(application)


def _never(application):
    return False


def _shows_all(application):
    """Whether every heading asked has an example: what is left is to submit."""
    return application.portfolio.headings_shown == application.portfolio.headings_asked


def _work_to_do(application):
    """Whether the portfolio comes before submitting: a heading has no example, or it was returned."""
    return application.state == State.RETURNED or not _shows_all(application)


def _ready(application):
    return not _work_to_do(application)


@dataclass(frozen=True)
class _Offer:
    """A page offered in `states` to whom the check `who` lets in, while `when` holds.

    `main` says whether it is the thing to do next. `about_case`: its address has the case's number.
    """

    text: str
    page: str
    states: tuple[State, ...]
    who: Callable
    when: Callable = lambda application, today: True
    main: Callable = lambda application: True
    about_case: bool = True


_OFFERS = (
    _Offer(
        "Go on with your portfolio",
        "portfolios:portfolio",
        BEING_BUILT,
        permissions.check_is_worker,
        main=_work_to_do,
        about_case=False,
    ),
    _Offer("Check and submit", "progression:submit", BEING_BUILT, permissions.check_is_worker, main=_ready),
    _Offer("Assess this application", "reviews:assessment", (State.SUBMITTED,), permissions.check_can_assess),
    _Offer(
        "Read and accept your new contract",
        "payroll:contract",
        (State.SENT_TO_PAYROLL,),
        permissions.check_is_worker,
        when=_contract_waits,
    ),
    _Offer(
        "Answer payroll",
        "payroll:answer_query",
        (State.SENT_TO_PAYROLL,),
        permissions.check_can_answer_payroll,
        when=_payroll_asks,
    ),
    _Offer(
        "Decide on this application",
        "reviews:authorisation",
        (State.RECOMMENDED, State.NOT_RECOMMENDED),
        permissions.check_can_authorise,
    ),
    _Offer(
        "Ask for {challenge}",
        "reviews:ask_for_review",
        (State.DECLINED, State.REFUSED),
        permissions.check_is_worker,
        when=_in_time,
    ),
    _Offer(
        "Ask for {challenge} late",
        "reviews:ask_late",
        (State.DECLINED, State.REFUSED),
        permissions.check_is_worker,
        when=_may_ask_late,
        main=_never,
    ),
    _Offer(
        "Answer the late request",
        "reviews:late_request",
        (State.DECLINED, State.REFUSED),
        permissions.check_can_hear_review,
        when=_asked_late,
    ),
    _Offer(
        "Go on with the {name}",
        "reviews:review",
        (State.UNDER_APPEAL,),
        permissions.check_can_hear_review,
    ),
    _Offer(
        "Read the {name} and its papers",
        "reviews:review",
        (State.UNDER_APPEAL, State.UPHELD, State.DISMISSED),
        _check_only_reads_review,
        main=_never,
    ),
    _Offer(
        "Take back an authorisation made in error",
        "reviews:reverse",
        (State.AUTHORISED, State.SENT_TO_PAYROLL, State.IMPLEMENTED),
        permissions.check_can_authorise,
        when=_authorised_without_a_review,
        main=_never,
    ),
    _Offer(
        "Hand this application to somebody else",
        "progression:step_back",
        (State.SUBMITTED, State.RECOMMENDED, State.NOT_RECOMMENDED, State.UNDER_APPEAL),
        permissions.check_can_step_back,
        main=_never,
    ),
    _Offer(
        "Read the outcome in full",
        "reviews:outcome",
        DECIDED,
        permissions.check_can_read_findings,
        main=_never,
    ),
    _Offer(
        "Read the assessment",
        "reviews:findings",
        AFTER_ASSESSMENT,
        permissions.check_can_read_findings,
        main=_never,
    ),
    _Offer("Withdraw", "progression:withdraw", WITHDRAWABLE, permissions.check_is_worker, main=_never),
)


def actions_for(user, application, *, today):
    """The buttons on the case's page for this reader, the next thing to do first."""
    if application.state in (State.DECLINED, State.REFUSED):
        prefetch_related_objects([application], "deadlines")  # asked for by more than one offer
    offers = [
        offer
        for offer in _OFFERS
        if application.state in offer.states
        and allowed(offer.who, user, application)
        and offer.when(application, today)
    ]
    actions = [
        Action(_text(offer, application), href, offer.main(application))
        for offer in offers
        if (href := _address(offer, application))
    ]
    return sorted(actions, key=lambda action: not action.main)


def _text(offer, application):
    name = application.scheme.rules.appeal.name.lower()
    return offer.text.format(challenge=policies.challenge(application), name=name)


def _address(offer, application):
    """None while the package that has the page is not there."""
    try:
        return reverse(offer.page, args=[application.reference] if offer.about_case else [])
    except NoReverseMatch:
        return None
