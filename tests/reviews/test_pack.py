"""A portfolio as one PDF: what is in it, on which page, how it is asked for, made and swept away. R7, R8."""

import io
import re
import time

import pikepdf
import pytest
from pypdf import PdfReader

from competencies.selectors import headings_evidenced
from portfolios import policies
from portfolios import transitions as portfolios
from portfolios.models import Stand
from portfolios.self_assessment_transitions import say_where_you_stand
from tests import walk
from tests.council import NOW, manager_of
from tests.payroll import pdf_reading
from tests.portfolios.exports import own_folder
from tests.portfolios.makers import headings_of, piece_of, said
from tests.portfolios.test_observers import answered, ask
from tests.reviews.packs import content, made, of, read, submitted_of, with_files, words
from tests.reviews.test_bundle import bookmarks, pdf_file
from tests.walk import State, application_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(own_folder.__name__)]


@pytest.fixture
def application():
    return application_at(State.DRAFT)


@pytest.fixture
def filled(application):
    return with_files(application)


def test_everything_is_in_it_each_once_with_a_number_on_every_page(filled):
    one = made(of(filled), filled.worker)
    reader = read(one)
    assert len(reader.pages) == one.pages
    for number, page in enumerate(reader.pages, 1):
        assert f"Page {number} of {one.pages}" in page.extract_text()
    text = words(reader)
    assert text.count("I met the child alone before the group met.") == 2, "each example is told once"
    for heading in headings_of(filled.portfolio):
        assert heading.name in text
    assert "not submitted" in words(reader, 1)
    assert "It is a Word document. Open it separately." in text


def test_contents_and_bookmarks_lead_to_the_same_pages_past_the_files(filled):
    reader = read(made(of(filled), filled.worker))
    marked = bookmarks(reader)
    lines = [
        line for page in reader.pages[1:4] for line in page.extract_text().splitlines() if line[-1:].isdigit()
    ]
    printed = {line.rsplit(" ", 1)[0]: int(line.rsplit(" ", 1)[1]) for line in lines}
    wanted = [title for title in marked if title.startswith(("Example", "Document"))]
    assert len(wanted) == 5
    for title in wanted:
        assert printed[title] == marked[title], title
        assert title in words(reader, marked[title])
    assert marked["Document 2: drawing.png"] - marked["Document 1: plan.pdf"] == 4, "three pages lie between"
    assert "Document 1: plan.pdf" in words(reader, marked["Document 1: plan.pdf"] + 2), "at the head of each"


def test_a_title_with_spaces_and_letters_that_are_written_otherwise_has_its_page_too(application):
    heading = headings_of(application.portfolio)[0]
    fields = said(title="Two  spaces, a cafe\u0301: Document 7: and a \u202e turn")
    piece_of(application.worker, application.portfolio, [heading], fields=fields)
    assert "0000" not in words(read(made(of(application), application.worker)))


def test_it_is_tagged_and_a_page_of_a_file_is_a_figure_named_in_words(filled):
    with pikepdf.open(io.BytesIO(content(made(of(filled), filled.worker)))) as pdf:
        elements = [
            one
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == pikepdf.Name.StructElem
        ]
        figures = sorted(str(one.Alt) for one in elements if one.S == pikepdf.Name.Figure)
        assert figures == ["Page 1 of 1 of drawing.png", *(f"Page {n} of 3 of plan.pdf" for n in (1, 2, 3))]
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "en-GB"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert "not submitted" in metadata["dc:title"]
        parents = dict(zip(*[iter(list(pdf.Root.StructTreeRoot.ParentTree.Nums))] * 2, strict=True))
        for page in pdf.pages:
            assert int(page.StructParents) in parents
            inside = 0
            for _, operator in pikepdf.parse_content_stream(page):
                inside += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
                if str(operator) in ("Tj", "TJ", "Do", "f", "S"):
                    assert inside, "something on a page is neither in the tree nor set aside"
        levels = _headings(pdf.Root.StructTreeRoot)
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def _headings(element):
    kids = element.get("/K", [])
    found = []
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            kind = str(kid.S)[1:]
            found += [int(kind[1])] if kind[:1] == "H" and kind[1:].isdigit() else []
            found += _headings(kid)
    return found


def test_the_same_content_gives_the_same_bytes(filled):
    first = content(made(of(filled), filled.worker))
    again = content(made(of(filled), filled.worker))
    assert first == again
    piece_of(filled.worker, filled.portfolio, headings_of(filled.portfolio)[:1])
    assert content(made(of(filled), filled.worker)) != first


def test_what_the_worker_says_of_themselves_stands_beside_the_criterion(application):
    heading = headings_evidenced(application.portfolio.step)[0]
    answers = {heading.criteria[0].pk: (Stand.DOING, "Each week in supervision.")}
    say_where_you_stand(
        application.worker, actor=application.worker, heading=heading, answers=answers, seen=0, now=NOW
    )
    reading = pdf_reading.read(content(made(of(application), application.worker)))
    rows = {" ".join(key.split()): value for key, value in reading.rows().items()}
    assert rows[heading.criteria[0].text] == "I do this Each week in supervision."


def test_what_an_observer_said_stands_with_the_example(application):
    piece = piece_of(application.worker, application.portfolio, headings_of(application.portfolio)[:1])
    answered(ask(piece, now=NOW), now=NOW, name="Ines Alvarez", words="She listened before she asked.")
    text = words(read(made(of(application), application.worker)))
    assert "Testimony of Ines Alvarez" in text and "She listened before she asked." in text


def test_a_word_without_an_end_holds_nobody_up(application):
    fields = said(what_i_did="w" * 20_000, outcome="w" * 20_000, what_i_learned="w" * 20_000)
    piece_of(application.worker, application.portfolio, headings_of(application.portfolio)[:1], fields=fields)
    began = time.process_time()
    made(of(application), application.worker)
    assert time.process_time() - began < 20


def test_a_file_that_is_being_checked_has_a_page_that_says_so(application, settings):
    piece = piece_of(application.worker, application.portfolio, headings_of(application.portfolio)[:1])
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    portfolios.attach_file(piece, worker=application.worker, upload=pdf_file(2), now=NOW)
    text = words(read(made(of(application), application.worker)))
    assert "It is still being checked for viruses." in text
    assert "Page 1 of 2 of" not in text


def test_drafts_are_left_out_and_counted(filled):
    first = headings_of(filled.portfolio)[0]
    fields = said(title="Half a thought", outcome="")
    piece_of(filled.worker, filled.portfolio, [first], fields=fields, as_draft=True)
    text = words(read(made(of(filled), filled.worker)))
    assert "Half a thought" not in text
    assert "One draft is left out." in text


def test_an_empty_portfolio_has_its_pack(application):
    reader = read(made(of(application), application.worker))
    text = words(reader)
    headings = text.count("No example yet.")
    assert headings == len(policies.asked(application.portfolio).evidenced)
    assert len(reader.pages) < headings, "a heading without examples does not take a page of its own"


def test_a_heading_whose_examples_are_told_elsewhere_takes_no_page_of_its_own(application):
    headings = headings_of(application.portfolio)
    piece_of(application.worker, application.portfolio, headings, fields=said(title="It shows it all"))
    reader = read(made(of(application), application.worker))
    marked = bookmarks(reader)
    assert len(reader.pages) < len(headings)
    pages = [page for title, page in marked.items() if re.match(r"\d+\. ", title)]
    assert len(pages) == len(headings) and pages == sorted(pages)


def test_a_submission_stays_as_it_was_submitted(filled):
    walk.portfolio_filled(filled)
    application = walk.submitted(filled)
    before = content(made(submitted_of(application), application.worker))
    walk.returned(application)
    for piece in application.worker.evidence.all():
        portfolios.remove_evidence(piece, worker=application.worker, now=NOW)
    again = content(made(submitted_of(application), manager_of(application)))
    assert before == again
    text = words(PdfReader(io.BytesIO(again)))
    assert application.reference in text and "not submitted" not in text
    assert application.portfolio.submissions.get().sha256 in text.replace(" ", "")
