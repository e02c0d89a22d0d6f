"""A worker's bank holds so many bytes of files, and no more, whoever sends two at once."""

import threading
from contextlib import suppress

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolios import attachments, quota, transitions
from portfolios.models import Attachment
from portfolios.models.scanned import ScanState
from tests.at_once import at_once
from tests.council import NOW, organisation
from tests.portfolios.makers import pdf_file, piece_of, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return organisation().worker


def attach(piece, words="Notes"):
    return transitions.attach_file(
        piece, worker=piece.worker, upload=upload(pdf_file(words), "notes.pdf"), now=NOW
    )


def full(worker, files, monkeypatch):
    """Leave room in the worker's bank for `files` such as `attach` makes, and for half of one more."""
    one = attach(piece_of(worker), "the first").size
    monkeypatch.setattr(quota, "MOST_BYTES", one * (files + 1) + one // 2)


def test_a_bank_that_is_full_refuses_with_a_sentence_and_keeps_the_rest(worker, monkeypatch):
    full(worker, 1, monkeypatch)
    attach(piece_of(worker), "the last")
    with pytest.raises(attachments.Refused, match="‘notes.pdf’ was not added: your evidence holds at most"):
        attach(piece_of(worker), "the next")
    assert Attachment.objects.count() == 2


def test_the_words_say_how_much_it_is():
    assert quota.MOST_BYTES == 500 * 1024**2


def test_the_same_file_sent_again_needs_no_room(worker, monkeypatch):
    full(worker, 0, monkeypatch)
    first = Attachment.objects.get()
    assert attach(first.evidence, "the first") == first


def test_what_is_taken_off_or_refused_makes_room_and_anothers_files_take_none(worker, monkeypatch):
    full(worker, 1, monkeypatch)
    attach(piece_of(organisation().worker), "a stranger")
    second = attach(piece_of(worker), "second")
    before = quota.bytes_in_bank(worker)
    transitions.remove_attachments(second.evidence, worker=worker, tokens=[second.token], now=NOW)
    assert quota.bytes_in_bank(worker) == before - second.size
    refused = attach(piece_of(worker), "third!")
    waits = {"scan": ScanState.CHECKING, "scan_settled_at": None, "scan_try_at": NOW}
    Attachment.objects.filter(pk=refused.pk).delete()
    Attachment.objects.create(
        evidence=refused.evidence,
        name="x.pdf",
        stored_as="ab/x",
        content_type="application/pdf",
        size=refused.size,
        sha256="0" * 64,
        added_at=NOW,
        **waits,
    )
    with pytest.raises(attachments.Refused):
        attach(piece_of(worker), "fourth")
    Attachment.objects.filter(sha256="0" * 64).update(
        scan=ScanState.REFUSED, scan_found="A virus", scan_settled_at=NOW
    )
    attach(piece_of(worker), "fourth")


def test_it_is_one_query_however_much_there_is(worker):
    attach(piece_of(worker))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        quota.bytes_in_bank(worker)
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_to_two_pieces_do_not_share_the_last_room(monkeypatch):
    """Each waits, its sum in hand, for the other to have summed up too: only a lock keeps them apart."""
    worker = organisation().worker
    full(worker, 1, monkeypatch)
    both, summed = threading.Barrier(2), quota.bytes_in_bank

    def sum_and_wait(worker):
        size = summed(worker)
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=3)
        return size

    monkeypatch.setattr(quota, "bytes_in_bank", sum_and_wait)
    pieces = [piece_of(worker), piece_of(worker)]
    answers = at_once(*[lambda piece=piece: attach(piece, f"of {piece.pk}") for piece in pieces])
    assert sorted(type(one).__name__ for one in answers) == ["Attachment", "Refused"]
    assert summed(worker) <= quota.MOST_BYTES
    assert Attachment.objects.count() == 2
