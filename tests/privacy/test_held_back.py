"""While a legal hold stands on somebody, nothing of theirs is deleted or written over: not by themselves."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from people.personal import Kept, about_people
from people.policies import Blocked
from portfolios import cpd_transitions as cpd
from portfolios import family_data_transitions as naming
from portfolios import supervision_transitions as supervision
from portfolios import transitions as evidence
from portfolios.models import Attachment, CpdRecord, Evidence, NameToWatch, Training
from progression.models import LegalHold
from tests.council import NOW, TODAY, organisation
from tests.portfolios.makers import pdf_file, piece_of
from tests.portfolios.test_attachments import attach
from tests.reading import text

pytestmark = pytest.mark.django_db
NAMES, CPD, TRAINING = "/evidence/names-to-watch/", "/cpd/", "/development/training/"
PEER = {"role": "a senior social worker", "on": TODAY, "said": "She asked what I would drop."}

NO_WORDS = {
    "portfolios_claim": "Where a piece counts: a submission keeps its own.",
    "portfolios_commentsread": "How far somebody has read.",
    "portfolios_criterionmark": "A tick.",
    "portfolios_headingmark": "A tick.",
    "portfolios_referencemark": "A tick.",
    "portfolios_training_competencies": "A tick; it is written once.",
    "portfolios_portfolio": "No words; whatever points at it keeps it.",
    "progression_applicationgrant": "Who may open a case, as it is now.",
    "progression_deadline": "A date.",
    "reviews_declaration": "A tick.",
}
"""Of what may go though a hold stands: why."""


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def worker(place, client):
    client.force_login(place.worker)
    return place.worker


@pytest.fixture
def name(worker):
    naming.watch_names(worker, names=["Somebody"], now=NOW)
    return NameToWatch.objects.get()


@pytest.fixture
def record(worker):
    cpd.choose(worker, pieces=[piece_of(worker).pk], now=NOW, today=TODAY)
    return CpdRecord.objects.get()


@pytest.fixture
def training(worker):
    said = {"title": "Court work", "provider": "", "taken_on": TODAY - timedelta(days=9)}
    return supervision.record_training(
        worker, actor=worker, **said, learned="To ask first.", applied="", competencies=[], now=NOW
    )


def held(person, place, **fields):
    return LegalHold.objects.create(
        person=person, reason="A claim", placed_at=NOW, placed_by=place.administrator, **fields
    )


def holds_that_do_not_matter(place):
    """A colleague's that stands, and one's own that has ended."""
    held(place.colleague, place)
    held(place.worker, place, ended_at=NOW, ended_by=place.administrator)


def postgresql_keeps(act):
    with pytest.raises(DatabaseError, match="legal hold"), transaction.atomic():
        act()


class TestNamesToWatch:
    def test_stay_and_the_page_says_why(self, place, name, client):
        held(place.worker, place)
        page = text(client.get(NAMES))
        assert "A legal hold stands" in page and "Remove" not in page and "Somebody" in page
        assert "is gone" not in page
        answer = client.post(f"{NAMES}{name.pk}/remove/")
        assert answer.status_code == 409 and "until it ends" in text(answer)
        postgresql_keeps(name.delete)
        postgresql_keeps(NameToWatch.objects.all().delete)
        assert NameToWatch.objects.get() == name

    def test_may_still_be_added(self, place, name, client):
        held(place.worker, place)
        assert client.post(NAMES, {"names": "Another"}).status_code == 302
        assert NameToWatch.objects.count() == 2

    def test_go_where_the_hold_is_anothers_or_has_ended(self, place, name, client):
        holds_that_do_not_matter(place)
        page = text(client.get(NAMES))
        assert "A legal hold stands" not in page and "Remove Somebody" in page
        assert client.post(f"{NAMES}{name.pk}/remove/").status_code == 302
        assert not NameToWatch.objects.exists()


class TestCpd:
    def test_stays_with_its_peer_reflection(self, place, worker, record, client):
        cpd.add_peer_reflection(record, actor=worker, **PEER, today=TODAY)
        held(worker, place)
        page = text(client.get(CPD))
        assert "A legal hold stands" in page and "Take it out" not in page and "Change the peer" not in page
        for address in (f"{CPD}records/{record.pk}/take-out/", f"{CPD}records/{record.pk}/peer-reflection/"):
            for ask in (client.get, client.post):
                assert ask(address).status_code == 409, address
        for act in (
            lambda: cpd.take_out(record, actor=worker, today=TODAY),
            lambda: cpd.add_peer_reflection(record, actor=worker, **PEER | {"said": "No."}, today=TODAY),
        ):
            with pytest.raises(Blocked, match="legal hold"):
                act()
        postgresql_keeps(record.delete)
        postgresql_keeps(lambda: CpdRecord.objects.update(peer_role="", peer_on=None, peer_said=""))
        assert CpdRecord.objects.get().peer_said == PEER["said"]

    def test_a_first_peer_reflection_may_still_be_written_and_it_may_be_entered(self, place, worker, record):
        held(worker, place)
        cpd.add_peer_reflection(record, actor=worker, **PEER, today=TODAY)
        cpd.mark_entered(worker, on=TODAY, today=TODAY)
        assert CpdRecord.objects.get().entered_on == TODAY

    def test_goes_where_the_hold_is_anothers_or_has_ended(self, place, worker, record, client):
        holds_that_do_not_matter(place)
        cpd.add_peer_reflection(record, actor=worker, **PEER, today=TODAY)
        cpd.add_peer_reflection(record, actor=worker, **PEER | {"said": "Better said."}, today=TODAY)
        assert "Take it out" in text(client.get(CPD))
        assert client.post(f"{CPD}records/{record.pk}/take-out/").status_code == 302
        assert not CpdRecord.objects.exists()


class TestTraining:
    def words(self, worker, training, **said):
        said = {"learned": "To ask first.", "applied": ""} | said
        supervision.say_how_applied(training, actor=worker, **said)

    def test_words_stay_and_what_was_empty_is_still_filled_in(self, place, worker, training, client):
        held(worker, place)
        with pytest.raises(Blocked, match="legal hold"):
            self.words(worker, training, learned="Nothing.")
        postgresql_keeps(lambda: Training.objects.update(learned=""))
        assert "Say how you applied it" in text(client.get(TRAINING))
        self.words(worker, training, applied="I asked first.")
        page = text(client.get(TRAINING))
        assert "Change what you said" not in page and "what you said stays" in page
        assert client.get(f"{TRAINING}{training.pk}/").status_code == 409
        assert Training.objects.get().applied == "I asked first."

    def test_change_where_the_hold_is_anothers_or_has_ended(self, place, worker, training, client):
        holds_that_do_not_matter(place)
        self.words(worker, training, learned="More.", applied="I asked.")
        assert "Change what you said" in text(client.get(TRAINING))
        assert client.get(f"{TRAINING}{training.pk}/").status_code == 200
        assert Training.objects.get().learned == "More."


class TestTyping:
    """What is only typed has no history, until a hold stands: then nothing of it is written over."""

    def typed(self, piece, words):
        piece.refresh_from_db()
        fields = {"what_i_did": words}
        evidence.autosave_evidence(
            piece, worker=piece.worker, base_revision=piece.revision, fields=fields, now=NOW
        )

    def history(self, piece):
        return [row.content["what_i_did"] for row in piece.revisions.order_by("number")][1:]

    def test_stays_in_the_history(self, place, worker):
        piece = piece_of(worker)
        self.typed(piece, "What I first typed.")
        held(worker, place)
        self.typed(piece, "")
        self.typed(piece, "Something else.")
        piece.refresh_from_db()
        evidence.save_evidence(
            piece,
            worker=worker,
            base_revision=piece.revision,
            fields={"what_i_did": "What I saved."},
            now=NOW,
        )
        assert self.history(piece) == ["What I first typed.", "", "Something else.", "What I saved."]

    def test_has_none_where_the_hold_is_anothers_or_has_ended(self, place, worker):
        piece = piece_of(worker)
        holds_that_do_not_matter(place)
        for words in ("What I first typed.", "Something else."):
            self.typed(piece, words)
        assert self.history(piece) == []


def test_a_file_and_what_was_found_in_it_stay(place, worker):
    file = attach(piece_of(worker), pdf_file())
    hold = held(worker, place)
    postgresql_keeps(Attachment.objects.all().delete)
    hold.ended_at, hold.ended_by = NOW, place.administrator
    hold.save()
    file.delete()
    assert not Attachment.objects.exists() and Evidence.objects.exists()


def test_every_table_of_a_persons_words_is_held_or_says_why_not():
    """A new table fails here until it is emptied or goes by its declaration, or stands in NO_WORDS."""
    loose = set()
    with connection.cursor() as cursor:
        for one in about_people():
            table = one.table._meta.db_table
            cursor.execute(
                "SELECT has_table_privilege(%s, %s, 'DELETE') AND NOT EXISTS (SELECT FROM pg_trigger"
                " WHERE tgrelid = %s::regclass AND tgname = %s AND tgenabled = 'A')",
                [settings.DATABASE_ROLE, table, table, f"{table}_held_delete"],
            )
            if cursor.fetchone()[0] and one.kept in (Kept.MONTHS, Kept.YEARS) and not one.though_held:
                loose.add(table)
    assert loose == NO_WORDS.keys()
