"""Asking somebody without an account about a piece, and the link by which they answer."""

import hashlib
import logging
import smtplib
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from competencies.rules import EvidenceKind
from people.models import AuditEntry
from people.permissions import NotAllowed
from people.policies import Blocked
from portfolios import (
    family_data_transitions,
    models,
    observer_mail,
    observer_policies,
)
from portfolios import observer_transitions as transitions
from portfolios import transitions as portfolios
from portfolios.models import Attachment, LinkMail, ObserverLink, ObserverRequest
from tests.council import organisation, with_rules
from tests.portfolios.makers import pdf_file, piece_of, said, upload
from tests.portfolios.observing import (
    ANSWER,
    OBSERVER,
    WORDS,
    address,
    answered,
    ask,
    opens,
    page_of,
    token_of,
)
from tests.reading import text

pytestmark = pytest.mark.django_db
MAIL = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def place():
    with_rules("medway-2010")
    return organisation()


@pytest.fixture
def piece(place, now):
    return piece_of(place.worker, fields=said(title="A visit with the school"), now=now)


class TestAsking:
    def test_they_read_what_the_worker_chose_as_it_stood(self, piece, now):
        request = ask(piece, now=now)
        portfolios.save_evidence(
            piece,
            worker=piece.worker,
            base_revision=piece.revision,
            fields={"what_i_did": "Something else."},
            now=now,
        )
        page = text(Client().get(address(request)))
        assert "A visit with the school" in page and "I met the child alone" in page
        assert (
            piece.outcome not in page and piece.what_i_learned not in page and "Something else." not in page
        )

    def test_only_its_worker_asks(self, place, piece, now):
        for user in (place.colleague, place.manager, place.head):
            with pytest.raises(NotAllowed):
                ask(piece, actor=user, now=now)
        assert not ObserverRequest.objects.exists()

    def test_a_form_sent_twice_asks_once(self, piece, now):
        key = uuid.uuid4()
        assert ask(piece, key=key, now=now) == ask(piece, key=key, now=now)
        assert ObserverLink.objects.count() == 1

    @pytest.mark.parametrize(
        ("kind", "draft", "may"),
        [
            (EvidenceKind.PRACTICE_EXAMPLE, False, True),
            (EvidenceKind.PRACTICE_EXAMPLE, True, False),
            (EvidenceKind.CASE_STUDY, False, True),
            (EvidenceKind.TESTIMONY, True, True),
            (EvidenceKind.DIRECT_OBSERVATION, True, True),
            (EvidenceKind.CPD_RECORD, False, False),
            (EvidenceKind.FAMILY_FEEDBACK, False, False),
        ],
    )
    def test_about_what(self, client, place, now, kind, draft, may):
        piece = piece_of(place.worker, fields=said(kind=kind), as_draft=draft, now=now)
        client.force_login(place.worker)
        assert (f"/evidence/{piece.pk}/ask/" in client.get(f"/evidence/{piece.pk}/").text) == may
        assert client.get(f"/evidence/{piece.pk}/ask/").status_code == (200 if may else 409)
        if not may:
            with pytest.raises(Blocked):
                ask(piece, now=now)

    def test_not_while_family_data_is_unanswered(self, place, now):
        piece = piece_of(
            place.worker,
            fields=said(kind=EvidenceKind.TESTIMONY, what_i_did="Ring her on 07700 900123."),
            as_draft=True,
            now=now,
        )
        with pytest.raises(Blocked, match="family data"):
            ask(piece, now=now)

    @pytest.mark.parametrize("called", ["{}@{}", "{}+judge@{}", '"{}"@{}', "{}+@{}"])
    def test_not_themselves(self, piece, now, called):
        with pytest.raises(Blocked, match="your own"):
            ask(piece, email=called.format(*piece.worker.email.split("@")).upper(), now=now)

    def test_somebody_whose_address_begins_alike_is_somebody_else(self, piece, now):
        assert ask(piece, email=f"x{piece.worker.email}", now=now)

    def test_no_more_than_five_wait_and_twenty_a_day(self, place, piece, now):
        for number in range(observer_policies.MOST_OPEN):
            last = ask(piece, email=f"a{number}@school.example", now=now)
        with pytest.raises(Blocked, match="5 people have not answered"):
            ask(piece, now=now)
        answered(last, now=now)
        last = ask(piece, now=now)
        for _ in range(observer_policies.MOST_A_DAY - observer_policies.MOST_OPEN - 1):
            transitions.send_again(last, actor=piece.worker, now=now)
        with pytest.raises(Blocked, match="20 links"):
            transitions.send_again(last, actor=piece.worker, now=now)
        another = piece_of(place.worker, now=now)
        with pytest.raises(Blocked, match="20 links"):
            ask(another, now=now)
        assert ask(another, now=now + timedelta(days=1, minutes=1))

    def test_expired_ones_no_longer_wait(self, piece, now):
        for number in range(observer_policies.MOST_OPEN):
            ask(piece, email=f"a{number}@school.example", now=now)
        assert ask(piece, now=now + timedelta(days=15))

    def test_a_file_only_where_chosen(self, client, piece, now):
        portfolios.attach_file(piece, worker=piece.worker, upload=upload(pdf_file(), "notes.pdf"), now=now)
        file = Attachment.objects.get()
        without, with_it = ask(piece, now=now), ask(piece, files=[str(file.token)], now=now)
        given = client.get(f"{address(with_it)}files/{file.token}/")
        assert given.status_code == 200 and "attachment" in given["Content-Disposition"]
        assert given["Referrer-Policy"] == "same-origin"
        noted = AuditEntry.objects.get(kind=AuditEntry.Kind.READ, thing="portfolios_attachment")
        assert (noted.actor, noted.people) == (None, [piece.worker_id])
        assert client.get(f"{address(without)}files/{file.token}/").status_code == 404
        answered(with_it, now=now)
        assert client.get(f"/testimony/x/files/{file.token}/").status_code == 404


class TestTheLink:
    def test_reading_uses_nothing_and_sending_uses_it_once(self, piece, now):
        request, visitor = ask(piece, now=now), Client()
        link = address(request)
        for _ in range(3):
            assert visitor.get(link).status_code == 200
        noted = AuditEntry.objects.filter(kind=AuditEntry.Kind.READ, thing="portfolios_observerrequest")
        assert [(one.actor, one.people) for one in noted] == [(None, [piece.worker_id])] * 3
        sent = {"key": str(uuid.uuid4()), "words": WORDS, **ANSWER, "send": "send"}
        done = visitor.post(link, sent)
        assert (done.status_code, done["Location"]) == (302, "/testimony/thank-you/")
        assert "Thank you" in text(visitor.get(done["Location"]))
        assert visitor.get(link).status_code == 404
        assert visitor.post(link, sent)["Location"] == "/testimony/thank-you/", "a button pressed twice"
        again = visitor.post(link, sent | {"key": str(uuid.uuid4()), "words": "Something else."})
        assert again.status_code == 404 and "Something else." in text(again)
        assert models.Testimony.objects.get().content["words"] == WORDS

    def test_without_check_nothing_is_sent(self, piece, now):
        link = address(ask(piece, now=now))
        page = Client().post(link, {"key": str(uuid.uuid4()), "words": WORDS, **ANSWER, "check": "check"})
        assert "Check your answer" in text(page) and f'value="{WORDS}"' in page.text
        assert not models.Testimony.objects.exists() and opens(link)

    def test_only_its_fingerprint_is_kept(self, piece, now):
        request = ask(piece, now=now)
        token = token_of(request)
        assert len(token) >= 43, "256 bits"
        kept = str(list(ObserverLink.objects.values())) + str(list(ObserverRequest.objects.values()))
        assert hashlib.sha256(token.encode()).hexdigest() in kept and token not in kept

    @pytest.mark.parametrize(
        "end", ["taken back", "sent again", "expired", "used", "removed", "left", "never was"]
    )
    def test_however_it_ended_the_answer_is_the_same(self, piece, now, end, monkeypatch):
        request, worker = ask(piece, now=now), piece.worker
        link = address(request)
        assert opens(link)
        if end == "taken back":
            transitions.take_back(request, actor=worker, now=now)
        elif end == "sent again":
            transitions.send_again(request, actor=worker, now=now)
        elif end == "expired":
            monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=14))
        elif end == "used":
            answered(request, now=now)
        elif end == "removed":
            portfolios.remove_evidence(piece, worker=worker, now=now)
        elif end == "left":
            worker.is_active = False
            worker.save()
        else:
            link = f"/testimony/{'x' * 43}/"
        client = Client()
        got, sent, wrong = client.get(link), client.post(link), client.get("/testimony/no-such-link/")
        assert [got.status_code, sent.status_code, wrong.status_code] == [404, 404, 404]
        assert text(got) == text(wrong) == text(sent)
        assert got["Referrer-Policy"] == "same-origin" and got["X-Robots-Tag"] == "noindex"
        assert "no-store" in got["Cache-Control"]

    def test_it_works_until_its_last_moment(self, piece, now, monkeypatch):
        link = address(ask(piece, now=now))
        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=14) - timedelta(seconds=1))
        assert opens(link)

    def test_many_wrong_ones_are_told_to_wait_and_the_right_one_still_opens(self, piece, now):
        link = address(ask(piece, now=now))
        visitor = Client(REMOTE_ADDR="10.0.0.9")
        answers = [visitor.get(f"/testimony/guess-{number}/") for number in range(62)]
        assert [answer.status_code for answer in answers] == [404] * 60 + [429] * 2
        assert text(answers[0]) == text(answers[-1])
        assert visitor.get(link).status_code == 200
        assert Client(REMOTE_ADDR="10.0.0.10").get("/testimony/guess/").status_code == 404

    def test_the_worker_does_not_answer_for_somebody_else(self, client, place, piece, now):
        link = address(ask(piece, now=now))
        sent = {"key": str(uuid.uuid4()), "words": WORDS, **ANSWER, "send": "send"}
        client.force_login(place.worker)
        assert client.post(link, sent).status_code == 409
        assert not models.Testimony.objects.exists()
        client.force_login(place.manager)
        assert client.post(link, sent).status_code == 302

    def test_no_line_of_the_log_holds_it(self, piece, now, caplog):
        from config.log_lines import LineFormatter

        request = ask(piece, now=now)
        token = token_of(request)
        transitions.take_back(request, actor=piece.worker, now=now)
        with caplog.at_level(logging.WARNING):
            Client().get(f"/testimony/{token}/")
        lines = [LineFormatter("%(message)s").format(record) for record in caplog.records]
        assert any("/testimony/(secret)/" in line for line in lines)
        assert not any(token in line for line in lines)

    def test_what_is_settled_is_not_sent_again_nor_taken_back(self, piece, now):
        request = ask(piece, now=now)
        answered(request, now=now)
        for act in (transitions.send_again, transitions.take_back):
            with pytest.raises(Blocked, match="has answered"):
                act(request, actor=piece.worker, now=now)
        another = ask(piece, now=now)
        transitions.take_back(another, actor=piece.worker, now=now)
        with pytest.raises(Blocked, match="took this back"):
            transitions.send_again(another, actor=piece.worker, now=now)

    def test_a_colleague_neither_sends_again_nor_takes_back(self, place, piece, now):
        request = ask(piece, now=now)
        for act in (transitions.send_again, transitions.take_back):
            with pytest.raises(NotAllowed):
                act(request, actor=place.colleague, now=now)
        with pytest.raises(NotAllowed):
            transitions.leave_out(request, actor=place.colleague, left_out=True)


class TestTheMail:
    def test_it_carries_the_link_and_the_name_and_nothing_else(self, piece, now):
        request = ask(piece, message="Say how I listened.", now=now)
        assert observer_mail.send_due() == 1 and observer_mail.send_due() == 0
        (letter,) = mail.outbox
        assert letter.to == [OBSERVER["email"]] and address(request) in letter.body
        assert piece.worker.name in letter.body
        for told in (piece.title, piece.what_i_did, "Say how I listened.", OBSERVER["name"]):
            assert told not in letter.body + letter.subject
        assert opens("/testimony/" + letter.body.split("/testimony/")[1].split("/")[0] + "/")

    def test_sent_again_is_another_link(self, piece, now):
        request = ask(piece, now=now)
        observer_mail.send_due()
        transitions.send_again(request, actor=piece.worker, now=now)
        observer_mail.send_due()
        first, second = (letter.body.split("/testimony/")[1].split("/")[0] for letter in mail.outbox)
        assert first != second and opens(f"/testimony/{second}/") and not opens(f"/testimony/{first}/")

    def test_a_server_that_is_down_loses_nothing_and_is_said(self, client, piece, now, settings, caplog):
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = MAIL, "127.0.0.1", 9
        request = ask(piece, now=now)
        assert observer_mail.send_due(clock=lambda: now) == 0
        link = ObserverLink.objects.get()
        assert (link.mail, link.attempts) == (LinkMail.WAITING, 1) and link.try_at == now + timedelta(
            minutes=1
        )
        client.force_login(piece.worker)
        assert "not sent yet" in text(client.get(page_of(piece, request)))
        for hours in range(1, 26):
            observer_mail.send_due(clock=lambda hours=hours: now + timedelta(hours=hours))
        link.refresh_from_db()
        assert link.mail == LinkMail.FAILED
        assert "could not be sent to" in text(client.get(page_of(piece, request)))
        assert OBSERVER["email"] not in caplog.text + link.last_fault
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        client.post(page_of(piece, request) + "send-again/")
        assert observer_mail.send_due() == 1 and len(mail.outbox) == 1

    def test_the_first_try_in_vain_the_second_goes_out(self, piece, now, monkeypatch):
        ask(piece, now=now)
        with monkeypatch.context() as patched:
            patched.setattr(
                "django.core.mail.backends.locmem.EmailBackend.send_messages",
                lambda *_: (_ for _ in ()).throw(smtplib.SMTPServerDisconnected()),
            )
            assert observer_mail.send_due(clock=lambda: now) == 0
        assert observer_mail.send_due(clock=lambda: now + timedelta(seconds=30)) == 0
        assert observer_mail.send_due(clock=lambda: now + timedelta(seconds=61)) == 1
        assert ObserverLink.objects.get().mail == LinkMail.SENT

    def test_what_was_taken_back_meanwhile_is_not_sent(self, piece, now):
        request = ask(piece, now=now)
        transitions.take_back(request, actor=piece.worker, now=now)
        assert observer_mail.send_due() == 0 and not mail.outbox

    def test_without_redis_the_request_stands(
        self, piece, now, monkeypatch, django_capture_on_commit_callbacks
    ):
        from kombu.exceptions import OperationalError

        def down(*_, **__):
            raise OperationalError

        monkeypatch.setattr("portfolios.observer_mail.current_app.send_task", down)
        with django_capture_on_commit_callbacks(execute=True):
            ask(piece, now=now)
        assert observer_mail.send_due() == 1


class TestTheFormToAsk:
    def test_it_is_checked_then_sent(self, client, place, piece, now):
        client.force_login(place.worker)
        path = f"/evidence/{piece.pk}/ask/"
        told = OBSERVER | {"key": str(uuid.uuid4()), "texts": ["outcome"], "message": "How did I listen?"}
        page = client.post(path, told | {"check": "check"})
        assert "Check before you send it" in text(page) and not ObserverRequest.objects.exists()
        assert "Title and date, Outcome" in text(page)
        assert client.post(path, told | {"change": "change"}).status_code == 200
        assert client.post(path, told | {"send": "send"}).status_code == 302
        assert ObserverRequest.objects.get().shown["texts"] == [["Outcome", piece.outcome]]

    def test_a_name_holds_nothing_but_a_name(self, client, place, piece, now):
        family_data_transitions.watch_names(place.worker, names=["Zora"], now=now)
        client.force_login(place.worker)
        for name, status in (("Zora’s aunt, 07700 900123", 200), ("Zora Hale", 302)):
            told = OBSERVER | {"key": str(uuid.uuid4()), "name": name, "send": "send"}
            assert client.post(f"/evidence/{piece.pk}/ask/", told).status_code == status
        request = ObserverRequest.objects.get()
        sent = {"key": str(uuid.uuid4()), "words": WORDS, **ANSWER, "send": "send"}
        visitor, link = Client(), address(request)
        page = visitor.post(link, sent | {"name": "Of 943 476 5919"})
        assert "Take out what may identify" in page.text and not models.Testimony.objects.exists()
        assert visitor.post(link, sent | {"name": "Zora Hale"}).status_code == 302

    def test_the_message_holds_no_family_data(self, client, place, piece, now):
        family_data_transitions.watch_names(place.worker, names=["Zora"], now=now)
        client.force_login(place.worker)
        told = OBSERVER | {"key": str(uuid.uuid4()), "message": "How was I with Zora?", "send": "send"}
        page = client.post(f"/evidence/{piece.pk}/ask/", told)
        assert "Take out what may identify" in page.text and not ObserverRequest.objects.exists()

    @pytest.mark.parametrize(
        "address", ["", "nobody", "a@" + "ä" * 60 + ".com", "a@xn--ä.com", "a\r\nBcc: b@c.example@d.example"]
    )
    def test_an_address_that_no_mail_can_be_sent_to_is_not_taken(self, client, place, piece, address):
        client.force_login(place.worker)
        told = OBSERVER | {"key": str(uuid.uuid4()), "email": address, "send": "send"}
        page = client.post(f"/evidence/{piece.pk}/ask/", told)
        assert page.status_code == 200 and not ObserverRequest.objects.exists()
