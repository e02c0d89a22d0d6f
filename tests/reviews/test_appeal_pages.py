"""Asking for a review and deciding it, page by page. R19-R21, R32."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from people.models import Post
from progression.models import Application
from tests import council, walk
from tests.built_once import built_once
from tests.council import organisation
from tests.reading import carried, text
from tests.walk import WHY_NOT, State, application_at

pytestmark = pytest.mark.django_db

GROUNDS = {"grounds": "The court report was not read.\nIt is in “Court”, 3."}


def build():
    now = timezone.now()
    place = organisation()
    week_ago = now - timedelta(days=7)
    under_review = application_at(State.UNDER_APPEAL, place, now=week_ago)
    walk.heard(under_review, now=week_ago)
    return SimpleNamespace(
        place=place,
        declined=application_at(State.DECLINED, place, now=now),
        late=application_at(State.DECLINED, place, now=now - timedelta(days=60)),
        under_review=under_review,
        elsewhere=organisation(),
    )


built, cases = built_once(build)


def ask(application):
    return reverse("reviews:ask_for_review", args=[application.reference])


def decide(application):
    return reverse("reviews:decide_review", args=[application.reference])


def state_of(application):
    return Application.objects.get(pk=application.pk).state


@pytest.mark.rule("R19", scheme="medway-2010", page="/applications/<reference>/review/ask/")
def test_R19_the_page_says_until_when_and_how_it_is_counted(client, cases):
    client.force_login(cases.declined.worker)
    page = text(client.get(ask(cases.declined)))
    due = cases.declined.deadlines.get(closed_on=None).due_on
    today = timezone.localdate()
    assert f"You have until {due.day} {due:%B %Y}" in page
    assert f"10 working days after {today.day} {today:%B %Y}, the day you were told" in page
    assert "Weekends, bank holidays and days on which the council is closed do not count" in page
    assert "Somebody may come with you to represent you" in page


def test_R19_the_worker_asks_checks_and_sends(client, cases):
    client.force_login(cases.declined.worker)
    checked = client.post(ask(cases.declined), GROUNDS | {"check": "check"})
    assert "Check before you send" in text(checked)
    assert state_of(cases.declined) == State.DECLINED
    sent = client.post(ask(cases.declined), carried(checked) | {"sign": "sign"}, follow=True)
    assert "You have asked for a review" in text(sent)
    cases.declined.refresh_from_db()
    assert cases.declined.state == State.UNDER_APPEAL
    assert cases.declined.appeal.grounds == GROUNDS["grounds"]
    again = client.post(ask(cases.declined), carried(checked) | {"sign": "sign"})
    assert again.status_code == 409


def test_R19_nothing_is_sent_without_reasons(client, cases):
    client.force_login(cases.declined.worker)
    for button in ("check", "sign"):
        response = client.post(ask(cases.declined), {"grounds": " ", button: button})
        assert "Say why you think the outcome is wrong" in text(response)
    assert state_of(cases.declined) == State.DECLINED


def test_R19_too_late_is_a_plain_sentence_with_the_day(client, cases):
    client.force_login(cases.late.worker)
    due = cases.late.deadlines.get(closed_on=None).due_on
    for response in (
        client.get(ask(cases.late), follow=True),
        client.post(ask(cases.late), GROUNDS | {"sign": "sign"}, follow=True),
    ):
        assert f"The last day to ask for a review was {due.day} {due:%B %Y}, 4" in text(response)
    assert state_of(cases.late) == State.DECLINED
    page = text(client.get(reverse("reviews:outcome", args=[cases.late.reference])))
    assert f"The last day to ask for a review was {due.day} {due:%B %Y}." in page


def test_R19_who_reaches_the_page_to_ask(client, cases):
    place = cases.place
    expected = dict.fromkeys(place.everybody.values(), 404) | dict.fromkeys(
        (place.manager, place.service_manager, place.head, place.director, place.auditor), 403
    )
    expected[cases.declined.worker] = 200
    expected[cases.late.worker] = 404
    for user, status in (expected | dict.fromkeys(cases.elsewhere.everybody.values(), 404)).items():
        client.force_login(user)
        assert client.get(ask(cases.declined)).status_code == status, user.role
        if status != 200:
            assert client.post(ask(cases.declined), GROUNDS | {"sign": "sign"}).status_code == status, (
                user.role
            )
    assert state_of(cases.declined) == State.DECLINED


def test_R21_the_hearer_reads_both_sides_and_by_when(client, cases):
    client.force_login(cases.place.director)
    page = text(client.get(decide(cases.under_review)))
    due = cases.under_review.deadlines.get(closed_on=None).due_on
    assert f"The decision is due in writing by {due.day} {due:%B %Y}." in page
    assert cases.under_review.appeal.grounds in page
    assert WHY_NOT["reasons"] in page
    assert "From 37 to 41" in page
    assert "not an independent hearer" not in page


@pytest.mark.rule("R21", scheme="medway-2010", page="/applications/<reference>/review/decide/")
def test_R21_upholding(client, cases):
    client.force_login(cases.place.director)
    answers = {"decision": "uphold", "reasons": "It was there.", "check": "check"}
    checked = client.post(decide(cases.under_review), answers)
    assert "You are upholding the review." in text(checked)
    assert "From 37 to 41" in text(checked)
    assert state_of(cases.under_review) == State.UNDER_APPEAL
    done = client.post(decide(cases.under_review), carried(checked) | {"sign": "sign"}, follow=True)
    assert "has progressed" in text(done) and "Upheld" in text(done)
    assert state_of(cases.under_review) == State.UPHELD


@pytest.mark.rule("R21", scheme="medway-2010", page="/applications/<reference>/review/decide/")
def test_R21_dismissing(client, cases):
    client.force_login(cases.place.director)
    checked = client.post(decide(cases.under_review), {"decision": "dismiss", **WHY_NOT, "check": "check"})
    assert "The decision is final." in text(checked)
    done = client.post(decide(cases.under_review), carried(checked) | {"sign": "sign"}, follow=True)
    assert "Dismissed" in text(done)
    client.force_login(cases.under_review.worker)
    page = text(client.get(reverse("reviews:outcome", args=[cases.under_review.reference])))
    assert "This decision is final. You can start a new application." in page
    assert "Ask for a review" not in page


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({}, "Choose whether to uphold or dismiss it"),
        ({"decision": "uphold"}, "Give your full reasons"),
        ({"decision": "dismiss", "reasons": "x"}, "need to do to progress"),
    ],
)
def test_R21_an_incomplete_decision_goes_no_further(client, cases, answers, error):
    client.force_login(cases.place.director)
    for button in ("check", "sign"):
        page = text(client.post(decide(cases.under_review), {button: button, **answers}))
        assert "There is a problem" in page and error in page
    assert state_of(cases.under_review) == State.UNDER_APPEAL


def test_R22_upholding_stops_where_authorising_would(client, cases):
    Post.objects.filter(holder=cases.under_review.worker).update(spinal_point=41)
    client.force_login(cases.place.director)
    answers = {"decision": "uphold", "reasons": "x", "check": "check"}
    assert "is at spinal column point 41 already" in text(client.post(decide(cases.under_review), answers))


def test_R19_who_reaches_the_page_to_decide(client, cases):
    place = cases.place
    expected = dict.fromkeys(place.everybody.values(), 404) | dict.fromkeys(
        (place.manager, place.service_manager, place.head, place.auditor, cases.under_review.worker), 403
    )
    expected[place.director] = 200
    for user, status in (expected | dict.fromkeys(cases.elsewhere.everybody.values(), 404)).items():
        client.force_login(user)
        assert client.get(decide(cases.under_review)).status_code == status, user.role
        if status != 200:
            posted = {"decision": "dismiss", **WHY_NOT, "sign": "sign"}
            assert client.post(decide(cases.under_review), posted).status_code == status, user.role
    assert state_of(cases.under_review) == State.UNDER_APPEAL


def test_there_is_no_review_to_decide_before_one_is_asked_for(client, cases):
    client.force_login(cases.place.director)
    assert client.get(decide(cases.declined)).status_code == 409


@pytest.mark.rule("R32", scheme="redbridge-2013", page="/applications/<reference>/review/decide/")
def test_R32_a_hearer_who_made_the_decision_is_warned(client):
    place = organisation("redbridge-2013")
    application = application_at(State.UNDER_APPEAL, place, now=timezone.now())
    client.force_login(place.head)
    page = text(client.get(decide(application)))
    assert "you are not an independent hearer" in page
    assert "business requirements of the team or service" in page


def test_R32_another_head_of_service_is_not(client):
    place = organisation("redbridge-2013")
    another = council.person(place.head.role)
    place.service.officers.add(another)
    application = application_at(State.UNDER_APPEAL, place, now=timezone.now())
    client.force_login(another)
    assert "not an independent hearer" not in text(client.get(decide(application)))
