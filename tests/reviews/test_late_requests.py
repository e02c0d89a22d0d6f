"""Asking after the last day: once, with why; the hearer says whether it is heard, with a reason. R19."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from payroll.models import Letter, LetterKind
from people.permissions import NotAllowed
from people.policies import Blocked
from progression.actions import actions_for
from progression.also_waiting import also_waiting
from progression.models import DeadlineKind, Notice
from progression.standing import standing_of
from reviews import appeal_transitions
from reviews.models import Appeal, LateRequest
from tests import walk
from tests.built_once import built_once
from tests.council import organisation
from tests.reading import carried, text
from tests.walk import State, application_at

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R19", scheme="medway-2010")]

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
REASON = "A stay in hospital is a good reason."


def build():
    place = organisation()
    long_ago = NOW - timedelta(days=60)
    return SimpleNamespace(
        place=place,
        late=application_at(State.DECLINED, place, now=long_ago),
        asked=walk.asked_late(application_at(State.DECLINED, place, now=long_ago), now=NOW),
        in_time=application_at(State.DECLINED, place, now=NOW),
        elsewhere=organisation(),
    )


built, cases = built_once(build)


def accept(application, actor):
    return appeal_transitions.accept_late_request(
        application, actor=actor, reason=REASON, now=NOW, today=TODAY
    )


def refuse(application, actor, reason=REASON):
    return appeal_transitions.refuse_late_request(application, actor=actor, reason=reason, now=NOW)


def test_the_state_stays_and_the_hearer_is_asked_by_a_day(cases):
    assert cases.asked.state == State.DECLINED
    deadline = cases.asked.deadlines.get(kind=DeadlineKind.DECIDE_LATE_REQUEST)
    assert deadline.closed_on is None and deadline.due_on > TODAY
    (waiting,) = also_waiting(cases.place.director, today=TODAY)
    assert (waiting.application, waiting.by) == (cases.asked, deadline.due_on)
    told = Notice.objects.filter(application=cases.asked, kind="ask_about_late_request")
    assert [notice.recipient for notice in told] == [cases.place.director]


def test_the_case_says_who_answers_it(cases):
    standing = standing_of(cases.asked, cases.asked.worker, today=TODAY)
    who = f"{cases.place.director.name}, to say whether a late request for a review is heard"
    assert standing.who == who
    (action, *_) = actions_for(cases.place.director, cases.asked, today=TODAY)
    assert (action.text, action.main) == ("Answer the late request", True)
    offered = [one.text for one in actions_for(cases.asked.worker, cases.asked, today=TODAY)]
    assert "Ask for a review late" not in offered


def test_it_waits_for_no_other(cases):
    for user in (cases.place.head, cases.place.service_manager, cases.elsewhere.director):
        assert also_waiting(user, today=TODAY) == []


def test_it_is_asked_once(cases):
    with pytest.raises(Blocked, match="It has not been answered yet"):
        walk.asked_late(cases.asked, now=NOW)
    with pytest.raises(IntegrityError, match="late_request_once"), transaction.atomic():
        LateRequest.objects.create(application=cases.asked, asked_at=NOW, grounds="x", why_late="x")


def test_not_while_there_is_time(cases):
    with pytest.raises(Blocked, match="still in time"):
        walk.asked_late(cases.in_time, now=NOW)


@pytest.mark.rule("R32", scheme="redbridge-2013")
def test_where_there_is_no_limit_nothing_is_late():
    application = application_at(State.REFUSED, scheme="redbridge-2013", now=NOW - timedelta(days=60))
    with pytest.raises(Blocked, match="still in time"):
        walk.asked_late(application, now=NOW)


@pytest.mark.parametrize("missing", ["grounds", "why_late"])
def test_both_reasons_are_needed(cases, missing):
    answers = {"grounds": "x", "why_late": "x"} | {missing: "  "}
    with pytest.raises(Blocked, match="Say why you ask"):
        appeal_transitions.ask_late(cases.late, actor=cases.late.worker, **answers, now=NOW, today=TODAY)


@pytest.mark.rule("R21", scheme="medway-2010")
def test_accepted_it_is_a_review_whose_time_runs_from_that_day(cases):
    application = accept(cases.asked, cases.place.director)
    assert application.state == State.UNDER_APPEAL
    assert application.appeal.lodged_at == NOW
    deadline = application.deadlines.get(closed_on=None)
    assert (deadline.kind, deadline.opened_on) == (DeadlineKind.DECIDE_REVIEW, TODAY)
    request = LateRequest.objects.get(application=application)
    assert (request.accepted, request.answered_by, request.reason) == (True, cases.place.director, REASON)
    kinds = set(Letter.objects.filter(application=application).values_list("kind", flat=True))
    assert {LetterKind.LATE_REQUEST, LetterKind.APPEAL_RECEIVED} <= kinds
    assert also_waiting(cases.place.director, today=TODAY) == []


def test_refused_the_outcome_stands_and_cannot_be_asked_again(cases):
    application = refuse(cases.asked, cases.place.director)
    assert application.state == State.DECLINED
    assert not Appeal.objects.filter(application=application).exists()
    assert application.deadlines.get(kind=DeadlineKind.DECIDE_LATE_REQUEST).closed_on == TODAY
    assert Letter.objects.filter(application=application, kind=LetterKind.LATE_REQUEST).exists()
    with pytest.raises(Blocked, match="It can be asked once"):
        walk.asked_late(application, now=NOW)
    with pytest.raises(Blocked, match="refused this request"):
        accept(application, cases.place.director)


def test_no_answer_without_its_reason(cases):
    with pytest.raises(Blocked, match="Give your reason"):
        refuse(cases.asked, cases.place.director, reason=" ")
    with pytest.raises(IntegrityError, match="late_request_answered_with_reason"), transaction.atomic():
        LateRequest.objects.filter(application=cases.asked).update(
            accepted=True, answered_at=NOW, answered_by=cases.place.director
        )


def test_who_answers_is_who_hears_reviews(cases):
    place = cases.place
    for user in (place.head, place.service_manager, cases.asked.worker, place.manager):
        with pytest.raises(NotAllowed):
            refuse(cases.asked, user)
    with pytest.raises(NotAllowed):
        accept(cases.asked, cases.elsewhere.director)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        LateRequest.objects.filter(application=cases.asked).update(
            accepted=True, answered_at=NOW, answered_by=cases.asked.assessor, reason="x"
        )
    assert refused.value.__cause__.diag.constraint_name == "late_request_answered_by_neither"


@pytest.mark.rule("R1")
def test_not_beside_another_open_application(cases):
    other = walk.started(cases.asked.worker, now=NOW)
    with pytest.raises(Blocked, match=other.reference):
        accept(cases.asked, cases.place.director)


@pytest.mark.rule("R19", scheme="medway-2010", page="/applications/<reference>/review/ask/late/")
def test_another_one_begun_at_this_very_moment_is_said_to_the_hearer(cases, monkeypatch):
    """The database has the last word, in words for whoever reads them: it is not their application."""
    worker = cases.asked.worker
    walk.started(worker, now=NOW)
    monkeypatch.setattr("reviews.policies.check_can_open_again", lambda application: None)
    with pytest.raises(Blocked) as refused, transaction.atomic():
        accept(cases.asked, cases.place.director)
    assert refused.value.sentences == [
        f"{worker.name} has just opened another application: it must end before this opens again."
    ]
    assert not Appeal.objects.filter(application=cases.asked).exists()


def test_the_worker_asks_late_on_the_pages_and_the_hearer_answers(client, cases):
    client.force_login(cases.late.worker)
    ask = reverse("reviews:ask_late", args=[cases.late.reference])
    page = text(client.get(reverse("reviews:ask_for_review", args=[cases.late.reference]), follow=True))
    assert "The last day to ask for a review was" in page and "ago." in page
    sent = {"grounds": "It was there.", "why_late": "I was ill.", "check": "check"}
    checked = client.post(ask, sent)
    assert "Check before you send" in text(checked)
    done = client.post(ask, carried(checked) | {"sign": "sign"}, follow=True)
    assert "Your late request is sent" in text(done) and "It has not been answered yet." in text(done)

    client.force_login(cases.place.director)
    start = text(client.get("/"))
    assert "Also waiting for you" in start and cases.late.worker.name in start
    answer = reverse("reviews:late_request", args=[cases.late.reference])
    page = text(client.get(answer))
    assert "I was ill." in page and "It was there." in page
    for button in ("check", "sign"):
        assert "Give your reason" in text(client.post(answer, {"accepted": "no", button: button}))
    checked = client.post(answer, {"accepted": "no", "reason": "It was a month.", "check": "check"})
    done = client.post(answer, carried(checked) | {"sign": "sign"}, follow=True)
    assert "Late request refused" in text(done) and "It was a month." in text(done)
