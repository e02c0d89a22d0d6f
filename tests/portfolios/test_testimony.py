"""What an observer answers: sealed, changed by nobody, read beside the piece."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.policies import Alarming
from portfolios import (
    family_data_transitions,
    freezing,
    models,
)
from portfolios import observer_selectors as selectors
from portfolios import observer_transitions as transitions
from portfolios.selectors import submission_view
from tests import walk
from tests.council import organisation, with_rules
from tests.portfolios.makers import piece_of, said
from tests.portfolios.observing import ANSWER, OBSERVER, WORDS, address, answered, ask, page_of
from tests.reading import text
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db


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


class TestTheAnswer:
    def test_it_is_sealed_with_what_they_saw_and_what_came_before(self, piece, now):
        first = answered(ask(piece, now=now), now=now)
        second = answered(ask(piece, now=now), words="And again.", now=now)
        assert first.previous == "" and second.previous == first.sha256 == freezing.fingerprint(first.content)
        assert second.content["previous"] == first.sha256
        assert first.content["shown"]["texts"] == [["What I did", piece.what_i_did]]
        assert first.content["asked"]["email"] == OBSERVER["email"]

    @pytest.mark.parametrize(
        "change",
        [
            'UPDATE portfolios_testimony SET content = content || \'{"words": "Splendid."}\'',
            "DELETE FROM portfolios_testimony",
            "TRUNCATE portfolios_testimony CASCADE",
            "UPDATE portfolios_observerrequest SET email = 'another@school.example'",
            "UPDATE portfolios_observerrequest SET shown = '{}'",
            "DELETE FROM portfolios_observerrequest",
            "UPDATE portfolios_observerlink SET used_at = NULL",
            "UPDATE portfolios_observerlink SET expires_at = now() + interval '1 year'",
            "DELETE FROM portfolios_observerlink",
        ],
    )
    def test_postgresql_lets_nobody_change_it(self, piece, now, change):
        answered(ask(piece, now=now), now=now)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    def test_postgresql_wants_its_own_link_used(self, piece, now):
        first, second = ask(piece, now=now), ask(piece, now=now)
        sealed = answered(first, now=now)
        made = {
            "request": second,
            "key": uuid.uuid4(),
            "content": sealed.content | {"previous": sealed.sha256},
            "previous": sealed.sha256,
            "sha256": "x",
            "given_at": now,
        }
        for link in (first.links.get(), second.links.get()):
            with pytest.raises(DatabaseError), transaction.atomic():
                models.Testimony.objects.create(**made, link=link)
        link = second.links.get()
        link.used_at = now
        link.save()
        with pytest.raises(DatabaseError, match="follow"), transaction.atomic():
            models.Testimony.objects.create(**made | {"previous": ""}, link=link)
        assert models.Testimony.objects.create(**made, link=link)

    def test_a_changed_one_is_shown_to_nobody_and_alarms(self, piece, now):
        request = ask(piece, now=now)
        found = selectors.asked(piece.worker, piece.pk, request.pk, now=now)
        assert found.said is None
        testimony = answered(request, now=now)
        testimony.content["words"] = "Splendid."
        with pytest.raises(Alarming):
            selectors._said(testimony)

    def test_family_data_is_asked_about(self, place, piece, now):
        family_data_transitions.watch_names(place.worker, names=["Zora"], now=now)
        link, visitor = address(ask(piece, now=now)), Client()
        told = {
            "key": str(uuid.uuid4()),
            **ANSWER,
            "words": "Zora can be rung on 07700 900123.",
            "send": "send",
        }
        page = visitor.post(link, told)
        assert "07700 900123" in page.text and "Take out" in page.text
        assert "“Zora”" not in page.text, "the worker's own list is told to nobody"
        assert not models.Testimony.objects.exists()
        (field,) = [name for name in page.text.split('"') if name.startswith("why_")][:1]
        refused = visitor.post(link, told | {field: "It is 07700 900123, after all."})
        assert "Say why it stays without" in text(refused) and not models.Testimony.objects.exists()
        assert visitor.post(link, told | {field: "It is the school's own number."}).status_code == 302
        (stay,) = models.Testimony.objects.get().content["stays"]
        assert stay == {
            "where": "What can you say of it?",
            "kind": "phone number",
            "reason": "It is the school's own number.",
        }

    def test_what_is_missing_is_said_beside_it_and_nothing_is_lost(self, piece, now):
        link = address(ask(piece, now=now))
        page = Client().post(
            link, {"key": str(uuid.uuid4()), "role": "Head teacher", "words": "", "observed": "no"}
        )
        for sentence in ("Enter your name", "Enter your organisation", "Say how you know of this work"):
            assert sentence in page.text
        assert 'value="Head teacher"' in page.text

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"key": "x", "words": "\x00" * 10, "send": "send"},
            {"key": str(uuid.uuid4()), **ANSWER, "words": "a" * 10_001, "send": "send"},
            {"key": str(uuid.uuid4()), **ANSWER, "observed": "maybe", "send": "send"},
        ],
    )
    def test_nonsense_is_refused(self, piece, now, sent):
        page = Client().post(address(ask(piece, now=now)), sent)
        assert page.status_code == 200 and "There is a problem" in page.text
        assert not models.Testimony.objects.exists()

    def test_confirming_needs_no_words(self, piece, now):
        link = address(ask(piece, now=now))
        assert (
            Client().post(link, {"key": str(uuid.uuid4()), **ANSWER, "words": "", "send": ""}).status_code
            == 302
        )


class TestWhoReadsIt:
    def submitted(self, place, now, *, left_out=False, changed=False):
        application = application_at(State.DRAFT, worker=place.worker, now=now)
        walk.portfolio_filled(application, now=now)
        piece = place.worker.evidence.order_by("pk").first()
        request = ask(piece, now=now)
        answered(request, now=now)
        transitions.leave_out(request, actor=place.worker, left_out=left_out)
        return walk.submitted(application, now=now)

    def test_whoever_assesses_reads_it_beside_the_piece(self, client, place, now):
        application = self.submitted(place, now)
        client.force_login(place.manager)
        page = text(client.get(f"/applications/{application.reference}/portfolio/1/"))
        assert "Testimony of Ines Okafor, Head teacher, Elm Road School" in page and WORDS in page
        assert "by a link that went to ines@school.example" in page and "they said they were" in page

    def test_it_goes_into_the_evidence_form(self, place, now):
        application = self.submitted(place, now)
        held = submission_view(application.portfolio.submissions.get())
        (one,) = [
            said for heading in held.headings for piece in heading.pieces for said in piece.testimonies
        ][:1]
        assert (one.who, one.words) == ("Ines Okafor, Head teacher, Elm Road School", WORDS)
        assert one.given_on == timezone.localdate(now) and one.email == OBSERVER["email"]

    def test_not_what_the_worker_leaves_out(self, client, place, now):
        application = self.submitted(place, now, left_out=True)
        client.force_login(place.manager)
        page = text(client.get(f"/applications/{application.reference}/portfolio/1/"))
        assert "Testimony of" not in page and WORDS not in page
        assert models.Testimony.objects.get().content["words"] == WORDS

    def test_what_comes_after_submitting_changes_nothing(self, place, now):
        application = self.submitted(place, now)
        submission = application.portfolio.submissions.get()
        piece = place.worker.evidence.order_by("pk").first()
        answered(ask(piece, now=now), words="Too late.", now=now)
        submission.refresh_from_db()
        assert len(submission.content["evidence"][str(piece.pk)]["testimonies"]) == 1
        assert submission.sha256 == freezing.fingerprint(submission.content)

    def test_the_worker_reads_it_and_cannot_change_it(self, client, place, piece, now):
        request = ask(piece, now=now)
        answered(request, now=now)
        client.force_login(place.worker)
        page = text(client.get(page_of(piece, request)))
        assert WORDS in page and "Nobody can change it" in page
        client.post(page_of(piece, request) + "leave-out/", {"left_out": "yes"})
        assert "You leave it out" in text(client.get(page_of(piece, request)))
        for user in (place.colleague, place.manager, place.head):
            client.force_login(user)
            assert client.get(page_of(piece, request)).status_code == 404

    def test_a_worker_of_another_piece_has_no_such_request(self, client, place, piece, now):
        request = ask(piece, now=now)
        other = piece_of(place.worker, now=now)
        client.force_login(place.worker)
        assert client.get(page_of(other, request)).status_code == 404
        assert client.get(page_of(piece, request)).status_code == 200

    def test_a_page_of_many_reads_as_few(self, client, place, piece, now):
        client.force_login(place.worker)
        client.get(f"/evidence/{piece.pk}/")
        counts = []
        for more in (1, 4):
            for _ in range(more):
                answered(ask(piece, now=now), now=now)
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/evidence/{piece.pk}/")
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 14, counts


class TestWhomOneAsked:
    def test_the_latest_news_is_first_and_of_oneself_alone(self, client, place, piece, now):
        answered(ask(piece, now=now - timedelta(days=3)), now=now)
        ask(piece, name="Marek Lisowski", now=now - timedelta(days=1))
        ask(piece_of(place.colleague, now=now), name="Somebody else’s", now=now)
        client.force_login(place.worker)
        page = text(client.get("/evidence/asked/"))
        assert page.index("Testimony of Ines Okafor") < page.index("Marek Lisowski")
        assert "A visit with the school." in page and "Somebody else’s" not in page
        client.force_login(place.colleague)
        assert "Ines Okafor" not in text(client.get("/evidence/asked/"))

    def test_as_many_queries_for_a_page_as_for_one(self, client, place, piece, now):
        client.force_login(place.worker)
        client.get("/evidence/asked/")
        counts = []
        for more in (1, 4):
            for _ in range(more):
                answered(ask(piece, now=now), now=now)
            with CaptureQueriesContext(connection) as queries:
                client.get("/evidence/asked/")
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 6, counts
