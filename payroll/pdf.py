"""Turns a letter's HTML into a tagged PDF/UA-1 document. Nothing here knows what the letter says.

The same HTML, stylesheet, date and attachments give the same bytes: there is no clock and no random name in the file.
The renderer opens no address and no local file, whatever the HTML asks for.
"""

import hashlib
import threading
import zlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape

import pydyf
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

# Tags that open a struck-out alternative in a template: see `_say_what_is_struck_out`.
STRUCK_OUT = "span"


class RefusingFetcher(URLFetcher):
    """Refuses every address, `data:` and `file:` among them: a letter needs nothing but its own words."""

    def fetch(self, url, headers=None):
        raise ValueError("A letter fetches nothing")


@dataclass(frozen=True)
class AttachedFile:
    """A file carried inside the PDF: `name` as the reader sees it, `description` in words for screen readers."""

    name: str
    description: str
    content: bytes


class _Renderer:
    """What is costly to build and safe to share, one a process: fonts, the fetcher and the lock.

    WeasyPrint's font map is not safe between threads, so one letter is drawn at a time.
    """

    def __init__(self):
        self.fetcher = RefusingFetcher()
        self.fonts = FontConfiguration()
        self.lock = threading.Lock()


@lru_cache(maxsize=1)
def _renderer():
    return _Renderer()


@lru_cache(maxsize=16)
def _stylesheet(css):
    return CSS(string=css, url_fetcher=_renderer().fetcher)


def whole_page(body, *, title, lang, modified):
    """The HTML document around a letter's body. The title and the language are what PDF/UA asks for."""
    stamp = f"{modified:%Y-%m-%dT%H:%M:%SZ}"
    return (
        f'<!doctype html><html lang="{escape(lang)}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="dcterms.created" content="{stamp}"><meta name="dcterms.modified" content="{stamp}">'
        f"</head><body>{body}</body></html>"
    )


def render(body, css, *, title, modified: datetime, lang="en-GB", attachments=()):
    """The PDF, as bytes, of the HTML `body` under the stylesheet `css`.

    `modified` is the date written in the file, in UTC; the caller takes it from the case, never from the clock.
    `attachments` are AttachedFile, embedded as associated files.
    """
    document = whole_page(body, title=title, lang=lang, modified=modified)
    renderer = _renderer()
    with renderer.lock:
        html = HTML(string=document, url_fetcher=renderer.fetcher)
        return html.write_pdf(
            font_config=renderer.fonts,
            stylesheets=[_stylesheet(css)],
            pdf_variant="pdf/ua-1",
            pdf_identifier=_identifier(document, css, attachments),
            attachments=[
                Attachment(
                    string=attachment.content,
                    name=attachment.name,
                    description=attachment.description,
                    created=modified,
                    modified=modified,
                    url_fetcher=renderer.fetcher,
                )
                for attachment in attachments
            ],
            finisher=lambda _, pdf: _finish(pdf, html),
        )


def _identifier(document, css, attachments):
    digest = hashlib.sha256(document.encode())
    digest.update(css.encode())
    for attachment in attachments:
        digest.update(attachment.content)
    return digest.hexdigest()[:32].encode()


def _finish(pdf, html):
    pass
