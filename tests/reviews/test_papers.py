"""What the two sides put before a review: statements and documents, until it is decided. R20."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.permissions import NotAllowed
from people.policies import Blocked
from portfolios.attachments import Refused
from portfolios.tasks import sweep_attachments
from reviews import appeal_policies, bundle_transitions, paper_transitions
from reviews.models import AppealDocument, Bundle, Side, Statement
from tests import council, walk
from tests.built_once import built_once
from tests.council import NOW, organisation
from tests.portfolios.makers import picture, upload
from tests.reading import text
from tests.walk import State, application_at

PAGE = "/applications/<reference>/review/"
pytestmark = [pytest.mark.django_db, pytest.mark.rule("R20", scheme="medway-2010", page=PAGE)]


def build():
    place = organisation()
    return SimpleNamespace(
        place=place, application=application_at(State.UNDER_APPEAL, place), elsewhere=organisation()
    )


built, cases = built_once(build)


def say(cases, actor, words, base_revision=0):
    return paper_transitions.save_statement(
        cases.application, actor=actor, text=words, base_revision=base_revision, now=NOW
    )


def add(cases, actor, file=None, title="The plan"):
    return paper_transitions.add_document(
        cases.application, actor=actor, title=title, upload=file or upload(picture(), "plan.png"), now=NOW
    )


def decided(cases):
    return walk.dismissed(cases.application)


def test_each_side_has_its_own(cases):
    application = cases.application
    say(cases, application.worker, "I wrote it alone.")
    say(cases, application.assessor, "I did not see it.")
    add(cases, application.worker)
    add(cases, application.assessor)
    said = {one.side: one.text for one in Statement.objects.all()}
    assert said == {Side.WORKER: "I wrote it alone.", Side.MANAGER: "I did not see it."}
    assert {one.side for one in AppealDocument.objects.all()} == set(Side)


def test_nobody_else_puts_anything_before_it(cases):
    place = cases.place
    colleague = council.social_worker(cases.application.team)
    for user in (place.director, place.head, place.other_manager, colleague, cases.elsewhere.manager):
        with pytest.raises(NotAllowed):
            say(cases, user, "x")
        with pytest.raises(NotAllowed):
            add(cases, user)
    assert not Statement.objects.exists() and not AppealDocument.objects.exists()


def test_a_statement_saved_elsewhere_meanwhile_is_not_written_over(cases):
    worker = cases.application.worker
    assert say(cases, worker, "First.").revision == 1
    assert say(cases, worker, "First.").revision == 1, "the same words again are no change"
    with pytest.raises(paper_transitions.StaleStatement) as stale:
        say(cases, worker, "From another tab.", base_revision=0)
    assert stale.value.theirs.text == "First."
    assert say(cases, worker, "Second.", base_revision=1).revision == 2


def test_the_page_shows_what_was_saved_meanwhile(client, cases):
    worker = cases.application.worker
    client.force_login(worker)
    page = reverse("reviews:statement", args=[cases.application.reference])
    say(cases, worker, "From another tab.")
    answer = client.post(page, {"text": "Mine.", "revision": "0"})
    assert answer.status_code == 409
    assert "From another tab." in text(answer) and "Mine." in answer.content.decode()
    assert client.post(page, {"text": "Mine.", "revision": "1"}).status_code == 302
    assert Statement.objects.get().text == "Mine."


def test_every_change_asks_for_the_papers_anew_and_one_not_begun_will_do(cases):
    (first,) = Bundle.objects.filter(appeal=cases.application.appeal)
    say(cases, cases.application.worker, "First.")
    assert Bundle.objects.count() == 1
    assert bundle_transitions.claim(now=NOW) == first
    document = add(cases, cases.application.worker)
    assert Bundle.objects.count() == 2
    paper_transitions.remove_document(cases.application, document, actor=cases.application.worker, now=NOW)
    assert Bundle.objects.count() == 2
    newest = bundle_transitions.claim(now=NOW + timedelta(days=1))
    assert newest.number == 2, "the older one would be out of date"
    assert bundle_transitions.claim(now=NOW + timedelta(seconds=1)) is None


def test_whoever_added_a_document_takes_it_back_and_nobody_else(cases):
    document = add(cases, cases.application.worker)
    with pytest.raises(NotAllowed, match="person who added"):
        paper_transitions.remove_document(
            cases.application, document, actor=cases.application.assessor, now=NOW
        )
    paper_transitions.remove_document(cases.application, document, actor=cases.application.worker, now=NOW)
    assert AppealDocument.objects.get().removed_at == NOW


def test_the_same_file_is_kept_once_a_side(cases):
    first = add(cases, cases.application.worker)
    assert add(cases, cases.application.worker, title="Again") == first
    assert add(cases, cases.application.assessor) != first


def test_only_pdf_word_and_pictures(cases):
    page = SimpleUploadedFile("page.html", b"<script>alert(1)</script>")
    with pytest.raises(Refused, match="is not a PDF"):
        add(cases, cases.application.worker, file=page)
    assert not AppealDocument.objects.exists()


def test_not_more_than_fit_on_a_table(cases, monkeypatch):
    monkeypatch.setattr(appeal_policies, "MOST_DOCUMENTS", 1)
    add(cases, cases.application.worker)
    with pytest.raises(Blocked, match="the most there can be"):
        add(cases, cases.application.worker, file=upload(picture(size=(30, 10)), "red.png"))


def test_the_page_asks_no_more_for_many_documents(client, cases, django_assert_max_num_queries):
    client.force_login(cases.place.director)
    page = reverse("reviews:review", args=[cases.application.reference])
    add(cases, cases.application.worker)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for width in range(30, 42):
        add(cases, cases.application.worker, file=upload(picture(size=(width, 10)), f"{width}.png"))
    with django_assert_max_num_queries(len(few)):
        assert client.get(page).content.count(b"app-breakable") >= 13


def test_the_sweep_of_files_leaves_them(cases, monkeypatch):
    document = add(cases, cases.application.worker)
    monkeypatch.setattr("portfolios.tasks.SETTLED", timedelta(-1))
    sweep_attachments()
    assert default_storage.exists(document.stored_as)


@pytest.mark.rule("R21", scheme="medway-2010", page=PAGE)
def test_once_decided_they_stay_as_they_were(cases):
    worker = cases.application.worker
    say(cases, worker, "Before.")
    document = add(cases, worker)
    decided(cases)
    for late in (
        lambda: say(cases, worker, "After.", base_revision=1),
        lambda: add(cases, worker, file=upload(picture(size=(30, 10)), "red.png")),
        lambda: paper_transitions.remove_document(cases.application, document, actor=worker, now=NOW),
    ):
        with pytest.raises(Blocked, match="moved this application"):
            late()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reviews_statement SET text = 'other'",
        "DELETE FROM reviews_statement",
        "TRUNCATE reviews_statement",
        "UPDATE reviews_appealdocument SET removed_at = now()",
        "UPDATE reviews_appealdocument SET title = 'other'",
        "DELETE FROM reviews_appealdocument",
    ],
)
def test_nor_does_the_database_let_them_change(cases, change):
    say(cases, cases.application.worker, "Before.")
    add(cases, cases.application.worker)
    decided(cases)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="append-only|is decided|is fixed"), transaction.atomic():
            cursor.execute(change)
