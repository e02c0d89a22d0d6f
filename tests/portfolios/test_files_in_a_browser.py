"""Files in a real browser: checked, safe or refused, on every page that names them; uploads that fail."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from portfolios import scanning, transitions
from tests.at_a_browser import press, sit_down, sound
from tests.council import NOW
from tests.portfolios.hostile import BAD
from tests.portfolios.makers import pdf_file, upload
from tests.portfolios.scanner import VIRUS, scanner_running
from tests.walk import State, application_at, portfolio_filled

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Wilhelmina-Theodora-Featherstonehaugh-Cholmondeley-and-a-word-that-never-ends"


@pytest.fixture
def scanner(settings):
    with scanner_running() as running:
        settings.CLAMD_URL = running.url
        yield running


@pytest.fixture
def piece(page):
    application = application_at(State.DRAFT)
    portfolio_filled(application)
    sit_down(page, application.worker)
    return application.worker.evidence.order_by("pk").first()


def attach(piece, name):
    return transitions.attach_file(
        piece, worker=piece.worker, upload=upload(pdf_file(name), f"{name}.pdf"), now=NOW
    )


def test_a_file_is_checked_then_safe_or_refused_on_every_page(page, piece, scanner, live_server):
    """Given a safe file, one with a virus and one that waits, each page says which is which."""
    refused = attach(piece, LONG)
    scanner.viruses.append(default_storage.open(refused.stored_as).read())
    safe = attach(piece, "chronology")
    scanning.scan_waiting(now=lambda: NOW)
    attach(piece, "statement")
    code = piece.claims.first().competency.code
    for address in (f"/evidence/{piece.pk}/", f"/portfolio/{code}/", f"/evidence/{piece.pk}/edit/"):
        page.goto(live_server.url + address)
        for words in (f"{LONG}.pdf", "chronology.pdf", "statement.pdf", "Checking for viruses", VIRUS):
            assert page.get_by_text(words).first.is_visible(), (address, words)
        sound(page)
    page.goto(f"{live_server.url}/evidence/{piece.pk}/")
    assert page.get_by_role("link", name="chronology.pdf").count() == 1
    assert page.get_by_role("link", name="statement.pdf").count() == 0
    scanning.scan_waiting(now=lambda: NOW)
    with page.expect_navigation():
        page.get_by_role("link", name="Look again").click()
    assert page.get_by_role("link", name="statement.pdf").count() == 1
    assert page.get_by_role("link", name="Look again").count() == 0
    with page.expect_download() as downloading:
        page.get_by_role("link", name="chronology.pdf").click()
    assert Path(downloading.value.path()).read_bytes() == default_storage.open(safe.stored_as).read()


def test_files_that_are_refused_each_say_why_and_nothing_typed_is_lost(page, piece, live_server):
    page.goto(f"{live_server.url}/evidence/{piece.pk}/edit/")
    page.get_by_label("Outcome").fill("She said it herself.")
    names = ["jar behind.pdf", "macros.docx", "huge.png", "carrying.pdf"]
    page.get_by_label("Add files").set_input_files(
        [{"name": name, "mimeType": "application/pdf", "buffer": BAD[name][0]()} for name in names]
    )
    press(page, "Save and continue")
    told = page.locator(".govuk-error-summary").inner_text()
    for words in ("two kinds of file", "holds macros", "too big once opened", "carries other files"):
        assert words in told
    sound(page)
    assert page.get_by_label("Outcome").input_value() == "She said it herself."
    piece.refresh_from_db()
    assert piece.outcome == "She said it herself." and not piece.attachments.exists()
