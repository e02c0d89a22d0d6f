"""Payroll's pages in a real browser: axe-core, 320 px, a real download, and no JavaScript."""

import hashlib
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from payroll import issuing, transitions
from payroll.models import IssuedDocument
from payroll.states import Tray
from progression.models import Application
from tests import walk
from tests.at_a_browser import follow, press, sit_down, sound
from tests.council import organisation
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_page_in_every_state(page):
    place, now = organisation(), timezone.now()
    sent = walk.contract_accepted(application_at(State.SENT_TO_PAYROLL, place, now=now), now=now)
    waiting = application_at(State.AUTHORISED, place, now=now)
    upheld = application_at(State.UPHELD, place, now=now)
    transitions.issue(upheld.pay_forms.get(version=1), now=now)
    sit_down(page, place.payroll)
    for tray in Tray:
        page.goto(f"{reverse('payroll:forms')}?show={tray.value}")
        sound(page)
    for words in ("app", "nothing"):
        page.get_by_label("Search by name, ERN or application number").fill(words)
        press(page, "Search")
        sound(page)
    for application in (waiting, upheld, sent):
        page.goto(reverse("payroll:form", args=[application.reference]))
        sound(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download PAY002", exact=True).click()
    content = Path(taken.value.path()).read_bytes()
    issued = IssuedDocument.objects.get(filename=taken.value.suggested_filename)
    assert hashlib.sha256(content).hexdigest() == issued.sha256
    page.reload()
    sound(page)
    press(page, "Pay has been changed")
    sound(page)
    press(page, "Yes, the pay has been changed")
    sound(page)
    assert Application.objects.get(pk=sent.pk).state == State.IMPLEMENTED
    issuing.note_fault(issuing.claim(now=timezone.now()), ValueError())
    for form in waiting.pay_forms.all():
        page.goto(reverse("payroll:form", args=[form.reference]))
        sound(page)


def test_on_a_phone_a_table_is_read_downwards(page):
    """Each row stands under the one before, each cell beside its column’s name; nothing scrolls sideways."""
    place, now = organisation(), timezone.now()
    sent = application_at(State.SENT_TO_PAYROLL, place, now=now)
    page.set_viewport_size({"width": 320, "height": 800})
    for reader, address, names in (
        (place.payroll, reverse("payroll:forms"), ["ERN", "Form", "Spinal column point"]),
        (place.payroll, reverse("payroll:form", args=[sent.reference]), ["From", "To", "Difference a year"]),
        (sent.worker, reverse("payroll:contract", args=[sent.reference]), ["Of the month", "From point"]),
    ):
        sit_down(page, reader)
        page.goto(address)
        table = page.locator("table")
        assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth")
        assert table.evaluate("table => !table.closest('.app-scroll')")
        shown = table.locator("td").evaluate_all(
            "all => all.map(td => getComputedStyle(td, '::before').content)"
        )
        assert [name.split('"')[1] for name in shown[: len(names)]] == names


def test_a_search_and_pay_changed_without_javascript(new_page):
    page = new_page(java_script_enabled=False)
    place = organisation()
    now = timezone.now()
    application = walk.contract_accepted(application_at(State.SENT_TO_PAYROLL, place, now=now), now=now)
    sit_down(page, place.payroll)
    page.goto(reverse("payroll:forms"))
    page.get_by_label("Search by name, ERN or application number").fill(application.worker.post.ern)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    follow(page.get_by_role("link", name=application.worker.name))
    press(page, "Pay has been changed")
    press(page, "Yes, the pay has been changed")
    assert Application.objects.get(pk=application.pk).state == State.IMPLEMENTED
