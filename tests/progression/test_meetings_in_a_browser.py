"""Reviews in a real browser: in the diary, moved, notice given, held; and from when a worker can apply."""

from datetime import timedelta

import pytest
from django.utils import timezone

from progression import meeting_transitions as meetings
from progression.meeting_selectors import ahead, meeting_of
from progression.models import Application
from tests.at_a_browser import follow, press, sit_down, sound
from tests.council import organisation, social_worker
from tests.walk import started

pytestmark = pytest.mark.django_db(transaction=True)


def types_day(page, name, day):
    for part, value in enumerate((day.day, day.month, day.year)):
        page.locator(f"[name={name}_{part}]").fill(str(value))


def follows(page, link):
    follow(page.locator("main a", has_text=link).first)
    sound(page)


def presses(page, button):
    press(page, button)
    sound(page)


@pytest.mark.rule("R26", scheme="redbridge-2013", page="/meetings/notice/")
def test_a_weeks_notice(page):
    """The manager diarises six days ahead: too late for notice; moved by a day, the worker gives it."""
    place = organisation("redbridge-2013")
    today = timezone.localdate()
    sit_down(page, place.manager)
    page.goto("/team/")
    follows(page, place.worker.name)
    follows(page, "Put a review in the diary")
    follows(page, "Put one in the diary")
    presses(page, "Put it in the diary")  # nothing is filled in
    assert "There is a problem" in page.locator("main").inner_text()
    types_day(page, "day", today + timedelta(days=6))
    page.get_by_label("Time").fill("2.30pm")
    page.get_by_label("Place").fill("Meeting room 2, second floor, behind the post room")
    presses(page, "Put it in the diary")

    started(place.worker, now=timezone.now())
    sit_down(page, place.worker)
    page.goto("/")
    sound(page)
    follows(page, "your review meetings")
    assert page.locator("main a", has_text="Give notice").count() == 0
    assert "or later" in page.locator("main").inner_text()

    sit_down(page, place.manager)
    page.goto(f"/team/{place.worker.pk}/meetings/")
    follows(page, "Move it")
    assert page.get_by_label("Time").input_value() == "14:30"
    types_day(page, "day", today + timedelta(days=7))
    page.get_by_label("Why is it moved?").fill("So that a week’s notice can be given.")
    presses(page, "Move it")
    assert "a week’s notice" in page.locator("main").inner_text()

    sit_down(page, place.worker)
    page.goto("/meetings/")
    follows(page, "Give notice")
    presses(page, "Give notice")
    application = Application.objects.get(worker=place.worker)
    assert meeting_of(application).notice_given_on == today
    page.goto("/ready/")
    sound(page)
    assert f"You can submit {application.reference}" in page.locator("main").inner_text()


@pytest.mark.rule("R25", scheme="redbridge-2013", page="/team/<int:worker>/meetings/held/")
def test_held_and_called_off(page):
    place = organisation("redbridge-2013")
    sit_down(page, place.manager)
    for worker, link, button in (
        (place.worker, "Record that it was held", "Record it as held"),
        (place.colleague, "Call it off", "Call it off"),
    ):
        then = timezone.now() - timedelta(days=3)
        meetings.diarise(
            worker, actor=place.manager, starts_at=then + timedelta(days=2), place="Room 4", now=then
        )
        page.goto(f"/team/{worker.pk}/meetings/")
        sound(page)
        follows(page, link)
        if button == "Call it off":
            page.get_by_label("Why is it called off?").fill("I was ill.")
        presses(page, button)
        assert ahead(worker) is None
        page.goto(f"/team/{worker.pk}/")
        sound(page)


def test_what_the_gates_rest_on(page):
    place = organisation("medway-2018")
    worker = social_worker(
        place.team,
        "Wilhelmina-Theodora Featherstonehaugh-Cholmondeley",
        performance_rating="",
        probation_completed=False,
        under_formal_process=True,
    )
    sit_down(page, place.manager)
    page.goto(f"/team/{worker.pk}/details/")
    sound(page)
    page.get_by_label("Achieving").check()
    page.get_by_role("group", name="Has probation").get_by_label("Yes").check()
    presses(page, "Save")
    assert "Last performance rating: achieving, before that not rated" in page.locator("main").inner_text()
    page.goto(f"/team/{worker.pk}/ready/")
    sound(page)
    sit_down(page, place.head)
    page.goto(f"/team/{worker.pk}/")
    sound(page)
    sit_down(page, worker)
    page.goto("/ready/")
    sound(page)
    assert "Nobody can name the day yet" in page.locator("main").inner_text()
