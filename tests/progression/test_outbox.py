"""The outbox: nothing lost, nothing sent that is no longer true, whatever breaks."""

import smtplib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest import mock

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, connections, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from progression import notifications, outbox, sweep, tasks
from progression.models import Notice, NoticeStatus
from progression.states import State
from tests.council import NOW, organisation
from tests.walk import application_at, recommended, returned, submitted, withdrawn

pytestmark = pytest.mark.django_db


class MailServer(EmailBackend):
    """A mail server that can be down, or refuse an address. `broken` holds what each sending meets."""

    fault = None

    def send_messages(self, messages):
        if MailServer.fault:
            raise MailServer.fault
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.MailServer"
    MailServer.fault = None
    return MailServer


@pytest.fixture
def place():
    return organisation()


def send(after=timedelta(0)):
    return outbox.send_due(clock=lambda: NOW + after)


class TestSending:
    def test_a_submission_reaches_the_manager(self, place, settings):
        application = application_at(State.SUBMITTED, worker=place.worker)
        assert send() == 1
        message = mail.outbox[0]
        assert message.to == [place.manager.email]
        assert f"{settings.SITE_URL}/applications/{application.reference}/" in message.body
        notice = Notice.objects.get()
        assert (notice.status, notice.attempts, notice.sent_at) == (NoticeStatus.SENT, 1, NOW)

    def test_once(self, place):
        application_at(State.SUBMITTED, worker=place.worker)
        assert [send(), send(timedelta(days=9))] == [1, 0]

    def test_not_before_its_time(self, place):
        application_at(State.SUBMITTED, worker=place.worker)
        assert send(timedelta(seconds=-1)) == 0

    def test_more_than_one(self, place):
        for _ in range(5):
            application_at(State.SUBMITTED, place)
        assert send() == 5


class TestNoLongerTrue:
    """The case is read again at the moment of sending."""

    def test_nobody_is_asked_to_assess_what_was_withdrawn(self, place):
        withdrawn(application_at(State.SUBMITTED, worker=place.worker))
        assert send() == 1
        assert Notice.objects.get(kind="ask_to_assess").status == NoticeStatus.DROPPED
        assert mail.outbox[0].subject == notifications.NewsForManager.subject

    def test_nobody_is_asked_twice_after_a_second_submission(self, place):
        application = application_at(State.SUBMITTED, worker=place.worker)
        returned(application, now=NOW + timedelta(hours=1))
        application.refresh_from_db()
        submitted(application, now=NOW + timedelta(hours=2))
        send(timedelta(hours=3))
        assert [notice.status for notice in Notice.objects.filter(kind="ask_to_assess").order_by("pk")] == [
            NoticeStatus.DROPPED,
            NoticeStatus.SENT,
        ]

    def test_a_reminder_of_what_is_done_is_dropped(self, place):
        application = application_at(State.SUBMITTED, worker=place.worker)
        later = NOW + timedelta(days=7)
        sweep.sweep(today=later.date(), now=later)
        recommended(application, now=later)
        send(timedelta(days=8))
        assert Notice.objects.get(kind="remind_to_act").status == NoticeStatus.DROPPED

    def test_a_reminder_of_what_is_not_done_goes_out(self, place):
        """The near miss."""
        application_at(State.SUBMITTED, worker=place.worker)
        later = NOW + timedelta(days=7)
        sweep.sweep(today=later.date(), now=later)
        send(timedelta(days=8))
        assert Notice.objects.get(kind="remind_to_act").status == NoticeStatus.SENT

    def test_a_manager_who_has_left_is_not_written_to(self, place):
        application_at(State.SUBMITTED, worker=place.worker)
        place.manager.is_active = False
        place.manager.save()
        assert send() == 0
        assert Notice.objects.get().status == NoticeStatus.DROPPED

    def test_a_manager_of_another_team_now_is_not_asked(self, place):
        application_at(State.SUBMITTED, worker=place.worker)
        place.team.manager = place.other_manager
        place.team.save()
        assert send() == 0

    def test_news_goes_out_whatever_followed(self, place):
        application = application_at(State.RETURNED, worker=place.worker)
        withdrawn(application)
        send()
        assert Notice.objects.get(kind="returned_to_worker").status == NoticeStatus.SENT


class TestFaults:
    def test_a_mail_server_down_is_tried_again_each_time_later(self, place, mail_server):
        application_at(State.SUBMITTED, worker=place.worker)
        mail_server.fault = ConnectionRefusedError(111, "Connection refused")
        waits = []
        for attempt in range(1, 10):
            notice = Notice.objects.get()
            outbox.send_due(clock=lambda at=notice.try_at: at)
            before, notice = notice, Notice.objects.get()
            assert (notice.status, notice.attempts) == (NoticeStatus.QUEUED, attempt)
            waits.append((notice.try_at - before.try_at) // timedelta(minutes=1))
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
        mail_server.fault = None
        assert outbox.send_due(clock=lambda: Notice.objects.get().try_at) == 1
        assert Notice.objects.get().last_fault == ""

    def test_in_the_end_it_gives_up(self, place, mail_server, monkeypatch):
        monkeypatch.setattr(outbox, "MOST_ATTEMPTS", 2)
        application_at(State.SUBMITTED, worker=place.worker)
        mail_server.fault = OSError(28, "No space left on device")
        for day in range(4):
            send(timedelta(days=day))
        notice = Notice.objects.get()
        assert (notice.status, notice.attempts, notice.last_fault) == (NoticeStatus.FAILED, 2, "OSError 28")

    def test_a_weekend_is_not_the_end(self):
        wait, total = outbox.FIRST_WAIT, timedelta(0)
        for _ in range(outbox.MOST_ATTEMPTS - 1):
            total += wait
            wait = min(wait * 2, outbox.LONGEST_WAIT)
        assert total > timedelta(days=2, hours=12)

    def test_neither_row_nor_log_keeps_an_address(self, place, mail_server, caplog):
        application_at(State.SUBMITTED, worker=place.worker)
        refused = {place.manager.email: (550, b"no such user")}
        mail_server.fault = smtplib.SMTPRecipientsRefused(refused)
        assert send() == 0
        assert Notice.objects.get().last_fault == "SMTPRecipientsRefused"
        assert place.manager.email not in caplog.text
        assert "Notice" in caplog.text

    def test_one_address_refused_does_not_stop_the_next(self, place, mail_server):
        application_at(State.SUBMITTED, worker=place.worker)
        application_at(State.SUBMITTED, worker=place.colleague)
        first, second = Notice.objects.order_by("pk")
        with mock.patch.object(
            MailServer, "send_messages", autospec=True, side_effect=[smtplib.SMTPDataError(554, b"x"), 1]
        ):
            assert send() == 1
        assert [Notice.objects.get(pk=one.pk).status for one in (first, second)] == [
            NoticeStatus.QUEUED,
            NoticeStatus.SENT,
        ]


class TestKilled:
    def test_between_claiming_and_sending_nothing_is_lost(self, place):
        application_at(State.SUBMITTED, worker=place.worker)
        with mock.patch("progression.outbox._send", side_effect=SystemExit), pytest.raises(SystemExit):
            send()
        assert send() == 0, "another sender must not take what is claimed"
        assert send(outbox.LEASE) == 1
        assert Notice.objects.get().attempts == 2

    def test_between_sending_and_writing_it_down_it_goes_twice_and_shows(self, place):
        """At worst resent, under the same Message-ID, with its attempts counted."""
        application_at(State.SUBMITTED, worker=place.worker)
        with mock.patch("progression.outbox._write_down", side_effect=SystemExit), pytest.raises(SystemExit):
            send()
        send(outbox.LEASE)
        first, second = mail.outbox
        assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
        assert Notice.objects.get().attempts == 2

    def test_without_redis_the_move_stands_and_the_notice_waits(
        self, place, django_capture_on_commit_callbacks
    ):
        down = mock.patch("celery.current_app.send_task", side_effect=OperationalError)
        with down as nudge, django_capture_on_commit_callbacks(execute=True):
            application_at(State.SUBMITTED, worker=place.worker)
        assert nudge.called
        assert Notice.objects.get().status == NoticeStatus.QUEUED

    def test_a_move_that_is_undone_tells_nobody(self, place, django_capture_on_commit_callbacks):
        with (
            django_capture_on_commit_callbacks() as callbacks,
            mock.patch("progression.outbox.put_in", side_effect=RuntimeError),
        ):
            application = application_at(State.DRAFT, worker=place.worker)
            with pytest.raises(RuntimeError):
                submitted(application)
        application.refresh_from_db()
        assert application.state == State.DRAFT
        assert callbacks == []


@pytest.mark.django_db(transaction=True)
def test_three_senders_at_once_send_each_once():
    place = organisation()
    for _ in range(8):
        application_at(State.SUBMITTED, place)

    def sender(_):
        try:
            return send()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(sender, range(3))) == 8
    assert len(mail.outbox) == 8
    assert set(Notice.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_passes_a_notice_over_does_not_put_it_off(monkeypatch):
    """PostgreSQL keeps what was locked and then found to be claimed, until the claim that looked commits."""
    application_at(State.SUBMITTED, organisation())
    claim, looks, ended = outbox._claim, threading.Event(), threading.Event()
    is_waited_for = (
        "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    )

    def another():
        with transaction.atomic(), connection.cursor() as cursor:
            Notice.objects.select_for_update(no_key=True).get()
            looks.set()
            waited_for = False
            while not waited_for and not ended.wait(0.01):
                cursor.execute(is_waited_for)
                waited_for = bool(cursor.fetchone()[0])
        connection.close()
        return waited_for

    def claimed_and_looked_at(now):
        notice = claim(now)
        if notice is not None:
            looked.append(pool.submit(another))
            looks.wait(timeout=20)
        return notice

    looked = []
    monkeypatch.setattr(outbox, "_claim", claimed_and_looked_at)
    with ThreadPoolExecutor(1) as pool:
        try:
            assert send() == 1
        finally:
            ended.set()
    assert looked[0].result()
    assert Notice.objects.get().attempts == 1


def test_the_tasks_run(place):
    application_at(State.SUBMITTED, worker=place.worker)
    tasks.sweep_reminders()
    tasks.send_notices()
    assert len(mail.outbox) >= 1


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_sends_what_a_move_queues(celery_worker_process):
    """The nudge on commit, Redis, a Celery worker, and the mail as files where no mail server is named."""
    application_at(State.SUBMITTED, worker=organisation().worker, now=timezone.now())
    until = time.monotonic() + 20
    while Notice.objects.get().status != NoticeStatus.SENT and time.monotonic() < until:
        time.sleep(0.1)
    notice = Notice.objects.get()
    assert (notice.status, notice.attempts) == (NoticeStatus.SENT, 1)
    letters = [letter.read_text() for letter in (settings.DATA_DIR / "mail").iterdir()]
    (mine,) = [letter for letter in letters if f"<notice-{notice.pk}@" in letter]
    assert notifications.AskToAssess.subject in mine
