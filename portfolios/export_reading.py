"""Reads a ZIP that says it is an export, as if it were made to do harm. Nothing of it is kept here.

All of it is looked through before anything is believed: how many entries, what they are called, how large
once opened, whether each is what the manifest says, and every value of every JSON by export_format.
"""

import hashlib
import re
import stat
import struct
import zipfile
import zlib

from pydantic import TypeAdapter, ValidationError

from portfolios import export_format as form
from portfolios.receiving import LARGEST_EXPORT

LARGEST_BY_COMMAND = 1024**3
MOST_FILES_ON_THE_PAGE = 600
"""Attachments: each is read through as an upload is, which takes a part of a second."""
MOST_ENTRIES = 9_000
LARGEST_DIRECTORY = 2 * 1024**2
LARGEST_ONCE_OPENED = 1024**3
LARGEST_JSON = 48 * 1024**2
BLOCK = 256 * 1024
END, END_64 = b"PK\x05\x06", b"PK\x06\x07"

NO_EXPORT = "This is not an export of this service. Choose the ZIP that you downloaded, unchanged"
CHANGED = "This export was changed since it was made, or is damaged: ‘{}’ is not as its manifest says"
LARGE = "This export is larger once opened than anything that this service makes"
TOO_MANY = "This export holds more files than anything that this service makes"

LISTS = {
    "self-assessment.json": TypeAdapter(list[form.Stood]),
    "names-to-watch.json": TypeAdapter(list[form.Name]),
    "training.json": TypeAdapter(list[form.Course]),
    "plan.json": TypeAdapter(list[form.Planned]),
    "cpd.json": TypeAdapter(list[form.Cpd]),
}


class NotTaken(Exception):
    """This is not brought back. Carries one sentence for the screen."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


class Export:
    """An export that was looked through. Its pieces are read again one at a time, so that no more is held."""

    def __init__(self, archive, manifest, names):
        self._archive, self.manifest, self._names = archive, manifest, names

    def owner(self):
        """The form.Owner that it names."""
        return _json(self._archive, form.PROFILE, TypeAdapter(form.Owner))

    def pieces(self):
        """Each form.Piece in turn."""
        for name in self._names:
            yield _json(self._archive, name, TypeAdapter(form.Piece))

    def rows(self, name):
        """What one of LISTS holds."""
        return _json(self._archive, name, LISTS[name])

    def open(self, entry):
        """The bytes of one of `files/`, open for reading."""
        return self._archive.open(entry)


def read(file, *, largest=LARGEST_EXPORT, most_files=MOST_FILES_ON_THE_PAGE):
    """The Export in an open binary file. Raises NotTaken with the sentence for the screen."""
    try:
        return _read(file, largest, most_files)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise NotTaken(NO_EXPORT) from None


def check_looks_like_one(file):
    """Raise NotTaken for an open binary file that is no ZIP as ours, or too large: read at both its ends."""
    try:
        _check_end(file, LARGEST_EXPORT)
    except (ValueError, OSError):
        raise NotTaken(NO_EXPORT) from None


def _read(file, largest, most_files):
    _check_end(file, largest)
    archive = zipfile.ZipFile(file)
    entries = _checked_entries(archive)
    if form.MANIFEST not in entries:
        raise NotTaken(NO_EXPORT)
    manifest = _manifest(archive)
    if manifest.files.keys() | {form.MANIFEST} != entries.keys():
        raise NotTaken("This export does not hold what its manifest lists")
    for name, listed in manifest.files.items():
        _check_same(archive, entries[name], listed)
    names = sorted(name for name in entries if name.startswith("pieces/") and name.endswith(".json"))
    if len(names) > form.MOST_PIECES or not LISTS.keys() | {form.PROFILE} <= entries.keys():
        raise NotTaken(NO_EXPORT)
    export = Export(archive, manifest, names)
    _check_content(export, names, manifest, most_files)
    return export


def _check_end(file, largest):
    """Before zipfile, which reads the whole directory into memory, whatever it says of itself."""
    size = file.seek(0, 2)
    if size > largest:
        raise NotTaken(
            f"This export is larger than {largest // 1024**2} MB. Ask whoever looks after the service"
        )
    if size < 22:
        raise NotTaken(NO_EXPORT)
    file.seek(max(0, size - 42))
    tail = file.read(42)
    end = tail[-22:]
    if not end.startswith(END) or end[20:] != b"\x00\x00" or END_64 in tail[:-22]:
        raise NotTaken(NO_EXPORT)
    entries, directory = struct.unpack("<H", end[10:12])[0], struct.unpack("<L", end[12:16])[0]
    if entries > MOST_ENTRIES or directory > LARGEST_DIRECTORY:
        raise NotTaken(TOO_MANY)
    file.seek(0)


def _checked_entries(archive):
    entries = {}
    for info in archive.infolist():
        mode = info.external_attr >> 16
        if (
            info.filename != info.orig_filename
            or not form.NAMED.fullmatch(info.filename)
            or (stat.S_IFMT(mode) not in (0, stat.S_IFREG))
            or info.flag_bits & 0x1
            or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        ):
            raise NotTaken("This export holds something that this service never puts into one")
        if info.filename in entries:
            raise NotTaken("This export holds two files of the same name")
        entries[info.filename] = info
    if len(entries) > MOST_ENTRIES:
        raise NotTaken(TOO_MANY)
    if sum(info.file_size for info in entries.values()) > LARGEST_ONCE_OPENED:
        raise NotTaken(LARGE)
    for name, info in entries.items():
        if not name.startswith("files/") and info.file_size > LARGEST_JSON:
            raise NotTaken(LARGE)
    return entries


def _manifest(archive):
    given = archive.read(form.MANIFEST)
    if (version := re.search(rb'"format":\s*(\d{1,6})\b', given)) and int(version[1]) != form.FORMAT:
        raise NotTaken("This export is of a version that this service does not know")
    return _validated(form.MANIFEST, given, TypeAdapter(form.Manifest))


def _check_same(archive, info, listed):
    digest, size = hashlib.sha256(), 0
    with archive.open(info) as entry:
        while block := entry.read(BLOCK):
            digest.update(block)
            size += len(block)
    if size != listed.bytes or digest.hexdigest() != listed.sha256:
        raise NotTaken(CHANGED.format(info.filename))


def _check_content(export, names, manifest, most_files):
    """Every JSON that is read back reads, and every piece has its files and its own name."""
    keys, files = set(), 0
    for name, piece in zip(names, export.pieces(), strict=True):
        if name != f"pieces/{piece.key}.json":
            raise NotTaken(CHANGED.format(name))
        keys.add(piece.key)
        files += len(piece.files)
        _check_piece(piece, manifest)
    if files > most_files:
        raise NotTaken(
            f"This export holds more than {most_files} files of evidence. Ask whoever looks after the "
            "service to bring it back"
        )
    for name in LISTS:
        export.rows(name)
    export.owner()


def _check_piece(piece, manifest):
    name = f"pieces/{piece.key}.json"
    for file in piece.files:
        listed = manifest.files.get(file.entry)
        if listed is None or (listed.sha256, listed.bytes) != (file.sha256, file.size):
            raise NotTaken(CHANGED.format(name))
    numbers = [row.number for row in piece.revisions]
    shas = [file.sha256 for file in piece.files]
    shown = [(mark.scheme, mark.heading) for mark in piece.marks]
    finished = all((piece.practised_on, piece.title, piece.what_i_did, piece.outcome, piece.what_i_learned))
    if (
        len(set(numbers)) != len(numbers)
        or max(numbers, default=1) > piece.revision
        or len(set(shas)) != len(shas)
        or len(set(shown)) != len(shown)
        or (piece.complete and not finished)
    ):
        raise NotTaken(f"‘{name}’ in this export says what cannot be")


def _json(archive, name, model):
    return _validated(name, archive.read(name), model)


def _validated(name, given, model):
    try:
        return model.validate_json(given)
    except ValidationError as fault:
        # Of what is wrong only where: what stands there may be about a family.
        first = fault.errors(include_input=False, include_url=False)[0]
        where = " ".join(str(part) for part in first["loc"])[:100]
        raise NotTaken(f"‘{name}’ in this export cannot be read: {where or 'it is no JSON'}") from None
