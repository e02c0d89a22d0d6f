"""Autosave in a real browser: nothing typed is lost, whatever happens to the tab, the net or the session."""

import re

import pytest
from django.core.cache import caches
from django.test import Client
from playwright.sync_api import expect

from people.sign_in_models import Session
from portfolios import transitions
from portfolios.models import Evidence
from portfolios.policies import asked
from tests.council import NOW
from tests.portfolios.makers import pdf_file, piece_of, said
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "/evidence/new/?heading=recording"


@pytest.fixture
def worker():
    return application_at(State.DRAFT).worker


def sign_in(page, live_server, worker):
    client = Client()
    client.force_login(worker)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


@pytest.fixture
def form(page, live_server, worker):
    """The page of an empty new piece, opened from a heading."""
    sign_in(page, live_server, worker)
    page.clock.install()
    page.goto(NEW)
    return page


def status(page):
    """Where autosave speaks, a few seconds of the page's own clock later."""
    page.clock.fast_forward(4_000)
    return page.locator("#autosave-status")


def expect_saved(page):
    expect(status(page)).to_have_text(re.compile(r"^Saved at \d+:\d\d(am|pm)$"))


def test_typing_is_saved_by_itself_once_and_reloading_shows_it(form):
    form.get_by_label("Title").fill("A core group")
    expect_saved(form)
    with form.expect_response(re.compile("/autosave/$")):
        form.get_by_label("What I did").fill("I chaired it.")
        form.clock.fast_forward(4_000)
    piece = Evidence.objects.get()
    assert (piece.title, piece.what_i_did, piece.complete) == ("A core group", "I chaired it.", False)
    assert form.url.endswith(f"/evidence/{piece.pk}/edit/")
    form.reload()
    expect(form.get_by_label("What I did")).to_have_value("I chaired it.")
    expect(form.get_by_label("Recording")).to_be_checked()


def test_finishing_straight_after_typing_makes_one_finished_piece(form):
    form.get_by_label("Title").fill("A core group")
    form.get_by_label("Day").fill("1")
    form.get_by_label("Month").fill("11")
    form.get_by_label("Year").fill("2025")
    expect_saved(form)
    for label in ("What I did", "Outcome", "What I learned"):
        form.get_by_label(label).fill("Words.")
    form.locator("input[type=file]").set_input_files(
        {"name": "notes.pdf", "mimeType": "application/pdf", "buffer": pdf_file()}
    )
    form.get_by_role("button", name="Save and continue").dblclick()
    expect(form.get_by_text("Evidence saved")).to_be_visible()
    piece = Evidence.objects.get()
    assert piece.complete
    assert piece.attachments.get().name == "notes.pdf"
    assert piece.revisions.count() == 1


def test_without_a_connection_it_says_so_and_saves_when_it_is_back(form, page_faults):
    form.get_by_label("Title").fill("A core group")
    expect_saved(form)
    form.context.set_offline(True)
    form.get_by_label("What I did").fill("Typed on a train.")
    expect(status(form)).to_contain_text("Not saved. Check your connection")
    form.get_by_role("button", name="Save as draft").click()
    expect(form.get_by_label("What I did")).to_have_value("Typed on a train.")
    form.context.set_offline(False)
    expect_saved(form)
    assert Evidence.objects.get().what_i_did == "Typed on a train."
    page_faults.clear()


def test_leaving_with_something_not_saved_asks_first(form, page_faults):
    form.context.set_offline(True)
    form.get_by_label("Title").press_sequentially("Not saved yet")
    expect(status(form)).to_contain_text("Not saved")
    asked_first = []
    form.on("dialog", lambda dialog: (asked_first.append(dialog.type), dialog.accept()))
    form.context.set_offline(False)
    form.evaluate("location.href = '/evidence/'")
    form.wait_for_url("**/evidence/")
    assert asked_first in (["beforeunload"], [])  # saving may have been quicker
    assert asked_first or Evidence.objects.exists()
    page_faults.clear()


def test_signed_out_it_says_so_and_saves_after_signing_in_again(form, live_server, worker, page_faults):
    form.get_by_label("Title").fill("A core group")
    expect_saved(form)
    Session.objects.all().delete()
    caches["sessions"].clear()
    form.get_by_label("What I did").fill("Typed after lunch.")
    expect(status(form)).to_contain_text("you have been signed out")
    link = status(form).get_by_role("link")
    assert link.get_attribute("target") == "_blank"
    expect(form.get_by_label("What I did")).to_have_value("Typed after lunch.")

    form.context.clear_cookies(name="csrftoken")
    sign_in(form, live_server, worker)
    form.get_by_label("Outcome").fill("Still here.")
    expect_saved(form)
    piece = Evidence.objects.get()
    assert (piece.what_i_did, piece.outcome) == ("Typed after lunch.", "Still here.")
    form.get_by_role("button", name="Save as draft").click()
    expect(form.get_by_text("Saved as a draft")).to_be_visible()
    page_faults.clear()


def test_two_tabs_the_later_one_stops_and_both_texts_are_shown(form, page_faults):
    form.get_by_label("Title").fill("As it was")
    expect_saved(form)
    other = form.context.new_page()
    other.clock.install()
    other.goto(form.url)
    other.get_by_label("What I did").fill("From the other tab")
    expect_saved(other)
    form.get_by_label("What I did").fill("From this tab")
    expect(status(form)).to_contain_text("changed in another tab")
    expect(form.get_by_label("What I did")).to_have_value("From this tab")
    form.get_by_role("button", name="Save as draft").click()
    expect(form.get_by_role("heading", level=1)).to_have_text("This evidence was changed in another tab")
    expect(form.get_by_text("From this tab", exact=True)).to_be_visible()
    expect(form.get_by_text("From the other tab", exact=True)).to_be_visible()
    form.get_by_role("button", name="Keep what I typed").click()
    expect(form.get_by_text("Saved as a draft")).to_be_visible()
    piece = Evidence.objects.get()
    assert piece.what_i_did == "From this tab"
    assert [row.content["what_i_did"] for row in piece.revisions.all()] == [
        "From the other tab",
        "From this tab",
    ]
    page_faults.clear()


def test_a_piece_removed_in_another_tab_is_said(form, worker, page_faults):
    form.get_by_label("Title").fill("A core group")
    expect_saved(form)
    transitions.remove_evidence(Evidence.objects.get(), worker=worker, now=NOW)
    form.get_by_label("What I did").fill("Too late")
    expect(status(form)).to_contain_text("has been removed")
    expect(form.get_by_label("What I did")).to_have_value("Too late")
    page_faults.clear()


def test_the_whole_of_it_works_without_javascript_on_a_small_screen(new_page, live_server, worker):
    page = new_page(java_script_enabled=False, viewport={"width": 320, "height": 640})
    sign_in(page, live_server, worker)
    page.goto("/portfolio/")
    page.get_by_role("link", name="Recording").click()
    page.get_by_role("button", name="Add an example").click()
    page.get_by_label("Title").fill("A core group")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="Say what the outcome was").click()
    page.get_by_label("Day").fill("1")
    page.get_by_label("Month").fill("11")
    page.get_by_label("Year").fill("2025")
    for label in ("What I did", "Outcome", "What I learned"):
        page.get_by_label(label).fill("Words.")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Evidence saved")).to_be_visible()
    page.goto("/portfolio/")
    expect(page.get_by_text("1 of 20 headings have at least one example")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1100])
def test_no_page_is_wider_than_the_screen(new_page, live_server, worker, width):
    long = "Unbroken" * 24
    heading = asked(worker.portfolios.get()).evidenced[0].competency
    piece = piece_of(worker, worker.portfolios.get(), [heading], fields=said(title=long, what_i_did=long * 5))
    page = new_page(viewport={"width": width, "height": 800})
    sign_in(page, live_server, worker)
    for address in (
        "/portfolio/",
        "/portfolio/recording/",
        "/portfolio/assessments/from-your-evidence/",
        "/evidence/",
        f"/evidence/{piece.pk}/",
        f"/evidence/{piece.pk}/edit/",
        f"/evidence/{piece.pk}/remove/",
    ):
        page.goto(address)
        for details in page.locator("details summary").all():
            details.click()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, address
