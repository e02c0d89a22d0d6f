"""The page of each move, sent by everybody in every state: only the table's moves happen."""

from copy import copy
from dataclasses import dataclass, field

import pytest
from django.contrib.auth import middleware

from progression.models import Application
from progression.states import STAGES, State
from tests import standing_in
from tests.access.cast import (
    ASKED_LATE,
    BEING_ASSESSED,
    CONTRACT_ACCEPTED,
    DIRECTOR,
    EVERYBODY,
    HEAD,
    MANAGER,
    NOT_RECOMMENDING,
    NOT_SIGNED_IN,
    OTHER_MANAGER,
    OUTSIDE_DIRECTOR,
    OUTSIDE_HEAD,
    OUTSIDE_MANAGER,
    OUTSIDE_SERVICE_MANAGER,
    PAYROLL,
    REVERSAL_ASKED,
    REVERSAL_ASKED_IN_PAY,
    REVERSAL_ASKED_WITH_PAYROLL,
    SEE_RETURNED,
    SENIORS,
    SERVICE_MANAGER,
    WORKER,
)
from tests.access.pay import DECLINE_CONTRACT
from tests.access.reviews import ACCEPT_LATE, CONFIRM, REVERSE
from tests.access.row import CASE, PAY
from tests.access.sent import ASK, AUTHORISE, DECLINE, DISMISS, REFUSE, UPHOLD
from tests.access.visit import Fields, Visitor, path_of, undone, values_of

pytestmark = pytest.mark.django_db

ASKED_TO_REVERSE = (REVERSAL_ASKED, REVERSAL_ASKED_WITH_PAYROLL, REVERSAL_ASKED_IN_PAY)


@dataclass(frozen=True, kw_only=True)
class Page:
    """What somebody may send to a page, who may, and where that brings a case. Elsewhere they are refused."""

    url: str
    sends: tuple
    by: frozenset
    reaches: dict
    """{case: the states that it can come to}"""
    stays: dict = field(default_factory=dict)
    """{case: who gets the page, and yet brings it nowhere}"""

    def by_whom(self, name):
        """{who gets the page, for the case of this name: the states that they can bring it to}"""
        reaching = dict.fromkeys(self.by if name in self.reaches else (), self.reaches.get(name))
        return reaching | dict.fromkeys(self.stays.get(name, ()), set())


PAGES = (
    Page(
        url=CASE + "submit/",
        sends=({"worked_through": "on"},),
        by=WORKER,
        reaches={State.DRAFT: {State.SUBMITTED}, State.RETURNED: {State.SUBMITTED}},
    ),
    Page(
        url=CASE + "withdraw/",
        sends=({"reason": "I move away."},),
        by=WORKER,
        reaches=dict.fromkeys(
            (
                State.DRAFT,
                BEING_ASSESSED,
                NOT_RECOMMENDING,
                State.RETURNED,
                State.RECOMMENDED,
                State.NOT_RECOMMENDED,
                State.UNDER_APPEAL,
            ),
            {State.WITHDRAWN},
        ),
    ),
    Page(
        url=CASE + "return/",
        sends=({"reason": "Add an example."},),
        by=MANAGER,
        reaches=dict.fromkeys((BEING_ASSESSED, NOT_RECOMMENDING), {State.RETURNED}),
    ),
    Page(
        url=CASE + "sign/",
        sends=({"confirmed": "on"},),
        by=MANAGER,
        reaches={BEING_ASSESSED: {State.RECOMMENDED}, NOT_RECOMMENDING: {State.NOT_RECOMMENDED}},
    ),
    Page(
        url=CASE + "authorisation/",
        sends=(AUTHORISE, DECLINE, REFUSE),
        by=SENIORS,
        reaches={
            State.RECOMMENDED: {State.AUTHORISED, State.DECLINED},
            State.NOT_RECOMMENDED: {State.REFUSED},
        },
    ),
    Page(
        url=CASE + "review/ask/",
        sends=(ASK,),
        by=WORKER,
        reaches=dict.fromkeys((State.DECLINED, State.REFUSED), {State.UNDER_APPEAL}),
        stays={ASKED_LATE: WORKER},
    ),
    Page(
        url=CASE + "review/late/",
        sends=(ACCEPT_LATE,),
        by=DIRECTOR,
        reaches={ASKED_LATE: {State.UNDER_APPEAL}},
    ),
    Page(
        url=CASE + "review/decide/",
        sends=(UPHOLD, DISMISS),
        by=DIRECTOR,
        reaches={State.UNDER_APPEAL: {State.UPHELD, State.DISMISSED}},
    ),
    Page(
        url=CASE + "contract/decline/",
        sends=(DECLINE_CONTRACT,),
        by=WORKER,
        reaches=dict.fromkeys((State.SENT_TO_PAYROLL, REVERSAL_ASKED_WITH_PAYROLL), {State.WITHDRAWN}),
    ),
    Page(
        url=PAY + "pay-changed/",
        sends=({},),
        by=PAYROLL,
        reaches={CONTRACT_ACCEPTED: {State.IMPLEMENTED}},
    ),
    Page(
        url=CASE + "reverse/",
        sends=(REVERSE, CONFIRM),
        by=SENIORS,
        reaches=dict.fromkeys(ASKED_TO_REVERSE, {State.RECOMMENDED}),
        stays={
            # Asking does not take it back, nor does who asked.
            **dict.fromkeys(
                (State.AUTHORISED, State.SENT_TO_PAYROLL, CONTRACT_ACCEPTED, State.IMPLEMENTED), SENIORS
            ),
            **dict.fromkeys(ASKED_TO_REVERSE, HEAD),
        },
    ),
)
STATE_OF = {BEING_ASSESSED: State.SUBMITTED} | {state: state for state in State if state != State.SUBMITTED}
"""A case in each state, in which everybody tries everything."""
STATE_OF_MORE = {
    NOT_RECOMMENDING: State.SUBMITTED,
    ASKED_LATE: State.DECLINED,
    CONTRACT_ACCEPTED: State.SENT_TO_PAYROLL,
    REVERSAL_ASKED: State.AUTHORISED,
    REVERSAL_ASKED_WITH_PAYROLL: State.SENT_TO_PAYROLL,
    REVERSAL_ASKED_IN_PAY: State.IMPLEMENTED,
}
"""Cases in which something more has happened, tried by whoever may know of them."""
CASES = (*STATE_OF, *STATE_OF_MORE)
STANDS_IN = {
    OTHER_MANAGER: MANAGER,
    OUTSIDE_SERVICE_MANAGER: SERVICE_MANAGER,
    OUTSIDE_HEAD: HEAD,
    OUTSIDE_DIRECTOR: DIRECTOR,
}
"""Who stands in for whom."""


@pytest.fixture
def each_session_read_once(monkeypatch):
    """While a case is tried nobody's role or password changes: who they are is looked up once."""
    read, people = middleware.get_user, {}

    def remembered(request):
        key = request.session.session_key
        if key not in people:
            people[key] = read(request)
        return copy(people[key])

    monkeypatch.setattr(middleware, "get_user", remembered)


def test_the_pages_make_the_tables_moves():
    """Every move is made on some page here, but for the service's own; and no page makes another."""
    by_page = {
        ((STATE_OF | STATE_OF_MORE)[name], to)
        for page in PAGES
        for name, reached in page.reaches.items()
        for to in reached
    }
    moves = {(state, to) for state, stage in STAGES.items() for to in stage.moves}
    assert by_page <= moves
    assert moves - by_page == {(state, State.SENT_TO_PAYROLL) for state in (State.AUTHORISED, State.UPHELD)}


@pytest.mark.usefixtures("each_session_read_once")
@pytest.mark.parametrize("name", CASES)
def test_only_the_tables_moves_by_page(world, name):
    """Whom a page is for brings the case there; the rest are refused, and write nothing."""
    world.signed_in()
    visitor = Visitor(world, world.case(name))
    rights = {who: who for who in (EVERYBODY if name in STATE_OF else SEE_RETURNED | PAYROLL)}
    faults = [fault for page in PAGES for fault in faults_of(page, visitor, name, rights)]
    assert not faults, "\n".join(faults)


@pytest.mark.usefixtures("each_session_read_once")
@pytest.mark.parametrize("name", CASES)
def test_by_who_stands_in(world, name):
    """On each page where somebody judges, they do what the person may for whom they stand in, and no more.

    Who stood in until a moment ago does nothing.
    """
    world.signed_in()
    visitor = Visitor(world, world.case(name))
    standing_in.back(standing_in.away(world.place.manager, world.outside.manager))
    rights = {min(OUTSIDE_MANAGER): ""}
    for delegate, delegator in STANDS_IN.items():
        for_whom, who = (world.person(min(one), visitor.case) for one in (delegator, delegate))
        standing_in.away(for_whom, who)
        rights[min(delegate)] = min(delegator)
    judged = [page for page in PAGES if page.by & (MANAGER | SENIORS)]
    faults = [fault for page in judged for fault in faults_of(page, visitor, name, rights)]
    assert not faults, "\n".join(faults)


def faults_of(page, visitor, name, rights):
    """What goes wrong when each of these people sends the page. `rights`: {who: whose right they have}."""
    by_whom = page.by_whom(name)
    may = sorted(who for who, right in rights.items() if right in by_whom)
    path = path_of(page.url, values_of(visitor.case))
    hidden = Fields(visitor.ask(may[0], "GET", path).text).hidden if may else {}
    faults = []
    with undone() as written:
        for who in sorted(rights.keys() - may):
            for body in page.sends:
                status = visitor.ask(who, "POST", path, hidden | body).status
                if status not in ({302} if who in NOT_SIGNED_IN else {403, 404, 409}):
                    faults.append(f"{page.url}: {who} is answered {status}")
                if status == 404:
                    break  # there is no such page: nothing more to be sent to it
        if written():
            faults.append(f"{page.url}: somebody whom it is not for wrote something")
    for who in may:
        reached = {_state_after(visitor, who, path, hidden | body) for body in page.sends}
        if reached - {visitor.case.state} != by_whom[rights[who]]:
            faults.append(f"{page.url}: {who} brings it to {sorted(reached)}")
    return faults


def _state_after(visitor, who, path, body):
    with undone():
        answer = visitor.ask(who, "POST", path, body)
        assert not answer.faults
        return Application.objects.values_list("state", flat=True).get(pk=visitor.case.pk)
