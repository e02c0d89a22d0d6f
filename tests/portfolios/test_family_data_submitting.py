"""The family data gate in files and on submitting: what was saved is looked through again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portfolios import family_data_selectors as gate
from portfolios import family_data_transitions as naming
from portfolios import policies, portfolio_transitions, selectors, transitions
from portfolios import sharing_transitions as sharing
from portfolios.models import Claim, Declaration, Evidence, FoundInFile, WordsOfFile
from portfolios.tasks import sweep_attachments
from reviews.transitions import begin_assessment
from tests.council import NOW, manager_of
from tests.portfolios.hostile_documents import paragraph, pdf_of, run, with_annotation, word_of
from tests.portfolios.makers import headings_of, piece_of, said, upload
from tests.portfolios.test_family_data_gate import PHONE, RANG, REASON, answered
from tests.portfolios.test_form import NEW, again, edit_of, text_of, typed
from tests.reading import text
from tests.walk import State, application_at, submitted


@pytest.fixture
def portfolio(db):
    return application_at(State.DRAFT).portfolio


@pytest.fixture
def worker(portfolio, client):
    client.force_login(portfolio.worker)
    return portfolio.worker


def answer(piece, *, worker, portfolio):
    """The piece as saved with a reason for everything in it that looks like family data."""
    reasons = {one.digest: REASON for one in gate.looked_through(piece).unanswered}
    return transitions.save_evidence(
        piece,
        worker=worker,
        portfolio=portfolio,
        base_revision=piece.revision,
        fields={},
        reasons=reasons,
        now=NOW,
    )


class TestInFiles:
    def test_what_a_file_says_is_asked_of_by_its_shape_and_its_text_is_not_kept(self, client, worker):
        file = upload(pdf_of(f"<p>Page</p><p style='break-before:page'>{RANG} {PHONE}</p>"), "plan.pdf")
        page = text_of(client.post(NEW, typed(files=[file])))
        assert "in the file ‘plan.pdf’, page 2, 2 times in all" in page
        assert "<mark>0•••0 9••••3</mark>" in page and PHONE not in page
        assert "Take the file off, or say why it stays" in page
        piece = Evidence.objects.get()
        assert not piece.complete
        row = FoundInFile.objects.values().get()
        assert (row["kind"], row["masked"], row["page"], row["times"]) == (
            "phone number",
            "0•••0 9••••3",
            2,
            2,
        )

    def test_answered_it_counts(self, client, worker):
        client.post(NEW, typed(files=[upload(pdf_of(RANG))]))
        piece = Evidence.objects.get()
        assert client.post(edit_of(piece), again(piece, **answered(piece))).status_code == 302
        piece.refresh_from_db()
        assert piece.complete
        assert Declaration.objects.get().field == "files"

    def test_taken_off_it_counts_and_nothing_of_it_stays(self, client, worker):
        client.post(NEW, typed(files=[upload(word_of(paragraph(run(RANG))), "plan.docx")]))
        piece = Evidence.objects.get()
        token = str(piece.attachments.get().token)
        assert client.post(edit_of(piece), again(piece, remove_files=[token])).status_code == 302
        piece.refresh_from_db()
        assert piece.complete
        sweep_attachments()
        assert not FoundInFile.objects.exists() and not WordsOfFile.objects.exists()

    @pytest.mark.parametrize(
        ("name", "marked"),
        [
            ("Kai_Smith.pdf", "Kai Smith"),
            ("visit to kai-smith.pdf", "kai-smith"),
            ("DOB 04-05-2012.pdf", "04-05-2012"),
            ("943 476 5919 plan.pdf", "943 476 5919"),
        ],
    )
    def test_what_a_file_is_called_is_asked_of_too(self, client, worker, name, marked):
        naming.watch_names(worker, names=["Kai Smith"], now=NOW)
        page = text_of(client.post(NEW, typed(files=[upload(pdf_of("<p>A plan.</p>"), name)])))
        assert f"in the name of the file ‘{name}’" in page and f"<mark>{marked}</mark>" in page
        piece = Evidence.objects.get()
        assert not piece.complete
        assert client.post(edit_of(piece), again(piece, **answered(piece))).status_code == 302
        piece.refresh_from_db()
        assert piece.complete and Declaration.objects.get().field == "files"

    @pytest.mark.parametrize("name", ["IMG_20260504_101530.pdf", "2026-05-04 Observation 2.pdf", "Kaia.pdf"])
    def test_a_file_s_number_or_day_is_no_family_s(self, client, worker, name):
        naming.watch_names(worker, names=["Kai"], now=NOW)
        assert client.post(NEW, typed(files=[upload(pdf_of("<p>A plan.</p>"), name)])).status_code == 302

    def test_a_clean_file_asks_nothing(self, client, worker):
        assert client.post(NEW, typed(files=[upload(pdf_of("<p>A clean plan.</p>"))])).status_code == 302
        assert Evidence.objects.get().complete

    def test_a_name_watched_for_later_is_found_in_a_file_kept_before(self, client, worker, portfolio):
        client.post(NEW, typed(files=[upload(pdf_of("<p>We met TYLER-JAMES O’Brien’s aunt.</p>"))]))
        piece = Evidence.objects.get()
        assert piece.complete
        naming.watch_names(worker, names=["Tyler James", "Obrien", "Brien", "Kai"], now=NOW)
        passages = gate.looked_through(piece).unanswered
        assert [one.marked for one in passages] == ["Obrien", "Tyler James"]
        assert b"tyler" not in bytes(WordsOfFile.objects.get().digests).lower()

    @pytest.mark.parametrize(
        ("file", "words"),
        [
            (
                upload(with_annotation("Text", Contents="Ask Kai")),
                "‘notes.pdf’ holds comments. Delete them all",
            ),
            (
                upload(word_of(paragraph(f"<w:ins>{run('Kai')}</w:ins>")), "plan.docx"),
                "‘plan.docx’ holds tracked changes. Accept or reject them all",
            ),
            (
                upload(pdf_of("<p style='color:white'>Secret</p>")),
                "‘notes.pdf’ holds words that nobody can see",
            ),
            (
                upload(pdf_of("<p style='background:black;color:black'>Secret</p>")),
                "‘notes.pdf’ has words under a box",
            ),
        ],
        ids=["comment", "tracked", "white", "covered"],
    )
    def test_what_cannot_be_seen_is_refused_at_the_door(self, client, worker, file, words):
        file.seek(0)
        page = text(client.post(NEW, typed(files=[file])))
        assert words in page
        assert not Evidence.objects.get().attachments.exists()


class TestOnSubmitting:
    @pytest.fixture
    def full(self, worker, portfolio):
        piece_of(worker, portfolio, headings_of(portfolio))
        assert policies.missing_before_submission(portfolio) == []
        return portfolio

    def test_a_name_added_since_blocks_with_a_link_to_the_piece(self, client, worker, full):
        naming.watch_names(worker, names=["Alone"], now=NOW)
        (missing,) = policies.missing_before_submission(full)
        assert missing.sentence == "Look at “A core group that I chaired” again: it may hold a name to watch."
        piece = Evidence.objects.get()
        assert (missing.url_name, missing.args) == ("portfolios:edit", (piece.pk,))
        page = text(client.get(reverse("progression:submit", args=[full.application.reference])))
        assert missing.sentence in page
        with pytest.raises(policies.Blocked):
            portfolio_transitions.freeze(full, worked_through_with_manager=True, now=NOW)

    def test_it_is_answered_where_the_link_leads(self, client, worker, full):
        naming.watch_names(worker, names=["Alone"], now=NOW)
        piece = Evidence.objects.get()
        page = client.get(edit_of(piece)).content.decode()
        assert "<mark>alone</mark>" in page
        reasons = {one.digest: REASON for one in gate.looked_through(piece).unanswered}
        transitions.save_evidence(
            piece,
            worker=worker,
            portfolio=full,
            base_revision=piece.revision,
            fields={},
            reasons=reasons,
            now=NOW,
        )
        submission = portfolio_transitions.freeze(full, worked_through_with_manager=True, now=NOW)
        stays = [one["stays"] for one in submission.content["evidence"].values()]
        assert stays == [[{"where": "What I did", "kind": "name", "reason": REASON}]]
        view = selectors.submission_view(submission)
        assert view.intact and view.headings[0].pieces[0].stays[0].reason == REASON

    def test_a_piece_that_is_not_claimed_blocks_nothing(self, worker, full):
        naming.watch_names(worker, names=["Elsewhere"], now=NOW)
        piece_of(worker, fields=said(title="Elsewhere"))
        assert policies.missing_before_submission(full) == []

    def test_a_reason_for_what_was_taken_out_later_is_not_handed_in(self, worker, full):
        piece = piece_of(worker, full, headings_of(full)[:1], fields=said(outcome=RANG))
        piece = answer(piece, worker=worker, portfolio=full)
        transitions.save_evidence(
            piece,
            worker=worker,
            portfolio=full,
            base_revision=piece.revision,
            fields={"outcome": "Mended."},
            now=NOW,
        )
        submission = portfolio_transitions.freeze(full, worked_through_with_manager=True, now=NOW)
        assert [one["stays"] for one in submission.content["evidence"].values()] == [[], []]

    def test_sixty_long_pieces_are_looked_through_in_one_query(self, worker, full):
        naming.watch_names(worker, names=[f"Nobody{number}" for number in range(200)], now=NOW)
        long = said(what_i_did="I met the family, and we agreed what to do next. " * 80)
        pieces = Evidence.objects.bulk_create(
            [
                Evidence(worker=worker, complete=True, created_at=NOW, updated_at=NOW, **long)
                for _ in range(60)
            ]
        )
        heading = headings_of(full)[0]
        Claim.objects.bulk_create(
            [Claim(portfolio=full, evidence=piece, competency=heading) for piece in pieces]
        )
        with CaptureQueriesContext(connection) as queries:
            assert gate.unanswered_in(full) == []
        assert len(queries) == 1


def test_whoever_assesses_reads_why_something_stays(client, db):
    application = application_at(State.DRAFT)
    portfolio, worker = application.portfolio, application.worker
    piece = piece_of(worker, portfolio, headings_of(portfolio), fields=said(outcome=RANG))
    answer(piece, worker=worker, portfolio=portfolio)
    portfolio.refresh_from_db()
    submitted(application)
    manager = manager_of(application)
    begin_assessment(application, actor=manager, now=NOW)
    client.force_login(manager)
    for name, *args in (("progression:submitted_portfolio",), ("reviews:assess_heading", "recording")):
        page = text(client.get(reverse(name, args=[application.reference, *args])))
        assert f"A phone number stays in “Outcome”. The worker’s reason: {REASON}" in page


def test_whoever_reads_a_shared_piece_reads_why_something_stays(client, db):
    application = application_at(State.DRAFT)
    portfolio, worker = application.portfolio, application.worker
    piece = piece_of(worker, portfolio, headings_of(portfolio), fields=said(outcome=RANG))
    answer(piece, worker=worker, portfolio=portfolio)
    naming.watch_names(worker, names=["core group"], now=NOW)
    piece = Evidence.objects.get()
    sharing.share(piece, actor=worker, now=NOW)
    client.force_login(manager_of(application))
    page = text(client.get(reverse("portfolios:shared_piece", args=[worker.pk, piece.pk])))
    assert f"A phone number stays in “Outcome”. The worker’s reason: {REASON}" in page
    assert "name to watch" not in page and "To look at" not in page, "the list is the worker's alone"
