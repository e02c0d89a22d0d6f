"""What people are told, how they chose to be told, and what happened to each notice."""

import smtplib
from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import notice_choices
from people.models import HowTold, Topic
from people.policies import Blocked
from progression import digest, notice_transitions, outbox, sweep
from progression.models import Notice, NoticeHistory, NoticeStatus
from progression.states import State
from tests.at_once import at_once
from tests.council import NOW, organisation
from tests.walk import application_at, declined, recommended, withdrawn

pytestmark = pytest.mark.django_db

MORNING = timezone.make_aware(datetime(2026, 3, 11, 7, 30))


class MailServer(EmailBackend):
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


def chose(person, **how):
    chosen = dict.fromkeys((topic.value for topic in Topic), HowTold.AT_ONCE.value)
    notice_choices.choose(person, chosen | how)


def history_of(notice):
    return list(notice.history.values_list("what", "fault"))


class TestHistory:
    def test_queued_and_sent(self, place):
        application_at(State.SUBMITTED, worker=place.worker)
        outbox.send_due(clock=lambda: NOW + timedelta(minutes=1))
        queued, sent = NoticeHistory.objects.order_by("pk")
        assert [queued.what, sent.what] == ["queued", "sent"]
        assert [queued.at, sent.at] == [NOW, NOW + timedelta(minutes=1)]

    def test_a_dead_mail_server_loses_none(self, place, mail_server):
        application_at(State.SUBMITTED, worker=place.worker)
        application_at(State.SUBMITTED, worker=place.colleague)
        mail_server.fault = ConnectionRefusedError(111, "Connection refused")
        at = NOW
        for _ in range(20):
            outbox.send_due(clock=lambda at=at: at)
            at += timedelta(hours=1)
        assert mail.outbox == []
        mail_server.fault = None
        outbox.send_due(clock=lambda: at)
        assert len(mail.outbox) == 2
        for notice in Notice.objects.all():
            first, *retried, last = history_of(notice)
            assert (first, last) == (("queued", ""), ("sent", ""))
            assert set(retried) == {("retried", "ConnectionRefusedError 111")}
            assert len(retried) > 10

    def test_given_up_and_queued_again(self, place, mail_server, monkeypatch):
        monkeypatch.setattr(outbox, "MOST_ATTEMPTS", 1)
        application_at(State.SUBMITTED, worker=place.worker)
        mail_server.fault = smtplib.SMTPDataError(554, b"no")
        outbox.send_due(clock=lambda: NOW)
        notice = Notice.objects.get()
        assert notice.status == NoticeStatus.FAILED
        assert history_of(notice)[-1] == ("failed", "SMTPDataError 554")
        mail_server.fault = None
        notice_transitions.queue_again(notice, now=NOW)
        outbox.send_due(clock=lambda: NOW)
        assert [what for what, _ in history_of(notice)] == ["queued", "failed", "queued", "sent"]

    def test_only_what_failed_is_queued_again(self, place):
        """The near miss."""
        application_at(State.SUBMITTED, worker=place.worker)
        with pytest.raises(Blocked):
            notice_transitions.queue_again(Notice.objects.get(), now=NOW)

    def test_dropped(self, place):
        withdrawn(application_at(State.SUBMITTED, worker=place.worker))
        outbox.send_due(clock=lambda: NOW)
        assert history_of(Notice.objects.get(kind="ask_to_assess"))[-1] == ("dropped", "")

    def test_a_message_that_breaks_does_not_stop_the_others(self, place):
        application_at(State.RECOMMENDED, worker=place.worker)
        with mock.patch("progression.notifications.AskToDecide.body", side_effect=ZeroDivisionError):
            outbox.send_due(clock=lambda: NOW)
        assert Notice.objects.get(kind="ask_to_decide").last_fault == "ZeroDivisionError"
        assert Notice.objects.get(kind="news_for_worker").status == NoticeStatus.SENT

    def test_what_was_never_ended_is_seen(self, place):
        application_at(State.SUBMITTED, worker=place.worker)
        with mock.patch("progression.outbox._send", side_effect=SystemExit), pytest.raises(SystemExit):
            outbox.send_due(clock=lambda: NOW)
        outbox.send_due(clock=lambda: NOW + outbox.LEASE)
        assert history_of(Notice.objects.get()) == [("queued", ""), ("retried", outbox.KILLED), ("sent", "")]


class TestChoices:
    def test_daily(self, place):
        chose(place.manager, waiting="daily")
        application_at(State.SUBMITTED, worker=place.worker)
        assert outbox.send_due(clock=lambda: MORNING) == 0
        assert digest.send_due(clock=lambda: MORNING - timedelta(seconds=1)) == 0
        assert digest.send_due(clock=lambda: MORNING) == 1
        assert mail.outbox[0].to == [place.manager.email]
        assert digest.send_due(clock=lambda: MORNING + timedelta(days=9)) == 0

    @pytest.mark.django_db(transaction=True)
    def test_senders_at_once_do_not_divide_a_list(self, place):
        chose(place.manager, waiting="daily")
        for _ in range(8):
            application_at(State.SUBMITTED, place)
        sent = at_once(*[lambda: digest.send_due(clock=lambda: MORNING)] * 4)
        assert sorted(sent) == [0, 0, 0, 1]
        assert len(mail.outbox) == 1

    def test_only_here(self, place):
        chose(place.manager, waiting="here_only")
        application_at(State.SUBMITTED, worker=place.worker)
        assert outbox.send_due(clock=lambda: MORNING) == digest.send_due(clock=lambda: MORNING) == 0
        assert Notice.objects.get().status == NoticeStatus.HERE_ONLY

    def test_another_topic_is_still_sent_at_once(self, place):
        """The near miss."""
        chose(place.manager, news="here_only", reminders="daily")
        application_at(State.SUBMITTED, worker=place.worker)
        assert outbox.send_due(clock=lambda: NOW) == 1

    @pytest.mark.rule("R18", page="/you/notices/")
    @pytest.mark.parametrize("how", [HowTold.DAILY, HowTold.HERE_ONLY])
    def test_what_concerns_rights_cannot_be_switched_off(self, place, how):
        chose(place.worker, **dict.fromkeys(Topic.values, how.value))
        application = declined(application_at(State.RECOMMENDED, worker=place.worker))
        last_day = application.deadlines.get(closed_on=None).next_reminder_on
        sweep.sweep(today=last_day, now=NOW)
        mine = application.notices.filter(recipient=place.worker)
        assert {notice.kind: notice.status for notice in mine if notice.status == NoticeStatus.QUEUED} == {
            "outcome": NoticeStatus.QUEUED,
            "last_day_to_ask": NoticeStatus.QUEUED,
        }
        assert mine.get(kind="news_for_worker").status != NoticeStatus.QUEUED

    def test_the_sweep_asks_too(self, place):
        chose(place.manager, reminders="here_only")
        application_at(State.SUBMITTED, worker=place.worker)
        sweep.sweep(today=NOW.date() + timedelta(days=7), now=NOW)
        assert Notice.objects.get(kind="remind_to_act").status == NoticeStatus.HERE_ONLY

    def test_the_page(self, place, client):
        client.force_login(place.worker)
        page = client.get("/you/notices/").text
        assert "always comes by email, at once" in page
        assert page.count("checked") == len(Topic)
        sent = {"news": "daily", "waiting": "at_once", "reminders": "here_only"}
        client.post("/you/notices/", sent)
        assert notice_choices.chosen_by(place.worker) == sent
        assert "Choose how you are told" in client.post("/you/notices/", {}).text
        assert client.post("/you/notices/", sent | {"news": "never"}).status_code == 200
        assert notice_choices.chosen_by(place.worker) == sent


class TestDailyEmail:
    def test_one_for_all_in_sentences_without_details(self, place, settings):
        chose(place.manager, waiting="daily", reminders="daily")
        one = application_at(State.SUBMITTED, worker=place.worker)
        application_at(State.SUBMITTED, worker=place.colleague)
        assert digest.send_due(clock=lambda: MORNING) == 1
        (message,) = mail.outbox
        assert "is waiting for you to assess (2 times)" in message.body
        assert f"{settings.SITE_URL}/notices/" in message.body
        for private in (one.reference, place.worker.name, place.colleague.name, place.team.name):
            assert private not in message.body
        assert set(Notice.objects.values_list("status", "attempts")) == {("sent", 1)}

    def test_what_is_done_is_left_out(self, place):
        chose(place.manager, waiting="daily")
        done = application_at(State.SUBMITTED, worker=place.worker)
        application_at(State.SUBMITTED, worker=place.colleague)
        recommended(done)
        digest.send_due(clock=lambda: MORNING)
        assert "(2 times)" not in mail.outbox[0].body
        assert Notice.objects.get(application=done, kind="ask_to_assess").status == NoticeStatus.DROPPED

    def test_nothing_left_is_no_email(self, place):
        chose(place.manager, waiting="daily")
        recommended(application_at(State.SUBMITTED, worker=place.worker))
        assert digest.send_due(clock=lambda: MORNING) == 0
        assert mail.outbox == []

    def test_a_dead_mail_server_only_delays_it(self, place, mail_server):
        chose(place.manager, waiting="daily")
        application_at(State.SUBMITTED, worker=place.worker)
        mail_server.fault = OSError(28, "No space left on device")
        assert digest.send_due(clock=lambda: MORNING) == 0
        mail_server.fault = None
        assert digest.send_due(clock=lambda: MORNING + timedelta(hours=2)) == 1
        assert [what for what, _ in history_of(Notice.objects.get())] == ["queued", "retried", "sent"]

    def test_killed_while_sending_it_goes_again_under_the_same_name(self, place):
        chose(place.manager, waiting="daily")
        application_at(State.SUBMITTED, worker=place.worker)
        with mock.patch("progression.outbox.write_sent", side_effect=SystemExit), pytest.raises(SystemExit):
            digest.send_due(clock=lambda: MORNING)
        assert digest.send_due(clock=lambda: MORNING + outbox.LEASE) == 1
        first, second = mail.outbox
        assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
        assert [what for what, _ in history_of(Notice.objects.get())] == ["queued", "retried", "sent"]

    @pytest.mark.parametrize(
        ("now", "morning"),
        [
            (datetime(2026, 3, 10, 10, 0), datetime(2026, 3, 11, 7, 30)),
            (datetime(2026, 3, 11, 7, 29), datetime(2026, 3, 11, 7, 30)),
            (datetime(2026, 3, 28, 12, 0), datetime(2026, 3, 29, 7, 30)),  # the clocks go forward
        ],
    )
    def test_in_the_morning_here(self, now, morning):
        assert outbox.next_morning(timezone.make_aware(now)) == timezone.make_aware(morning)


class TestYourNotices:
    def test_opening_one_marks_it_read_and_goes_there(self, place, client):
        application = application_at(State.SUBMITTED, worker=place.worker)
        notice = Notice.objects.get()
        client.force_login(place.manager)
        page = client.get("/notices/").text
        assert "1 notice not opened yet" in page
        assert application.reference in page
        answer = client.post(f"/notices/{notice.pk}/open/")
        assert answer["location"] == f"/applications/{application.reference}/"
        notice.refresh_from_db()
        assert notice.read_at is not None
        client.post(f"/notices/{notice.pk}/open/")
        assert [what for what, _ in history_of(notice)] == ["queued", "read"]
        assert "not opened yet" not in client.get("/notices/").text

    def test_nobody_elses(self, place, client):
        application_at(State.SUBMITTED, worker=place.worker)
        client.force_login(place.other_manager)
        assert client.post(f"/notices/{Notice.objects.get().pk}/open/").status_code == 404
        assert "You have not been told anything yet" in client.get("/notices/").text
        assert Notice.objects.get().read_at is None

    def test_what_is_done_says_so(self, place, client):
        recommended(application_at(State.SUBMITTED, worker=place.worker), now=NOW + timedelta(hours=1))
        client.force_login(place.manager)
        page = client.get("/notices/").text
        assert "Done" in page

    def test_unread_first_fifty_a_page_and_the_same_queries_for_600(self, place, client):
        client.force_login(place.manager)
        application = application_at(State.SUBMITTED, worker=place.worker)
        few = self._queries(client)
        Notice.objects.bulk_create(
            Notice(
                application=application,
                recipient=place.manager,
                kind="remind_to_act",
                deadline=application.deadlines.get(closed_on=None),
                step=number,
                queued_at=NOW + timedelta(minutes=number),
                try_at=NOW,
                status=NoticeStatus.HERE_ONLY,
                read_at=NOW if number % 2 else None,
            )
            for number in range(600)
        )
        assert self._queries(client) == few
        page = client.get("/notices/").text
        assert page.count("Not opened") == 50
        assert "301 notices not opened yet" in page
        assert "Not opened" not in client.get("/notices/?page=10").text
        client.post("/notices/read/")
        assert not Notice.objects.filter(recipient=place.manager, read_at=None).exists()
        assert NoticeHistory.objects.filter(what="read").count() == 301

    def _queries(self, client):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/notices/").status_code == 200
        return len(queries)


class TestOperators:
    def test_history_and_queueing_again(self, place, client):
        application_at(State.SUBMITTED, worker=place.worker)
        notice = Notice.objects.get()
        Notice.objects.update(status=NoticeStatus.FAILED, last_fault="OSError 28")
        client.force_login(place.administrator)
        page = client.get(f"/admin/progression/notice/{notice.pk}/change/").text
        assert "Queued" in page
        sent = {"action": "queue_again", "_selected_action": [notice.pk]}
        answer = client.post("/admin/progression/notice/?status__exact=failed", sent, follow=True)
        assert "1 queued again, 0 had not failed." in answer.text
        notice.refresh_from_db()
        assert (notice.status, notice.last_fault) == (NoticeStatus.QUEUED, "")
