"""A worker who asks somebody about a piece, and what that person answers."""

import uuid

from django.test import Client

from portfolios import observer_links
from portfolios import observer_transitions as transitions

OBSERVER = {"name": "Ines Okafor", "email": "ines@school.example", "relation": "partner_agency"}
WORDS = "She asked the girl what she wanted before anybody else spoke."
ANSWER = {"name": "Ines Okafor", "role": "Head teacher", "organisation": "Elm Road School", "observed": "yes"}


def ask(piece, *, now, actor=None, **changes):
    options = OBSERVER | {"message": "", "texts": ["what_i_did"], "files": [], "key": uuid.uuid4()} | changes
    return transitions.ask(piece, actor=actor or piece.worker, **options, now=now)


def token_of(request):
    return observer_links.token_of(request.links.get(ended_at=None).key)


def address(request):
    return f"/testimony/{token_of(request)}/"


def answered(request, *, now, **changes):
    options = {"key": uuid.uuid4(), "words": WORDS, "stays": [], **ANSWER, "observed": True} | changes
    return transitions.answer(token_of(request), **options, now=now)


def opens(address, **asked):
    return Client(**asked).get(address).status_code == 200


def page_of(piece, request):
    return f"/evidence/{piece.pk}/asked/{request.pk}/"
