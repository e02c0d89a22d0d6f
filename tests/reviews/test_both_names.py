"""Whoever judges standing in for somebody signs with both names, wherever the judgement is read."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from payroll.letters import PayFormContent
from people.permissions import NotAllowed
from progression import access
from progression.models import Application
from progression.states import State
from reviews import appeal_transitions, transitions
from reviews.decision_selectors import outcome_of
from tests.built_once import built_once
from tests.council import NOW, TODAY, organisation
from tests.standing_in import away, back
from tests.walk import WHY_NOT, application_at, assessed, heard

pytestmark = pytest.mark.django_db


def build():
    place, beside = organisation(), organisation()
    application = application_at(State.SUBMITTED, place)
    assessed(application)
    return SimpleNamespace(
        place=place,
        beside=beside,
        submitted=application,
        recommended=application_at(State.RECOMMENDED, place),
        not_recommended=application_at(State.NOT_RECOMMENDED, place),
        under_review=application_at(State.UNDER_APPEAL, place),
    )


built, cases = built_once(build)


@pytest.fixture
def people(cases):
    """Who is away, and who stands in, for each part."""
    place, beside = cases.place, cases.beside
    pairs = {
        "assessor": (place.manager, beside.manager),
        "authoriser": (place.service_manager, beside.service_manager),
        "hearer": (place.director, beside.director),
    }
    for principal, delegate in pairs.values():
        away(principal, delegate)
    return pairs


def fresh(application):
    return Application.objects.get(pk=application.pk)


def sign(cases, actor):
    return transitions.sign(fresh(cases.submitted), actor=actor, now=NOW, today=TODAY)


def names(pair):
    principal, delegate = pair
    return f"{delegate.name}, standing in for {principal.name}"


class TestAssessing:
    def test_the_signature_is_of_both(self, cases, people):
        principal, delegate = people["assessor"]
        application = sign(cases, delegate)
        assessment = application.assessments.get()
        assert (assessment.assessor, assessment.on_behalf_of) == (delegate, principal)
        assert (application.assessor, application.assessed_on) == (delegate, TODAY)
        event = application.events.last()
        assert (event.actor, event.on_behalf_of) == (delegate, principal)

    def test_the_pages_say_for_whom_and_by_whom(self, client, cases, people):
        principal, delegate = people["assessor"]
        reference = cases.submitted.reference
        client.force_login(delegate)
        for page in ("assessment", "sign"):
            told = client.get(reverse(f"reviews:{page}", args=[reference])).text
            assert f"You stand in for {principal.name}" in told
        sign(cases, delegate)
        client.force_login(cases.place.head)
        for page in ("progression:case", "reviews:findings"):
            assert names(people["assessor"]) in client.get(reverse(page, args=[reference])).text

    def test_in_ones_own_right_nobody_else_is_named(self, client, cases, people):
        manager = cases.place.manager
        client.force_login(manager)
        page = client.get(reverse("reviews:assessment", args=[cases.submitted.reference])).text
        assert "You stand in for" not in page
        application = sign(cases, manager)
        assert application.assessments.get().on_behalf_of is None
        assert application.events.last().on_behalf_of is None

    def test_returning_it_is_noted_for_both(self, cases, people):
        principal, delegate = people["assessor"]
        application = transitions.return_to_worker(
            fresh(cases.submitted), actor=delegate, reason="Add an example.", now=NOW
        )
        event = application.events.last()
        assert (event.actor, event.on_behalf_of) == (delegate, principal)

    def test_it_ends_at_once_in_the_middle_of_the_work(self, client, cases, people):
        """Near miss: the page was open; the delegation is ended; the signature is refused."""
        principal, delegate = people["assessor"]
        client.force_login(delegate)
        address = reverse("reviews:sign", args=[cases.submitted.reference])
        assert client.get(address).status_code == 200
        back(principal.delegations_given.get())
        assert client.post(address, {"confirmed": "on"}).status_code == 404
        with pytest.raises(NotAllowed):
            sign(cases, delegate)


@pytest.mark.rule("R13")
class TestDeciding:
    def test_authorised_for_somebody(self, client, cases, people):
        """R13: the form to payroll names both, for line manager and authoriser."""
        recommended = sign(cases, people["assessor"][1])
        principal, delegate = people["authoriser"]
        application = transitions.authorise(recommended, actor=delegate, now=NOW, today=TODAY)
        decision = application.authorisations.get()
        assert (decision.decided_by, decision.on_behalf_of) == (delegate, principal)
        assert application.authoriser == delegate
        content = PayFormContent.from_json(application.pay_forms.get().content)
        assert content.authoriser == f"{delegate.name} for {principal.name}"
        away_manager, assessor = people["assessor"]
        assert content.line_manager == f"{assessor.name} for {away_manager.name}"
        for reader in (application.worker, principal):
            client.force_login(reader)
            page = client.get(reverse("reviews:outcome", args=[application.reference]))
            assert f"standing in for {principal.name}" in page.text

    def test_the_page_to_decide_says_for_whom(self, client, cases, people):
        principal, delegate = people["authoriser"]
        client.force_login(delegate)
        address = reverse("reviews:authorisation", args=[cases.recommended.reference])
        assert f"You stand in for {principal.name}" in client.get(address).text
        check = client.post(address, {"decision": "decline", **WHY_NOT, "check": ""})
        assert f"You stand in for {principal.name}" in check.text

    @pytest.mark.parametrize(
        ("which", "move"),
        [("recommended", transitions.decline), ("not_recommended", transitions.confirm_refusal)],
    )
    def test_refused_for_somebody(self, cases, people, which, move):
        principal, delegate = people["authoriser"]
        application = move(fresh(getattr(cases, which)), actor=delegate, **WHY_NOT, now=NOW)
        outcome = outcome_of(application, today=TODAY)
        assert (outcome.decided_by, outcome.decided_for) == (delegate, principal)
        event = application.events.exclude(to_state="").last()
        assert (event.actor, event.on_behalf_of) == (delegate, principal)


@pytest.mark.rule("R20", scheme="medway-2010")
def test_a_review_is_decided_for_somebody(cases, people):
    principal, delegate = people["hearer"]
    over = heard(fresh(cases.under_review))
    application = appeal_transitions.dismiss(fresh(cases.under_review), actor=delegate, **WHY_NOT, now=over)
    appeal = application.appeal
    assert (appeal.heard_by, appeal.on_behalf_of) == (delegate, principal)
    event = application.events.exclude(to_state="").last()
    assert (event.actor, event.on_behalf_of) == (delegate, principal)


def test_both_keep_sight_of_what_one_did_for_the_other(cases, people):
    """Whoever acts on a case keeps sight of it, and so does whoever it was done for."""
    principal, delegate = people["authoriser"]
    application = transitions.decline(fresh(cases.recommended), actor=delegate, **WHY_NOT, now=NOW)
    back(principal.delegations_given.get())
    cases.place.service.officers.remove(principal)
    assert access.can_see(delegate, application) and access.can_see(principal, application)
