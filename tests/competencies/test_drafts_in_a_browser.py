"""Editing a scheme in a real browser: axe-core finds nothing, all fits 320 px, a keyboard is enough."""

import pytest
from django.utils import timezone

from competencies import transitions
from competencies.models import SchemeDraft
from competencies.parts import PARTS
from progression.states import State
from tests.at_a_browser import press, sit_down, sound
from tests.council import organisation
from tests.walk import application_at

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT = "/framework/medway-2010/draft/"


@pytest.fixture
def place():
    return organisation()


def test_every_page_of_a_draft(page, place):
    application_at(State.DRAFT, place)
    sit_down(page, place.psw)
    for address in ("/", "/framework/your-schemes/", "/framework/medway-2010/", "/figures/medway-2010/"):
        page.goto(address)
        sound(page)
    page.goto("/framework/medway-2010/")
    press(page, "Begin a draft")
    page.goto(DRAFT + "headings/recording/")
    page.get_by_label("Criterion 1").last.fill(
        "Shows an excellent, antidisestablishmentarianistically long analysis"
    )
    press(page, "Save")
    for address in (
        *(
            "",
            "changes/",
            "applications/",
            "read-file/",
            "publish/",
            "discard/",
            "headings/",
            "headings/add/",
        ),
        *("headings/recording/", "headings/recording/remove/", "pay/", "pay/1/"),
        *(f"edit/{part}/" for part in PARTS),
    ):
        page.goto(DRAFT + address)
        sound(page)


def test_wrong_answers_and_a_stale_save(page, place, page_faults):
    draft = transitions.begin_draft("medway-2010", actor=place.psw, now=timezone.now())
    sit_down(page, place.psw)
    page.goto(DRAFT + "edit/appeal/")
    page.get_by_label("Working days to ask for it").fill("none")
    press(page, "Save")
    sound(page)
    page.goto(DRAFT + "edit/wording/")
    page.get_by_label("Title of the scheme").fill("Mine")
    values = PARTS["wording"].read(draft.file) | {"title": "Theirs"}
    transitions.save_draft(draft, part=PARTS["wording"], values=values, actor=place.psw, now=timezone.now())
    press(page, "Save")
    sound(page)
    assert "409" in page_faults[0]
    page_faults.clear()
    press(page, "Save")
    page.get_by_role("heading", name="Draft of version 2").wait_for()
    assert SchemeDraft.objects.get().file["title"] == "Mine"


def test_criteria_are_moved_by_keyboard_alone(page, place):
    transitions.begin_draft("medway-2010", actor=place.psw, now=timezone.now())
    sit_down(page, place.psw)
    page.goto(DRAFT + "headings/recording/")
    before = SchemeDraft.objects.get().file["competencies"][0]["criteria"]["2"]
    page.get_by_role("button", name="Move down criterion 1, Level 2 Social Worker").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Saved", exact=True).wait_for()
    after = SchemeDraft.objects.get().file["competencies"][0]["criteria"]["2"]
    assert after == [before[1], before[0], before[2]]
    page.get_by_label("Heading", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/headings/")
    assert SchemeDraft.objects.get().file["competencies"][0]["criteria"]["2"] == after
