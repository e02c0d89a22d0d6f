"""The papers of a hearing as one PDF: what is in it, on which page, and what a bad file does to it. R20."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from reviews import bundle, bundle_transitions, paper_transitions
from tests import walk
from tests.portfolios.makers import picture, upload
from tests.walk import NOW, State, application_at

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R20", page="/applications/<reference>/review/papers/")]


def pdf_file(pages=2, name="report.pdf"):
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(842, 595))
    out = io.BytesIO()
    made.save(out)
    return SimpleUploadedFile(name, out.getvalue(), content_type="application/pdf")


def add(application, actor, file, title="Court report"):
    return paper_transitions.add_document(application, actor=actor, title=title, upload=file, now=NOW)


def made(application):
    waiting = bundle_transitions.claim(now=NOW)
    content, pages = bundle.make(waiting)
    return bundle_transitions.keep(waiting, content, pages=pages, now=NOW)


@pytest.fixture
def application():
    found = application_at(State.UNDER_APPEAL)
    walk.heard(found)
    return found


def test_everything_is_in_it_with_a_number_on_every_page_and_a_bookmark_for_every_part(application):
    add(application, application.worker, pdf_file(3))
    add(application, application.assessor, upload(picture(), "plan.png"), title="The plan")
    paper_transitions.save_statement(
        application, actor=application.worker, text="I wrote the report alone.", base_revision=0, now=NOW
    )
    bound = made(application)
    read = PdfReader(io.BytesIO(bytes(bound.content)))
    assert len(read.pages) == bound.pages
    for number, page in enumerate(read.pages, 1):
        assert f"Page {number} of {bound.pages}" in page.extract_text()
    titles = [item.title for item in read.outline if not isinstance(item, list)]
    assert [title for title in titles if title[:1].isdigit()] == titles[-7:]
    text = " ".join(" ".join(page.extract_text().split()) for page in read.pages)
    for words in ("I wrote the report alone.", application.appeal.grounds, walk.WHY_NOT["reasons"]):
        assert words in text
