"""The page of each move, sent in every state by those who come near it: only the table's moves happen."""

import pytest

from progression.models import Application
from progression.states import State
from tests.access.cast import (
    ASKED_LATE,
    BEING_ASSESSED,
    CONTRACT_ACCEPTED,
    DIRECTOR,
    MANAGER,
    PAYROLL,
    REVERSAL_ASKED,
    SERVICE_MANAGER,
    WORKER,
)
from tests.access.row import CASE, PAY
from tests.access.table import OPENED_BY, TABLE
from tests.access.visit import Fields, Visitor, path_of, undone, values_of

pytestmark = pytest.mark.django_db

# What each page of a move does to a case: {page: {case: states it can bring it to}}. Elsewhere, nothing.
MOVES = {
    CASE + "submit/": {State.DRAFT: {State.SUBMITTED}, State.RETURNED: {State.SUBMITTED}},
    CASE + "withdraw/": dict.fromkeys(
        (
            State.DRAFT,
            BEING_ASSESSED,
            State.RETURNED,
            State.RECOMMENDED,
            State.NOT_RECOMMENDED,
            State.UNDER_APPEAL,
        ),
        {State.WITHDRAWN},
    ),
    CASE + "return/": {BEING_ASSESSED: {State.RETURNED}},
    CASE + "sign/": {BEING_ASSESSED: {State.RECOMMENDED}},
    CASE + "authorisation/": {
        State.RECOMMENDED: {State.AUTHORISED, State.DECLINED},
        State.NOT_RECOMMENDED: {State.REFUSED},
    },
    CASE + "review/ask/": {State.DECLINED: {State.UNDER_APPEAL}, State.REFUSED: {State.UNDER_APPEAL}},
    CASE + "review/late/": {ASKED_LATE: {State.UNDER_APPEAL}},
    CASE + "review/decide/": {State.UNDER_APPEAL: {State.UPHELD, State.DISMISSED}},
    CASE + "contract/decline/": {State.SENT_TO_PAYROLL: {State.WITHDRAWN}},
    PAY + "pay-changed/": {CONTRACT_ACCEPTED: {State.IMPLEMENTED}},
    CASE + "reverse/": {REVERSAL_ASKED: {State.RECOMMENDED}},
}
CASES = (
    BEING_ASSESSED,
    *(state for state in State if state != State.SUBMITTED),
    ASKED_LATE,
    CONTRACT_ACCEPTED,
    REVERSAL_ASKED,
)
NEAR = WORKER | MANAGER | SERVICE_MANAGER | DIRECTOR | PAYROLL


@pytest.mark.parametrize("name", CASES)
def test_only_the_tables_moves_by_page(world, name):
    """Sent by whom the page is for, and by the others; everybody else is in the table of access."""
    world.signed_in()
    visitor = Visitor(world, world.case(name))
    faults = []
    for url, moves in MOVES.items():
        reached = {}
        for who in sorted(OPENED_BY[url] | NEAR):
            for to in reached_by(visitor, url, who):
                reached.setdefault(to, set()).add(who)
        for to in reached.keys() ^ moves.get(name, set()):
            faults.append(f"{url}: {to} by {sorted(reached.get(to, ()))}")
        for to, people in reached.items():
            if others := people - OPENED_BY[url]:
                faults.append(f"{url}: {to} by {sorted(others)}, whom it is not for")
    assert not faults, "\n".join(faults)


def reached_by(visitor, url, who):
    """The states that this persona brings the case to by sending the page, with any row's answers."""
    before, states = visitor.case.state, set()
    path = path_of(url, values_of(visitor.case))
    for body in different(row.sends for row in TABLE if row.url == url and row.sends is not None):
        with undone():
            hidden = {}
            if who in OPENED_BY[url]:
                hidden = Fields(visitor.ask(who, "GET", path).text).hidden
            answer = visitor.ask(who, "POST", path, hidden | body)
            assert not answer.faults
            states.add(Application.objects.values_list("state", flat=True).get(pk=visitor.case.pk))
        if who not in OPENED_BY[url]:
            break
    return states - {before}


def different(bodies):
    """The longest first, for it goes furthest; each once."""
    found = []
    for body in sorted(bodies, key=len, reverse=True):
        if body not in found:
            found.append(body)
    return found
