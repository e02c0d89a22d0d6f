"""An export that is sent, or brought back, by two at once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from portfolios import bringing_transitions, working
from portfolios.models import BringingBack
from tests.at_once import at_once
from tests.council import organisation
from tests.portfolios.exports import exported, own_folder
from tests.portfolios.sending import kept, sent, zip_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures(own_folder.__name__)]


def test_sent_twice_at_once(tmp_path):
    worker = organisation().worker
    path, key = exported(worker, tmp_path), uuid.uuid4()
    before = kept()

    def send():
        bringing_transitions.ask_for(worker, export=zip_of(path), key=key, now=timezone.now())

    at_once(send, send)
    assert BringingBack.objects.count() == 1 and len(kept() - before) == 1


def test_while_it_is_written_nobody_else_takes_it_up(tmp_path):
    """However long that takes: the row is locked as long as its transaction lasts."""
    worker = organisation().worker
    sent(worker, exported(worker, tmp_path))
    row, tried = working.claim(BringingBack, now=timezone.now()), []

    class Slow(bringing_transitions._Waiting):
        def wrote(self, came):
            later = timezone.now() + timedelta(hours=1)
            at_once(lambda: tried.append(working.claim(BringingBack, now=later)))
            super().wrote(came)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bringing_transitions, "_Waiting", Slow)
        bringing_transitions.bring(row, now=timezone.now)
    assert tried == [None] and BringingBack.objects.get().made_at
