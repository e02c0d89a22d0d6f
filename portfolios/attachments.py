"""Files kept with evidence: what is taken in, where it is kept, how it is given out.

A file is known by its content, never by its name or by what the browser says. It is read through before it
is kept, in a process of its own, and kept without what it says of whoever made it. It lies outside the web
root under a random name; a table's row, written after the file is safely stored, says whose it is. A file
without a row, left by a crash, is swept away by `tasks.sweep_attachments`. Nobody reads a file before it is
known to be safe: `open_readable` is the one way to its bytes.
"""

import hashlib
import json
import logging
import os
import secrets
import subprocess
import sys
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from people import audit
from people.policies import Blocked
from portfolios import document_text
from portfolios.inspection import SECONDS
from portfolios.models import LARGEST_ATTACHMENT
from portfolios.models.scanned import ScanState
from portfolios.receiving import NotReceived

log = logging.getLogger(__name__)

ALLOWED_SENTENCE = "a PDF, a Word document (.docx) or a picture (.jpg or .png)"
LONGEST_NAME = 200
# All that the process that reads a file gets of our surroundings: no secret is among them.
READER_NEEDS = ("PATH", "LANG", "LD_LIBRARY_PATH", "TMPDIR")
# Characters that turn a name round or hide in it: "report<RTL>fdp.exe" would read "reportexe.pdf".
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class Refused(Exception):
    """This file is not taken in. Carries one sentence for the screen."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken in: how it begins, what its name may end in, what it is given out as."""

    reader: str
    begins: bytes
    endings: tuple[str, ...]
    content_type: str
    words: str


KINDS = (
    Kind("pdf", b"%PDF-", (".pdf",), "application/pdf", "a PDF"),
    Kind(
        "word",
        b"PK\x03\x04",
        (".docx",),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "a Word document",
    ),
    Kind("jpeg", b"\xff\xd8\xff", (".jpg", ".jpeg"), "image/jpeg", "a JPEG picture"),
    Kind("png", b"\x89PNG\r\n\x1a\n", (".png",), "image/png", "a PNG picture"),
)
# What programs before Word 2007 wrote, and what protects a newer document with a password.
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

NOT_OK = {
    "broken": "cannot be opened. It may be damaged: save it again and add the new copy",
    "protected": "is protected with a password. Take the protection off and add it again",
    "macros": "holds macros. Save it without them, as .docx, and add it again",
    "active": "does something by itself or carries other files. Print it to a new PDF and add that",
    "too-big": "is too big once opened. Add a smaller copy",
    "two-kinds": "is two kinds of file in one. Save it again from the program that made it, and add that",
    "no-room": "could not be stored. Try again later",
    document_text.COVERED: "has words under a box, where anybody can copy them. Take them out, then add it",
    document_text.TRACKED: "holds tracked changes. Accept or reject them all, save it and add it again",
    document_text.COMMENTS: "holds comments. Delete them all, save it and add it again",
    document_text.UNSEEN: "holds words that nobody can see. Take them out, save it and add it again",
}
CHECKING = "is being checked for viruses. Look again in a minute"
REFUSED = "was refused: a virus was found in it"


@dataclass(frozen=True)
class Stored:
    """A file in storage that no row names yet. `size` in bytes; `text` is what a document says."""

    stored_as: str
    name: str
    content_type: str
    size: int
    sha256: str
    text: str = ""


def take_in(upload):
    """Check an UploadedFile through and store it. Raises Refused with the sentence for the screen."""
    name = tidy_name(upload.name)
    if isinstance(upload, NotReceived):
        raise Refused(f"‘{name}’ {NOT_OK['no-room']}")
    if upload.size == 0:
        raise Refused(f"‘{name}’ is empty")
    if upload.size > LARGEST_ATTACHMENT:
        raise Refused(f"‘{name}’ is larger than {LARGEST_ATTACHMENT // 1024**2} MB")
    upload.seek(0)
    kind = _kind_of(name, upload.read(16))
    upload.seek(0)
    try:
        # Without a name on the disk: whatever ends this process, they are gone.
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as kept:
            for chunk in upload.chunks():
                given.write(chunk)
            text = _read_through(kind, name, given, kept)
            size, sha256 = _measure(kept)
            if size > LARGEST_ATTACHMENT:
                raise Refused(f"‘{name}’ {NOT_OK['too-big']}")
            stored_as = put_away(kept)
    except OSError:
        log.exception("An attachment could not be written")
        raise Refused(f"‘{name}’ {NOT_OK['no-room']}") from None
    return Stored(stored_as, name, kind.content_type, size, sha256, text)


def tidy_name(name):
    """A file's own name without folders or hidden characters, of at most LONGEST_NAME characters."""
    name = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(character for character in name if unicodedata.category(character) not in HIDDEN)
    name = " ".join(name.split()).strip(". ") or "file"
    ending = PurePosixPath(name).suffix[:10]
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)] + ending


def _kind_of(name, beginning):
    ending = PurePosixPath(name).suffix.lower()
    if beginning.startswith(OLD_OFFICE):
        raise Refused(
            f"‘{name}’ is an old or protected Office file. Save it as .docx or PDF, without a password"
        )
    found = next((kind for kind in KINDS if beginning.startswith(kind.begins)), None)
    if found is None:
        raise Refused(f"‘{name}’ is not {ALLOWED_SENTENCE}")
    if ending not in found.endings:
        if found.reader == "word":
            raise Refused(f"‘{name}’ is not {ALLOWED_SENTENCE}")
        raise Refused(f"‘{name}’ is {found.words}, so its name must end in {' or '.join(found.endings)}")
    return found


def _read_through(kind, name, given, kept):
    """Raise Refused unless the whole file reads as its kind. Writes what is kept of it; returns its text."""
    given.flush()
    given.seek(0)
    command = [sys.executable, "-m", "portfolios.inspection", kind.reader, str(kept.fileno())]
    try:
        done = subprocess.run(
            command,
            stdin=given,
            capture_output=True,
            pass_fds=[kept.fileno()],
            cwd=settings.BASE_DIR,
            env=reader_surroundings(),
            timeout=3 * SECONDS,
            check=False,
        )
        said = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        said = {"verdict": "too-big", "hidden": None}
    if (wrong := said["hidden"] or said["verdict"]) != "ok":
        raise Refused(f"‘{name}’ {NOT_OK[wrong]}")
    return said["text"]


def reader_surroundings():
    """The environment of a process that reads a file: one made to take it over finds no secret there."""
    return {name: os.environ[name] for name in READER_NEEDS if name in os.environ}


def _measure(file):
    """(size in bytes, SHA-256 in hexadecimal) of an open file, which is left at its beginning."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = file.tell()
    file.seek(0)
    return size, digest


def put_away(file):
    """Store a file under its lasting random name, in a folder of 1/256 of all files. Returns the name."""
    random = secrets.token_hex(16)
    return default_storage.save(f"{random[:2]}/{random}", File(file))


def discard(stored_as):
    """Delete a file that no row names; nothing if it has gone already."""
    try:
        default_storage.delete(stored_as)
    except OSError:
        log.exception("A file could not be deleted: the sweep will try again")


def check_readable(file):
    """Raise Blocked, with the sentence, while this row's file must not be read by anybody."""
    if file.scan == ScanState.CHECKING:
        raise Blocked(f"‘{file.name}’ {CHECKING}.")
    if file.scan != ScanState.SAFE:
        raise Blocked(f"‘{file.name}’ {REFUSED}.")


def open_readable(file):
    """The bytes of a row's file, open for reading. Every page, bundle and pack that gives them out asks here.

    Raises Blocked unless the file is known to be safe, or if the storage does not answer; FileNotFoundError
    if it is not there.
    """
    check_readable(file)
    try:
        return default_storage.open(file.stored_as)
    except FileNotFoundError:
        raise
    except OSError:
        log.exception("The storage does not answer")
        raise Blocked(f"‘{file.name}’ cannot be read just now. Try again later.") from None


def serve_attachment(attachment, *, about, applications=()):
    """The file as a download, noted as read. Who may have it is for the caller to ask first.

    `about` is the id of the person whose it is, `applications` are those of the cases that it stands in.
    Always `attachment`, never shown in the page, under the type it was found to be and no other.
    """
    try:
        file = open_readable(attachment)
    except FileNotFoundError:
        log.error("Attachment %s has no file", attachment.pk)
        raise Http404 from None
    audit.note_read(attachment, about=[about], applications=applications)
    response = FileResponse(
        file, as_attachment=True, filename=attachment.name, content_type=attachment.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
