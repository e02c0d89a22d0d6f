"""The people that the table of access speaks of, and the names of its cases. `world.py` makes them.

A persona is a role in one relation to the case. Each is a set of one name, so that `|` and `-` read well.
"""

from collections import defaultdict

from progression.states import State


def _one(name):
    return frozenset({name})


NOBODY = frozenset()
ANONYMOUS = _one("nobody signed in")
LEAVER = _one("leaver, once a head of this service, whose session is still there")
WORKER = _one("worker of the case")
COLLEAGUE = _one("worker in the same team")
OUTSIDE_WORKER = _one("worker of another service")
NEW_STARTER = _one("social worker without a post yet")
MANAGER = _one("manager of the team")
OTHER_MANAGER = _one("manager of another team of the service")
FORMER_MANAGER = _one("manager who returned the case once and moved to another service")
OUTSIDE_MANAGER = _one("manager in another service")
SERVICE_MANAGER = _one("service manager")
HEAD = _one("head of service")
ASSESSING_HEAD = _one("head of service who manages a team herself")
DIRECTOR = _one("assistant director")
PAYROLL = _one("payroll")
PSW = _one("principal social worker")
AUDITOR = _one("auditor")
OUTSIDE_SERVICE_MANAGER = _one("service manager of another service")
OUTSIDE_HEAD = _one("head of another service")
OUTSIDE_DIRECTOR = _one("assistant director of another service")
OUTSIDE_PAYROLL = _one("payroll of another service")
OUTSIDE_PSW = _one("principal social worker of another service")
OUTSIDE_AUDITOR = _one("auditor of another service")
ADMINISTRATOR = _one("administrator")

NOT_SIGNED_IN = ANONYMOUS | LEAVER
SIGNED_IN = (
    WORKER | COLLEAGUE | OUTSIDE_WORKER | NEW_STARTER
    | MANAGER | OTHER_MANAGER | FORMER_MANAGER | OUTSIDE_MANAGER
    | SERVICE_MANAGER | HEAD | ASSESSING_HEAD | DIRECTOR | PAYROLL | PSW | AUDITOR
    | OUTSIDE_SERVICE_MANAGER | OUTSIDE_HEAD | OUTSIDE_DIRECTOR
    | OUTSIDE_PAYROLL | OUTSIDE_PSW | OUTSIDE_AUDITOR
    | ADMINISTRATOR
)  # fmt: skip
EVERYBODY = SIGNED_IN | NOT_SIGNED_IN
WORKERS = WORKER | COLLEAGUE | OUTSIDE_WORKER
MANAGERS = MANAGER | OTHER_MANAGER | FORMER_MANAGER | OUTSIDE_MANAGER
SENIORS = SERVICE_MANAGER | HEAD | ASSESSING_HEAD | DIRECTOR
OUTSIDE_SENIORS = OUTSIDE_SERVICE_MANAGER | OUTSIDE_HEAD | OUTSIDE_DIRECTOR
SEE_CASE = WORKER | MANAGER | SENIORS | AUDITOR
"""Who may know that a case exists, before anybody else has acted on it."""
SEE_RETURNED = SEE_CASE | FORMER_MANAGER
"""The same once a manager has returned it: whoever acts on a case keeps sight of it."""

NEAR_MISSES = COLLEAGUE | OTHER_MANAGER | ANONYMOUS
"""Strangers to the case who come closest to it."""

NOT_BEGUN = "submitted, nobody has begun to assess it"
BEING_ASSESSED = "submitted, the assessment is ready to sign"
NOT_RECOMMENDING = "submitted, the assessment is ready to sign and does not recommend it"
REDBRIDGE_DRAFT = "being built in Redbridge, its review in the diary"
REDBRIDGE_RECOMMENDED = "recommended in Redbridge, by a head of service"
DECLINED_BY_DIRECTOR = "under review, after the assistant director declined it"
NOT_HEARD = "under review, no hearing has been arranged"
LATE = "declined, and the last day to ask for a review has passed"
ASKED_LATE = "declined, and the worker has asked late for a review"
REVERSAL_ASKED = "authorised, and the head of service asks to take it back"
REVERSAL_ASKED_WITH_PAYROLL = "with payroll, and the head of service asks to take it back"
REVERSAL_ASKED_IN_PAY = "in pay, and the head of service asks to take it back"
REDBRIDGE_APPEAL = "appealed in Redbridge, against the word of a head of service"

CONTRACT_ACCEPTED = "with payroll, the new contract accepted"
SENT_BACK = "with payroll, who sent the form back"

KNOW_OF = defaultdict(
    lambda: SEE_RETURNED,
    {
        State.DRAFT: SEE_CASE,
        State.WITHDRAWN: SEE_CASE,
        REDBRIDGE_DRAFT: SEE_CASE - MANAGER,
        REDBRIDGE_RECOMMENDED: SEE_CASE - MANAGER,
        REDBRIDGE_APPEAL: SEE_CASE - MANAGER,
    },
)
"""Who may know of the case of this name. The Redbridge team is its head of service's own."""
