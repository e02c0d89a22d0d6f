"""Files kept with evidence: what is taken in, where it is kept, how it is given out.

A file is known by its content, never by its name or by what the browser says. It is read through before it
is kept, in a process of its own. It lies outside the web root under a random name; a table's row, written
after the file is safely on disk, says whose it is. A file without a row, left by a crash, is swept away by
`tasks.sweep_attachments`.
"""

import hashlib
import logging
import os
import secrets
import subprocess
import sys
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadhandler import FileUploadHandler
from django.http import FileResponse, Http404

from portfolios.inspection import SECONDS
from portfolios.models import LARGEST_ATTACHMENT

log = logging.getLogger(__name__)

ALLOWED_SENTENCE = "a PDF, a Word document (.docx) or a picture (.jpg or .png)"
INCOMING = "incoming"
LONGEST_NAME = 200
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
}


@dataclass(frozen=True)
class Stored:
    """A file on disk that no row names yet. `size` in bytes."""

    stored_as: str
    name: str
    content_type: str
    size: int
    sha256: str


def take_in(upload):
    """Check an UploadedFile through and put it on disk. Raises Refused with the sentence for the screen."""
    name = tidy_name(upload.name)
    if upload.size == 0:
        raise Refused(f"‘{name}’ is empty")
    if upload.size > LARGEST_ATTACHMENT:
        raise Refused(f"‘{name}’ is larger than {LARGEST_ATTACHMENT // 1024**2} MB")
    upload.seek(0)
    kind = _kind_of(name, upload.read(16))
    upload.seek(0)
    try:
        waiting, size, sha256 = _write_down(upload)
    except OSError:
        log.exception("An attachment could not be written")
        raise Refused(f"‘{name}’ could not be stored. Try again later") from None
    try:
        _read_through(kind, name, waiting)
        stored_as = _put_away(waiting)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
    return Stored(stored_as, name, kind.content_type, size, sha256)


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


def _write_down(upload):
    """Copy the upload to a temporary name, synced. Returns (path, bytes, SHA-256)."""
    folder = _root() / INCOMING
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, path = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        os.unlink(path)
        raise
    return Path(path), size, digest.hexdigest()


def _read_through(kind, name, path):
    """Raise Refused unless the whole file reads as its kind."""
    command = [sys.executable, "-m", "portfolios.inspection", kind.reader]
    with path.open("rb") as file:
        try:
            done = subprocess.run(
                command,
                stdin=file,
                capture_output=True,
                cwd=settings.BASE_DIR,
                timeout=3 * SECONDS,
                check=False,
            )
            said = done.stdout.decode().strip() or "too-big"
        except subprocess.TimeoutExpired:
            said = "too-big"
    if said != "ok":
        raise Refused(f"‘{name}’ {NOT_OK.get(said, NOT_OK['broken'])}")


def _put_away(path):
    """Give a file its lasting random name, in a folder of about 1/256 of all files. Returns the name."""
    random = secrets.token_hex(16)
    stored_as = f"{random[:2]}/{random}"
    folder = _root() / random[:2]
    folder.mkdir(mode=0o700, exist_ok=True)
    os.replace(path, _root() / stored_as)
    for changed in (folder, _root()):
        handle = os.open(changed, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return stored_as


def discard(stored_as):
    """Delete a file that no row names; nothing if it has gone already."""
    (_root() / stored_as).unlink(missing_ok=True)


def stored_files():
    """Every file on disk, those that never left INCOMING among them, as (name, Path)."""
    root = _root()
    return [(str(path.relative_to(root)), path) for path in root.glob("*/*") if path.is_file()]


def _root():
    return Path(default_storage.location)


def serve_attachment(attachment):
    """The file as a download. Who may have it is for the caller to ask first.

    Always `attachment`, never shown in the page, under the type it was found to be and no other.
    """
    try:
        file = (_root() / attachment.stored_as).open("rb")
    except FileNotFoundError:
        log.error("Attachment %s has no file", attachment.pk)
        raise Http404 from None
    response = FileResponse(
        file, as_attachment=True, filename=attachment.name, content_type=attachment.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


class StopAtLimit(FileUploadHandler):
    """Lets no more of a file through than shows that it is too large, so that none fills the disk.

    First of FILE_UPLOAD_HANDLERS: those after it keep what it passes on.
    """

    def receive_data_chunk(self, raw_data, start):
        return raw_data if start <= LARGEST_ATTACHMENT else None

    def file_complete(self, file_size):
        return None
