"""The pages to decide on, to check before signing, and to read the outcome. R13-R19, R31, R32."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.models import Post
from people.roles import Role
from progression.models import Application
from tests import council, walk
from tests.built_once import built_once
from tests.council import organisation, person
from tests.reading import carried, text
from tests.walk import WHY_NOT, State, application_at

pytestmark = pytest.mark.django_db


def build():
    now = timezone.now()
    place = organisation()
    return SimpleNamespace(
        place=place,
        submitted=application_at(State.SUBMITTED, place, now=now),
        recommended=application_at(State.RECOMMENDED, place, now=now),
        not_recommended=application_at(State.NOT_RECOMMENDED, place, now=now),
        declined=application_at(State.DECLINED, place, now=now),
        elsewhere=organisation(),
    )


built, cases = built_once(build)


def address(application, page="authorisation"):
    return reverse(f"reviews:{page}", args=[application.reference])


@pytest.fixture
def authoriser(client, cases):
    client.force_login(cases.place.service_manager)
    return client


def to_check(client, application, **answers):
    return client.post(address(application), {"check": "check", **answers})


def test_what_it_does_to_pay_comes_first(authoriser, cases):
    page = text(authoriser.get(address(cases.recommended)))
    pay, recommendation = page.index("What progressing does to pay"), page.index("Recommendation")
    assert pay < page.index("From 37 to 41") < page.index("From £30,851 to £34,549 a year") < recommendation
    assert pay < page.index("Back-pay to the end of") < recommendation
    assert "£3,698 a year, £308.17 a month before tax" in page


def test_the_evidence_findings_and_declarations_are_there(authoriser, cases):
    response = authoriser.get(address(cases.recommended))
    page = text(response)
    assert (
        reverse("progression:submitted_portfolio", args=[cases.recommended.reference])
        in response.content.decode()
    )
    assert "110 met, 0 not met" in page
    assert "Recording: all 5 met" in page
    assert "Seen in supervision and in the case record." in page
    assert "has shown good attendance" in page


def test_authorising_takes_a_page_to_check_that_writes_nothing(authoriser, cases):
    checked = to_check(authoriser, cases.recommended, decision="authorise")
    assert "You cannot undo this alone." in text(checked) and "it takes two of you" in text(checked)
    assert f"You are authorising the progression of {cases.recommended.worker.name} from" in text(checked)
    assert "From 37 to 41" in text(checked)
    cases.recommended.refresh_from_db()
    assert cases.recommended.state == State.RECOMMENDED

    signed = authoriser.post(address(cases.recommended), carried(checked) | {"sign": "sign"}, follow=True)
    assert signed.redirect_chain == [(address(cases.recommended, "outcome"), 302)]
    assert "Progression authorised" in text(signed)
    cases.recommended.refresh_from_db()
    assert cases.recommended.state == State.AUTHORISED


def test_R18_declining_shows_the_worker_exactly_what_was_checked(authoriser, client, cases):
    words = {"reasons": "One.\n\nTwo <b>bold</b> & “three”.", "required": "Do it."}
    checked = to_check(authoriser, cases.recommended, decision="decline", **words)
    assert "Two &lt;b&gt;bold&lt;/b&gt; &amp; “three”." in checked.content.decode()
    authoriser.post(address(cases.recommended), carried(checked) | {"sign": "sign"})
    decision = cases.recommended.authorisations.get()
    assert {"reasons": decision.reasons, "required": decision.required} == words
    client.force_login(cases.recommended.worker)
    assert "Two &lt;b&gt;bold&lt;/b&gt;" in client.get(address(cases.recommended, "outcome")).content.decode()


def test_going_back_to_change_keeps_what_was_typed(authoriser, cases):
    checked = to_check(authoriser, cases.recommended, decision="decline", **WHY_NOT)
    back = authoriser.post(address(cases.recommended), carried(checked) | {"change": "change"})
    assert WHY_NOT["reasons"] in text(back)
    assert "Error:" not in text(back)


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({}, ["Choose whether to authorise or decline"]),
        ({"decision": "decline"}, ["Give your full reasons", "need to do to progress"]),
        ({"decision": "decline", "reasons": "  ", "required": "x"}, ["Give your full reasons"]),
        ({"decision": "refuse", **WHY_NOT}, ["Select a valid choice"]),
    ],
)
def test_R18_an_incomplete_decision_goes_no_further(authoriser, cases, answers, errors):
    for button in ("check", "sign"):
        response = authoriser.post(address(cases.recommended), {button: button, **answers})
        page = text(response)
        assert "There is a problem" in page
        assert all(error in page for error in errors)
    assert not cases.recommended.authorisations.exists()


def test_R22_what_stops_authorising_is_said_before_and_refused_after(authoriser, cases):
    Post.objects.filter(holder=cases.recommended.worker).update(spinal_point=None)
    assert "has no spinal column point in the directory" in text(authoriser.get(address(cases.recommended)))
    response = to_check(authoriser, cases.recommended, decision="authorise")
    assert "There is a problem" in text(response)


def test_R22_signing_is_refused_when_the_pay_it_showed_has_changed(authoriser, cases):
    checked = to_check(authoriser, cases.recommended, decision="authorise")
    Post.objects.filter(holder=cases.recommended.worker).update(spinal_point=38)
    again = authoriser.post(address(cases.recommended), carried(checked) | {"sign": "sign"})
    assert "This changed while you had the page open" in text(again)
    assert "From 38 to 41" in text(again)
    assert not cases.recommended.authorisations.exists()
    checked = to_check(authoriser, cases.recommended, decision="authorise")
    assert authoriser.post(address(cases.recommended), carried(checked) | {"sign": "sign"}).status_code == 302


@pytest.mark.rule("R14", scheme="medway-2010", page="/applications/<reference>/authorisation/")
def test_R14_confirming_starts_from_the_managers_words(authoriser, cases):
    page = text(authoriser.get(address(cases.not_recommended)))
    assert "Confirming changes no pay" in page
    assert "Recording is not yet made on time." in page
    assert "Recording: Shadow a colleague at two visits. By " in page
    checked = to_check(authoriser, cases.not_recommended, **WHY_NOT)
    authoriser.post(address(cases.not_recommended), carried(checked) | {"sign": "sign"})
    assert Application.objects.get(pk=cases.not_recommended.pk).state == State.REFUSED


def test_the_second_signature_is_told_who_decided_and_when(authoriser, cases):
    checked = to_check(authoriser, cases.recommended, decision="decline", **WHY_NOT)
    authoriser.force_login(cases.place.head)
    sent = carried(to_check(authoriser, cases.recommended, decision="authorise")) | {"sign": "sign"}
    authoriser.post(address(cases.recommended), sent)
    authoriser.force_login(cases.place.service_manager)
    late = authoriser.post(address(cases.recommended), carried(checked) | {"sign": "sign"})
    assert late.status_code == 409
    assert f"{cases.place.head.name} moved this application on" in text(late)
    twice = authoriser.get(address(cases.recommended))
    assert twice.status_code == 409
    assert cases.recommended.authorisations.count() == cases.recommended.pay_forms.count() == 1


@pytest.mark.rule("R15", page="/applications/<reference>/authorisation/")
def test_R15_who_reaches_the_page(client, cases):
    place, application = cases.place, cases.recommended
    expected = dict.fromkeys(place.everybody.values(), 404) | {
        place.service_manager: 200,
        place.head: 200,
        place.director: 200,
        place.manager: 403,
        place.auditor: 403,
        application.worker: 403,
    }
    expected |= dict.fromkeys(cases.elsewhere.everybody.values(), 404)
    expected[person(Role.SERVICE_MANAGER)] = 404
    for user, status in expected.items():
        client.force_login(user)
        assert client.get(address(application)).status_code == status, user.role
        assert client.post(address(application), {"sign": "sign"}).status_code == status, user.role
    client.logout()
    assert client.get(address(application)).status_code == 302
    assert not application.authorisations.exists()


def test_there_is_nothing_to_decide_before_the_assessment(authoriser, cases):
    assert authoriser.get(address(cases.submitted)).status_code == 409
    assert authoriser.get(reverse("reviews:authorisation", args=["APP-1999-0001"])).status_code == 404


def test_the_number_of_queries_does_not_grow_with_criteria_or_evidence(authoriser, cases):
    """66 criteria at Level 2, 110 at Level 3; one piece of evidence or twelve."""
    worker = council.social_worker(cases.place.team, level=1, spinal_point=35)
    smaller = walk.started(worker, now=timezone.now())
    walk.portfolio_filled(smaller, pieces=12, now=timezone.now())
    smaller = walk.recommended(walk.submitted(smaller, now=timezone.now()), now=timezone.now())
    authoriser.get(address(cases.recommended))
    authoriser.get(address(smaller))
    counts = []
    for application in (cases.recommended, smaller):
        with CaptureQueriesContext(connection) as queries:
            assert authoriser.get(address(application)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


# The outcome.


@pytest.mark.rule("R18", page="/applications/<reference>/outcome/")
def test_R18_the_worker_reads_why_and_what_is_required(client, cases):
    client.force_login(cases.declined.worker)
    page = text(client.get(address(cases.declined, "outcome")))
    assert "You have not progressed" in page
    assert WHY_NOT["reasons"] in page
    assert f"What you need to do to progress {WHY_NOT['required']}" in page


def test_R19_it_says_until_when_a_review_can_be_asked_for(client, cases):
    client.force_login(cases.declined.worker)
    last = cases.declined.deadlines.get(closed_on=None).due_on
    page = text(client.get(address(cases.declined, "outcome")))
    assert f"The last day is {last.day} {last:%B %Y} : 10 working days after the decision." in page
    assert "Ask for a review" in page


def test_R19_staff_read_it_and_are_not_offered_the_review(client, cases):
    client.force_login(cases.place.manager)
    response = client.get(address(cases.declined, "outcome"))
    assert f"{cases.declined.worker.name} has not progressed" in text(response)
    assert address(cases.declined, "ask_for_review") not in response.content.decode()


def test_R18_who_reads_the_outcome(client, cases):
    place = cases.place
    expected = dict.fromkeys(place.everybody.values(), 404) | dict.fromkeys(
        (
            place.manager,
            place.service_manager,
            place.head,
            place.director,
            place.auditor,
            cases.declined.worker,
        ),
        200,
    )
    for user, status in (expected | dict.fromkeys(cases.elsewhere.everybody.values(), 404)).items():
        client.force_login(user)
        assert client.get(address(cases.declined, "outcome")).status_code == status, user.role
        assert client.post(address(cases.declined, "outcome")).status_code == 405


def test_there_is_no_outcome_before_there_is_one(client, cases):
    for application in (cases.submitted, cases.recommended, cases.not_recommended):
        client.force_login(application.worker)
        assert client.get(address(application, "outcome")).status_code == 404


def test_R22_the_outcome_of_progressing_says_level_pay_and_day(client, cases):
    walk.authorised(cases.recommended, now=timezone.now())
    client.force_login(cases.recommended.worker)
    page = text(client.get(address(cases.recommended, "outcome")))
    assert "You have progressed" in page
    assert "From 37 to 41" in page and "From £30,851 to £34,549 a year" in page
    assert "Ask for a review" not in page


def test_R32_where_the_managers_word_refuses_the_outcome_is_theirs(client):
    application = application_at(State.REFUSED, scheme="redbridge-2013", now=timezone.now())
    client.force_login(application.worker)
    page = text(client.get(address(application, "outcome")))
    assert "Recording is not yet made on time." in page
    assert f"{application.assessor.name}, team manager" in page
    assert "ask for an appeal" in page and "There is no time limit." in page


@pytest.mark.rule("R31", scheme="redbridge-2013", page="/applications/<reference>/authorisation/")
def test_R31_redbridge_says_the_day_of_the_review(client):
    place = organisation("redbridge-2013")
    application = application_at(State.RECOMMENDED, place, now=timezone.now())
    client.force_login(place.head)
    day = timezone.localdate()
    assert "the day of the Performance Management Review" in text(client.get(address(application)))
    checked = to_check(client, application, decision="authorise")
    assert "Not stated: the scheme publishes no spinal column points" in text(checked)
    client.post(address(application), carried(checked) | {"sign": "sign"})
    application.refresh_from_db()
    assert (application.state, application.effective_date) == (State.AUTHORISED, day)
