"""Turns a letter's HTML into a tagged PDF/UA-1 document. Nothing here knows what the letter says.

The same body, stylesheet, date and attachments give the same bytes: no clock and no random name gets in.
Drawing a letter opens no address and no local file, whatever its HTML asks for.
"""

import gc
import threading
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape
from pathlib import Path
from xml.etree.ElementTree import fromstring  # nosec B405 - it reads what we wrote

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from payroll.pdf_tags import finish

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "payroll" / "pdf"
START = (TEMPLATES / "start.css").read_text(encoding="utf-8")

# What a letter must not hold: control characters and the others that XML may not have, halves of surrogate
# pairs, and the marks that turn the direction of what follows, so that nobody's name rewrites the form.
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
    """A PDF carried inside the PDF: `name` is the file's, `description` is for people to read or hear."""

    name: str
    description: str
    content: bytes


class RefusingFetcher(URLFetcher):
    """Refuses every address, `file:` and `data:` among them: a letter needs nothing but its own words."""

    def fetch(self, url, headers=None):
        raise ValueError("A letter fetches nothing")


# Slow to build and the same for every letter: one a process. Pango's fonts are not safe between threads, so
# the press takes one letter at a time.
fetcher = RefusingFetcher()
fonts = FontConfiguration()
press = threading.Lock()


@lru_cache(maxsize=16)
def parsed(css):
    return CSS(string=css, url_fetcher=fetcher)


class Page(HTML):
    """A letter's page, read and dressed faster than WeasyPrint reads and dresses any page of the web.

    It is read by Python's own XML parser, as every letter is well-formed, and starts from start.css in place
    of WeasyPrint's own rules, which give each element six pseudo-elements that no letter shows. Neither door
    is public, though WeasyPrint's own tests use the second: a test here draws letters both ways and wants the
    same bytes.
    """

    def __init__(self, document):
        self.base_url = None
        self.url_fetcher = fetcher
        self.media_type = "print"
        # It is our own, and all that people typed in it is escaped.
        root = fromstring(document)  # noqa: S314 # nosec B314
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root

    def _ua_stylesheets(self, forms=False):
        return [parsed(START)]


def render(body, css, *, title, modified: datetime, lang="en-GB", attachments=()):
    """The PDF, in bytes, of the well-formed HTML `body` under the stylesheet `css`.

    `modified`, in UTC, is the date written in the file: it comes from the case, never from the clock.
    `attachments` are AttachedFile. A <span> in the body is words struck out, and nothing else: see pdf_tags.
    Raises xml.etree.ElementTree.ParseError where a template leaves a tag open.
    """
    document = whole_page(body, title=title, lang=lang, modified=modified)
    with press, collector_at_rest():
        page = Page(document)
        struck_out = ["".join(span.itertext()) for span in page.etree_element.iter("span")]
        return page.write_pdf(
            font_config=fonts,
            stylesheets=[parsed(css)],
            pdf_variant="pdf/ua-1",
            attachments=[
                Attachment(
                    string=attachment.content,
                    name=attachment.name,
                    description=attachment.description,
                    created=modified,
                    modified=modified,
                    url_fetcher=fetcher,
                )
                for attachment in attachments
            ],
            finisher=lambda _, pdf: finish(pdf, struck_out),
        )


def whole_page(body, *, title, lang, modified):
    """The document round a letter's body, with the title and language that PDF/UA wants. Well-formed XML."""
    stamp = f"{modified:%Y-%m-%dT%H:%M:%SZ}"
    document = (
        f'<html lang="{escape(lang)}"><head><title>{escape(title)}</title>'
        f'<meta name="dcterms.created" content="{stamp}"/><meta name="dcterms.modified" content="{stamp}"/>'
        f"</head><body>{body}</body></html>"
    )
    return unicodedata.normalize("NFC", document.translate(UNPRINTABLE))


@contextmanager
def collector_at_rest():
    """A letter is some ten thousand small objects that live until it is done: to look for garbage among them
    finds little and takes a twentieth of the time. One pass afterwards takes them all.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
