"""Rows of the table for observers: the worker's pages about whom they asked, and the observer's by a link."""

from uuid import uuid4

from portfolios import observer_links
from portfolios import observer_transitions as transitions
from progression.states import State
from tests.access.cast import COLLEAGUE, EVERYBODY, NOBODY, WORKER, WORKERS
from tests.access.row import Row
from tests.portfolios.makers import piece_of

ASK, ASKED = "evidence/<int:pk>/ask/", "evidence/<int:pk>/asked/<int:number>/"
LINK = "testimony/<str:token>/"
SOMEBODY = {"name": "Ines Okafor", "email": "ines@school.example", "relation": "partner_agency"}
ANSWER = {"name": "Ines Okafor", "role": "Head teacher", "organisation": "Elm Road School", "observed": "yes"}


def _asks(case):
    return SOMEBODY | {"key": str(uuid4()), "message": "", "send": "send"}


def _answers(case):
    return ANSWER | {"key": str(uuid4()), "words": "She listened.", "send": "send"}


def _request(piece, now, files=()):
    return transitions.ask(
        piece, actor=piece.worker, **SOMEBODY, message="", texts=[], files=files, key=uuid4(), now=now
    )


def _where(request):
    return {"pk": request.evidence_id, "number": request.pk}


def own(world):
    return {"pk": world.file_of(State.DRAFT).evidence_id}


def of_colleague(world):
    return {"pk": piece_of(world.place.colleague, now=world.now).pk}


def asked(world):
    return _where(_request(world.file_of(State.DRAFT).evidence, world.now))


def asked_by_colleague(world):
    return _where(_request(piece_of(world.place.colleague, now=world.now), world.now))


def asked_by_colleague_about_their_own(world):
    """Near miss: the number of a colleague's request under a piece of one's own."""
    return asked_by_colleague(world) | own(world)


def answered(world):
    return _where(_answered(world)[0])


def _answered(world):
    request = _request(world.file_of(State.DRAFT).evidence, world.now)
    token = _token(request)
    said = ANSWER | {"observed": True, "words": "She listened.", "stays": [], "key": uuid4()}
    transitions.answer(token, **said, now=world.now)
    return request, token


def a_link(world):
    return {"token": _token(_request(world.file_of(State.DRAFT).evidence, world.now))}


def a_used_link(world):
    return {"token": _answered(world)[1]}


def a_link_and_its_file(world):
    file = world.file_of(State.DRAFT)
    return {"token": _token(_request(file.evidence, world.now, [str(file.token)])), "file": file.token}


def a_link_without_the_file(world):
    return a_link(world) | {"file": world.file_of(State.DRAFT).token}


def a_guess_at_a_file(world):
    return {"token": "guessed", "file": world.file_of(State.DRAFT).token}


def _token(request):
    return observer_links.token_of(request.links.get(ended_at=None).key)


ROWS = (
    Row(ASK, opens=WORKER, sends=_asks, args=own),
    Row(ASK, opens=COLLEAGUE, sends=_asks, args=of_colleague),
    Row("evidence/asked/", opens=WORKERS),
    Row(ASKED, opens=WORKER, args=asked),
    Row(ASKED, absent=WORKER, opens=COLLEAGUE, args=asked_by_colleague),
    Row(ASKED, absent=WORKER, args=asked_by_colleague_about_their_own),
    Row(ASKED, absent=WORKER, args={"pk": 10**30, "number": 10**30}),
    Row(ASKED + "send-again/", post_only=True, sends={}, acts=WORKER, empty=302, args=asked),
    Row(ASKED + "send-again/", post_only=True, sends={}, acts=NOBODY, blocked=WORKER, args=answered),
    Row(ASKED + "take-back/", opens=WORKER, sends={}, empty=302, args=asked),
    Row(ASKED + "take-back/", blocked=WORKER, sends={}, acts=NOBODY, args=answered),
    Row(
        ASKED + "leave-out/",
        post_only=True,
        sends={"left_out": "yes"},
        acts=WORKER,
        empty=302,
        args=answered,
    ),
    Row(LINK, opens=EVERYBODY, sends=_answers, acts=EVERYBODY - WORKER, act_blocked=WORKER, args=a_link),
    Row(LINK, absent=EVERYBODY, sends={}, acts=NOBODY, args={"token": "guessed"}),
    Row(LINK, absent=EVERYBODY, sends={}, acts=NOBODY, args=a_used_link),
    Row(LINK + "files/<uuid:file>/", opens=EVERYBODY, args=a_link_and_its_file),
    Row(LINK + "files/<uuid:file>/", absent=EVERYBODY, args=a_link_without_the_file),
    Row(LINK + "files/<uuid:file>/", absent=EVERYBODY, args=a_guess_at_a_file),
    Row("testimony/thank-you/", opens=EVERYBODY),
)
