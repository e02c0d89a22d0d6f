"""One link used by four at the same moment takes one answer; limits hold for many at once."""

import uuid

import pytest
from django.utils import timezone

from people.policies import Blocked
from portfolios import models, observer_links
from portfolios import observer_transitions as transitions
from tests.at_once import at_once
from tests.council import organisation
from tests.portfolios.makers import piece_of

pytestmark = pytest.mark.django_db(transaction=True)
WHO = {
    "name": "Ines Okafor",
    "role": "Head",
    "organisation": "A school",
    "observed": True,
    "words": "",
    "stays": [],
}


def ask(piece, number):
    return transitions.ask(
        piece,
        actor=piece.worker,
        name="Ines Okafor",
        email=f"ines{number}@school.example",
        relation="colleague",
        message="",
        texts=[],
        files=[],
        key=uuid.uuid4(),
        now=timezone.now(),
    )


def test_one_answer_of_four():
    request = ask(piece_of(organisation().worker, now=timezone.now()), 1)
    token = observer_links.token_of(request.links.get().key)
    answers = at_once(*[lambda: transitions.answer(token, key=uuid.uuid4(), **WHO, now=timezone.now())] * 4)
    assert sum(isinstance(answer, models.Testimony) for answer in answers) == 1, answers
    assert sum(isinstance(answer, transitions.NoSuchLink) for answer in answers) == 3, answers


def test_two_observers_of_one_piece_follow_one_another():
    piece = piece_of(organisation().worker, now=timezone.now())
    tokens = [observer_links.token_of(ask(piece, number).links.get().key) for number in range(3)]
    at_once(
        *[
            lambda token=token: transitions.answer(token, key=uuid.uuid4(), **WHO, now=timezone.now())
            for token in tokens
        ]
    )
    kept = list(models.Testimony.objects.order_by("pk"))
    assert [one.previous for one in kept] == ["", kept[0].sha256, kept[1].sha256]


def test_five_at_most_however_they_are_asked():
    piece = piece_of(organisation().worker, now=timezone.now())
    answers = at_once(*[lambda number=number: ask(piece, number) for number in range(8)])
    assert sum(isinstance(answer, Blocked) for answer in answers) == 3, answers
    assert models.ObserverRequest.objects.count() == 5
