"""What is put together to keep, in a real browser: the bar moves by itself, and nothing needs a script."""

import pytest
from django.utils import timezone

from portfolios import working
from portfolios.models import BringingBack, BringingStage, Pack, PackStage
from portfolios.tasks import bring_exports_back
from reviews.tasks import make_packs
from tests import walk
from tests.at_a_browser import press, sit_down, sound
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def application():
    application = application_at(State.DRAFT)
    walk.portfolio_filled(application)
    return application


def test_the_bar_moves_and_the_download_appears_by_itself(page, application):
    sit_down(page, application.worker)
    page.goto("/portfolio/")
    page.get_by_role("link", name="One PDF to keep").click()
    sound(page)
    press(page, "Put it together")
    sound(page)
    assert page.get_by_role("progressbar").is_visible()
    waiting = working.claim(Pack, now=timezone.now())
    working.tell(waiting, PackStage.FILES, done=12, total=40, now=timezone.now())
    page.get_by_text("Putting in the files: 12 of 40").wait_for()
    assert page.get_by_role("progressbar").get_attribute("max") == "43"
    working.note_fault(waiting, ValueError(), now=timezone.now() - 2 * working.FIRST_WAIT)
    make_packs()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download your portfolio").click(timeout=15_000)
    assert download.value.suggested_filename == "portfolio.pdf"
    assert page.get_by_role("progressbar").count() == 0
    sound(page)


def test_without_scripts_one_looks_again(browser, live_server, application, tmp_path):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sit_down(page, application.worker)
    page.goto("/evidence/export/")
    press(page, "Put it together")
    assert page.get_by_text("Waiting to begin").is_visible()
    make_packs()
    page.get_by_role("link", name="Look again").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything").click()
    download.value.save_as(tmp_path / "export.zip")
    page.get_by_role("link", name="Bring back an export").click()
    page.get_by_label("The export").set_input_files(tmp_path / "export.zip")
    press(page, "Bring it back")
    assert page.get_by_text("Waiting to begin").is_visible()
    bring_exports_back()
    page.get_by_role("link", name="Look again").click()
    page.get_by_text("No piece or file was new").wait_for()
    context.close()


def test_an_export_goes_out_and_comes_back(page, application, tmp_path):
    sit_down(page, application.worker)
    page.goto("/evidence/export/")
    sound(page)
    press(page, "Put it together")
    make_packs()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything").click(timeout=15_000)
    path = tmp_path / "export.zip"
    download.value.save_as(path)
    page.get_by_role("link", name="Bring back an export").click()
    sound(page)
    press(page, "Bring it back")
    assert page.get_by_text("Choose the ZIP of an export").first.is_visible()
    sound(page)
    page.get_by_label("The export").set_input_files(path)
    press(page, "Bring it back")
    sound(page)
    waiting = working.claim(BringingBack, now=timezone.now())
    working.tell(waiting, BringingStage.FILES, done=3, total=9, now=timezone.now())
    page.get_by_text("Checking the files: 3 of 9").wait_for()
    working.note_fault(waiting, ValueError(), now=timezone.now() - 2 * working.FIRST_WAIT)
    bring_exports_back()
    page.get_by_text("No piece or file was new").wait_for(timeout=15_000)
    sound(page)
    assert page.get_by_text("Left as you have it: 1 piece").is_visible()


def test_a_submission_is_kept_by_whoever_reads_it(page, application):
    application = walk.submitted(application)
    manager = application.team.manager
    sit_down(page, manager)
    page.goto(f"/applications/{application.reference}/portfolio/")
    page.get_by_role("link", name="One PDF to keep").click()
    sound(page)
    press(page, "Put it together")
    make_packs()
    page.get_by_role("link", name="Download the portfolio").wait_for(timeout=15_000)
    sound(page)
