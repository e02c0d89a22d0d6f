"""Error summaries in a real Chromium: each link puts the focus where the mending is done."""

import pytest

from tests.at_a_browser import follow

pytestmark = [pytest.mark.urls("tests.pages.specimen"), pytest.mark.django_db(transaction=True)]

FOCUSED = "document.activeElement.id"


def test_the_summary_takes_the_focus_and_each_link_passes_it_on(page):
    page.goto("/specimen/")
    follow(page.get_by_role("button", name="Send"))
    page.locator(".govuk-error-summary:focus").wait_for()
    lines = page.locator(".govuk-error-summary__list a")
    assert lines.count() == 12
    for index in range(lines.count()):
        line = lines.nth(index)
        wanted = line.get_attribute("href").lstrip("#")
        line.focus()
        page.keyboard.press("Enter")
        focused = page.evaluate(FOCUSED)
        assert focused == wanted, line.inner_text()
    assert page.evaluate("document.getElementById('id_practised_on_0').type") == "text"


def test_without_javascript_each_link_leads_to_an_input_that_can_be_seen(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/specimen/")
    follow(page.get_by_role("button", name="Send"))
    page.locator(".govuk-error-summary").wait_for()
    lines = page.locator(".govuk-error-summary__list a")
    for index in range(lines.count()):
        wanted = lines.nth(index).get_attribute("href").lstrip("#")
        lines.nth(index).click()
        assert page.url.endswith("#" + wanted)
        assert page.locator(f":target#{wanted}").count() == 1


def test_a_question_that_depends_on_another_opens_with_it(page):
    page.goto("/specimen/")
    number = page.get_by_label("Number")
    assert not number.is_visible()
    page.get_by_label("By phone").check()
    assert number.is_visible()


def test_at_320_pixels_nothing_is_wider_than_the_page(new_page):
    page = new_page(viewport={"width": 320, "height": 800})
    page.goto("/specimen/")
    follow(page.get_by_role("button", name="Send"))
    page.locator(".govuk-error-summary").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
