"""Reads one uploaded file through, in a process of its own: `python -m portfolios.inspection pdf 7 < file`.

Prints one line of JSON: the `verdict`, one of VERDICTS; the file's `text`; what is `hidden` in it, if
anything. Where the verdict is "ok", the file as it is kept, without what it says of whoever made it, is
written to the descriptor that the command names. A file made to swell or to crash its reader ends this
process and no other, which is why nothing here imports Django.
"""

import io
import json
import os
import resource
import sys

from portfolios import document_reading, inspection_picture
from portfolios.inspection_verdicts import Found

MEMORY = 768 * 1024**2
SECONDS = 20
LARGEST_WRITTEN = 32 * 1024**2
"""Bytes."""

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What libmagic calls each kind, as given and once written anew: it knows a Word document by its parts' order.
CALLED = {
    "pdf": ({"application/pdf"}, {"application/pdf"}),
    "word": ({WORD, "application/zip", "application/octet-stream"}, {WORD}),
    "jpeg": ({"image/jpeg"}, {"image/jpeg"}),
    "png": ({"image/png"}, {"image/png"}),
}


def inspect(kind, content):
    """({"verdict", "text", "hidden"}, the bytes to keep) of `content`, said to be a `kind` of CALLED."""
    try:
        text, hidden, kept = _read_through(kind, content)
    except Found as found:
        return _said(found.args[0]), b""
    except MemoryError:
        return _said("too-big"), b""
    except Exception:  # whatever a reader stumbles over, the file is not what it should be
        return _said("broken"), b""
    return _said("ok", text, hidden), kept


def _said(verdict, text="", hidden=None):
    return {"verdict": verdict, "text": text, "hidden": hidden}


def _read_through(kind, content):
    """(its text, what is hidden in it, the bytes to keep), which are read through as the given ones were."""
    check, cleaned = _readers(kind)
    given, kept = CALLED[kind]
    _check_called(content, given)
    check(content)
    anew = cleaned(content)
    _check_called(anew, kept)
    check(anew)
    text, hidden = document_reading.read(kind, io.BytesIO(anew))
    return text, hidden, anew


def _readers(kind):
    """(check, cleaned) of a kind. Each kind's libraries are loaded for it alone."""
    if kind == "pdf":
        from portfolios import inspection_pdf

        return inspection_pdf.check, inspection_pdf.cleaned
    if kind == "word":
        from portfolios import inspection_word

        return inspection_word.check, inspection_word.cleaned
    form = kind.upper()
    return (
        lambda content: inspection_picture.check(form, content),
        lambda content: inspection_picture.cleaned(form, content),
    )


def _check_called(content, expected):
    import pylibmagic  # noqa: F401 - says where libmagic is, so it comes first

    # isort: split
    import magic

    if magic.from_buffer(content, mime=True) not in expected:
        raise Found("broken")


def _run(kind, descriptor):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    said, kept = inspect(kind, sys.stdin.buffer.read())
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(kept)
    except OSError:
        said = _said("no-room")
    print(json.dumps(said))


if __name__ == "__main__":
    _run(sys.argv[1], int(sys.argv[2]))
