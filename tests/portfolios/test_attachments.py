"""Files kept with evidence: known by content, kept whole or not at all, given out as downloads alone."""

import hashlib
import os
import struct
import time
import zlib
from pathlib import Path

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.http import Http404

from people.roles import Role
from portfolios import attachments, portfolio_transitions, tasks, transitions
from portfolios.models import LARGEST_ATTACHMENT, Attachment, Evidence
from progression.models import LegalHold
from tests.council import NOW, organisation, person
from tests.portfolios.makers import WORD_TYPES, pdf_file, picture, piece_of, upload, word_file
from tests.walk import State, application_at, portfolio_filled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(default_storage, "location", str(tmp_path))


@pytest.fixture
def worker():
    return organisation().worker


@pytest.fixture
def piece(worker):
    return piece_of(worker)


def on_disk():
    return sorted(path for path in Path(default_storage.location).glob("*/*") if path.is_file())


def attach(piece, content, name="notes.pdf"):
    return transitions.attach_file(piece, worker=piece.worker, upload=upload(content, name), now=NOW)


def swelling_pdf():
    """A megabyte and a half whose cross-reference stream opens out to a gigabyte and a half."""
    squeezer = zlib.compressobj(9)
    first = squeezer.compress(bytes(1 << 20)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    again = squeezer.compress(bytes(1 << 20)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    stream = first + 1500 * again + squeezer.flush()
    body = b"%PDF-1.5\n"
    start = len(body)
    body += b"1 0 obj\n<</Type/XRef/Size 3/W[1 2 1]/Root 2 0 R/Length %d/Filter/FlateDecode>>\n" % len(stream)
    return body + b"stream\n" + stream + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % start


def word_that_says(size):
    """A document of 40 megabytes once opened, whose list of parts says that its text has `size` bytes."""
    content = bytearray(word_file(text=bytes(40 << 20)))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", size)
    return bytes(content)


def swelling_picture():
    """A PNG of two kilobytes that says it is 60,000 pixels square."""
    content = bytearray(picture())
    content[16:24] = struct.pack(">II", 60_000, 60_000)
    content[29:33] = struct.pack(">I", zlib.crc32(bytes(content[12:29])))
    return bytes(content)


GOOD = {
    "notes.pdf": (pdf_file(), "application/pdf"),
    "Notes.PDF": (pdf_file(), "application/pdf"),
    "report.docx": (
        word_file(),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "photo.jpg": (picture("JPEG"), "image/jpeg"),
    "photo.jpeg": (picture("JPEG"), "image/jpeg"),
    "drawing.png": (picture("PNG"), "image/png"),
}


@pytest.mark.parametrize("name", GOOD)
def test_each_kind_is_kept_under_the_type_found_in_it(piece, name):
    content, content_type = GOOD[name]
    kept = attach(piece, content, name)
    stored = default_storage.open(kept.stored_as).read()
    assert (kept.name, kept.content_type, kept.size) == (name, content_type, len(stored))
    assert kept.sha256 == hashlib.sha256(stored).hexdigest()
    assert kept.stored_as.split("/")[1] not in name


MACROS = WORD_TYPES.replace(b"document.main+xml", b"document.macroEnabled.main+xml")
BILLION_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
BAD = {
    "empty": (b"", "notes.pdf", "is empty"),
    "words": (b"just words", "notes.txt", "is not a PDF"),
    "html named pdf": (b"<html><script>alert(1)</script>", "notes.pdf", "is not a PDF"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg", "is not a PDF"),
    "program named pdf": (b"MZ\x90\x00" + bytes(99), "notes.pdf", "is not a PDF"),
    "gif": (b"GIF89a" + bytes(99), "photo.gif", "is not a PDF"),
    "pdf named png": (pdf_file(), "photo.png", "its name must end in .pdf"),
    "png named jpg": (picture(), "photo.jpg", "its name must end in .png"),
    "jpeg named pdf": (picture("JPEG"), "scan.pdf", "its name must end in .jpg or .jpeg"),
    "no ending": (pdf_file(), "notes", "its name must end in .pdf"),
    "turned name": (pdf_file(), "notes\u202efdp.exe", "its name must end in .pdf"),
    "pdf cut short": (b"%PDF-1.7\n1 0 obj", "notes.pdf", "cannot be opened"),
    "pdf of junk": (b"%PDF-1.7\n" + bytes(5000), "notes.pdf", "cannot be opened"),
    "pdf with a password": (
        pdf_file(encryption=pikepdf.Encryption(owner="o", user="u")),
        "notes.pdf",
        "protected with a password",
    ),
    "pdf with an owner's password": (
        pdf_file(encryption=pikepdf.Encryption(owner="o", user="")),
        "notes.pdf",
        "protected with a password",
    ),
    "pdf that swells": (swelling_pdf(), "notes.pdf", "notes.pdf’ "),
    "old word": (attachments.OLD_OFFICE + bytes(99), "notes.doc", "Save it as .docx or PDF"),
    "old word renamed": (attachments.OLD_OFFICE + bytes(99), "notes.docx", "Save it as .docx or PDF"),
    "zip": (word_file(), "notes.zip", "is not a PDF"),
    "spreadsheet": (word_file(text=None, extra=[("xl/workbook.xml", b"<x/>")]), "a.docx", "cannot be opened"),
    "word without types": (word_file(types=None), "notes.docx", "cannot be opened"),
    "word without words": (word_file(text=None), "notes.docx", "cannot be opened"),
    "word of broken xml": (word_file(text=b"<w:document>"), "notes.docx", "cannot be opened"),
    "word with entities": (word_file(text=BILLION_LAUGHS), "notes.docx", "cannot be opened"),
    "word types with entities": (word_file(types=BILLION_LAUGHS), "notes.docx", "cannot be opened"),
    "word cut short": (word_file()[:-30], "notes.docx", "cannot be opened"),
    "word with macros": (word_file(types=MACROS), "notes.docx", "holds macros"),
    "word with macros inside": (
        word_file(extra=[("word/vbaProject.bin", b"x")]),
        "notes.docx",
        "holds macros",
    ),
    "macros by name": (word_file(types=MACROS), "notes.docm", "is not a PDF"),
    "word that swells": (word_that_says(400 << 20), "notes.docx", "too big once opened"),
    "word that lies": (word_that_says(1000), "notes.docx", "notes.docx’ "),
    "word of many parts": (
        word_file(extra=[(f"word/{number}", b"") for number in range(5001)]),
        "notes.docx",
        "too big once opened",
    ),
    "picture that swells": (swelling_picture(), "photo.png", "too big once opened"),
    "picture cut short": (picture()[:-20], "photo.png", "cannot be opened"),
    "jpeg cut short": (picture("JPEG", (300, 300))[:600], "photo.jpg", "cannot be opened"),
    "png of junk": (b"\x89PNG\r\n\x1a\n" + bytes(500), "photo.png", "cannot be opened"),
    "too large": (pdf_file() + bytes(LARGEST_ATTACHMENT), "notes.pdf", "larger than 10 MB"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_false_or_hostile_file_is_refused_in_one_sentence_and_leaves_nothing(piece, case):
    content, name, words = BAD[case]
    with pytest.raises(attachments.Refused) as refused:
        attach(piece, content, name)
    assert words in refused.value.sentence
    assert not on_disk()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\notes.pdf", "notes.pdf"),
        ("note\u202es\x00\r\n.pdf", "notes.pdf"),
        ("  two   spaces.pdf ", "two spaces.pdf"),
        ("الملاحظات.pdf", "الملاحظات.pdf"),
        ("😀.pdf", "😀.pdf"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_a_name_is_kept_without_folders_or_hidden_characters(given, kept):
    assert attachments.tidy_name(given) == kept


def test_the_same_file_sent_twice_is_kept_once(piece):
    content = pdf_file()
    first, second = attach(piece, content), attach(piece, content, "again.pdf")
    assert first == second
    assert len(on_disk()) == 1


def test_a_piece_holds_ten_files(piece):
    for number in range(transitions.MOST_ATTACHMENTS):
        attach(piece, pdf_file(str(number)))
    with pytest.raises(attachments.Refused, match="at most 10 files"):
        attach(piece, pdf_file("one more"))
    assert len(on_disk()) == transitions.MOST_ATTACHMENTS


def test_a_row_that_cannot_be_written_leaves_no_file(piece, monkeypatch):
    def refuse(*args, **kwargs):
        raise IntegrityError("no")

    monkeypatch.setattr(Attachment.objects, "create", refuse)
    with pytest.raises(IntegrityError):
        attach(piece, pdf_file())
    assert not on_disk()


def test_a_full_disk_is_said_and_leaves_nothing(piece, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(attachments.Refused, match="could not be stored"):
        attach(piece, pdf_file())
    assert not on_disk()


def test_a_file_cannot_be_added_to_somebody_elses_piece(piece):
    stranger = organisation().worker
    with pytest.raises(Evidence.DoesNotExist):
        transitions.attach_file(piece, worker=stranger, upload=upload(pdf_file()), now=NOW)
    assert not on_disk()


def test_postgresql_holds_the_size(piece):
    kept = attach(piece, pdf_file())
    with pytest.raises(IntegrityError, match="attachment_size_allowed"), transaction.atomic():
        Attachment.objects.filter(pk=kept.pk).update(size=LARGEST_ATTACHMENT + 1)


def test_a_download_is_always_a_download(piece):
    content = pdf_file()
    kept = attach(piece, content, 'Ünïcode "notes"; x.pdf')
    response = attachments.serve_attachment(kept, about=kept.evidence.worker_id)
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%9Cn")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content) == default_storage.open(kept.stored_as).read()


def test_a_file_gone_from_the_disk_is_not_found(piece):
    kept = attach(piece, pdf_file())
    attachments.discard(kept.stored_as)
    with pytest.raises(Http404):
        attachments.serve_attachment(kept, about=kept.evidence.worker_id)


def take_off(kept):
    transitions.remove_attachments(kept.evidence, worker=kept.evidence.worker, tokens=[kept.token], now=NOW)


def test_the_sweep_deletes_a_file_taken_off_and_only_that(piece):
    gone, stays = attach(piece, pdf_file("gone")), attach(piece, pdf_file("stays"))
    take_off(gone)
    tasks.sweep_attachments()
    tasks.sweep_attachments()
    assert list(Attachment.objects.all()) == [stays]
    assert [path.name for path in on_disk()] == [stays.stored_as.split("/")[1]]


def test_the_sweep_keeps_what_somebody_took_off_while_a_legal_hold_stands_on_them(piece):
    """Else whoever is looked into could have their own papers deleted."""
    gone = attach(piece, pdf_file("gone"))
    take_off(gone)
    administrator = person(Role.ADMINISTRATOR)
    said = {"reason": "A claim", "placed_at": NOW, "placed_by": administrator}
    ended = {"ended_at": NOW, "ended_by": administrator}
    LegalHold.objects.create(person=piece.worker, **said, **ended)
    hold = LegalHold.objects.create(person=piece.worker, **said)
    LegalHold.objects.create(person=administrator, **said)
    tasks.sweep_attachments()
    assert list(Attachment.objects.all()) == [gone] and len(on_disk()) == 1
    LegalHold.objects.filter(pk=hold.pk).update(**ended)
    tasks.sweep_attachments()
    assert not Attachment.objects.exists() and not on_disk()


def test_the_sweep_deletes_old_files_without_a_row_and_leaves_new_ones(piece):
    kept = attach(piece, pdf_file())
    root = Path(default_storage.location)
    for name, age in (("incoming/old", 2), ("ab/old", 2), ("ab/new", 0)):
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"left behind")
        os.utime(path, (time.time() - age * tasks.SETTLED.total_seconds(),) * 2)
    os.utime(root / kept.stored_as, (0, 0))
    tasks.sweep_attachments()
    assert [path.name for path in on_disk() if path.name in {"old", "new"}] == ["new"]
    assert (root / kept.stored_as).exists()


def test_a_file_that_was_submitted_stays_for_good():
    application = application_at(State.DRAFT)
    portfolio_filled(application)
    piece = Evidence.objects.get()
    kept = attach(piece, pdf_file())
    portfolio_transitions.freeze(application.portfolio, worked_through_with_manager=True, now=NOW)
    take_off(kept)
    transitions.remove_evidence(piece, worker=piece.worker, now=NOW)
    tasks.sweep_attachments()
    kept.refresh_from_db()
    assert (kept.removed_at, kept.submitted_at) == (NOW, NOW)
    assert len(on_disk()) == 1
