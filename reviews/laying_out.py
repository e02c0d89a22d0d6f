"""Lays files out on A4 so that they can be bound into one PDF, each read in a process of its own. R20."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from people.policies import Blocked
from portfolios import attachments
from portfolios.models.scanned import ScanState
from reviews.one_paper import SECONDS

READERS = {"application/pdf": "pdf", "image/jpeg": "picture", "image/png": "picture"}

COULD_NOT = "It could not be put in here. Open it separately."
NO_ROOM = "There is no room for it here. Open it separately."
WORD = "It is a Word document. Open it separately."
UNREADABLE = {
    ScanState.CHECKING: "It is still being checked for viruses.",
    ScanState.REFUSED: "It was refused: a virus was found in it.",
    ScanState.SAFE: "It could not be read just now. Open it separately.",
}


@dataclass(frozen=True)
class FileToBind:
    """A file to put in: its number, what it belongs to, its name, the row that names it.

    `title` is what its own title page and its bookmark call it, `of` the part of the contents it stands in.
    """

    number: int
    title: str
    name: str
    of: str
    kept: object
    content_type: str


@dataclass(frozen=True)
class Laid:
    """A file laid out on A4: where, on how many pages. `why_not` says why one is not put in."""

    path: Path | None
    pages: int
    why_not: str = ""


@dataclass(frozen=True)
class Room:
    """The most that is bound into one PDF: what comes after is named, and opened separately."""

    size: int
    """Bytes, of all files together once they are laid out."""
    pages: int
    files: int


def lay_out_all(files, folder, *, room, told=lambda done: None):
    """A Laid for each FileToBind, in their order, until there is no more `room`. `told` how many are done."""
    laid, size, pages, bound = [], 0, 0, 0
    for number, file in enumerate(files):
        told(number)
        one = _lay_out(file, folder / f"{number}.pdf") if bound < room.files else Laid(None, 0, NO_ROOM)
        if one.path is not None:
            weight = one.path.stat().st_size
            if size + weight > room.size or pages + one.pages > room.pages:
                one.path.unlink()
                one = Laid(None, 0, NO_ROOM)
            else:
                size, pages, bound = size + weight, pages + one.pages, bound + 1
        laid.append(one)
    return laid


def _lay_out(file, out):
    reader = READERS.get(file.content_type)
    if reader is None:
        return Laid(None, 0, WORD)
    given = out.with_suffix(".given")
    command = [sys.executable, "-m", "reviews.one_paper", reader, str(given), str(out)]
    try:
        with attachments.open_readable(file.kept) as opened, given.open("wb") as copy:
            shutil.copyfileobj(opened, copy)
        done = subprocess.run(
            command,
            capture_output=True,
            cwd=settings.BASE_DIR,
            env=attachments.reader_surroundings(),
            timeout=2 * SECONDS,
            check=False,
        )
        made = int(done.stdout or 0) if done.returncode == 0 else 0
    except Blocked:
        return Laid(None, 0, UNREADABLE[ScanState(file.kept.scan)])
    except (FileNotFoundError, subprocess.TimeoutExpired, ValueError):
        made = 0
    finally:
        given.unlink(missing_ok=True)
    if not made or not out.exists():
        out.unlink(missing_ok=True)
        return Laid(None, 0, COULD_NOT)
    return Laid(out, made)
