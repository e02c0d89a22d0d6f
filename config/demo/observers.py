"""Whom worker1 of the demonstration asked about their work, and what they count as CPD for the regulator."""

import datetime
import uuid

from django.utils import timezone

from competencies.rules import EvidenceKind
from config.demo.cases import workday
from portfolios import cpd_transitions, observer_links
from portfolios import observer_transitions as observers
from portfolios.models import CpdRecord

TESTIMONY = {
    "name": "Ines Okafor",
    "role": "Head teacher",
    "organisation": "Elm Road School",
    "observed": True,
    "words": "She came when she had said she would, and asked the girl what she wanted before any of us "
    "spoke. I would have liked to hear of the plan a week earlier than I did.",
    "stays": [],
}


def make_observers(people, *, today):
    """Of two people asked about one piece one has answered; one CPD record is chosen, with its reflection."""
    worker = people["worker1"]
    piece = worker.evidence.filter(complete=True, kind=EvidenceKind.PRACTICE_EXAMPLE).order_by("pk").first()
    asked = _ask(
        piece, today, 6, name="Ines Okafor", email="ines.okafor@school.example", relation="partner_agency"
    )
    token = observer_links.token_of(asked.links.get().key)
    observers.answer(token, key=uuid.uuid4(), **TESTIMONY, now=_at(today, 3))
    _ask(
        piece, today, 1, name="Marek Lisowski", email="marek@educators.example", relation="practice_educator"
    )
    _make_cpd(worker, today)


def _ask(piece, today, days, **whom):
    return observers.ask(
        piece,
        actor=piece.worker,
        **whom,
        message="Did I leave her enough time?",
        texts=["what_i_did"],
        files=[],
        key=uuid.uuid4(),
        now=_at(today, days),
    )


def _make_cpd(worker, today):
    piece = worker.evidence.get(kind=EvidenceKind.CPD_RECORD, complete=True)
    cpd_transitions.choose(worker, pieces=[piece.pk], now=_at(today, 2), today=today)
    cpd_transitions.add_peer_reflection(
        CpdRecord.objects.get(evidence=piece),
        actor=worker,
        role="a senior social worker in my team",
        on=workday(today, 2),
        said="She asked what I would see in a child who has stopped asking. I look for that now.",
        today=today,
    )


def _at(today, days):
    return timezone.make_aware(datetime.datetime.combine(workday(today, days), datetime.time(10, 40)))
