"""An export is brought back by a process of its own: all of it or nothing, once, and its file is not kept."""

import uuid
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from people.models import AuditEntry
from people.permissions import NotAllowed
from portfolios import bringing_transitions, tasks, transitions, working
from portfolios.bringing_rows import Bringing
from portfolios.export_reading import NotTaken
from portfolios.models import Attachment, BringingBack, BringingStage, Evidence, Pack, PackKind
from portfolios.pack_transitions import Wanted, ask_for
from portfolios.receiving import NotReceived
from tests.council import organisation
from tests.portfolios.exports import (
    OWNER,
    another,
    changed,
    exported,
    inside,
    made_once,
    own_folder,
    rewritten,
)
from tests.portfolios.sending import kept, sent, zip_of
from tests.reading import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(own_folder.__name__)]
PAGE, STATE = "/evidence/import/", "/evidence/import/state/"

built, with_files, application = made_once()


@pytest.fixture
def path(application, tmp_path):
    return exported(application.worker, tmp_path)


@pytest.fixture
def bring(django_capture_on_commit_callbacks):
    """The task, with what it does once it has committed."""

    def brought():
        with django_capture_on_commit_callbacks(execute=True):
            tasks.bring_exports_back()

    return brought


def left_as_it_was(worker, before):
    assert not worker.evidence.exists() and kept() == before


class TestOnThePage:
    def test_it_says_how_far_it_is_and_what_came(self, path, client, django_capture_on_commit_callbacks):
        worker, before = another(), kept()
        client.force_login(worker)
        assert client.get(STATE).json() == {"waits": False}
        answer = client.post(PAGE, {"export": zip_of(path), "key": uuid.uuid4()}, follow=True)
        assert "Waiting to begin" in text(answer) and "Bring it back" not in text(answer)
        assert 'href="/evidence/import/">Look again' in answer.content.decode()
        assert client.get(STATE).json() == {"waits": True, "value": 0, "max": 3, "words": "Waiting to begin"}
        row = working.claim(BringingBack, now=timezone.now())
        assert client.get(STATE).json()["words"] == "Looking through the export"
        working.tell(row, BringingStage.FILES, done=2, total=4, now=timezone.now())
        assert client.get(STATE).json() == {
            "waits": True,
            "value": 3,
            "max": 7,
            "words": "Checking the files: 2 of 4",
        }
        with django_capture_on_commit_callbacks(execute=True):
            bringing_transitions.bring(row, now=timezone.now)
        page = text(client.get(PAGE))
        assert "Came back: 4 pieces, 4 files" in page and "Bring it back" in page
        assert client.get(STATE).json() == {"waits": False}
        assert worker.evidence.count() == 4 and len(kept() - before) == 4, "the ZIP has gone"

    def test_what_is_wrong_with_it_is_said_with_its_file(self, application, path, client, bring):
        def macro(piece):
            for file in piece["files"]:
                file["name"] = "holiday.exe"

        worker, before = another(), kept()
        client.force_login(worker)
        client.post(PAGE, {"export": zip_of(changed(path, macro)), "key": uuid.uuid4()})
        bring()
        page = text(client.get(PAGE))
        assert (
            "did not come back" in page and "‘holiday.exe’ is" in page and "Nothing of it was added" in page
        )
        left_as_it_was(worker, before)
        client.post(PAGE, {"export": zip_of(path), "key": uuid.uuid4()})
        bring()
        assert "did not come back" not in text(client.get(PAGE)) and worker.evidence.count() == 4

    def test_somebody_elses_is_refused(self, path, client, bring):
        worker, before = another("Somebody Else"), kept()
        client.force_login(worker)
        client.post(PAGE, {"export": zip_of(path), "key": uuid.uuid4()})
        bring()
        page = text(client.get(PAGE))
        assert "This export is somebody else’s" in page and "Nothing of it was added" in page
        assert OWNER not in page
        left_as_it_was(worker, before)

    def test_what_is_no_zip_is_said_at_once_beside_the_field(self, client, application):
        client.force_login(application.worker)
        for given in (b"", b"no zip", b"PK\x05\x06"):
            answer = client.post(PAGE, {"export": SimpleUploadedFile("x.zip", given), "key": uuid.uuid4()})
            assert answer.status_code == 200 and "This is not an export of this service" in text(answer)
        assert not BringingBack.objects.exists()

    def test_another_while_one_waits(self, application, path, client):
        client.force_login(application.worker)
        row = sent(application.worker, path)
        answer = client.post(PAGE, {"export": zip_of(path), "key": uuid.uuid4()})
        assert "Another export of yours is being brought back" in text(answer)
        assert BringingBack.objects.get() == row

    def test_anothers_is_not_seen(self, path, client):
        sent(another(), path)
        client.force_login(another())
        assert client.get(STATE).json() == {"waits": False}
        assert "Waiting to begin" not in text(client.get(PAGE))


class TestOnce:
    def test_a_form_sent_twice_comes_back_once(self, path, bring):
        worker, key = another(), uuid.uuid4()
        row = sent(worker, path, key=key)
        assert sent(worker, path, key=key) == row
        bring()
        for piece in worker.evidence.all():
            transitions.remove_evidence(piece, worker=worker, now=timezone.now())
        assert sent(worker, path, key=key).made_at
        bring()
        assert not worker.evidence.filter(removed_at=None).exists(), "its late second sending adds nothing"
        sent(worker, path)
        bring()
        assert worker.evidence.filter(removed_at=None).count() == 4, "another form does"

    def test_the_same_key_of_somebody_else_is_another_form(self, path):
        key = uuid.uuid4()
        assert sent(another(), path, key=key) != sent(another(), path, key=key)

    def test_postgresql_keeps_one_waiting_a_person_with_its_file(self, path):
        worker = another()
        row = sent(worker, path)
        same = {"asked_by": worker, "asked_at": row.asked_at, "try_at": row.try_at}
        for wrong in (
            {"key": uuid.uuid4(), "stored_as": "ab/other"},
            {"key": row.key, "failed_at": row.asked_at},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                BringingBack.objects.create(**same, **wrong)
        for wrong in ({"stored_as": ""}, {"refused": "No."}, {"made_at": row.asked_at, "stored_as": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                BringingBack.objects.update(**wrong)


class TestAllOrNothing:
    def test_a_fault_in_the_middle_leaves_nothing_and_it_is_tried_again(self, path, monkeypatch, bring):
        worker = another()
        sent(worker, path)
        before, whole = kept(), Bringing._plan
        monkeypatch.setattr(Bringing, "_plan", lambda self: 1 / 0)
        bring()
        row = BringingBack.objects.get()
        left_as_it_was(worker, before)
        assert (row.last_fault, row.stage, row.is_waiting) == ("ZeroDivisionError", "waiting", True)
        monkeypatch.setattr(Bringing, "_plan", whole)
        BringingBack.objects.update(try_at=timezone.now())
        bring()
        assert worker.evidence.count() == 4 and BringingBack.objects.get().last_fault == ""

    def test_after_five_faults_it_is_given_up_and_its_file_goes(self, path, client, monkeypatch, bring):
        worker, before = another(), kept()
        sent(worker, path)
        monkeypatch.setattr(Bringing, "_plan", lambda self: 1 / 0)
        for _ in range(working.MOST_ATTEMPTS):
            BringingBack.objects.update(try_at=timezone.now())
            bring()
        row = BringingBack.objects.get()
        assert row.failed_at and (row.refused, row.stored_as) == ("", "")
        left_as_it_was(worker, before)
        client.force_login(worker)
        assert "Something went wrong here" in text(client.get(PAGE))

    def test_killed_at_each_attempt_it_is_given_up_and_its_file_goes(
        self, path, django_capture_on_commit_callbacks
    ):
        worker, before = another(), kept()
        sent(worker, path)
        now = timezone.now()
        for _ in range(working.MOST_ATTEMPTS):
            assert working.claim(BringingBack, now=now)
            now += working.A_STEP
        with django_capture_on_commit_callbacks(execute=True):
            assert working.claim(BringingBack, now=now) is None
        assert BringingBack.objects.get().failed_at == now
        left_as_it_was(worker, before)

    def test_one_that_was_taken_over_writes_nothing(self, path):
        worker = another()
        sent(worker, path)
        now = timezone.now()
        late = working.claim(BringingBack, now=now)
        taken = working.claim(BringingBack, now=now + working.A_STEP)
        before = kept()
        for act in (
            lambda: bringing_transitions.bring(late, now=timezone.now),
            lambda: bringing_transitions._refuse(late, "No", now=now),
        ):
            with pytest.raises(working.TakenOver):
                act()
        left_as_it_was(worker, before)
        bringing_transitions.bring(taken, now=timezone.now)
        assert worker.evidence.count() == 4

    def test_taken_over_while_its_files_are_checked_leaves_none(self, path, monkeypatch):
        worker = another()
        sent(worker, path)
        late, before = working.claim(BringingBack, now=timezone.now()), kept()
        tell, told = working.tell, []

        def until_the_third(*args, **said):
            told.append(said["done"])
            if told[-1] == 3:
                BringingBack.objects.update(attempts=2)
            tell(*args, **said)

        monkeypatch.setattr(working, "tell", until_the_third)
        with pytest.raises(working.TakenOver):
            bringing_transitions.bring(late, now=timezone.now)
        left_as_it_was(worker, before)

    def test_no_room_is_said_and_nothing_is_kept(self, path, client, monkeypatch):
        worker, before = another(), kept()
        client.force_login(worker)

        def full(*_):
            raise OSError(28, "No space left on device")

        with pytest.raises(NotTaken, match="could not be stored"):
            bringing_transitions.ask_for(
                worker, export=NotReceived("x.zip"), key=uuid.uuid4(), now=timezone.now()
            )
        monkeypatch.setattr(default_storage, "save", full)
        answer = client.post(PAGE, {"export": zip_of(path), "key": uuid.uuid4()})
        assert "could not be stored. Try again later" in text(answer)
        left_as_it_was(worker, before)

    def test_a_storage_that_does_not_answer_is_not_the_exports_fault(self, path, monkeypatch, bring):
        worker = another()
        row = sent(worker, path)
        here = default_storage.open

        def gone(name, *args):
            if name == row.stored_as:
                raise OSError("secret path")
            return here(name, *args)

        monkeypatch.setattr(default_storage, "open", gone)
        bring()
        row.refresh_from_db()
        assert row.is_waiting and row.last_fault == "OSError" and row.refused == ""


def test_the_audit_says_that_the_worker_did_it_by_that_page(path, bring):
    worker = another()
    sent(worker, path)
    bring()
    for table in ("portfolios_evidence", "portfolios_attachment", "portfolios_nametowatch"):
        entry = AuditEntry.objects.filter(thing=table, kind="insert", people=[worker.pk]).first()
        assert (entry.actor, entry.through) == (worker.pk, "portfolios:bring_back")


def test_only_who_keeps_evidence(path, bring):
    manager = organisation().manager
    with pytest.raises(NotAllowed):
        sent(manager, path)
    worker, before = another(), kept()
    sent(worker, path)
    worker.post.delete()
    bring()
    row = BringingBack.objects.get()
    assert "in post" in row.refused and row.stored_as == ""
    assert kept() == before and not Evidence.objects.filter(worker=worker).exists()


def test_what_came_of_it_is_swept_away_after_a_week(path, bring):
    worker = another()
    sent(worker, path)
    waiting = sent(another(), path)
    bring()
    made = BringingBack.objects.get(asked_by=worker)
    BringingBack.objects.filter(pk=waiting.pk).update(made_at=None, came=None, stored_as="ab/waits")
    for age, left in ((timedelta(days=6), 2), (working.KEPT_FOR, 1)):
        working.sweep(now=made.made_at + age)
        assert BringingBack.objects.count() == left


def test_the_sweep_of_files_leaves_one_that_waits(path):
    row = sent(another(), path)
    tasks._delete_without_row(now=timezone.now() + timedelta(days=3))
    assert row.stored_as in kept()


def test_one_thing_at_a_time_packs_among_them(path, application):
    sent(another(), path)
    ask_for(Wanted(PackKind.EXPORT), actor=application.worker, now=timezone.now())
    assert working.claim(Pack, now=timezone.now())
    assert working.claim(BringingBack, now=timezone.now()) is None


def test_many_pieces_ask_for_no_more_queries_of_the_page(path, client, django_assert_max_num_queries):
    worker = another()
    sent(worker, path)
    client.force_login(worker)
    with django_assert_max_num_queries(4):
        client.get(STATE)


def test_a_changed_entry_is_named(path, bring):
    worker, files = another(), inside(path)
    name = next(name for name in files if name.startswith("files/"))
    with zipfile.ZipFile(path) as archive:
        assert name in archive.namelist()
    sent(worker, rewritten(path, (files | {name: files[name] + b"x"}).items()))
    bring()
    assert f"‘{name}’ is not as its manifest says" in BringingBack.objects.get().refused
    assert not Attachment.objects.filter(evidence__worker=worker).exists()
