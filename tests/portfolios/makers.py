"""A worker with a portfolio, pieces of evidence, and files of every kind: good, false and hostile."""

import io
import itertools
import uuid
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
WORD_TEXT = (
    b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:body><w:p><w:r><w:t>I met the child alone.</w:t></w:r></w:p></w:body></w:document>"
)
WORD_RELS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'officeDocument" Target="word/document.xml"/></Relationships>'
)

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
    """A PDF of one page that says `text`, in letters, digits and spaces."""
    document = pikepdf.new()
    page = document.add_blank_page()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.obj.Contents = document.make_stream(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode())
    return _saved(document.save, **options)


def word_file(types=WORD_TYPES, text=WORD_TEXT, extra=(), rels=WORD_RELS):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        if types is not None:
            archive.writestr("[Content_Types].xml", types)
        if rels is not None:
            archive.writestr("_rels/.rels", rels)
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


def typed(**fields):
    """What the browser sends for a finished new piece, with `fields` changed."""
    return {
        "key": str(uuid.uuid4()),
        "revision": "0",
        "kind": "practice example",
        "title": "A core group",
        "practised_on_0": "1",
        "practised_on_1": "11",
        "practised_on_2": "2025",
        "what_i_did": "I chaired it.",
        "outcome": "It agreed.",
        "what_i_learned": "To listen.",
        "headings_0": ["recording"],
    } | fields


def again(piece, **fields):
    """The same for a piece that is there."""
    return typed(key=str(piece.key), revision=str(piece.revision), **fields)
