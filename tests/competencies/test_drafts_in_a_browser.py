"""Editing a scheme in a real browser: axe-core finds nothing, all fits 320 px, a keyboard is enough."""

import re
from pathlib import Path

import pytest
from django.utils import timezone

from competencies import transitions
from competencies.models import Scheme, SchemeDraft
from competencies.parts import PARTS
from progression.states import State
from tests.at_a_browser import follow, press, sit_down, sound
from tests.council import organisation, social_worker
from tests.walk import application_at, started

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
        *("headings/recording/", "headings/recording/remove/", "pay/", "pay/0/remove/", "pay/1/"),
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


class Drafting:
    """The principal social worker at a browser."""

    def __init__(self, page, *, java_script):
        self.page, self.java_script = page, java_script

    def finds_it_sound(self):
        """axe-core needs scripts; that all fits a small screen is seen without."""
        if self.java_script:
            sound(self.page)
        else:
            assert self.page.evaluate("document.documentElement.scrollWidth") <= 320

    def goes(self, *links):
        for link in links:
            follow(self.page.get_by_role("link", name=link, exact=True))

    def edits(self, part, **answers):
        """Open a page from the draft's own list, fill these fields by their ids, and save."""
        self.goes(part)
        self.finds_it_sound()
        for field, answer in answers.items():
            field = self.page.locator(f"#id_{field.replace('__', '-')}")
            if isinstance(answer, bool):
                field.set_checked(answer)
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=answer)
            else:
                field.fill(answer)
        press(self.page, "Save")

    def reads(self, *words):
        main = self.page.locator("main").inner_text()
        for said in words:
            assert said in main, f"{said!r} is not on {self.page.url}: {main}"


@pytest.mark.rule("R24", page="/framework/<code>/draft/")
@pytest.mark.parametrize(("java_script", "width"), [(True, 1100), (False, 320)], ids=["script", "no script"])
def test_from_a_copy_to_a_version_that_the_next_application_uses(new_page, place, java_script, width):
    """On the way: levels, pay, steps, a heading, rules, hearing, reminders; a file out and in; the check."""
    under_way = application_at(State.DRAFT, place)
    paid = application_at(State.SENT_TO_PAYROLL, worker=social_worker(place.team))
    page = new_page(java_script_enabled=java_script, viewport={"width": width, "height": 900})
    sit_down(page, place.psw)
    psw = Drafting(page, java_script=java_script)
    page.goto("/framework/your-schemes/")
    psw.goes("Skills and Competency Framework for Children's Social Workers")
    press(page, "Begin a draft")

    psw.edits("Levels", **{"2__expects": "Leads practice.", "2__spinal_points": "41, 42, 43, 44"})
    psw.reads("To mend before it can be published", "Pay: point 44 has no salary")
    psw.goes("Pay", "Salaries from 1 April 2010")
    page.get_by_label("Point 44").fill("37000")
    press(page, "Save")
    psw.goes("Draft", "Headings and criteria", "Recording")
    page.locator("#id_criteria-2-0").fill("Uses every recording system well")
    press(page, "Save")
    psw.goes("Draft")
    psw.edits("Steps up", **{"1__criteria_of_levels-1": False})
    psw.edits("Before applying", **{"1__months": "18"})
    psw.edits("Challenging a refusal", **{"appeal-hearing-representative_allowed": False})
    psw.edits("Reminders", **{"reminders-act-before": "4, 2"})
    psw.edits("Yearly increments", **{"pay-increment_after_months": "12"})
    psw.edits("Decision", **{"decision-authorised_by": "Head of service"})
    assert page.get_by_text("To mend before it can be published").count() == 0

    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file").click()
    drafted = SchemeDraft.objects.get().file
    psw.edits("Title and source", title="To be undone")
    psw.goes("Read a file into the draft")
    file = {
        "name": "scheme.yaml",
        "mimeType": "text/yaml",
        "buffer": Path(download.value.path()).read_bytes(),
    }
    page.get_by_label("The scheme’s file").set_input_files(file)
    press(page, "Read the file")
    assert SchemeDraft.objects.get().file == drafted

    follow(page.get_by_role("link", name=re.compile("differences from version 1")))
    psw.reads("Uses every recording system well", "somebody may speak for the worker", "4, 2")
    psw.finds_it_sound()
    psw.goes("See which open applications they would have touched")
    psw.reads(under_way.reference, "1 criterion", place.team.name)
    psw.finds_it_sound()
    psw.goes("Draft")
    press(page, "Publish")
    psw.finds_it_sound()
    press(page, "Continue")
    psw.reads("Check before you publish", "All stay on version 1", "You cannot change version 2")
    psw.finds_it_sound()
    press(page, "Publish version 2")
    psw.reads("Version 2 published")
    assert Scheme.objects.get(version=2).published_by == place.psw

    new = started(social_worker(place.team, level=1, spinal_point=35), now=timezone.now())
    assert [case.scheme.version for case in (new, under_way, paid)] == [2, 1, 1]
    for case, said in ((new, True), (under_way, False)):
        sit_down(page, case.worker)
        page.goto("/portfolio/recording/")
        assert ("Uses every recording system well" in page.locator("main").inner_text()) is said
