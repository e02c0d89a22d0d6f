"""The pages of personal data as people meet them: sound, by keyboard and without JavaScript."""

import io
import zipfile
from pathlib import Path

import pytest

from people import subject_access, tasks
from progression.models import LegalHold
from tests.at_a_browser import follow, press, sit_down, sound
from tests.axe import faults
from tests.council import NOW, organisation
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db(transaction=True)


def test_everything_about_oneself(page):
    place = organisation()
    sit_down(page, place.worker)
    page.goto("/you/")
    sound(page)
    follow(page.get_by_role("link", name="Everything about you, as a file"))
    sound(page)
    press(page, "Put it together")
    sound(page)
    tasks.make_exports()
    page.reload()
    sound(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download", exact=True).click()
    assert "index.html" in zipfile.ZipFile(taken.value.path()).namelist()


def test_an_administrator_without_javascript(new_page):
    page = new_page(java_script_enabled=False)
    place = organisation()
    case = application_at(State.SUBMITTED, place)
    place.service.officers.add(place.administrator)
    sit_down(page, place.administrator)
    page.goto("/data-about-a-person/")
    press(page, "Put it together")
    assert page.title().startswith("Error: ")
    page.get_by_label("Email address").fill(case.worker.email)
    page.get_by_label("Why you ask").fill("Request of 3 March")
    press(page, "Put it together")
    assert "Request of 3 March" in page.inner_text("main")
    page.goto("/legal-holds/")
    page.get_by_label("Email address, or application number").fill(case.reference)
    page.get_by_label("Why must it be kept?").fill("A claim before the tribunal")
    press(page, "Place a legal hold")
    assert LegalHold.objects.get(ended_at=None).application == case
    follow(page.get_by_role("link", name="End"))
    press(page, "End the legal hold")
    assert LegalHold.objects.get().ended_by == place.administrator


def test_pages_of_an_administrator_are_sound(page):
    place = organisation()
    case = application_at(State.SUBMITTED, place)
    place.service.officers.add(place.administrator)
    hold = LegalHold.objects.create(
        person=case.worker, application=case, reason="A claim", placed_at=NOW, placed_by=place.administrator
    )
    sit_down(page, place.administrator)
    for address in ("/", "/data-about-a-person/", "/legal-holds/", f"/legal-holds/{hold.pk}/end/"):
        page.goto(address)
        sound(page)


def test_the_index_of_the_file_is_sound(page, tmp_path):
    case, made = application_at(State.RECOMMENDED), io.BytesIO()
    subject_access.write(case.worker, made, now=NOW)
    index = Path(tmp_path) / "index.html"
    index.write_bytes(zipfile.ZipFile(made).read("index.html"))
    page.goto(index.as_uri())
    assert faults(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
