"""A worker is told that an observer has answered: once a day, with nothing of what was said."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portfolios import observer_links, observer_transitions
from progression import outbox, testimony_news
from progression.models import Notice
from tests.council import organisation
from tests.portfolios.makers import piece_of

pytestmark = pytest.mark.django_db
WORDS = "She asked the girl what she wanted."


def answered(piece, *, now):
    request = observer_transitions.ask(
        piece,
        actor=piece.worker,
        name="Ines Okafor",
        email="ines@school.example",
        relation="colleague",
        message="",
        texts=[],
        files=[],
        key=uuid.uuid4(),
        now=now,
    )
    who = {"name": "Ines Okafor", "role": "Head", "organisation": "A school", "observed": True}
    token = observer_links.token_of(request.links.get().key)
    observer_transitions.answer(token, key=uuid.uuid4(), **who, words=WORDS, stays=[], now=now)


def test_once_a_day_and_only_its_worker(client):
    place, now = organisation(), timezone.now()
    piece = piece_of(place.worker, now=now)
    assert testimony_news.tell(now=now) == 0
    answered(piece, now=now - timedelta(days=1))
    answered(piece, now=now - timedelta(days=1))
    assert testimony_news.tell(now=now) == 1 and testimony_news.tell(now=now) == 0
    answered(piece, now=now)
    assert testimony_news.tell(now=now) == 1
    assert set(Notice.objects.values_list("recipient", flat=True)) == {place.worker.pk}
    outbox.send_due(clock=lambda: now + timedelta(seconds=1))
    letter = mail.outbox[-1]
    assert "/evidence/asked/" in letter.body
    for told in (WORDS, "Ines", piece.title):
        assert told not in letter.body + letter.subject
    client.force_login(place.worker)
    notice = Notice.objects.first()
    assert client.post(f"/notices/{notice.pk}/open/").url == "/evidence/asked/"
