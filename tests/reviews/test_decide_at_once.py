"""Two people decide at the same moment: one decision, whole, and the other is told who made it."""

import pytest
from django.test import Client
from django.urls import reverse

from payroll.models import PayForm
from people.policies import Blocked
from portfolios.models import Portfolio
from progression.models import Application, Event
from progression.states import OPEN
from reviews import (
    appeal_transitions,
    bundle_transitions,
    representative_transitions,
    transitions,
)
from reviews.models import Appeal, Authorisation, Bundle
from tests import council, walk
from tests.at_once import at_once
from tests.council import NOW, TODAY, hearer_of, organisation
from tests.one_page import one_page
from tests.reading import text
from tests.walk import WHY_NOT, State, application_at

pytestmark = pytest.mark.django_db(transaction=True)


def test_authorised_and_declined_at_once():
    place = organisation()
    application = application_at(State.RECOMMENDED, place)
    answers = at_once(
        lambda: transitions.authorise(application, actor=place.head, now=NOW, today=TODAY),
        lambda: transitions.decline(application, actor=place.service_manager, **WHY_NOT, now=NOW),
        lambda: transitions.authorise(application, actor=place.director, now=NOW, today=TODAY),
        lambda: transitions.decline(application, actor=place.head, **WHY_NOT, now=NOW),
    )
    (won,) = [answer for answer in answers if isinstance(answer, Application)]
    refused = [answer for answer in answers if isinstance(answer, Blocked)]
    assert len(refused) == 3, answers
    decision = Authorisation.objects.get(application=application)
    assert all(decision.decided_by.name in str(sentence) for sentence in refused)
    assert won.state == (State.AUTHORISED if decision.authorised else State.DECLINED)
    assert PayForm.objects.get(application=application).progressed == decision.authorised
    assert Event.objects.filter(application=application, to_state=won.state).count() == 1


def test_the_same_signature_sent_twice():
    """A double click, or two tabs: one 302, one 409 that says who decided."""
    place = organisation()
    application = application_at(State.RECOMMENDED, place, now=council.NOW)
    address = reverse("reviews:authorisation", args=[application.reference])
    signed = {"decision": "authorise", "about": "Level 2, point 37", "sign": "sign"}

    def sign():
        client = Client()
        client.force_login(place.service_manager)
        return client.post(address, signed)

    first, second = sorted(at_once(sign, sign), key=lambda response: response.status_code)
    assert (first.status_code, second.status_code) == (302, 409)
    assert f"{place.service_manager.name} moved this application" in text(second)
    assert Authorisation.objects.count() == PayForm.objects.count() == 1


def test_withdrawn_and_authorised_at_once():
    place = organisation()
    application = application_at(State.RECOMMENDED, place)
    answers = at_once(
        lambda: walk.withdrawn(application),
        lambda: transitions.authorise(application, actor=place.head, now=NOW, today=TODAY),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Application", "Blocked"]
    application.refresh_from_db()
    decided = application.state == State.AUTHORISED
    assert Authorisation.objects.exists() == PayForm.objects.exists() == decided


def test_upheld_and_dismissed_at_once():
    application = application_at(State.UNDER_APPEAL)
    hearer, after = hearer_of(application), walk.heard(application)
    answers = at_once(
        lambda: appeal_transitions.uphold(
            application, actor=hearer, reasons="Yes.", now=after, today=after.date()
        ),
        lambda: appeal_transitions.dismiss(application, actor=hearer, **WHY_NOT, now=after),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Application", "Blocked"]
    application.refresh_from_db()
    appeal = Appeal.objects.get()
    assert application.state == (State.UPHELD if appeal.upheld else State.DISMISSED)
    assert PayForm.objects.filter(progressed=True).exists() == appeal.upheld


def test_R1_a_review_and_a_new_application_at_once():
    application = application_at(State.DECLINED)
    answers = at_once(
        lambda: walk.under_review(application),
        lambda: walk.started(application.worker),
    )
    assert {type(answer) for answer in answers} == {Application, Blocked}, answers
    assert Application.objects.filter(worker=application.worker, state__in=OPEN).count() == 1


def test_R1_an_application_begun_in_four_tabs_at_once_is_begun_once_and_the_others_are_told():
    worker = organisation().worker
    answers = at_once(*[lambda: walk.started(worker)] * 4)
    begun = [answer for answer in answers if isinstance(answer, Application)]
    others = [answer for answer in answers if isinstance(answer, Blocked)]
    assert (len(begun), len(others)) == (1, 3), answers
    assert all("You already have" in str(one) for one in others)
    assert Portfolio.objects.filter(worker=worker).count() == 1


@pytest.mark.rule("R20")
def test_a_representatives_link_used_four_times_at_once_opens_the_papers_once():
    application = application_at(State.UNDER_APPEAL)
    bundle_transitions.keep(Bundle.objects.get(), one_page(), pages=1, now=NOW)
    representative_transitions.name_representative(
        application,
        actor=application.worker,
        name="Joyce Amadi",
        organisation="",
        email="joyce@union.example",
        now=NOW,
    )
    token = representative_transitions.make_link(application, actor=application.worker, now=NOW)
    answers = at_once(*[lambda: representative_transitions.use_link(token, now=NOW)] * 4)
    assert sum(isinstance(answer, tuple) for answer in answers) == 1, answers
    assert sum(isinstance(answer, representative_transitions.NoSuchLink) for answer in answers) == 3
