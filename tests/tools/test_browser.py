"""The browser and the worker that other tests lean on are real."""

import time

import pytest

from tools import DATA_DIR


def test_a_page_is_drawn_with_its_style_sheet(page):
    page.goto("/static/govuk/govuk-frontend.min.css")
    page.set_content("<h1 style='font-family: arial'>Progression</h1>")
    page.screenshot(path=DATA_DIR / "screenshots" / "tools-browser.png")
    assert page.locator("h1").inner_text() == "Progression"


def test_a_missing_file_is_a_fault(new_page, page_faults):
    page = new_page()
    page.goto("/static/missing.css")
    assert any("missing.css: 404" in fault for fault in page_faults)
    page_faults.clear()


def test_two_pages_share_no_cookies(new_page, live_server):
    first, second = new_page(), new_page(java_script_enabled=False)
    first.context.add_cookies([{"name": "a", "value": "b", "url": live_server.url}])
    assert first.context.cookies() and not second.context.cookies()


@pytest.mark.django_db(transaction=True)
def test_health_is_good_while_a_worker_lives(celery_worker_process, client):
    deadline = time.monotonic() + 10
    while (answer := client.get("/healthz")).status_code != 200 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert answer.json() == {"database": "ok", "redis": "ok", "worker": "ok"}
