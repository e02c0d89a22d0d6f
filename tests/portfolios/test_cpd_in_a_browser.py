"""A worker gets their CPD together, copies it, and says that it is entered: axe, 320 px, script or none."""

import pytest
from django.utils import timezone

from competencies.rules import EvidenceKind
from portfolios.models import CpdRecord
from tests.at_a_browser import follow, press, sit_down, sound
from tests.council import organisation
from tests.portfolios.makers import piece_of, said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker():
    worker = organisation().worker
    for title in ("A day on attachment", "A book on neglect"):
        piece_of(worker, fields=said(kind=EvidenceKind.CPD_RECORD, title=title), now=timezone.now())
    return worker


def fill_day(page):
    today = timezone.localdate()
    for label, part in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        page.get_by_label(label, exact=True).fill(str(part))


@pytest.mark.parametrize("script", [True, False])
def test_from_the_bank_to_the_regulator(new_page, worker, script):
    page = new_page(java_script_enabled=script)
    look = sound if script else (lambda page: None)
    sit_down(page, worker)
    page.goto("/evidence/")
    follow(page.get_by_role("link", name="Your CPD for this year"))
    look(page)
    follow(page.get_by_role("button", name="Choose from your evidence"))
    look(page)
    page.get_by_label("A day on attachment").check()
    page.get_by_label("A book on neglect").check()
    press(page, "Count them")
    assert page.get_by_text("A peer reflection on one of them.").count() == 1
    follow(page.get_by_role("link", name="Add a peer reflection of A book on neglect"))
    look(page)
    page.get_by_label("Who did you talk with?").fill("a senior social worker")
    page.get_by_label("What did you learn from it?").fill("She asked what I would drop.")
    fill_day(page)
    press(page, "Save")
    assert page.get_by_text("Nothing is missing.").count() == 1
    look(page)
    copies = page.get_by_role("button", name="Copy")
    assert copies.count() == (11 if script else 0)
    if script:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy “What you learned” of A book on neglect").click()
        page.get_by_text("Copied").first.wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == "To ask who is not in the room."
    follow(page.get_by_role("button", name="I have entered them"))
    look(page)
    fill_day(page)
    press(page, "They are entered")
    assert page.get_by_text("Entered", exact=True).count() == 2
    assert not page.get_by_role("link", name="Take it out").count()
    assert CpdRecord.objects.exclude(entered=None).count() == 2
    look(page)
