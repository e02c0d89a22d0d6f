"""Sharing, comments, self-assessment and progress by both sides in a real browser: axe, 320 px, no script."""

import pytest
from django.utils import timezone

from portfolios import sharing_transitions as sharing
from portfolios import supervision_transitions as supervision
from tests import walk
from tests.at_a_browser import follow, press, sit_down, sound
from tests.council import organisation
from tests.portfolios.makers import headings_of, piece_of, said
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Wilhelmina-Theodora-Featherstonehaugh-Cholmondeley-and-a-word-that-never-ends"
SECRET = "A title that nobody else reads"


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def draft(place):
    """An application in the making, with a piece to share, a draft to keep, and something agreed."""
    now = timezone.now()
    draft = application_at(State.DRAFT, worker=place.worker, now=now)
    portfolio = draft.portfolio
    piece_of(place.worker, portfolio, headings_of(portfolio)[:3], fields=said(title=LONG), now=now)
    piece_of(
        place.worker, portfolio, headings_of(portfolio)[:1], fields=said(title=SECRET), as_draft=True, now=now
    )
    today = timezone.localdate(now)
    supervision.agree_priority(place.worker, actor=place.manager, text=LONG, review_on=today, today=today)
    return draft


def comment(page, words):
    page.get_by_label("Add a comment").fill(words)
    press(page, "Add the comment")


def test_a_piece_is_shared_talked_about_and_taken_back(page, place, draft):
    manager, worker = place.manager, place.worker
    sit_down(page, worker)
    page.goto("/evidence/")
    sound(page)
    follow(page.get_by_role("link", name=LONG))
    assert page.get_by_text("Only you, until you submit").count() == 1
    press(page, f"Share it with {manager.name}")
    assert page.get_by_text(f"You, {manager.name}").count() == 1
    sound(page)

    sit_down(page, manager)
    page.goto("/team/")
    sound(page)
    follow(page.get_by_role("link", name="1 finished, 1 draft"))
    assert SECRET not in page.content()
    sound(page)
    follow(page.get_by_role("link", name=LONG))
    sound(page)
    press(page, "Add the comment")
    page.locator(".govuk-error-summary").wait_for()
    sound(page)
    comment(page, "What did the school say?")

    sit_down(page, worker)
    page.goto("/")
    sound(page)
    follow(page.get_by_role("link", name="what you share"))
    sound(page)
    follow(page.get_by_role("link", name=LONG))
    follow(page.get_by_role("link", name="Comments (1)"))
    assert page.get_by_text("What did the school say?").count() == 1
    sound(page)
    press(page, "I have read this")
    assert page.get_by_role("button", name="I have read this").count() == 0
    comment(page, f"I will add it. {LONG}")

    sit_down(page, manager)
    page.goto("/")
    assert page.get_by_text("1 new comment").count() == 1
    page.goto(f"/team/{worker.pk}/progress/")
    assert page.get_by_text("1 new", exact=True).count() == 1

    sit_down(page, worker)
    page.goto("/evidence/sharing/")
    follow(page.get_by_role("link", name="Stop sharing all of it"))
    sound(page)
    press(page, "Stop sharing")
    assert page.get_by_text("Nothing. Only you read your evidence.").count() == 1
    press(page, "Share everything finished")
    sound(page)

    sit_down(page, manager)
    page.goto(f"/team/{worker.pk}/progress/")
    assert LONG not in page.locator("ul[aria-labelledby=shared]").all_inner_texts()
    assert page.get_by_text("shares nothing with you now").count() == 1


def test_self_assessment_by_keyboard_and_beside_the_finding(page, place, draft):
    sit_down(page, place.worker)
    page.goto("/portfolio/recording/")
    sound(page)
    follow(page.get_by_role("link", name="Say where you stand"))
    sound(page)
    first = page.get_by_role("group").first
    first.get_by_label("Not yet").focus()
    page.keyboard.press("ArrowRight")
    assert first.get_by_label("Getting there").is_checked()
    page.locator("summary").first.press("Enter")
    page.get_by_label("Why, for criterion 1").fill(LONG)
    press(page, "Save and come back later")
    assert page.get_by_text("“Getting there”: 1").count() == 1
    sound(page)
    page.goto("/portfolio/")
    sound(page)
    walk.portfolio_filled(draft, now=timezone.now())
    walk.submitted(draft, now=timezone.now())
    sit_down(page, place.manager)
    page.goto(f"/applications/{draft.reference}/assessment/")
    press(page, "Start assessment")
    page.wait_for_url("**/assessment/recording/")
    assert page.get_by_text("The worker’s own view: “Getting there”").count() == 1
    sound(page)


def test_after_submission_the_thread_is_to_read_only(page, place, draft):
    now = timezone.now()
    piece = place.worker.evidence.get(title=LONG)
    sharing.share(piece, actor=place.worker, now=now)
    walk.portfolio_filled(draft, now=now)
    walk.submitted(draft, now=timezone.now())
    for reader, address in (
        (place.worker, f"/evidence/{piece.pk}/comments/"),
        (place.manager, f"/team/{place.worker.pk}/evidence/{piece.pk}/"),
    ):
        sit_down(page, reader)
        page.goto(address)
        assert page.get_by_text("takes no more comments").count() == 1
        assert page.get_by_role("button", name="Add the comment").count() == 0
        sound(page)
