"""Rows of the table for letters, the new contract, and payroll's forms."""

from progression.states import State
from tests.access import given
from tests.access.cast import (
    CONTRACT_ACCEPTED,
    MANAGER,
    NOBODY,
    OUTSIDE_PAYROLL,
    PAYROLL,
    SEE_CASE,
    SENT_BACK,
    SERVICE_MANAGER,
    WORKER,
)
from tests.access.row import CASE, PAY, Row

LETTER = CASE + "letters/<slug:kind>/<int:number>/"
OUTCOME_LETTER = {"kind": "outcome", "number": 1}
CONTRACT, QUERY = CASE + "contract/", CASE + "pay-query/"
DECLINE_CONTRACT = {"reason": "I am moving to another council."}
SEND_BACK = {"reason": "The post number is another post’s."}


def answered(case):
    """The post put right, as whoever answers payroll fills it in."""
    post = case.worker.post
    right = {"job_title": "Senior social worker", "post_number": "P1", "ern": post.ern}
    return right | {"spinal_point": str(post.spinal_point), "answer": "It is the new post’s number now."}


ROWS = (
    Row(LETTER, State.DRAFT, absent=SEE_CASE, args=OUTCOME_LETTER),
    Row(
        LETTER,
        State.DRAFT,
        given.worker_has_a_letter,
        opens=SEE_CASE,
        sends={},
        then=200,
        empty=200,
        args=OUTCOME_LETTER,
    ),
    Row(
        LETTER,
        State.DRAFT,
        given.manager_has_a_letter,
        opens=SEE_CASE - WORKER,
        sends={},
        then=200,
        empty=200,
        args=OUTCOME_LETTER,
    ),
    Row(
        LETTER,
        State.DRAFT,
        given.worker_has_a_letter_being_made,
        opens=SEE_CASE,
        acts=NOBODY,
        act_blocked=SEE_CASE,
        sends={},
        args=OUTCOME_LETTER,
    ),
    # The new contract is its worker's alone to answer. R23
    Row(CONTRACT, State.AUTHORISED, absent=WORKER),
    Row(CONTRACT, State.SENT_TO_PAYROLL, opens=WORKER),
    Row(CONTRACT, CONTRACT_ACCEPTED, opens=WORKER),
    Row(CONTRACT + "accept/", State.AUTHORISED, absent=WORKER, sends={}),
    Row(CONTRACT + "accept/", State.SENT_TO_PAYROLL, opens=WORKER, sends={}, empty=302),
    Row(CONTRACT + "accept/", CONTRACT_ACCEPTED, blocked=WORKER, sends={}),
    Row(CONTRACT + "decline/", State.AUTHORISED, absent=WORKER, sends=DECLINE_CONTRACT),
    Row(CONTRACT + "decline/", State.SENT_TO_PAYROLL, opens=WORKER, sends=DECLINE_CONTRACT),
    Row(CONTRACT + "decline/", CONTRACT_ACCEPTED, blocked=WORKER, sends=DECLINE_CONTRACT),
    # A form that payroll sent back
    Row(PAY + "query/", State.AUTHORISED, blocked=PAYROLL, sends=SEND_BACK),
    Row(PAY + "query/", State.SENT_TO_PAYROLL, opens=PAYROLL, sends=SEND_BACK),
    Row(PAY + "query/", SENT_BACK, blocked=PAYROLL, sends=SEND_BACK),
    Row(PAY + "query/", State.IMPLEMENTED, blocked=PAYROLL, sends=SEND_BACK),
    Row(QUERY, State.SENT_TO_PAYROLL, blocked=MANAGER | SERVICE_MANAGER, sends=answered),
    Row(QUERY, SENT_BACK, opens=MANAGER | SERVICE_MANAGER, sends=answered),
    Row(QUERY, SENT_BACK, given.worker_now_manages_the_team, opens=SERVICE_MANAGER, sends=answered),
    # Payroll
    Row("payroll/forms/", opens=PAYROLL | OUTSIDE_PAYROLL, sends={"search": "Ann"}, empty=302, keeps=False),
    Row(PAY, State.RECOMMENDED),
    Row(PAY, State.AUTHORISED, opens=PAYROLL),
    Row(PAY, State.SENT_TO_PAYROLL, opens=PAYROLL),
    Row(PAY, State.SENT_TO_PAYROLL, given.worker_now_payroll, opens=PAYROLL),
    Row(PAY + "pay-changed/", State.AUTHORISED, blocked=PAYROLL, sends={}),
    Row(PAY + "pay-changed/", State.SENT_TO_PAYROLL, blocked=PAYROLL, sends={}),
    Row(PAY + "pay-changed/", CONTRACT_ACCEPTED, opens=PAYROLL, sends={}, empty=302),
    Row(PAY + "pay-changed/", SENT_BACK, blocked=PAYROLL, sends={}),
    Row(PAY + "pay-changed/", State.IMPLEMENTED, blocked=PAYROLL, sends={}),
    Row(
        PAY + "<int:version>/<slug:kind>/",
        State.SENT_TO_PAYROLL,
        post_only=True,
        acts=PAYROLL,
        sends={},
        then=200,
        args={"kind": "pay-form"},
    ),
    Row(
        PAY + "<int:version>/<slug:kind>/",
        State.IMPLEMENTED,
        post_only=True,
        acts=PAYROLL,
        sends={},
        then=200,
        args={"kind": "evidence-form"},
    ),
)
