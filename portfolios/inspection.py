"""Reads one uploaded file through, in a process of its own: `python -m portfolios.inspection pdf < file`.

Prints one word of VERDICTS. A file made to swell or to crash its reader ends this process and no other, which
is why nothing here imports Django.
"""

import resource
import sys
import warnings
import zipfile
from xml.parsers import expat

VERDICTS = ("ok", "broken", "protected", "macros", "active", "too-big")

MEMORY = 768 * 1024**2
SECONDS = 10
PIXELS = 60_000_000
WORD_PARTS = 5_000
WORD_BYTES = 300 * 1024**2
WORD_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


# What a PDF does by itself or at a touch, and what it carries: nothing of it belongs into evidence.
PDF_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"}
PDF_ACTIVE_KEYS = ("/JS", "/EF", "/XFA", "/RichMediaContent")
# Word fetches these when the document is opened, and a template may hold macros. One on a disk is usual.
WORD_FETCHED = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument", "/aFChunk")


class Found(Exception):
    """The verdict is settled: not ok."""


def pdf(file):
    import pikepdf

    try:
        with pikepdf.open(file) as document:
            if document.is_encrypted:
                raise Found("protected")
            if not document.pages:
                raise Found("broken")
            for page in document.pages:
                page.mediabox  # noqa: B018 - reading it is the test: the page is really there
            for thing in document.objects:
                _refuse_active(thing, (pikepdf.Dictionary, pikepdf.Stream), pikepdf.Array)
    except pikepdf.PasswordError:
        raise Found("protected") from None


def _refuse_active(thing, mappings, array):
    """Look through one of a PDF's objects, and what lies in it without a number of its own."""
    waiting = [thing]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, mappings):
            if any(key in thing for key in PDF_ACTIVE_KEYS) or str(thing.get("/S", "")) in PDF_ACTIONS:
                raise Found("active")
            inside = [thing.get(key) for key in thing.keys()]  # noqa: SIM118 - a stream has no other way
        elif isinstance(thing, array):
            inside = list(thing)
        else:
            continue
        waiting += [one for one in inside if isinstance(one, (*mappings, array)) and not one.is_indirect]


def word(file):
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        names = [part.filename for part in parts]
        if len(parts) > WORD_PARTS or sum(part.file_size for part in parts) > WORD_BYTES:
            raise Found("too-big")
        if len(set(names)) != len(names) or not {"[Content_Types].xml", "word/document.xml"}.issubset(names):
            raise Found("broken")
        if any(part.flag_bits & 1 for part in parts):
            raise Found("protected")
        if archive.testzip() is not None:
            raise Found("broken")
        types = _types_declared(archive.read("[Content_Types].xml"))
        if any("macroenabled" in name.lower() or "vbaproject" in name.lower() for name in [*types, *names]):
            raise Found("macros")
        if WORD_MAIN_TYPE not in types:
            raise Found("broken")
        _read_xml(archive.read("word/document.xml"))
        for name in names:
            if name.lower().endswith(".rels"):
                _read_xml(archive.read(name), _refuse_fetched)


def _types_declared(text):
    types = []
    _read_xml(text, lambda name, attributes: types.append(attributes.get("ContentType", "")))
    return types


def _refuse_fetched(_, attributes):
    target = attributes.get("Target", "").strip().lower()
    if attributes.get("Type", "").endswith(WORD_FETCHED) and target.startswith(("http:", "https:", "ftp:")):
        raise Found("active")


def _read_xml(text, on_element=None):
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = on_element
    parser.Parse(text, True)


def _refuse_doctype(*_):
    raise Found("broken")


def image(kind):
    def read(file):
        from PIL import Image

        Image.MAX_IMAGE_PIXELS = PIXELS
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(file, formats=[kind]) as picture:
                picture.verify()
            file.seek(0)
            with Image.open(file, formats=[kind]) as picture:
                picture.load()
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise Found("too-big") from None

    return read


READERS = {"pdf": pdf, "word": word, "jpeg": image("JPEG"), "png": image("PNG")}


def verdict(kind, file):
    """One of VERDICTS on the open binary `file`, said to be a `kind` of READERS."""
    try:
        READERS[kind](file)
    except Found as found:
        return found.args[0]
    except MemoryError:
        return "too-big"
    except Exception:  # whatever a reader stumbles over, the file is not what it should be
        return "broken"
    return "ok"


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    print(verdict(sys.argv[1], open(sys.stdin.fileno(), "rb", closefd=False)))
