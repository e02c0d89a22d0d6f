"""The whole process on one page: each state's owner, its words for each audience, deadline and moves out."""

from dataclasses import dataclass, replace
from functools import cache

from django.db.models import TextChoices


class State(TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    RETURNED = "returned", "Returned"
    RECOMMENDED = "recommended", "Recommended"
    NOT_RECOMMENDED = "not_recommended", "Not recommended"
    AUTHORISED = "authorised", "Authorised"
    DECLINED = "declined", "Declined"
    REFUSED = "refused", "Refused"
    SENT_TO_PAYROLL = "sent_to_payroll", "With payroll"
    IMPLEMENTED = "implemented", "In pay"
    UNDER_APPEAL = "under_appeal", "Under review"
    UPHELD = "upheld", "Review upheld"
    DISMISSED = "dismissed", "Review dismissed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Owner(TextChoices):
    """Who acts next."""

    WORKER = "worker", "the social worker"
    MANAGER = "manager", "the team manager"
    AUTHORISER = "authoriser", "the authoriser"
    HEARER = "hearer", "the person hearing the review"
    PAYROLL = "payroll", "HR and payroll"
    SYSTEM = "system", "nobody: the service does this itself"
    NOBODY = "nobody", "nobody"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What is true of an application while it is in one state."""

    owner: Owner
    worker_sees: str
    staff_see: str
    """Two or three words: it is a tag in lists."""
    worker_next: str
    """What happens after, said to the worker."""
    staff_next: str
    """What happens after, said to everybody else."""
    actor_next: str = ""
    """What follows from what its reader does, said to whoever acts next, where that is more to them."""
    moves: tuple[State, ...]
    colour: str
    """Of its tag."""


_ = State
STAGES = {
    State.DRAFT: Stage(
        owner=Owner.WORKER,
        worker_sees="You are building your portfolio",
        staff_see="Being built",
        worker_next="When you submit it, your team manager assesses it.",
        staff_next="When the social worker submits it, the team manager assesses it.",
        moves=(_.SUBMITTED, _.WITHDRAWN),
        colour="light-blue",
    ),
    State.SUBMITTED: Stage(
        owner=Owner.MANAGER,
        worker_sees="With your team manager",
        staff_see="To be assessed",
        worker_next="Your team manager assesses it, or returns it to you for more work.",
        staff_next="The team manager assesses it, or returns it to the social worker for more work.",
        actor_next="If you recommend it, a senior manager decides. You can also return it to the social "
        "worker for more work.",
        moves=(_.RETURNED, _.RECOMMENDED, _.NOT_RECOMMENDED, _.WITHDRAWN),
        colour="blue",
    ),
    State.RETURNED: Stage(
        owner=Owner.WORKER,
        worker_sees="Returned to you for more work",
        staff_see="Returned",
        worker_next="When you submit it again, your team manager assesses it.",
        staff_next="When the social worker submits it again, the team manager assesses it.",
        moves=(_.SUBMITTED, _.WITHDRAWN),
        colour="yellow",
    ),
    State.RECOMMENDED: Stage(
        owner=Owner.AUTHORISER,
        worker_sees="Recommended: waiting to be authorised",
        staff_see="Recommended",
        worker_next="A senior manager authorises your progression or declines it, with reasons.",
        staff_next="A senior manager authorises progression or declines it, with reasons.",
        actor_next="If you authorise it, the pay form is made and goes to payroll. If you decline it, the "
        "social worker gets your reasons in full and can ask for the outcome to be looked at again.",
        moves=(_.AUTHORISED, _.DECLINED, _.WITHDRAWN),
        colour="purple",
    ),
    State.NOT_RECOMMENDED: Stage(
        owner=Owner.AUTHORISER,
        worker_sees="Not recommended: waiting to be confirmed",
        staff_see="Not recommended",
        worker_next="A senior manager confirms the outcome, and you are given full reasons.",
        staff_next="A senior manager confirms the outcome, and the social worker is given full reasons.",
        actor_next="When you confirm it, the social worker gets the reasons in full and can ask for the "
        "outcome to be looked at again. Pay does not change.",
        moves=(_.REFUSED, _.WITHDRAWN),
        colour="orange",
    ),
    State.AUTHORISED: Stage(
        owner=Owner.SYSTEM,
        worker_sees="Authorised: the pay form is being prepared",
        staff_see="Authorised",
        worker_next="The pay form is made and goes to payroll.",
        staff_next="The pay form is made and goes to payroll.",
        moves=(_.SENT_TO_PAYROLL, _.RECOMMENDED),
        colour="turquoise",
    ),
    State.DECLINED: Stage(
        owner=Owner.WORKER,
        worker_sees="Declined",
        staff_see="Declined",
        worker_next="If you think the outcome is wrong, you can ask for it to be looked at again.",
        staff_next="The social worker can ask for the outcome to be looked at again.",
        moves=(_.UNDER_APPEAL,),
        colour="red",
    ),
    State.REFUSED: Stage(
        owner=Owner.WORKER,
        worker_sees="Not progressed",
        staff_see="Not progressed",
        worker_next="If you think the outcome is wrong, you can ask for it to be looked at again.",
        staff_next="The social worker can ask for the outcome to be looked at again.",
        moves=(_.UNDER_APPEAL,),
        colour="red",
    ),
    State.SENT_TO_PAYROLL: Stage(
        owner=Owner.PAYROLL,
        worker_sees="Authorised: with payroll",
        staff_see="With payroll",
        worker_next="When you have accepted your new contract, payroll changes your pay and says so here.",
        staff_next="When the social worker has accepted the new contract, payroll changes the pay.",
        moves=(_.IMPLEMENTED, _.RECOMMENDED, _.WITHDRAWN),
        colour="turquoise",
    ),
    State.IMPLEMENTED: Stage(
        owner=Owner.NOBODY,
        worker_sees="You have progressed",
        staff_see="Progressed",
        worker_next="Nothing more is needed.",
        staff_next="Nothing more is needed.",
        moves=(_.RECOMMENDED,),
        colour="green",
    ),
    State.UNDER_APPEAL: Stage(
        owner=Owner.HEARER,
        worker_sees="The outcome is being looked at again",
        staff_see="Under review",
        worker_next="You get the decision in writing, with full reasons.",
        staff_next="The social worker gets the decision in writing, with full reasons.",
        moves=(_.UPHELD, _.DISMISSED, _.WITHDRAWN),
        colour="purple",
    ),
    State.UPHELD: Stage(
        owner=Owner.SYSTEM,
        worker_sees="You succeeded: the pay form is being prepared",
        staff_see="Upheld",
        worker_next="The pay form is made and goes to payroll.",
        staff_next="The pay form is made and goes to payroll.",
        moves=(_.SENT_TO_PAYROLL,),
        colour="turquoise",
    ),
    State.DISMISSED: Stage(
        owner=Owner.NOBODY,
        worker_sees="You did not succeed",
        staff_see="Dismissed",
        worker_next="You can start a new application when you are ready.",
        staff_next="The social worker can start a new application.",
        moves=(),
        colour="red",
    ),
    State.WITHDRAWN: Stage(
        owner=Owner.NOBODY,
        worker_sees="You withdrew",
        staff_see="Withdrawn",
        worker_next="You can start a new application when you are ready.",
        staff_next="The social worker can start a new application.",
        moves=(),
        colour="grey",
    ),
}

WORDED_BY_SCHEME = {
    State.UNDER_APPEAL: ("Your {name} is being decided", "Under {name}"),
    State.UPHELD: ("Your {name} succeeded: the pay form is being prepared", "{Name} upheld"),
    State.DISMISSED: ("Your {name} did not succeed", "{Name} dismissed"),
}
"""What worker and staff see of one case, by what its scheme calls a challenge. R19, R32.

Lists over cases of several schemes show the table's own words.
"""


@cache
def stage_under(state, name):
    """The Stage of a case under a scheme that calls a challenge `name`: "Review" or "Appeal"."""
    worker_sees, staff_see = (words.format(name=name.lower(), Name=name) for words in WORDED_BY_SCHEME[state])
    return replace(STAGES[state], worker_sees=worker_sees, staff_see=staff_see)


CONTRACT_DECLINED = replace(
    STAGES[State.WITHDRAWN], worker_sees="You declined the new contract", staff_see="Contract declined"
)
"""Withdrawn after an award: its worker had progressed, and did not accept the new contract. R23, R30."""


def stage_of(state, *, awarded):
    """The Stage of a case in `state`; `awarded` says whether somebody has given the worker the level."""
    return CONTRACT_DECLINED if state == State.WITHDRAWN and awarded else STAGES[State(state)]


OPEN = (
    State.DRAFT,
    State.SUBMITTED,
    State.RETURNED,
    State.RECOMMENDED,
    State.NOT_RECOMMENDED,
    State.AUTHORISED,
    State.SENT_TO_PAYROLL,
    State.UNDER_APPEAL,
    State.UPHELD,
)
"""States in which the worker has an application open: one at most. R1."""

WITHDRAWABLE = tuple(
    state for state in OPEN if State.WITHDRAWN in STAGES[state].moves and state != State.SENT_TO_PAYROLL
)
"""States in which the worker may still withdraw: before a decision, and while it is looked at again.

With payroll, an application ends only by the worker's declining the new contract. R23.
"""

BEING_BUILT = (State.DRAFT, State.RETURNED)
"""States in which the worker may change the portfolio, and has work to do on it."""

DECIDED = (
    State.AUTHORISED,
    State.DECLINED,
    State.REFUSED,
    State.SENT_TO_PAYROLL,
    State.IMPLEMENTED,
    State.UNDER_APPEAL,
    State.UPHELD,
    State.DISMISSED,
)
"""States in which the worker has been told an outcome."""

REFUSALS = (State.DECLINED, State.REFUSED, State.DISMISSED)
"""Moves into these states refuse, for now or for good."""

NEED_REASON = (
    State.RETURNED,
    State.NOT_RECOMMENDED,
    State.DECLINED,
    State.REFUSED,
    State.UNDER_APPEAL,
    State.UPHELD,
    State.DISMISSED,
)
"""Moves into these states are written with a reason, or not at all, says the events table. R14, R18, R21."""
