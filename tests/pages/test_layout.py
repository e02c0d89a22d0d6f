"""The frame round every page, and the pages that say what went wrong."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from config.navigation import ACCOUNT, NAVIGATION
from people.roles import Role
from tests.council import organisation

pytestmark = pytest.mark.urls("tests.pages.specimen")

FIRST_VISIT = 40_000  # bytes of style sheets and scripts, compressed


def test_policy_allows_this_pages_scripts_and_no_other(client):
    answer = client.get("/specimen/")
    (nonce,) = set(re.findall(r'nonce="([^"]+)"', answer.text))
    policy = answer.headers["content-security-policy"]
    assert f"'nonce-{nonce}'" in policy and "unsafe" not in policy and "default-src 'none'" in policy
    assert nonce not in client.get("/specimen/").text
    assert not re.findall(r"<script(?![^>]*nonce=)", answer.text)
    assert not re.findall(r"\s(?:style|on[a-z]+)=", answer.text)


def test_style_sheets_and_scripts_of_a_first_visit_are_light(client):
    page = client.get("/account/sign-in/").text
    named = re.findall(r'"/static/([^"]+\.(?:css|js))"', page)
    assert len(named) >= 3
    weight = sum(len(gzip.compress((Path(settings.STATIC_ROOT) / name).read_bytes())) for name in named)
    assert weight <= FIRST_VISIT


def test_no_crown_no_transport_typeface_no_address_of_the_state(client):
    page = client.get("/account/sign-in/").text
    assert "govuk-generic-header" in page
    for mark in ("crown", "logotype", "gov.uk/", "nationalarchives"):
        assert mark not in page.lower()


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_own_links_and_none_is_dead(client, role):
    (reader, *_) = [user for user in organisation().everybody.values() if user.role == role]
    client.force_login(reader)
    page = client.get("/you/").text
    block = page[page.index("<nav") : page.index("</nav>")]
    links = re.findall(r'href="([^"]+)"', block)
    assert links[-2:] == ["/you/", "/account/sign-out/"]
    assert len(links) == len(NAVIGATION[role]) + len(ACCOUNT)
    for link in links:
        assert client.get(link).status_code == 200


def test_somebody_signed_out_gets_no_links(client):
    assert "<nav" not in client.get("/account/sign-in/").text


def test_page_not_found_is_in_our_clothes(client):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404 and "Page not found" in answer.text


def test_a_refusal_carries_its_sentence(client):
    answer = client.get("/refuses/")
    assert answer.status_code == 403 and "Only the line manager may do this." in answer.text


def test_a_block_carries_every_sentence(client):
    answer = client.get("/blocks/")
    assert answer.status_code == 409
    assert "Recording has no example." in answer.text and "Induction is not finished." in answer.text


WORDS = {"story": "Hours of work <b>", "password": "correct horse battery", "met": "yes"}


@pytest.mark.parametrize(
    ("origin", "given_back"),
    [("http://testserver", True), ("https://elsewhere.example", False), (None, False)],
)
@pytest.mark.parametrize("path", ["/specimen/", "/you/", "/refuses/", "/blocks/", "/breaks/"])
def test_a_form_that_cannot_be_taken_gives_the_words_back_to_our_own_pages_alone(path, origin, given_back):
    """A stale safety token; nobody signed in any more; not allowed; blocked; broken."""
    headers = {"origin": origin} if origin else {}
    client = Client(enforce_csrf_checks=path == "/specimen/", raise_request_exception=False)
    answer = client.post(path, WORDS, headers=headers)
    assert answer.status_code >= 400 or (path == "/you/" and not given_back)
    assert ("Hours of work &lt;b&gt;" in answer.text) is given_back
    assert "correct horse" not in answer.text


def test_a_break_says_so_without_session_or_database(client, monkeypatch):
    def gone(*args, **kwargs):
        raise OperationalError("the database is gone")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)
    client.raise_request_exception = False
    client.cookies["sessionid"] = "some-session-kept-in-the-database"
    answer = client.get("/breaks/")
    assert answer.status_code == 500 and "Sorry, something went wrong" in answer.text
    assert "broken on purpose" not in answer.text
    answer = client.get("/you/")
    assert answer.status_code == 500 and "Sorry, something went wrong" in answer.text


def test_a_bad_request_is_answered_before_anybody_is_known(client):
    answer = client.get("/specimen/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400 and "could not read that request" in answer.text


def test_demonstration_is_marked_on_every_page(client, settings):
    assert "Everybody here is invented" not in client.get("/specimen/").text
    settings.DEMO = True
    assert "Everybody here is invented" in client.get("/specimen/").text
