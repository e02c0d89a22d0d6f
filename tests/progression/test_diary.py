"""The next review meeting and the hearing stand on the worker's start page and on the case."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.pages import day_and_time
from progression import meeting_transitions as meetings
from progression.states import State
from tests.council import organisation
from tests.walk import application_at, heard, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(client):
    """The texts of the start page of `reader` and of the page of `application`."""

    def pages(reader, application):
        client.force_login(reader)
        case = reverse("progression:case", args=[application.reference])
        return client.get("/").text, client.get(case).text

    return pages


def diarised(place, starts_at, *, where="Room 4"):
    return meetings.diarise(
        place.worker, actor=place.manager, starts_at=starts_at, place=where, now=timezone.now()
    )


@pytest.mark.rule("R25", scheme="redbridge-2013", page="/")
def test_R25_a_worker_without_an_application_sees_the_next_review(client):
    place = organisation("redbridge-2013")
    client.force_login(place.worker)
    assert "In the diary" not in client.get("/").text
    meeting = diarised(place, timezone.now() + timedelta(days=9), where="https://calls.example/4")
    page = client.get("/").text
    assert day_and_time(meeting.starts_at) in page and 'href="https://calls.example/4"' in page
    assert "Performance Management Review" in page and f'href="{reverse("progression:meetings")}"' in page


def test_R26_the_review_that_judges_it_is_on_the_case_once_notice_is_given(pages):
    place = organisation("redbridge-2013")
    application = started(place.worker, now=timezone.now())
    meeting = diarised(place, timezone.now() + timedelta(days=9))
    when = day_and_time(meeting.starts_at)
    start, case = pages(place.worker, application)
    assert when in start and when not in case
    meetings.give_notice(
        meeting, application, actor=place.worker, now=timezone.now(), today=timezone.localdate()
    )
    start, case = pages(place.worker, application)
    assert when in start and when in case
    _, case = pages(place.manager, application)
    assert when in case and reverse("progression:meetings") not in case


def test_a_review_that_is_over_or_called_off_is_not_ahead(pages):
    place = organisation()
    application = started(place.worker, now=timezone.now())
    meeting = diarised(place, timezone.now() + timedelta(days=2))
    type(meeting).objects.update(starts_at=timezone.now() - timedelta(days=1))
    start, _ = pages(place.worker, application)
    assert "In the diary" not in start
    type(meeting).objects.update(starts_at=timezone.now() + timedelta(days=1))
    meeting.refresh_from_db()
    start, case = pages(place.worker, application)
    assert day_and_time(meeting.starts_at) in start
    assert "In the diary" not in case  # this scheme judges no application at a review
    meetings.cancel_meeting(meeting, actor=place.manager, reason="I am ill.", now=timezone.now())
    start, _ = pages(place.worker, application)
    assert "In the diary" not in start


@pytest.mark.rule("R20", scheme="medway-2010", page="/applications/<reference>/")
def test_R20_the_hearing_is_on_both_for_everybody_who_reads_the_case(pages):
    place = organisation()
    application = application_at(State.UNDER_APPEAL, worker=place.worker, now=timezone.now())
    assert all("In the diary" not in page for page in pages(place.worker, application))
    heard(application, now=timezone.now())
    hearing = application.appeal.hearings.get()
    for page in pages(place.worker, application):
        assert day_and_time(hearing.starts_at) in page and "Room 3, the town hall" in page
    for reader in (place.manager, place.director, place.auditor):
        assert day_and_time(hearing.starts_at) in pages(reader, application)[1]
