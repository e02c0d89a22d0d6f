"""The ladder of the regulator's renewal: whoever misses something is told, once a day, as they chose."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.models import HowTold, NoticeChoice, Topic
from portfolios import cpd_transitions
from portfolios.models import CpdRecord
from progression import cpd_reminders, notice_selectors, outbox
from progression.models import Notice, NoticeStatus
from tests.council import organisation, social_worker, with_rules
from tests.portfolios.makers import piece_of

pytestmark = pytest.mark.django_db
PEER = {"role": "a senior social worker", "on": date(2026, 9, 14), "said": "She asked what I would drop."}


@pytest.fixture
def place():
    with_rules("medway-2010")
    return organisation()


def at(day):
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=9)


def remind(day):
    return cpd_reminders.remind(today=day, now=at(day))


def complete(worker, day):
    pieces = [piece_of(worker, now=at(day)).pk for _ in range(2)]
    cpd_transitions.choose(worker, pieces=pieces, now=at(day), today=day)
    one = CpdRecord.objects.filter(worker=worker).first()
    cpd_transitions.add_peer_reflection(one, actor=worker, **PEER, today=day)


def days_told(worker):
    return list(Notice.objects.filter(recipient=worker).order_by("day").values_list("day", flat=True))


def test_each_day_of_the_ladder_once(place):
    day, told = date(2026, 8, 1), []
    while day < date(2026, 12, 31):
        remind(day)
        assert remind(day) == 0
        day += timedelta(days=1)
    told = days_told(place.worker)
    assert [(one.month, one.day) for one in told] == [(9, 1), (10, 1), (11, 1), (11, 16), (11, 25), (11, 29)]


def test_of_days_slept_through_only_the_last(place):
    remind(date(2026, 11, 20))
    assert days_told(place.worker) == [date(2026, 11, 16)]


def test_not_who_misses_nothing_nor_who_is_no_worker_in_post(place):
    complete(place.worker, date(2026, 9, 20))
    place.colleague.is_active = False
    place.colleague.save()
    remind(date(2026, 10, 1))
    assert not Notice.objects.filter(recipient__in=[place.worker, place.colleague, place.manager]).exists()


def test_what_is_completed_before_it_is_sent_is_dropped(place):
    remind(date(2026, 10, 1))
    complete(place.worker, date(2026, 10, 1))
    outbox.send_due(clock=lambda: at(date(2026, 10, 1)))
    assert Notice.objects.get(recipient=place.worker).status == NoticeStatus.DROPPED
    assert place.worker.email not in [to for letter in mail.outbox for to in letter.to]


def test_it_is_sent_as_they_chose_and_leads_to_the_page(place, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at(date(2026, 10, 1)))
    NoticeChoice.objects.create(person=place.colleague, topic=Topic.REMINDERS, how=HowTold.HERE_ONLY)
    remind(date(2026, 10, 1))
    outbox.send_due(clock=lambda: at(date(2026, 10, 1)))
    (letter,) = [one for one in mail.outbox if one.to == [place.worker.email]]
    assert "/cpd/" in letter.body and place.worker.name not in letter.body
    assert Notice.objects.get(recipient=place.colleague).status == NoticeStatus.HERE_ONLY
    (shown,) = notice_selectors.told(place.worker, page=1).object_list
    assert shown.subject.startswith("Your CPD") and not shown.over


def test_its_notice_opens(client, place, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at(date(2026, 10, 1)))
    remind(date(2026, 10, 1))
    client.force_login(place.worker)
    assert "Your CPD for this year" in client.get("/notices/").text
    notice = Notice.objects.get(recipient=place.worker)
    assert client.post(f"/notices/{notice.pk}/open/").url == "/cpd/"


def test_postgresql_keeps_one_a_day(place):
    remind(date(2026, 10, 1))
    notice = Notice.objects.filter(recipient=place.worker).values().get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.create(**notice | {"id": None})
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.create(**notice | {"id": None, "day": None})


def test_as_few_queries_for_many_as_for_few(place):
    counts = []
    for day in (date(2026, 9, 1), date(2026, 10, 1)):
        with CaptureQueriesContext(connection) as queries:
            remind(day)
        counts.append(len(queries))
        for _ in range(30):
            social_worker(place.team)
    assert counts[0] == counts[1] <= 8, counts
