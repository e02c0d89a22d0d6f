"""The papers of a hearing as one PDF: what is in it, on which page, and what a bad file does to it. R20."""

import io
import os
import time
from dataclasses import replace

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from people.roles import Role
from reviews import bundle, bundle_transitions, laying_out, paper_transitions, transitions
from reviews.models import Bundle
from reviews.tasks import make_bundles
from tests import council, walk
from tests.built_once import built_once
from tests.council import NOW
from tests.portfolios.makers import picture, upload
from tests.standing_in import handed_over
from tests.walk import State, application_at

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
    content, pages = bundle.make(waiting, now=NOW)
    return bundle_transitions.keep(waiting, content, pages=pages, now=NOW)


def _heard():
    found = application_at(State.UNDER_APPEAL)
    walk.heard(found)
    return found


built, application = built_once(_heard)


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


def test_a_word_without_an_end_holds_nobody_up():
    """In what somebody decided, which stands in the findings and again in the history: it took minutes."""
    place = council.organisation()
    application = application_at(State.RECOMMENDED, place)
    reasons = walk.WHY_NOT | {"reasons": "w" * 40_000}
    transitions.decline(application, actor=place.service_manager, **reasons, now=NOW)
    application.refresh_from_db()
    walk.heard(walk.under_review(application))
    began = time.process_time()
    made(application)
    assert time.process_time() - began < 10


def bookmarks(read):
    """{title: number of the page it leads to}, from 1."""
    return {item.title: read.get_destination_page_number(item) + 1 for item in _flat(read.outline)}


def _flat(items):
    for item in items:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


def contents(read):
    """{what: page} as the contents print them."""
    lines = read.pages[1].extract_text().splitlines()
    return {line.rsplit(" ", 1)[0]: int(line.rsplit(" ", 1)[1]) for line in lines if line[-1:].isdigit()}


def test_contents_and_bookmarks_lead_to_the_same_pages_past_the_files(application):
    add(application, application.worker, pdf_file(3))
    add(application, application.assessor, upload(picture(), "plan.png"), title="The plan")
    read = PdfReader(io.BytesIO(bytes(made(application).content)))
    printed, marked = contents(read), bookmarks(read)
    assert printed["Document 1: Court report"] == marked["Document 1: Court report"]
    assert marked["Document 2: The plan"] - marked["Document 1: Court report"] >= 4, "three pages lie between"
    for title, page in marked.items():
        if title in printed:
            assert printed[title] == page, title
        assert title in " ".join(read.pages[page - 1].extract_text().split())
    assert len([title for title in printed if title in marked]) == 9


def test_a_page_of_a_file_is_a_figure_with_words_and_every_number_is_set_aside(application):
    add(application, application.worker, pdf_file(2))
    with pikepdf.open(io.BytesIO(bytes(made(application).content))) as pdf:
        figures = [
            one
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == pikepdf.Name.Figure
        ]
        assert [str(one.Alt) for one in figures] == [
            "Page 1 of 2 of report.pdf",
            "Page 2 of 2 of report.pdf",
        ]
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "en-GB"
        parents = dict(zip(*[iter(list(pdf.Root.StructTreeRoot.ParentTree.Nums))] * 2, strict=True))
        for figure in figures:
            assert parents[int(figure.Pg.StructParents)][0].objgen == figure.objgen
        for page in pdf.pages:
            footers = [
                operands[1]
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) == "BDC" and str(operands[0]) == "/Artifact"
            ]
            assert any(str(one.get("/Subtype")) == "/Footer" for one in footers)


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"content_type": WORD}, "It is a Word document. Open it separately."),
        ({"content_type": "image/png"}, "It could not be put in here. Open it separately."),
        ({"gone": True}, "It could not be put in here. Open it separately."),
        ({"broken": b"%PDF-1.7 not one at all"}, "It could not be put in here. Open it separately."),
    ],
)
def test_a_file_that_cannot_be_put_in_is_named_and_the_rest_is_made(application, monkeypatch, change, says):
    """Whatever an upload got past the first inspection, or a disk has lost since."""
    document = add(application, application.worker, pdf_file(2))
    path = default_storage.path(document.stored_as)
    if "gone" in change:
        os.unlink(path)
    elif "broken" in change:
        with open(path, "wb") as file:
            file.write(change["broken"])
    else:
        monkeypatch.setattr(laying_out, "READERS", {"application/pdf": "picture", "image/png": "picture"})
        if change["content_type"] == WORD:
            monkeypatch.setattr(laying_out, "READERS", {})
    bound = made(application)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(bound.content))).pages)
    assert says in " ".join(text.split())


def test_files_beyond_what_it_holds_are_named(application, monkeypatch):
    monkeypatch.setattr(bundle, "ROOM", replace(bundle.ROOM, pages=3))
    add(application, application.worker, pdf_file(2))
    add(application, application.assessor, pdf_file(3, name="longer.pdf"), title="A longer report")
    text = " ".join(
        page.extract_text() for page in PdfReader(io.BytesIO(bytes(made(application).content))).pages
    )
    assert "There is no room for it here. Open it separately." in " ".join(text.split())


def test_it_is_made_once_and_never_changes(application):
    bound = made(application)
    again = bundle_transitions.keep(bound, b"%PDF other", pages=1, now=NOW)
    assert again.sha256 == bound.sha256
    with pytest.raises(IntegrityError, match="is fixed"), transaction.atomic():
        Bundle.objects.filter(pk=bound.pk).update(pages=99)


def test_one_that_cannot_be_made_waits_longer_each_time_and_says_no_word_of_the_papers(
    application, monkeypatch, caplog
):
    def broken(waiting, *, now):
        raise ValueError("The court report of October was not read.")

    monkeypatch.setattr("reviews.bundle.make", broken)
    monkeypatch.setattr("reviews.tasks.timezone.now", lambda: NOW)
    make_bundles()
    waiting = Bundle.objects.latest("number")
    assert (waiting.attempts, waiting.last_fault, waiting.made_at) == (1, "ValueError", None)
    assert waiting.try_at > NOW
    assert "October" not in caplog.text


def test_why_somebody_stepped_back_stays_out_of_it(application):
    """Whoever speaks for the worker reads the papers: they may know no more than the worker. R20."""
    spare = council.person(Role.ASSISTANT_DIRECTOR)
    application.team.service.officers.add(spare)
    handed_over(
        application, by=council.hearer_of(application), to=spare, reason="We were at school together."
    )
    read = PdfReader(io.BytesIO(bytes(made(application).content)))
    text = " ".join(" ".join(page.extract_text().split()) for page in read.pages)
    assert f"{spare.name} is to hear the review" in text
    assert "at school" not in text
