"""Who speaks for the worker, and the link to the papers without an account: once, and in time. R20."""

import hashlib
import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from people.permissions import NotAllowed
from people.policies import Blocked
from progression import standing
from progression.models import Event
from reviews import bundle_transitions, representative_transitions
from reviews.models import Bundle, Representative
from tests import council, walk
from tests.built_once import built_once
from tests.council import organisation
from tests.one_page import one_page
from tests.reading import text
from tests.walk import State, application_at

PAGE = "/papers/<token>/"
pytestmark = [pytest.mark.django_db, pytest.mark.rule("R20", scheme="medway-2010", page=PAGE)]

NOW = timezone.now()
SPEAKER = {"name": "Joyce Amadi", "organisation": "A union", "email": "joyce@union.example"}
PDF = one_page()


def build():
    place = organisation()
    application = application_at(State.UNDER_APPEAL, place, now=NOW)
    bundle_transitions.keep(Bundle.objects.get(), PDF, pages=1, now=NOW)
    return SimpleNamespace(place=place, application=application)


built, cases = built_once(build)


def name(cases, **changes):
    return representative_transitions.name_representative(
        cases.application, actor=cases.application.worker, **SPEAKER | changes, now=NOW
    )


def link(cases, *, actor=None, now=NOW):
    return representative_transitions.make_link(
        cases.application, actor=actor or cases.application.worker, now=now
    )


def opens(token, **asked):
    return Client(**asked).get(f"/papers/{token}/").status_code == 200


def test_the_link_opens_the_papers_once_and_only_by_the_button(cases):
    name(cases)
    token = link(cases)
    visitor = Client()
    for _ in range(3):
        page = visitor.get(f"/papers/{token}/")
        assert page.status_code == 200 and "Open the papers" in text(page)
        assert cases.application.worker.name not in text(page)
    papers = visitor.post(f"/papers/{token}/")
    assert papers.content.startswith(PDF) and papers["Content-Type"] == "application/pdf"
    assert papers["Referrer-Policy"] == "same-origin" and "no-store" in papers["Cache-Control"]
    assert not opens(token)
    assert visitor.post(f"/papers/{token}/").status_code == 404
    event = Event.objects.get(verb="the representative opened the papers")
    assert event.application == cases.application and event.actor is None
    assert standing.who_did(event) == SPEAKER["name"]


def test_only_its_fingerprint_is_kept_and_it_cannot_be_guessed(cases):
    name(cases)
    token = link(cases)
    assert len(token) >= 43, "256 bits"
    kept = Representative.objects.values().get()
    assert kept["token_sha256"] == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(kept)
    assert token not in str(list(Event.objects.values()))


@pytest.mark.parametrize(
    "end",
    ["another link", "taken back", "removed", "somebody else", "expired", "withdrawn", "never was"],
)
def test_however_it_ended_the_answer_is_the_same(cases, end, monkeypatch):
    name(cases)
    token, worker = link(cases), cases.application.worker
    assert opens(token)
    if end == "another link":
        link(cases)
    elif end == "taken back":
        representative_transitions.revoke_link(cases.application, actor=worker, now=NOW)
    elif end == "removed":
        representative_transitions.remove_representative(cases.application, actor=worker, now=NOW)
    elif end == "somebody else":
        name(cases, name="Idris Khan")
    elif end == "expired":
        later = timezone.now() + timedelta(days=14, minutes=1)
        monkeypatch.setattr(timezone, "now", lambda: later)
    elif end == "withdrawn":
        walk.withdrawn(cases.application, now=NOW)
    else:
        token = "x" * 43
    client = Client()
    got, sent = client.get(f"/papers/{token}/"), client.post(f"/papers/{token}/")
    wrong = client.get("/papers/no-such-link/")
    assert [got.status_code, sent.status_code, wrong.status_code] == [404, 404, 404]
    assert text(got) == text(wrong) == text(sent)
    assert "Ask the social worker you speak for to send you a new one" in text(got)
    assert got["Referrer-Policy"] == wrong["Referrer-Policy"] == "same-origin"


def test_it_ends_the_day_after_the_hearing_at_the_latest(cases):
    name(cases)
    link(cases)
    assert Representative.objects.get().link_expires_at == NOW + timedelta(days=14)
    walk.heard(cases.application, now=NOW)
    link(cases)
    hearing = cases.application.appeal.hearings.get()
    assert Representative.objects.get().link_expires_at == hearing.starts_at + timedelta(days=1)


def test_papers_not_ready_use_no_link(cases):
    Bundle.objects.create(appeal=cases.application.appeal, number=2, asked_at=NOW, try_at=NOW)
    name(cases)
    token = link(cases)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bundle_transitions, "newest_made", lambda appeal: None)
        assert "are being put together" in text(Client().post(f"/papers/{token}/"))
    assert opens(token)


def test_wrong_links_from_an_address_do_not_shut_out_the_right_one(cases):
    """Nobody guesses 256 bits; a council may have one address for everybody."""
    name(cases)
    token = link(cases)
    for number in range(40):
        assert not opens(f"guess-{number}", REMOTE_ADDR="10.0.0.9")
    assert opens(token, REMOTE_ADDR="10.0.0.9")


def test_no_line_of_the_log_holds_a_link(cases, caplog):
    from config.log_lines import LineFormatter

    name(cases)
    token = link(cases)
    Client().post(f"/papers/{token}/")
    with caplog.at_level(logging.WARNING):
        Client().get(f"/papers/{token}/")
    lines = [LineFormatter("%(message)s").format(record) for record in caplog.records]
    assert any("/papers/(secret)/" in line for line in lines)
    assert not any(token in line for line in lines)


@pytest.mark.rule("R20", scheme="medway-2010", page="/applications/<reference>/review/representative/")
def test_only_the_worker_names_somebody_and_only_worker_and_hearer_make_links(cases):
    place = cases.place
    for user in (place.director, place.manager, place.head):
        with pytest.raises(NotAllowed):
            representative_transitions.name_representative(cases.application, actor=user, **SPEAKER, now=NOW)
    name(cases)
    assert link(cases, actor=place.director)
    for user in (place.manager, place.head, place.colleague, organisation().director):
        with pytest.raises(NotAllowed):
            link(cases, actor=user)


@pytest.mark.rule("R32", scheme="redbridge-2013")
def test_no_representative_where_the_scheme_has_no_hearing():
    application = application_at(State.UNDER_APPEAL, scheme="redbridge-2013")
    with pytest.raises(Blocked, match="no hearing at which"):
        representative_transitions.name_representative(
            application, actor=application.worker, **SPEAKER, now=council.NOW
        )


@pytest.mark.rule("R20", scheme="medway-2010", page="/applications/<reference>/review/representative/link/")
def test_the_page_shows_the_link_once_and_sends_it(client, cases):
    name(cases)
    client.force_login(cases.application.worker)
    address = f"/applications/{cases.application.reference}/review/representative/link/"
    made = text(client.post(address))
    (message,) = [one for one in mail.outbox if one.to == [SPEAKER["email"]]]
    token = message.body.split("/papers/")[1].split("/")[0]
    assert f"/papers/{token}/" in made and f"It is sent to {SPEAKER['email']}" in made
    assert cases.application.worker.name not in message.body + message.subject
    assert token not in text(client.get(address))
    assert opens(token)


def test_a_mail_server_that_is_down_is_said(client, cases, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    name(cases)
    client.force_login(cases.application.worker)
    made = client.post(f"/applications/{cases.application.reference}/review/representative/link/")
    assert "It could not be sent to" in text(made)


@pytest.mark.parametrize(
    "address", ["a@" + "ä" * 60 + ".com", "a@xn--ä.com", "a@\u3002com.com", '"\x01"@ex.com']
)
def test_an_address_that_no_mail_can_be_sent_to_is_not_taken(client, cases, address):
    client.force_login(cases.application.worker)
    page = f"/applications/{cases.application.reference}/review/representative/"
    answer = client.post(page, SPEAKER | {"email": address})
    assert answer.status_code == 200 and "Enter an email address like name@example.com" in text(answer)
    assert not Representative.objects.exists()
    assert client.post(page, SPEAKER | {"email": "a@exämple.com"}).status_code == 302
    assert "It is sent to" in text(client.post(f"{page}link/"))
