"""What the worker's start page puts first."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from progression.states import State
from tests.council import organisation
from tests.portfolios.makers import piece_of
from tests.portfolios.observing import answered, ask
from tests.walk import application_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def read(client):
    """Open a page as somebody, and read it."""

    def read(reader, page, *args):
        client.force_login(reader)
        return client.get(reverse(page, args=args)).text

    return read


def test_a_returned_portfolio_says_why_and_leads_back_to_the_work(read, place):
    application = application_at(State.RETURNED, worker=place.worker, now=timezone.now())
    reason = application.events.filter(to_state=State.RETURNED).get().reason
    page = read(place.worker, "start")
    assert "What your manager asks you to do" in page and reason in page
    assert 'class="govuk-button" data-module="govuk-button">Go on with your portfolio' in page
    assert "What your manager asks you to do" in read(place.worker, "progression:case", application.reference)
    assert "What your manager asks you to do" not in read(
        place.manager, "progression:case", application.reference
    )


def test_who_has_not_applied_can_gather_evidence(read, place):
    page = read(place.worker, "start")
    assert "You need not wait for an application" in page and 'href="/evidence/">gather your evidence' in page


def test_a_refusal_offers_the_review_before_a_new_application(read, place):
    """R19: the days to ask run, and a new application stands in the way."""
    application_at(State.DECLINED, worker=place.worker, now=timezone.now())
    page = read(place.worker, "start")
    assert page.index("Ask for a review") < page.index("Start an application")
    assert "You need not wait for an application" not in page
    assert "While a new application is open" in page
    assert "govuk-button--secondary" in page


@pytest.mark.parametrize("state", [None, State.DRAFT])
def test_what_others_answered_stands_there_for_a_week(read, place, state):
    now = timezone.now()
    if state:
        application_at(state, worker=place.worker, now=now)
    piece = piece_of(place.worker, now=now)
    answered(ask(piece, now=now - timedelta(days=8)), now=now - timedelta(days=8))
    ask(piece, now=now)
    assert "in the last 7 days" not in read(place.worker, "start")
    answered(ask(piece, now=now), now=now)
    page = read(place.worker, "start")
    assert "1 testimony</strong> came in the last 7 days" in page and "/evidence/asked/" in page
    assert "in the last 7 days" not in read(place.colleague, "start")
