"""Packs, for tests: asked for, made and read."""

import io

from django.core.files.storage import default_storage
from pypdf import PdfReader

from portfolios import pack_transitions, working
from portfolios import transitions as portfolios
from portfolios.models import Pack, PackKind
from portfolios.pack_transitions import Wanted
from reviews import pack
from tests.council import NOW
from tests.portfolios.makers import headings_of, picture, piece_of, said, upload, word_file
from tests.reviews.test_bundle import pdf_file


def with_files(application):
    """Two examples under the first heading, one of them under the second too, with files of every kind."""
    first, second, *_ = headings_of(application.portfolio)
    worker, portfolio = application.worker, application.portfolio
    piece = piece_of(worker, portfolio, [first, second], fields=said(title="A core group that I chaired"))
    for file in (
        pdf_file(3, name="plan.pdf"),
        upload(picture(), "drawing.png"),
        upload(word_file(), "letter.docx"),
    ):
        portfolios.attach_file(piece, worker=worker, upload=file, now=NOW)
    piece_of(worker, portfolio, [first], fields=said(title="A second visit"))
    return application


def of(application):
    return Wanted(PackKind.PORTFOLIO, portfolio=application.portfolio)


def submitted_of(application):
    return Wanted(PackKind.SUBMISSION, submission=application.portfolio.submissions.get())


def made(wanted, person, now=NOW):
    pack_transitions.ask_for(wanted, actor=person, now=now)
    waiting = working.claim(Pack, now=now)
    pack.make(waiting, now=lambda: now)
    return Pack.objects.get(pk=waiting.pk)


def content(pack):
    with default_storage.open(pack.stored_as) as file:
        return file.read()


def read(pack):
    return PdfReader(io.BytesIO(content(pack)))


def words(reader, *pages):
    found = [reader.pages[number - 1] for number in pages] if pages else reader.pages
    return " ".join(" ".join(page.extract_text().split()) for page in found)
