"""Turns a letter's HTML into a tagged PDF/UA-1 document. Nothing here knows what the letter says.

The same body, stylesheet, date and attachments give the same bytes: no clock and no random name gets into the file.
Drawing a letter opens no address and no local file, whatever its HTML asks for.
"""

import os
import threading
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape

from weasyprint import CSS, HTML, Attachment
from weasyprint.urls import URLFetcher

from payroll.pdf_fonts import letter_fonts
from payroll.pdf_tags import complete_tags

# Characters that a letter must not hold: control characters, which its XML metadata may not have, halves of
# surrogate pairs, and the marks that turn the direction of what follows, so that nobody's name rewrites the form.
UNPRINTABLE = dict.fromkeys(
    [
        *(code for code in range(0x20) if chr(code) not in "\t\n\r"),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xD800, 0xE000),
        0xFFFE,
        0xFFFF,
    ]
)


@dataclass(frozen=True)
class AttachedFile:
    """A file carried inside the PDF: `name` is the file's, `description` is for people to read or hear."""

    name: str
    description: str
    content: bytes


class RefusingFetcher(URLFetcher):
    """Refuses every address, `file:` and `data:` among them: a letter needs nothing but its own words."""

    def fetch(self, url, headers=None):
        raise ValueError("A letter fetches nothing")


class Press:
    """What is slow to build and the same for every letter: one a process.

    Pango's fonts are not safe between threads, so `lock` lets one letter through at a time.
    """

    def __init__(self):
        self.lock = threading.Lock()
        self.fetcher = RefusingFetcher()
        self.fonts = letter_fonts()


@lru_cache(maxsize=1)
def press():
    return Press()


@lru_cache(maxsize=16)
def parsed(css):
    return CSS(string=css, font_config=press().fonts, url_fetcher=press().fetcher)


def render(body, css, *, title, modified: datetime, lang="en-GB", attachments=()):
    """The PDF, in bytes, of the HTML `body` under the stylesheet `css`.

    `modified`, in UTC, is the date written in the file: it comes from the case, never from the clock.
    `attachments` are AttachedFile. A <span> in the body is words struck out, and nothing else: see pdf_tags.
    """
    document = whole_page(body, title=title, lang=lang, modified=modified)
    with press().lock, no_clock():
        html = HTML(string=document, url_fetcher=press().fetcher)
        struck_out = ["".join(span.itertext()) for span in html.etree_element.iter("span")]
        return html.write_pdf(
            font_config=press().fonts,
            stylesheets=[parsed(css)],
            pdf_variant="pdf/ua-1",
            attachments=[
                Attachment(
                    string=attachment.content,
                    name=attachment.name,
                    description=attachment.description,
                    created=modified,
                    modified=modified,
                    url_fetcher=press().fetcher,
                )
                for attachment in attachments
            ],
            finisher=lambda _, pdf: complete_tags(pdf, struck_out),
        )


def whole_page(body, *, title, lang, modified):
    """The HTML document round a letter's body, with the title and language that PDF/UA wants."""
    stamp = f"{modified:%Y-%m-%dT%H:%M:%SZ}"
    document = (
        f'<!doctype html><html lang="{escape(lang)}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        f'<meta name="dcterms.created" content="{stamp}"><meta name="dcterms.modified" content="{stamp}">'
        f"</head><body>{body}</body></html>"
    )
    return unicodedata.normalize("NFC", document.translate(UNPRINTABLE))


@contextmanager
def no_clock():
    """fontTools writes the time into each font that it cuts, unless this variable of its own tells it the time."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
