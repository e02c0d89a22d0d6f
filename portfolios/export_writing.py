"""Writes everything that is a worker's own into a ZIP, one piece and one file at a time.

docs/export-format.md describes it. The same content gives the same bytes, but for the time in the manifest:
no clock and no number of a row gets in.
"""

import hashlib
import json
import zipfile

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Count, Q

from people.policies import Blocked
from portfolios import attachments, export_content, pack_transitions, working
from portfolios import export_format as form
from portfolios.kinds import ASKED
from portfolios.models import Attachment, Evidence, PackStage
from portfolios.models.scanned import ScanState

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day that a ZIP can name."""
BLOCK = 256 * 1024
READ_ME = """# Everything of yours

This is all that the service keeps of your own work, as it was when you asked for it.

- `pieces/`: each piece of your evidence twice: `.md` to read, `.json` for programs.
- `files/`: the files of those pieces. Each piece names its own.
- `manifest.json`: every file in here with its size and its SHA-256.

Comes back when you bring this file to the service again, with nothing doubled:

{own}

Is here for you to read, and does not come back: others had a part in it, or it stands in an application.

{reading}

It holds what you wrote about your work: keep it as safe as the case record.
"""


def make(pack, *, now):
    """Write it, and keep it. `now` is called for the time. Raises working.TakenOver."""
    with working.working_folder() as folder:
        path = folder / "export.zip"

        def told(done, total):
            working.tell(pack, PackStage.FILES, done=done, total=total, now=now())

        write(pack.asked_by, path, made_at=pack.asked_at, told=told)
        pack_transitions.keep(pack, path, now=now())


def write(worker, path, *, made_at, told=lambda done, total: None):
    """Write the worker's export to `path`; `told` how many of its pieces and files are in."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writer(archive).everything(worker, made_at, told)


class _Writer:
    def __init__(self, archive):
        self.archive = archive
        self.listed = {}

    def everything(self, worker, made_at, told):
        headings, criteria = export_content.headings(), export_content.criteria()
        self.text(form.READ_ME, _read_me())
        left_out = self.pieces(worker, headings, criteria, told)
        for name, rows in (
            ("self-assessment.json", export_content.self_assessment(worker, criteria)),
            ("names-to-watch.json", export_content.names_to_watch(worker)),
            ("training.json", export_content.training(worker, headings)),
            ("cpd.json", export_content.cpd(worker)),
            ("plan.json", export_content.plan(worker, headings)),
        ):
            self.json(name, [row.model_dump(mode="json") for row in rows])
        for name, said in export_content.for_reading(worker, headings).items():
            self.json(name, said)
        for name, said in export_content.submissions(worker):
            self.json(name, said)
        self.json("for-reading/left-out.json", left_out)
        manifest = form.Manifest(
            format=form.FORMAT,
            made_at=made_at,
            files=self.listed,
            comes_back=form.OWN,
            for_reading=form.FOR_READING,
        )
        self.json(form.MANIFEST, manifest.model_dump(mode="json"))

    def pieces(self, worker, headings, criteria, told):
        """Write each piece and its files. Returns what is left out."""
        kept = Q(attachments__removed_at=None, attachments__scan=ScanState.SAFE)
        counted = Evidence.objects.filter(worker=worker, removed_at=None).aggregate(
            pieces=Count("pk", distinct=True), files=Count("attachments", filter=kept)
        )
        total, done, left_out = counted["pieces"] + counted["files"], 0, []
        for one in export_content.pieces_of(worker):
            told(min(done, total), total)
            stored = {file.sha256: file for file in one.attachments.all() if file.scan == ScanState.SAFE}
            piece, left = export_content.piece(one, headings, criteria)
            lost = []
            for file in piece.files:
                if not self.file(file, stored[file.sha256]):
                    lost.append(file)
            left_out += left + [_lost(piece, file) for file in lost]
            piece = piece.model_copy(update={"files": [file for file in piece.files if file not in lost]})
            self.json(f"pieces/{piece.key}.json", piece.model_dump(mode="json"))
            self.text(f"pieces/{piece.key}.md", _readable(piece))
            done += 1 + len(piece.files)
        return left_out

    def file(self, file, kept: Attachment):
        """Write one file, once however many pieces have it. Returns whether its bytes are there."""
        if file.entry in self.listed:
            return True
        try:
            opened = attachments.open_readable(kept)
        except (FileNotFoundError, Blocked):
            return False
        with opened:
            # Compressed already, all of them: to compress again is time lost.
            self._write(file.entry, iter(lambda: opened.read(BLOCK), b""), zipfile.ZIP_STORED)
        return True

    def json(self, name, said):
        text = json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, sort_keys=True)
        self.text(name, text + "\n")

    def text(self, name, text):
        self._write(name, [text.encode()], zipfile.ZIP_DEFLATED)

    def _write(self, name, blocks, how):
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = how
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self.archive.open(info, "w") as entry:
            for block in blocks:
                entry.write(block)
                digest.update(block)
                size += len(block)
        self.listed[name] = form.Listed(bytes=size, sha256=digest.hexdigest())


def _lost(piece, file):
    return {"piece": str(piece.key), "file": file.name, "why": "It could not be read"}


def _read_me():
    def listed(parts):
        return "\n".join(f"- `{name}`: {words}" for name, words in parts.items())

    return READ_ME.format(own=listed(form.OWN), reading=listed(form.FOR_READING))


def _readable(piece):
    """A piece as its worker reads it."""
    kind = piece.kind
    lines = [f"# {piece.title or 'Untitled evidence'}", "", f"{kind.label}. " + _dated(piece), ""]
    for label, text in ASKED[kind].told_by(piece):
        lines += [f"## {label}", "", text or "Nothing yet.", ""]
    if piece.files:
        lines += ["## Files", "", *(f"- {file.name}: `{file.entry}`" for file in piece.files), ""]
    if piece.marks:
        lines += ["## What it shows", "", *(f"- {mark.heading} ({mark.scheme})" for mark in piece.marks), ""]
    return "\n".join(lines)


def _dated(piece):
    day = piece.practised_on
    finished = "Finished." if piece.complete else "A draft."
    return f"{day.day} {day:%B %Y}. {finished}" if day else f"No date yet. {finished}"
