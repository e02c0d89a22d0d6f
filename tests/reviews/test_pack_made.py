"""Packs: asked for once, made one at a time, kept whole, and given to nobody else."""

import os
import time
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from people.models import AuditEntry
from portfolios import pack_selectors, pack_transitions, working
from portfolios.models import Attachment, Pack, PackKind, PackStage
from portfolios.working import TakenOver
from reviews import pack, tasks
from reviews.pack_selectors import pack_papers
from reviews.tasks import make_packs, sweep_packs
from tests import walk
from tests.council import NOW, manager_of, organisation
from tests.portfolios.exports import own_folder
from tests.portfolios.makers import piece_of
from tests.reviews.packs import made, of, submitted_of, with_files
from tests.walk import State, application_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(own_folder.__name__)]


@pytest.fixture
def application():
    return application_at(State.DRAFT)


@pytest.fixture
def filled(application):
    return with_files(application)


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
    first = working.claim(Pack, now=NOW)
    assert first.asked_by == filled.worker
    assert working.claim(Pack, now=NOW) is None
    working.tell(first, PackStage.DRAWING, done=0, total=0, now=NOW + timedelta(seconds=100))
    assert working.claim(Pack, now=NOW + timedelta(seconds=200)) is None, "each step lengthens its time"


def test_what_a_killed_process_left_is_taken_up_and_the_late_one_keeps_nothing(filled, tmp_path):
    pack_transitions.ask_for(of(filled), actor=filled.worker, now=NOW)
    killed = working.claim(Pack, now=NOW)
    later = NOW + working.A_STEP
    taken = working.claim(Pack, now=later)
    assert (taken.pk, taken.attempts) == (killed.pk, 2)
    before = set(default_storage.kept())
    path = tmp_path / "half.pdf"
    path.write_bytes(b"%PDF-half")
    with pytest.raises(TakenOver):
        pack_transitions.keep(killed, path, pages=1, now=later)
    with pytest.raises(TakenOver):
        working.tell(killed, PackStage.BINDING, done=0, total=0, now=later)
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
    with working.working_folder() as folder:
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
    for _ in range(working.MOST_ATTEMPTS):
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
    monkeypatch.setattr("reviews.tasks.timezone.now", lambda: new.made_at + working.KEPT_FOR)
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
    waiting = working.claim(Pack, now=NOW)
    working.tell(waiting, PackStage.FILES, done=12, total=40, now=NOW)
    assert Pack.objects.get().progress == (12, 43, "Putting in the files: 12 of 40")
    assert len(pack_papers(waiting).files) == 3
