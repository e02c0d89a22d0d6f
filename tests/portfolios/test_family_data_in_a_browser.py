"""The family data gate in a real browser: by phone, by keyboard and without scripts."""

import re

import pytest

from portfolios import family_data_transitions as naming
from portfolios.models import Declaration, Evidence, NameToWatch
from tests.at_a_browser import press, sit_down, sound
from tests.council import NOW
from tests.portfolios.hostile_documents import pdf_of
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Wilhelminatheodorafeatherstonehaughcholmondeleyandanamethatneverends"
PHONE = {"width": 320, "height": 640}


@pytest.fixture
def worker():
    return application_at(State.DRAFT).worker


def write(page, live_server, **fields):
    page.goto(f"{live_server.url}/evidence/new/")
    said = {
        "title": "A core group",
        "practised_on_0": "1",
        "practised_on_1": "11",
        "practised_on_2": "2025",
        "what_i_did": "I chaired it.",
        "outcome": "It agreed.",
        "what_i_learned": "To listen.",
    }
    for name, value in (said | fields).items():
        page.locator(f"[name={name}]").fill(value)


def save(page, then):
    """Save and continue: autosave comes first and changes the address, so wait for what comes `then`."""
    page.get_by_role("button", name="Save and continue").click()
    then.wait_for()


def test_by_phone_a_passage_is_taken_out_and_another_stays_with_a_reason(page, live_server, worker):
    naming.watch_names(worker, names=["Kai"], now=NOW)
    sit_down(page, worker)
    page.set_viewport_size(PHONE)
    write(page, live_server, what_i_did="I rang 07700 900123.\nKai’s aunt came.", outcome="Kai is safe.")
    summary = page.locator(".govuk-error-summary")
    save(page, summary)
    assert summary.locator("a").all_inner_texts() == [
        "Take out “07700 900123”, or say why it stays",
        "Take out “Kai’s”, or say why it stays",
    ]
    sound(page)
    page.set_viewport_size(PHONE)
    summary.locator("a").first.click()
    page.keyboard.type("The number of our own duty desk")
    what = page.locator("[name=what_i_did]")
    what.fill(what.input_value().replace("Kai’s", "The child’s"))
    page.locator("[name=outcome]").fill("The child is safe.")
    save(page, page.get_by_text("A phone number stays in “What I did”. Your reason"))
    sound(page)
    assert Evidence.objects.get().complete
    assert Declaration.objects.get().reason == "The number of our own duty desk"


def test_everything_at_once_fits_a_phone_and_is_accessible(page, live_server, worker):
    naming.watch_names(worker, names=[LONG, "Kai"], now=NOW)
    sit_down(page, worker)
    passages = f"{LONG} at 14 Acacia Avenue, E8 1AA. NHS 943 476 5919, DOB 4/5/2012, 07700 900123"
    write(page, live_server, what_i_did=f"{passages} {LONG}", outcome=f"{'word ' * 40}Kai{' word' * 40}")
    content = {"name": f"{LONG}.pdf", "mimeType": "application/pdf", "buffer": pdf_of("Flat 3, 2 High Road")}
    page.locator("[name=files]").set_input_files(content)
    save(page, page.locator(".govuk-error-summary"))
    assert page.locator("mark").count() == 9
    sound(page)
    page.goto(re.sub("edit/$", "", page.url))
    assert page.get_by_role("heading", name="To look at before it counts").is_visible()
    sound(page)


def test_without_scripts_it_is_the_same(browser, live_server, worker):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sit_down(page, worker)
    write(page, live_server, outcome="Ring 07700 900123.")
    press(page, "Save and continue")
    page.get_by_label("If it stays, say why").fill("Our own desk")
    press(page, "Save and continue")
    assert Evidence.objects.get().complete
    context.close()


def test_what_is_typed_is_kept_by_itself_whatever_is_in_it(page, live_server, worker):
    sit_down(page, worker)
    write(page, live_server, outcome="Ring 07700 900123.")
    page.get_by_text("Saved at").wait_for()
    piece = Evidence.objects.get()
    assert (piece.outcome, piece.complete) == ("Ring 07700 900123.", False)


def test_the_list_of_names_is_kept_by_phone(page, live_server, worker):
    sit_down(page, worker)
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/evidence/names-to-watch/")
    sound(page)
    page.get_by_label("Names to add").fill(f"Kai\n{LONG}")
    press(page, "Add to the list")
    sound(page)
    press(page, "Remove Kai")
    assert [one.name for one in NameToWatch.objects.all()] == [LONG]
