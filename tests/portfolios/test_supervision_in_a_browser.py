"""Development in a real browser: axe-core finds nothing, all fits 320 px, evidence stays in view. R9, R40."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portfolios import supervision_selectors as selectors
from portfolios import supervision_transitions as transitions
from portfolios.supervision_transitions import plan_from_refusal
from tests import walk
from tests.at_a_browser import press, sit_down, sound
from tests.council import organisation
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Wilhelmina-Theodora-Featherstonehaugh-Cholmondeley-and-a-word-that-never-ends"


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def filled(place):
    """Something of everything, with words too long for a small screen, and the actions of a refusal."""
    worker, manager, now = place.worker, place.manager, timezone.now()
    today = timezone.localdate(now)
    headings = selectors.headings_for(worker, today=today)[:2]
    refused = application_at(State.DECLINED, worker=worker, now=now - timedelta(days=40))
    asked = [(headings[0], f"{LONG} {number}", today) for number in range(5)]
    plan_from_refusal(worker, reference=refused.reference, actions=asked, actor=manager, now=now)
    by = {"actor": manager, "today": today}
    transitions.write_note(
        worker, **by, held_on=today, reflection=f"{LONG}\n\nAnd more.", competencies=headings, now=now
    )
    transitions.agree_priority(worker, **by, text=LONG, review_on=today)
    late = {"action": LONG, "competency": headings[1], "by_when": today - timedelta(days=1), "now": now}
    transitions.plan_action(worker, **by, **late)
    done = transitions.plan_action(worker, **by, **late | {"action": "Read it"})
    transitions.finish_action(done, **by, done_on=today, outcome=LONG)
    course = {"title": LONG, "provider": LONG, "taken_on": today, "learned": LONG, "applied": LONG}
    transitions.record_training(worker, actor=worker, **course, competencies=headings, now=now)
    return place


def test_every_page_of_the_worker_and_of_the_manager(page, filled):
    worker = filled.worker
    parts = ("", "notes/", "plan/", "priorities/", "training/", "notes/add/", "plan/add/")
    action = worker.development_actions.filter(done_on=None).first()
    training, priority = worker.training.get(), worker.priorities.get()
    own = [*parts, f"plan/{action.pk}/finish/", "training/add/", f"training/{training.pk}/"]
    theirs = [*parts, "priorities/add/", f"priorities/{priority.pk}/end/", f"training/{training.pk}/agree/"]
    for reader, start, addresses in (
        (worker, "/development/", own),
        (filled.manager, f"/team/{worker.pk}/development/", theirs),
    ):
        sit_down(page, reader)
        for address in addresses:
            page.goto(start + address)
            sound(page)
    page.goto(f"/team/{worker.pk}/development/notes/add/")
    press(page, "Save the note")
    page.locator(".govuk-error-summary").wait_for()
    sound(page)


@pytest.mark.rule("R18", page="/portfolio/<code>/")
def test_the_checklist_wherever_it_is_shown(page, filled):
    """From the next application's first page to the manager's assessment of it."""
    application = application_at(State.DRAFT, worker=filled.worker, now=timezone.now())
    sit_down(page, filled.worker)
    submit = reverse("progression:submit", args=[application.reference])
    for address in ("/", "/portfolio/", "/portfolio/recording/", submit):
        page.goto(address)
        assert page.get_by_text("sked for at your last application").count() == 1, address
        sound(page)
    walk.submitted(application, now=timezone.now())
    sit_down(page, filled.manager)
    page.goto(reverse("reviews:assessment", args=[application.reference]))
    sound(page)
    press(page, "Start assessment")
    page.wait_for_url("**/assessment/recording/")
    sound(page)
    page.goto(reverse("reviews:declarations", args=[application.reference]))
    page.get_by_text("has recorded (1)").click()
    sound(page)


@pytest.mark.rule("R9", page="/applications/<reference>/assessment/<code>/")
def test_the_evidence_stays_in_view_beside_the_last_criterion(page, place):
    application = application_at(State.SUBMITTED, worker=place.worker, now=timezone.now())
    sit_down(page, place.manager)
    page.goto(reverse("reviews:assessment", args=[application.reference]))
    press(page, "Start assessment")
    page.wait_for_url("**/assessment/recording/")
    page.set_viewport_size({"width": 1100, "height": 700})
    evidence = page.get_by_role("heading", name="The worker’s evidence")
    last = page.get_by_role("button", name="Save and go to next heading")
    last.scroll_into_view_if_needed()
    assert 0 <= evidence.bounding_box()["y"] < 700
    page.set_viewport_size({"width": 320, "height": 700})
    last.scroll_into_view_if_needed()
    assert evidence.bounding_box()["y"] < 0, "on a phone, the findings stand below the evidence"


def test_a_note_becomes_evidence_by_keyboard(page, filled):
    application_at(State.DRAFT, worker=filled.worker, now=timezone.now())
    sit_down(page, filled.worker)
    page.goto("/portfolio/recording/")
    page.get_by_role("link", name="Supervision, ").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence/new/**")
    assert LONG in page.get_by_label("What I did").input_value()
    assert page.get_by_label("Recording").is_checked()
    sound(page)
    page.get_by_role("button", name="Save as draft").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence/*/")
    page.goto("/development/")
    assert page.get_by_role("link", name="See the evidence you made of it").count() == 1
