"""No file is read by anybody before the scanner has said that it is safe; one with a virus is deleted."""

import socketserver
import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from people.policies import Blocked
from portfolios import attachments, policies, portfolio_transitions, scanning, tasks, transitions
from portfolios.models import Attachment
from portfolios.models.scanned import ScanState
from reviews import bundle, bundle_transitions, paper_transitions
from reviews.laying_out import lay_out_all
from reviews.models import AppealDocument, Bundle
from reviews.tasks import make_bundles
from tests import walk
from tests.at_once import at_once
from tests.council import NOW, organisation
from tests.portfolios.makers import pdf_file, piece_of, upload
from tests.portfolios.scanner import VIRUS, scanner_running
from tests.walk import State, application_at, portfolio_filled

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def scanner(settings):
    """A scanner that runs, and to which each new file is to be shown."""
    with scanner_running() as running:
        settings.CLAMD_URL = running.url
        yield running


@pytest.fixture
def piece():
    return piece_of(organisation().worker)


def attach(piece, words="Notes", name="notes.pdf"):
    return transitions.attach_file(piece, worker=piece.worker, upload=upload(pdf_file(words), name), now=NOW)


def scanned(file, now=LATER):
    scanning.scan_waiting(now=lambda: now)
    file.refresh_from_db()
    return file


def bad(scanner, file):
    """Have the scanner find a virus in this file from now on."""
    scanner.viruses.append(default_storage.open(file.stored_as).read())
    return file


def test_without_a_scanner_a_file_is_safe_at_once(piece, settings):
    settings.CLAMD_URL = ""
    file = attach(piece)
    assert (file.scan, file.scan_settled_at, file.scan_try_at) == (ScanState.SAFE, NOW, None)


def test_a_file_is_closed_until_it_is_scanned_and_then_open(piece, scanner):
    file = attach(piece)
    assert (file.scan, file.scan_settled_at, file.scan_try_at) == (ScanState.CHECKING, None, NOW)
    with pytest.raises(Blocked, match="is being checked for viruses"):
        attachments.serve_attachment(file, about=file.evidence.worker_id)
    held = default_storage.open(file.stored_as).read()
    scanned(file)
    assert (file.scan, file.scan_found, file.scan_settled_at) == (ScanState.SAFE, "", LATER)
    assert scanner.seen == [held], "it was shown what is kept, whole"
    assert (
        b"".join(attachments.serve_attachment(file, about=file.evidence.worker_id).streaming_content) == held
    )


def test_a_file_with_a_virus_is_deleted_and_its_row_says_so(
    piece, scanner, django_capture_on_commit_callbacks
):
    file = bad(scanner, attach(piece))
    good = attach(piece, "Others")
    with django_capture_on_commit_callbacks(execute=True):
        scanned(file)
    assert (file.scan, file.scan_found) == (ScanState.REFUSED, VIRUS)
    assert not default_storage.exists(file.stored_as)
    with pytest.raises(Blocked, match="was refused: a virus was found in it"):
        attachments.serve_attachment(file, about=file.evidence.worker_id)
    good.refresh_from_db()
    assert good.scan == ScanState.SAFE
    assert default_storage.exists(good.stored_as)


def test_the_task_scans_what_waits(piece, scanner):
    file = attach(piece)
    tasks.scan_files()
    file.refresh_from_db()
    assert file.scan == ScanState.SAFE


@pytest.mark.parametrize("answer", [None, "", "INSTREAM size limit exceeded. ERROR", "stream: who knows"])
def test_whatever_else_the_scanner_does_the_file_stays_closed_and_is_tried_again(piece, scanner, answer):
    file = attach(piece)
    if answer == "":
        scanner.shutdown()
        scanner.server_close()
    else:
        scanner.answer = answer
    scanned(file)
    assert (file.scan, file.scan_try_at) == (ScanState.CHECKING, LATER + scanning.AGAIN_AFTER)
    assert scanning.claim(now=LATER) is None, "not again at once"
    with pytest.raises(Blocked):
        attachments.open_readable(file)
    if answer != "":
        scanner.answer = ""
        assert scanned(file, LATER + timedelta(minutes=2)).scan == ScanState.SAFE


def test_one_that_the_scanner_cannot_judge_holds_up_no_other(piece, scanner, monkeypatch):
    gone, stays = attach(piece, "gone"), attach(piece, "stays")
    default_storage.delete(gone.stored_as)
    assert scanning.scan_waiting(now=lambda: LATER) == 1
    gone.refresh_from_db()
    stays.refresh_from_db()
    assert (gone.scan, stays.scan) == (ScanState.CHECKING, ScanState.SAFE)


def test_a_scanner_that_is_down_is_asked_once_and_not_of_every_file(piece, scanner, caplog):
    attach(piece, "one"), attach(piece, "two")
    scanner.shutdown()
    scanner.server_close()
    assert scanning.scan_waiting(now=lambda: LATER) == 0
    assert len([one for one in caplog.records if "scanner is down" in one.message]) == 1


def test_with_the_scanner_taken_out_of_the_settings_what_waits_stays_closed(piece, scanner, settings):
    file = attach(piece)
    settings.CLAMD_URL = ""
    assert scanned(file).scan == ScanState.CHECKING


def test_a_scanner_behind_a_socket_of_the_machine_is_asked_too(piece, scanner, settings, tmp_path):
    class Behind(socketserver.ThreadingUnixStreamServer):
        daemon_threads = True

    with Behind(str(tmp_path / "clamd.sock"), scanner.RequestHandlerClass) as server:
        server.viruses, server.seen, server.answer = [b"eicar"], [], ""
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD_URL = f"unix:{tmp_path}/clamd.sock"
        assert scanning.virus_in(b"x" * 200_000 + b"eicar") == VIRUS
        assert scanning.virus_in(b"") == ""
        server.shutdown()


def test_a_file_taken_off_is_not_scanned(piece, scanner):
    file = attach(piece)
    transitions.remove_attachments(piece, worker=piece.worker, tokens=[file.token], now=NOW)
    assert scanning.scan_waiting(now=lambda: LATER) == 0


@pytest.mark.django_db(transaction=True)
def test_two_scanners_never_take_the_same_file(scanner):
    piece = piece_of(organisation().worker)
    files = {attach(piece, "one").pk, attach(piece, "two").pk}
    answers = at_once(*[lambda: scanning.claim(now=LATER)] * 3)
    assert sorted(one.pk for one in answers if one) == sorted(files)
    assert answers.count(None) == 1


@pytest.mark.django_db(transaction=True)
def test_a_file_settled_twice_keeps_what_was_said_first(scanner):
    file = attach(piece_of(organisation().worker))
    at_once(
        lambda: scanning.settle(file, "", now=LATER),
        lambda: scanning.settle(file, "", now=LATER + timedelta(hours=1)),
    )
    file.refresh_from_db()
    before = file.scan_settled_at
    scanning.settle(file, VIRUS, now=LATER)
    file.refresh_from_db()
    assert (file.scan, file.scan_settled_at) == (ScanState.SAFE, before)
    assert default_storage.exists(file.stored_as)


@pytest.mark.parametrize(
    "fields",
    [
        {"scan": ScanState.SAFE},
        {"scan": ScanState.REFUSED, "scan_settled_at": NOW},
        {"scan": ScanState.SAFE, "scan_settled_at": NOW, "scan_found": VIRUS},
        {"scan": "perhaps", "scan_settled_at": NOW},
        {"scan_settled_at": NOW},
        {"scan_try_at": None},
        {"submitted_at": NOW},
    ],
)
def test_postgresql_holds_what_goes_together(piece, scanner, fields):
    file = attach(piece)
    with pytest.raises(IntegrityError, match="attachment_"), transaction.atomic():
        Attachment.objects.filter(pk=file.pk).update(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"scan": ScanState.SAFE, "scan_found": ""},
        {"scan": ScanState.CHECKING, "scan_found": "", "scan_settled_at": None},
        {"scan_found": "Another"},
    ],
)
def test_postgresql_holds_that_a_refused_file_stays_refused(piece, scanner, fields):
    file = scanned(bad(scanner, attach(piece)))
    with pytest.raises(DatabaseError, match="is fixed"), transaction.atomic():
        Attachment.objects.filter(pk=file.pk).update(**fields)


# Handing in


def filled():
    """(a draft whose every heading is shown, one of its pieces)."""
    application = application_at(State.DRAFT)
    portfolio_filled(application)
    return application, application.worker.evidence.order_by("pk").first()


def in_the_way(application):
    return [item.sentence for item in policies.missing_before_submission(application.portfolio)]


def test_nothing_is_handed_in_with_a_file_that_nobody_may_read(scanner):
    application, piece = filled()
    file = bad(scanner, attach(piece))
    said = f"Wait until the files of “{piece.title}” are checked for viruses: look again in a minute."
    assert in_the_way(application) == [said]
    with pytest.raises(Blocked, match="are checked for viruses"):
        portfolio_transitions.freeze(application.portfolio, worked_through_with_manager=True, now=NOW)
    scanned(file)
    said = f"Take the file in which a virus was found off “{piece.title}”."
    assert in_the_way(application) == [said]
    with pytest.raises(Blocked, match="a virus was found"):
        portfolio_transitions.freeze(application.portfolio, worked_through_with_manager=True, now=NOW)
    transitions.remove_attachments(piece, worker=piece.worker, tokens=[file.token], now=NOW)
    assert in_the_way(application) == []
    portfolio_transitions.freeze(application.portfolio, worked_through_with_manager=True, now=NOW)


def test_a_file_that_is_safe_and_one_of_a_piece_that_is_not_handed_in_are_not_in_the_way(scanner):
    application, piece = filled()
    scanned(attach(piece))
    attach(piece_of(application.worker))
    assert in_the_way(application) == []


# The pages


@pytest.fixture
def page(client, piece):
    client.force_login(piece.worker)

    def read(name, *args):
        return client.get(reverse(f"portfolios:{name}", args=args)).content.decode()

    return read


def test_the_page_says_that_a_file_is_being_checked_and_offers_to_look_again(piece, scanner, page, client):
    file = attach(piece)
    address = reverse("portfolios:attachment", args=[piece.pk, file.token])
    for told in (page("evidence", piece.pk), page("edit", piece.pk)):
        assert "notes.pdf" in told and "Checking for viruses" in told
        assert address not in told
    assert f'href="{reverse("portfolios:evidence", args=[piece.pk])}">Look again' in page(
        "evidence", piece.pk
    )
    assert client.get(address).status_code == 409
    scanned(file)
    told = page("evidence", piece.pk)
    assert address in told and "Checking" not in told and "Look again" not in told
    assert client.get(address).status_code == 200


def test_the_page_says_that_a_file_was_refused_and_why(piece, scanner, page, client):
    file = scanned(bad(scanner, attach(piece)))
    for told in (page("evidence", piece.pk), page("edit", piece.pk)):
        assert "Refused" in told and VIRUS in told and "Look again" not in told
    assert client.get(reverse("portfolios:attachment", args=[piece.pk, file.token])).status_code == 409


def test_a_heading_says_so_too(scanner, client):
    application, piece = filled()
    attach(piece)
    client.force_login(application.worker)
    heading = piece.claims.first().competency
    told = client.get(reverse("portfolios:heading", args=[heading.code])).content.decode()
    assert "Checking for viruses" in told and "Look again" in told


# The papers of a review


@pytest.fixture
def heard():
    found = application_at(State.UNDER_APPEAL)
    walk.heard(found)
    return found


def add(application):
    file = upload(pdf_file("Report"))
    return paper_transitions.add_document(
        application, actor=application.worker, title="Court report", upload=file, now=NOW
    )


def test_a_document_before_a_review_is_closed_to_everybody_until_it_is_scanned(heard, scanner, client):
    document = add(heard)
    address = reverse("reviews:document", args=[heard.reference, document.token])
    for person in (heard.worker, heard.assessor):
        client.force_login(person)
        assert client.get(address).status_code == 409
        told = client.get(reverse("reviews:review", args=[heard.reference])).content.decode()
        assert "Checking for viruses" in told and f'href="{address}"' not in told
    scanned(document)
    assert client.get(address).status_code == 200


def made_of(heard, now):
    waiting = bundle_transitions.claim(now=now)
    return bundle.bundle_papers(waiting, now=now), waiting


def test_the_bundle_leaves_out_what_is_not_known_to_be_safe_and_is_made_anew_once_it_is(
    heard, scanner, tmp_path, monkeypatch
):
    document = add(heard)
    papers, _ = made_of(heard, NOW)
    (laid,) = lay_out_all(papers.files, tmp_path, room=bundle.ROOM)
    assert (laid.path, laid.why_not) == (None, "It is still being checked for viruses.")
    asked = Bundle.objects.count()
    bundle_transitions.ask_again_once_scanned(now=NOW)
    assert Bundle.objects.count() == asked, "not before"
    scanned(document)
    monkeypatch.setattr("reviews.tasks.timezone.now", lambda: LATER + timedelta(minutes=1))
    make_bundles()
    latest = Bundle.objects.latest("number")
    assert Bundle.objects.count() == asked + 1 and latest.made_at
    make_bundles()
    assert Bundle.objects.count() == asked + 1, "and once"


def test_a_document_may_be_scanned_after_the_decision_and_changes_in_nothing_else(heard, scanner):
    document = add(heard)
    walk.upheld(heard)
    assert scanned(document).scan == ScanState.SAFE
    with pytest.raises(DatabaseError, match="papers are fixed"), transaction.atomic():
        AppealDocument.objects.filter(pk=document.pk).update(title="Another")
    with pytest.raises(DatabaseError, match="is fixed"), transaction.atomic():
        AppealDocument.objects.filter(pk=document.pk).update(scan=ScanState.CHECKING, scan_settled_at=None)
