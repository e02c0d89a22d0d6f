"""What a reader of a case may do with it now: the buttons. Each asks the check that guards its page."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from people.permissions import allowed
from progression import permissions, policies
from progression.models import AFTER_ASSESSMENT
from progression.states import BEING_BUILT, WITHDRAWABLE, State


@dataclass(frozen=True)
class Action:
    """A button to a page. `main` is the thing to do next; the others stand back."""

    text: str
    href: str
    main: bool


@dataclass(frozen=True)
class _Offer:
    text: str
    page: str
    states: tuple[State, ...]
    who: object
    main: bool = True
    about_case: bool = True
    when: object = None


_ASKED = (State.DECLINED, State.REFUSED)
_OFFERS = (
    _Offer(
        "Go on with your portfolio",
        "portfolios:portfolio",
        BEING_BUILT,
        permissions.check_is_worker,
        about_case=False,
    ),
    _Offer("Check and submit", "progression:submit", BEING_BUILT, permissions.check_is_worker, main=False),
    _Offer("Assess", "reviews:assessment", (State.SUBMITTED,), permissions.check_can_assess),
    _Offer(
        "Decide",
        "reviews:authorisation",
        (State.RECOMMENDED, State.NOT_RECOMMENDED),
        permissions.check_can_authorise,
    ),
    _Offer(
        "Ask for {challenge}",
        "reviews:ask_for_review",
        _ASKED,
        permissions.check_is_worker,
        when=policies.can_ask_for_review,
    ),
    _Offer("Hearing", "reviews:hearing", (State.UNDER_APPEAL,), permissions.check_can_hear_review),
    _Offer("Decide", "reviews:decide_review", (State.UNDER_APPEAL,), permissions.check_can_hear_review),
    _Offer(
        "Read the assessment",
        "reviews:findings",
        AFTER_ASSESSMENT,
        permissions.check_can_read_findings,
        main=False,
    ),
    _Offer("Withdraw", "progression:withdraw", WITHDRAWABLE, permissions.check_is_worker, main=False),
)


def actions_for(user, application, *, today):
    """The buttons on the case's page for this reader, the next thing to do first."""
    offered = [
        offer
        for offer in _OFFERS
        if application.state in offer.states
        and allowed(offer.who, user, application)
        and (offer.when is None or offer.when(application, today=today))
    ]
    made = [(offer, _address(offer, application)) for offer in offered]
    return [Action(_text(offer, application), href, offer.main) for offer, href in made if href]


def _text(offer, application):
    return offer.text.format(challenge=policies.challenge(application))


def _address(offer, application):
    """None while the package that has the page is not there."""
    try:
        return reverse(offer.page, args=[application.reference] if offer.about_case else [])
    except NoReverseMatch:
        return None
