"""kill -9 of worker or beat, whatever they are doing: no notice is lost, and all goes on within 15 seconds.

A real worker, beat and mail server, under the supervisor that `make run` uses.
"""

import contextlib
import os
import signal
import threading
import time
import uuid
from unittest import mock
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.utils import timezone

from portfolios import bringing_transitions, export_writing
from portfolios.models import Attachment, BringingBack, Evidence, Pack, PackKind
from portfolios.pack_transitions import Wanted, ask_for
from portfolios.transitions import attach_file
from progression.models import Notice, NoticeStatus
from progression.states import State
from tests.council import organisation, social_worker
from tests.portfolios.makers import headings_of, picture, piece_of, upload
from tests.security.mail_server import MailServer
from tests.walk import application_at
from tools import processes, run

WITHIN = 15
PATIENCE = 90
"""Seconds, for what is not measured: starting up on a busy machine."""


@pytest.fixture
def mail():
    with MailServer() as server:
        yield server
        server.let_go()
        server.shutdown()


@pytest.fixture
def supervisor(transactional_db, mail):
    """Worker and beat at work, and started again when they end."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    environ = os.environ | {
        "DATABASE_URL": urlunsplit(parts._replace(path=f"/{settings.DATABASES['default']['NAME']}")),
        "DJANGO_SETTINGS_MODULE": "tests.security.plain_mail",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail.port),
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    supervisor = processes.Supervisor()
    supervisor.add("worker", run.worker_command(), environ)
    supervisor.add("beat", run.beat_command(), environ)
    watching = threading.Thread(target=supervisor.wait)
    watching.start()
    yield supervisor
    supervisor.stopping = True
    watching.join()
    supervisor.stop()


def until(condition, seconds=PATIENCE):
    """Wait for the condition. Returns how many seconds it took; fails after `seconds`."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.05)
    return time.monotonic() - began


def told(place, *, nudge=True):
    """A submission, which asks the manager to assess: the Notice, just queued."""
    silent = contextlib.nullcontext() if nudge else mock.patch("progression.outbox._nudge")
    with silent:
        application = application_at(State.SUBMITTED, place, now=timezone.now())
    return application.notices.get(kind="ask_to_assess")


def is_sent(notice):
    return Notice.objects.get(pk=notice.pk).status == NoticeStatus.SENT


def received(mail, notice):
    """The Message-ID of each e-mail accepted about this notice."""
    name = f"<notice-{notice.pk}@"
    return [one["Message-ID"] for one in mail.accepted if one["Message-ID"].startswith(name)]


def kill_with_children(process):
    os.killpg(process.pid, signal.SIGKILL)


def kill_alone(process):
    os.kill(process.pid, signal.SIGKILL)


def test_a_killed_worker(supervisor, mail):
    """Before a message is accepted it is sent once; between that and writing it down, visibly twice."""
    place = organisation()
    first = told(place)
    until(lambda: is_sent(first))
    for point, kill, times in (
        ("greeting", kill_with_children, 1),
        ("data", kill_with_children, 1),
        ("data", kill_alone, 1),
        ("quit", kill_with_children, 2),
    ):
        mail.hold_at(point)
        notice = told(place)
        until(mail.held.is_set)
        kill(supervisor.process("worker"))
        until(lambda: is_sent(notice), WITHIN)  # noqa: B023 - called at once
        mail.let_go()
        notice.refresh_from_db()
        ids = received(mail, notice)
        assert (len(ids), len(set(ids))) == (times, 1), point
        assert notice.attempts == 2, point
        history = list(notice.history.values_list("what", flat=True))
        assert history == ["queued", "retried", "sent"], point
    assert len(received(mail, first)) == 1


def test_a_killed_beat(supervisor, mail):
    """Nobody asks the worker for what was queued but beat."""
    place = organisation()
    first = told(place)
    until(lambda: is_sent(first))
    kill_alone(supervisor.process("beat"))
    notice = told(place, nudge=False)
    until(lambda: is_sent(notice), WITHIN)
    notice.refresh_from_db()
    assert (notice.attempts, len(received(mail, notice))) == (1, 1)


def test_both_killed_at_once(supervisor, mail):
    place = organisation()
    first = told(place)
    until(lambda: is_sent(first))
    kill_with_children(supervisor.process("worker"))
    kill_alone(supervisor.process("beat"))
    notice = told(place, nudge=False)
    until(lambda: is_sent(notice), WITHIN)
    assert len(received(mail, notice)) == 1


def test_a_worker_killed_while_it_makes_a_pack(supervisor):
    """A pack is whole or not there: what the killed one had begun is made anew, once its time is over."""
    application = application_at(State.DRAFT, now=timezone.now())
    piece = piece_of(application.worker, application.portfolio, headings_of(application.portfolio)[:1])
    for number in range(1, 9):
        file = upload(picture(size=(number, 10)), f"{number}.png")
        attach_file(piece, worker=application.worker, upload=file, now=timezone.now())
    wanted = Wanted(PackKind.PORTFOLIO, portfolio=application.portfolio)
    ask_for(wanted, actor=application.worker, now=timezone.now())
    until(lambda: Pack.objects.get().done >= 2)
    kill_with_children(supervisor.process("worker"))
    begun = Pack.objects.get()
    assert (begun.made_at, begun.stored_as, begun.attempts) == (None, "", 1)
    Pack.objects.update(try_at=timezone.now())
    until(lambda: Pack.objects.get().made_at is not None)
    assert Pack.objects.get().attempts == 2


def test_a_worker_killed_while_it_brings_an_export_back(supervisor, tmp_path):
    """All of it comes back or nothing: what the killed one had begun left no row, and is begun anew."""
    application = application_at(State.DRAFT, now=timezone.now())
    piece = piece_of(application.worker)
    for number in range(1, 9):
        file = upload(picture(size=(number, 10)), f"{number}.png")
        attach_file(piece, worker=application.worker, upload=file, now=timezone.now())
    path = tmp_path / "export.zip"
    export_writing.write(application.worker, path, made_at=timezone.now())
    worker = social_worker(application.team, name=application.worker.name)
    given = upload(path.read_bytes(), "export.zip")
    bringing_transitions.ask_for(worker, export=given, key=uuid.uuid4(), now=timezone.now())
    until(lambda: BringingBack.objects.get().done >= 2)
    kill_with_children(supervisor.process("worker"))
    begun = BringingBack.objects.get()
    assert begun.is_waiting and begun.stored_as and begun.attempts == 1
    assert not worker.evidence.exists()
    BringingBack.objects.update(try_at=timezone.now())
    until(lambda: BringingBack.objects.get().made_at is not None)
    assert (BringingBack.objects.get().attempts, BringingBack.objects.get().stored_as) == (2, "")
    assert Evidence.objects.filter(worker=worker).count() == 1
    assert Attachment.objects.filter(evidence__worker=worker).count() == 8
