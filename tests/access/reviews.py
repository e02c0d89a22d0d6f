"""Rows of the table for late requests, a review and its papers, and taking an authorisation back."""

from datetime import timedelta

from progression.models import Application
from progression.states import State
from reviews import bundle_transitions, paper_transitions
from reviews import representative_transitions as representatives
from reviews.models import Bundle
from tests.access.cast import (
    ASKED_LATE,
    AUDITOR,
    DIRECTOR,
    EVERYBODY,
    HEAD,
    LATE,
    MANAGER,
    NOT_HEARD,
    REDBRIDGE_APPEAL,
    REVERSAL_ASKED,
    SEE_CASE,
    SEE_RETURNED,
    SENIORS,
    WORKER,
)
from tests.access.row import CASE, Row
from tests.access.sent import ASK
from tests.one_page import one_page
from tests.portfolios.makers import picture, upload

ASK_LATE = ASK | {"why_late": "I was in hospital."}
ACCEPT_LATE = {"accepted": "yes", "reason": "A stay in hospital is a good reason.", "sign": ""}
REVERSE = {"reason": "It was meant for somebody else.", "sign": ""}
CONFIRM = {"confirmed": "yes", "sign": ""}
NO_SUCH = "6f2d6f2c-3d29-4f83-9a0e-0d5d1b2f6c11"
SPEAKER = {"name": "Joyce Amadi", "organisation": "A union", "email": "joyce@union.example"}


def _hearing(case):
    """A day that is a working day, whatever today is: the review's own last day."""
    day = case.deadlines.get(closed_on=None).due_on
    return {
        "day_0": str(day.day),
        "day_1": str(day.month),
        "day_2": str(day.year),
        "at": "10am",
        "place": "Room 3",
        "attendees": "Ann Lee, HR adviser",
        "reason": "The hearer is ill.",
        "sign": "",
    }


def _document(world):
    """Of the review's case, added by its worker."""
    application = _under_review()
    document = paper_transitions.add_document(
        application,
        actor=application.worker,
        title="The plan",
        upload=upload(picture(), "plan.png"),
        now=world.now,
    )
    world.files.append(document.stored_as)
    return {"token": document.token}


def _link(world):
    """The token of a representative's link that works."""
    represented(world, _under_review())
    return {"token": representatives.make_link(_under_review(), actor=_under_review().worker, now=world.now)}


def _under_review():
    return (
        Application.objects.select_related("worker")
        .filter(state=State.UNDER_APPEAL, scheme__code="medway-2010")
        .latest("pk")
    )


def represented(world, case):
    representatives.name_representative(case, actor=case.worker, **SPEAKER, now=world.now)


def represented_with_a_link(world, case):
    represented(world, case)
    representatives.make_link(case, actor=case.worker, now=world.now)


def with_a_bundle(world, case):
    waiting = Bundle.objects.filter(appeal=case.appeal).latest("number")
    bundle_transitions.keep(waiting, one_page(), pages=1, now=world.now + timedelta(seconds=1))


READ_PAPERS = WORKER | MANAGER | DIRECTOR | AUDITOR
"""The two sides, whoever hears it, and who reads all that is on record. To others there are no papers."""
NO_PAPERS = SEE_RETURNED - READ_PAPERS

HEARING, LINK = CASE + "review/hearing/", CASE + "review/representative/link/"
DOCUMENT = CASE + "review/documents/<uuid:token>/"

ROWS = (
    # Late requests. R19
    Row(CASE + "review/ask/", LATE, sent_on=WORKER, sends={}, acts=frozenset()),
    Row(CASE + "review/ask/late/", State.DECLINED, blocked=WORKER, sends={}),
    Row(CASE + "review/ask/late/", LATE, opens=WORKER, sends=ASK_LATE),
    Row(CASE + "review/ask/late/", ASKED_LATE, blocked=WORKER, sends={}),
    Row(CASE + "review/late/", LATE, blocked=DIRECTOR, sends={}),
    Row(CASE + "review/late/", ASKED_LATE, opens=DIRECTOR, sends=ACCEPT_LATE),
    # The review
    Row(CASE + "review/", State.DECLINED, absent=SEE_RETURNED),
    Row(CASE + "review/", State.UNDER_APPEAL, opens=SEE_RETURNED),
    Row(CASE + "review/", REDBRIDGE_APPEAL, opens=SEE_CASE - MANAGER),
    Row(CASE + "review/decide/", NOT_HEARD, blocked=DIRECTOR, sends={}),
    # Its hearing. R20, R21
    Row(HEARING, State.DECLINED, blocked=DIRECTOR, sends={}),
    Row(HEARING, NOT_HEARD, opens=DIRECTOR, sends=_hearing),
    Row(HEARING, State.UNDER_APPEAL, opens=DIRECTOR, sends=_hearing),
    Row(HEARING, REDBRIDGE_APPEAL, blocked=HEAD, sends={}),
    # What the two sides put before it
    Row(CASE + "review/statement/", State.DECLINED, blocked=WORKER | MANAGER, absent=NO_PAPERS, sends={}),
    Row(
        CASE + "review/statement/",
        State.UNDER_APPEAL,
        opens=WORKER | MANAGER,
        absent=NO_PAPERS,
        sends={"text": "I wrote it alone."},
    ),
    Row(
        CASE + "review/documents/add/",
        State.DISMISSED,
        blocked=WORKER | MANAGER,
        absent=NO_PAPERS,
        sends={},
    ),
    Row(
        CASE + "review/documents/add/",
        State.UNDER_APPEAL,
        opens=WORKER | MANAGER,
        absent=NO_PAPERS,
        sends={"title": "A report"},
        then=200,
        keeps=False,
    ),
    Row(DOCUMENT, State.UNDER_APPEAL, opens=READ_PAPERS, absent=NO_PAPERS, args=_document),
    Row(DOCUMENT, State.DISMISSED, absent=SEE_RETURNED, args={"token": NO_SUCH}),
    Row(
        DOCUMENT + "remove/",
        State.UNDER_APPEAL,
        opens=WORKER,
        absent=NO_PAPERS,
        sends={},
        empty=302,
        args=_document,
    ),
    Row(
        DOCUMENT + "remove/",
        State.UNDER_APPEAL,
        absent=WORKER | MANAGER | NO_PAPERS,
        sends={},
        args={"token": NO_SUCH},
    ),
    Row(CASE + "review/papers/", State.UNDER_APPEAL, absent=SEE_RETURNED),
    Row(CASE + "review/papers/", State.UNDER_APPEAL, with_a_bundle, opens=READ_PAPERS, absent=NO_PAPERS),
    # Who speaks for the worker
    Row(CASE + "review/representative/", State.DISMISSED, blocked=SEE_RETURNED, sends={}),
    Row(CASE + "review/representative/", State.UNDER_APPEAL, opens=WORKER, sends=SPEAKER),
    Row(CASE + "review/representative/", REDBRIDGE_APPEAL, blocked=WORKER, sends={}),
    Row(CASE + "review/representative/remove/", State.UNDER_APPEAL, absent=WORKER, sends={}),
    Row(
        CASE + "review/representative/remove/",
        State.UNDER_APPEAL,
        represented,
        opens=WORKER,
        sends={},
        empty=302,
    ),
    Row(LINK, State.UNDER_APPEAL, absent=WORKER | DIRECTOR, sends={}),
    Row(LINK, State.UNDER_APPEAL, represented, opens=WORKER | DIRECTOR, sends={}, then=200),
    Row(
        LINK + "take-back/",
        State.UNDER_APPEAL,
        represented_with_a_link,
        post_only=True,
        acts=WORKER | DIRECTOR,
        sends={},
        empty=302,
    ),
    Row("papers/<str:token>/", State.UNDER_APPEAL, absent=EVERYBODY, sends={}, args={"token": "guessed"}),
    Row(
        "papers/<str:token>/",
        State.UNDER_APPEAL,
        opens=EVERYBODY,
        sends={},
        then=200,
        keeps=False,
        args=_link,
    ),
    # Taking an authorisation back. R15
    Row(CASE + "reverse/", State.RECOMMENDED, blocked=SENIORS, sends={}),
    Row(CASE + "reverse/", State.AUTHORISED, opens=SENIORS, sends=REVERSE),
    Row(CASE + "reverse/", State.UPHELD, blocked=SENIORS, sends={}),
    Row(CASE + "reverse/", REVERSAL_ASKED, opens=SENIORS, acts=SENIORS - HEAD, sends=CONFIRM),
)
