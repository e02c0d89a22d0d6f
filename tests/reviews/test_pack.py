"""A portfolio as one PDF: what is in it, on which page, how it is asked for, made and swept away. R7, R8."""

import io
import os
import re
import time
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from competencies.selectors import headings_evidenced
from people.models import AuditEntry
from portfolios import pack_selectors, pack_transitions, policies
from portfolios import transitions as portfolios
from portfolios.models import Attachment, Pack, PackKind, PackStage, Stand
from portfolios.pack_transitions import TakenOver, Wanted
from portfolios.self_assessment_transitions import say_where_you_stand
from reviews import pack, tasks
from reviews.pack_selectors import pack_papers
from reviews.tasks import make_packs, sweep_packs
from tests import walk
from tests.council import NOW, manager_of, organisation
from tests.payroll import pdf_reading
from tests.portfolios.exports import own_folder
from tests.portfolios.makers import headings_of, picture, piece_of, said, upload, word_file
from tests.portfolios.test_observers import answered, ask
from tests.reviews.test_bundle import bookmarks, pdf_file
from tests.walk import State, application_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(own_folder.__name__)]


@pytest.fixture
def application():
    return application_at(State.DRAFT)


@pytest.fixture
def filled(application):
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
    waiting = pack_transitions.claim(now=now)
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


# Asking, making, keeping


def test_asked_twice_it_is_made_once(filled):
    for _ in range(2):
        pack_transitions.ask_for(of(filled), actor=filled.worker, now=NOW)
    assert Pack.objects.count() == 1
    with pytest.raises(IntegrityError, match="pack_one_waiting_a_person"), transaction.atomic():
        Pack.objects.create(**of(filled).of(filled.worker), asked_at=NOW, try_at=NOW)


def test_one_is_made_at_a_time_and_nobody_takes_it_from_whoever_works_on_it(filled):
    other = application_at(State.DRAFT)
    pack_transitions.ask_for(of(filled), actor=filled.worker, now=NOW)
    pack_transitions.ask_for(of(other), actor=other.worker, now=NOW)
    first = pack_transitions.claim(now=NOW)
    assert first.asked_by == filled.worker
    assert pack_transitions.claim(now=NOW) is None
    pack_transitions.tell(first, PackStage.DRAWING, done=0, total=0, now=NOW + timedelta(seconds=100))
    assert pack_transitions.claim(now=NOW + timedelta(seconds=200)) is None, "each step lengthens its time"


def test_what_a_killed_process_left_is_taken_up_and_the_late_one_keeps_nothing(filled, tmp_path):
    pack_transitions.ask_for(of(filled), actor=filled.worker, now=NOW)
    killed = pack_transitions.claim(now=NOW)
    later = NOW + pack_transitions.A_STEP
    taken = pack_transitions.claim(now=later)
    assert (taken.pk, taken.attempts) == (killed.pk, 2)
    before = set(default_storage.kept())
    path = tmp_path / "half.pdf"
    path.write_bytes(b"%PDF-half")
    with pytest.raises(TakenOver):
        pack_transitions.keep(killed, path, pages=1, now=later)
    with pytest.raises(TakenOver):
        pack_transitions.tell(killed, PackStage.BINDING, done=0, total=0, now=later)
    assert set(default_storage.kept()) == before, "nothing of it stays"
    pack.make(taken, now=lambda: later)
    assert Pack.objects.get().made_at == later


def test_what_a_killed_process_left_in_the_folder_for_temporary_files_goes_a_day_later(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left, others = tmp_path / "pack-being-made-old", tmp_path / "somebody-elses"
    for folder in (left, others):
        folder.mkdir()
        (folder / "1.pdf").write_bytes(b"%PDF-")
        os.utime(folder, (time.time() - 90_000,) * 2)
    young = tmp_path / "pack-being-made-now"
    young.mkdir()
    with pack_transitions.working_folder() as folder:
        assert folder.is_dir()
    assert sorted(tmp_path.iterdir()) == [young, others]


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "export"}, "pack_of_one_thing"),
        ({"portfolio": None}, "pack_of_one_thing"),
        ({"kind": "submission"}, "pack_of_one_thing"),
        ({"made_at": NOW}, "pack_made_whole"),
        ({"stored_as": "aa/1"}, "pack_made_whole"),
        ({"made_at": NOW, "stored_as": "a", "size": 0, "sha256": "a"}, "pack_made_whole"),
        ({"made_at": NOW, "stored_as": "a", "size": 1, "sha256": "a", "failed_at": NOW}, "made_or_failed"),
        ({"done": 2, "total": 1}, "pack_no_more_than_all"),
        ({"stage": "sleeping"}, "pack_stage_known"),
    ],
)
def test_postgresql_keeps_a_pack_whole(application, fields, constraint):
    pack_transitions.ask_for(of(application), actor=application.worker, now=NOW)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Pack.objects.update(**fields)


def test_one_that_cannot_be_made_waits_longer_each_time_then_is_given_up(filled, monkeypatch, caplog):
    def broken(pack, *, now):
        raise ValueError("The court report of October was not read.")

    monkeypatch.setitem(tasks.MAKERS, PackKind.PORTFOLIO, broken)
    pack_transitions.ask_for(of(filled), actor=filled.worker, now=NOW)
    now, waits = NOW, []
    for _ in range(pack_transitions.MOST_ATTEMPTS):
        monkeypatch.setattr("reviews.tasks.timezone.now", lambda now=now: now)
        make_packs()
        one = Pack.objects.get()
        waits.append(one.try_at - now)
        now = one.try_at
    assert waits == sorted(waits) and waits[0] < waits[-1]
    assert one.failed_at and one.last_fault == "ValueError"
    assert "October" not in caplog.text
    assert pack_selectors.asked(filled.worker, of(filled)).failed == one


def test_the_new_one_takes_the_place_of_the_old_and_a_week_later_it_goes(
    filled, monkeypatch, django_capture_on_commit_callbacks
):
    old = made(of(filled), filled.worker)
    with django_capture_on_commit_callbacks(execute=True):
        new = made(of(filled), filled.worker, now=NOW + timedelta(hours=1))
    assert list(Pack.objects.all()) == [new]
    assert not default_storage.exists(old.stored_as) and default_storage.exists(new.stored_as)
    monkeypatch.setattr("reviews.tasks.timezone.now", lambda: new.made_at + pack_transitions.KEPT_FOR)
    with django_capture_on_commit_callbacks(execute=True):
        sweep_packs()
    assert not Pack.objects.exists() and not default_storage.exists(new.stored_as)


def test_it_says_that_the_evidence_has_changed_since(filled):
    made(of(filled), filled.worker)
    assert not pack_selectors.asked(filled.worker, of(filled)).changed
    piece_of(filled.worker, now=NOW + timedelta(minutes=1))
    assert pack_selectors.asked(filled.worker, of(filled)).changed


# The pages


def test_from_the_button_to_the_file(filled, client):
    client.force_login(filled.worker)
    page = reverse("portfolios:pack")
    assert client.get(reverse("portfolios:pack_file")).status_code == 404
    assert client.post(page).status_code == 302
    waiting = client.get(page).content.decode()
    assert "<progress" in waiting and "Waiting to begin" in waiting and "Look again" in waiting
    state = client.get(reverse("portfolios:pack_state")).json()
    assert state == {"waits": True, "value": 0, "max": 3, "words": "Waiting to begin"}
    make_packs()
    assert client.get(reverse("portfolios:pack_state")).json() == {"waits": False}
    assert "Download your portfolio" in client.get(page).content.decode()
    answer = client.get(reverse("portfolios:pack_file"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="portfolio.pdf"'
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"
    noted = AuditEntry.objects.filter(kind=AuditEntry.Kind.READ, thing="portfolios_pack").get()
    assert noted.people == [filled.worker_id]


def test_nobody_has_what_somebody_else_asked_for(filled, client):
    application = walk.submitted(walk.portfolio_filled(filled) and filled)
    made(submitted_of(application), application.worker)
    file = reverse("progression:submission_pack_file", args=[application.reference, 1])
    client.force_login(application.worker)
    assert client.get(file).status_code == 200
    client.force_login(manager_of(application))
    assert client.get(file).status_code == 404, "their own is not made"
    page = reverse("progression:submission_pack", args=[application.reference, 1])
    assert client.post(page).status_code == 302
    make_packs()
    assert client.get(file).status_code == 200
    client.force_login(organisation().manager)
    for address in (page, file):
        assert client.get(address).status_code == 404
    assert Attachment.objects.filter(submitted_at__isnull=False).exists()


def test_sixty_files_are_counted_out(filled):
    pack_transitions.ask_for(of(filled), actor=filled.worker, now=NOW)
    waiting = pack_transitions.claim(now=NOW)
    pack_transitions.tell(waiting, PackStage.FILES, done=12, total=40, now=NOW)
    assert Pack.objects.get().progress == (12, 43, "Putting in the files: 12 of 40")
    assert len(pack_papers(waiting).files) == 3
