"""A worker with a portfolio, pieces of evidence, and files of every kind: good, false and hostile."""

import io
import itertools
import zipfile
from datetime import date

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from competencies import selectors as competencies
from portfolios import transitions
from tests.council import NOW

WORD_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
WORD_TEXT = b"<?xml version='1.0'?><w:document xmlns:w='urn:w'><w:body/></w:document>"

_day = itertools.cycle(range(1, 29))


def headings_of(portfolio):
    """The competencies that the portfolio's evidence form asks for."""
    return [heading.competency for heading in competencies.headings_evidenced(portfolio.step)]


def said(**fields):
    """All that a finished piece of evidence says, with `fields` changed."""
    return {
        "title": "A core group that I chaired",
        "practised_on": date(2025, 11, next(_day)),
        "what_i_did": "I met the child alone before the group met.",
        "outcome": "The plan says what she asked for.",
        "what_i_learned": "To ask who is not in the room.",
    } | fields


def piece_of(worker, portfolio=None, competencies=None, **options):
    """A piece of evidence, finished unless `as_draft`; `fields` are what it says."""
    fields = options.pop("fields", None)
    return transitions.save_evidence(
        None,
        worker=worker,
        portfolio=portfolio,
        fields=said() if fields is None else fields,
        competencies=competencies,
        now=options.pop("now", NOW),
        **options,
    )


def upload(content, name="notes.pdf"):
    return SimpleUploadedFile(name, content)


def pdf_file(text="", **options):
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Title"] = text
    return _saved(document.save, **options)


def word_file(types=WORD_TYPES, text=WORD_TEXT, extra=()):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        if types is not None:
            archive.writestr("[Content_Types].xml", types)
        if text is not None:
            archive.writestr("word/document.xml", text)
        for name, content in extra:
            archive.writestr(name, content)
    return made.getvalue()


def picture(kind="PNG", size=(20, 10)):
    return _saved(Image.new("RGB", size, "teal").save, format=kind)


def _saved(save, **options):
    made = io.BytesIO()
    save(made, **options)
    return made.getvalue()
