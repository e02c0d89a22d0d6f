"""The whole process on one page: each state's owner, its words for each audience, its deadline, the moves out."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Stage:
    """What is true of an application while it is in one state."""

    owner: Owner
    worker_sees: str
    staff_see: str
    next: str
    moves: tuple[State, ...]
    colour: str = "blue"
    remind_after: tuple[int, ...] = ()
    """Working days in this state after which its owner is reminded."""


_ = State
STAGES = {
    State.DRAFT: Stage(
        Owner.WORKER,
        "You are building your portfolio",
        "Portfolio being built",
        "When you submit it, your team manager assesses it.",
        (_.SUBMITTED, _.WITHDRAWN),
        "light-blue",
        (20,),
    ),
    State.SUBMITTED: Stage(
        Owner.MANAGER,
        "With your team manager",
        "Waiting to be assessed",
        "The team manager recommends progression, does not recommend it, or returns the portfolio for more work.",
        (_.RETURNED, _.RECOMMENDED, _.NOT_RECOMMENDED, _.WITHDRAWN),
        "blue",
        (5, 10),
    ),
    State.RETURNED: Stage(
        Owner.WORKER,
        "Returned to you for more work",
        "Returned to the worker",
        "When you submit it again, your team manager assesses it.",
        (_.SUBMITTED, _.WITHDRAWN),
        "yellow",
        (20,),
    ),
    State.RECOMMENDED: Stage(
        Owner.AUTHORISER,
        "Recommended: waiting to be authorised",
        "Recommended, waiting to be authorised",
        "A senior manager authorises progression or declines it.",
        (_.AUTHORISED, _.DECLINED, _.WITHDRAWN),
        "purple",
        (5, 10),
    ),
    State.NOT_RECOMMENDED: Stage(
        Owner.AUTHORISER,
        "Not recommended: waiting to be confirmed",
        "Not recommended, waiting to be confirmed",
        "A senior manager confirms the outcome, and the worker is given full reasons.",
        (_.REFUSED, _.WITHDRAWN),
        "orange",
        (5, 10),
    ),
    State.AUTHORISED: Stage(
        Owner.SYSTEM,
        "Authorised: the pay form is being prepared",
        "Authorised, pay form being prepared",
        "The pay form is made and goes to payroll.",
        (_.SENT_TO_PAYROLL,),
        "turquoise",
    ),
    State.DECLINED: Stage(
        Owner.WORKER,
        "Declined",
        "Declined by the authoriser",
        "The worker may ask for a review within the time allowed.",
        (_.UNDER_APPEAL,),
        "red",
    ),
    State.REFUSED: Stage(
        Owner.WORKER,
        "Not progressed",
        "Refused",
        "The worker may ask for a review within the time allowed.",
        (_.UNDER_APPEAL,),
        "red",
    ),
    State.SENT_TO_PAYROLL: Stage(
        Owner.PAYROLL,
        "Authorised: with payroll",
        "With payroll",
        "Payroll changes the pay and says so here.",
        (_.IMPLEMENTED,),
        "turquoise",
        (5, 10),
    ),
    State.IMPLEMENTED: Stage(
        Owner.NOBODY, "You have progressed", "Progressed and in pay", "Nothing more is needed.", (), "green"
    ),
    State.UNDER_APPEAL: Stage(
        Owner.HEARER,
        "Your review is being heard",
        "Under review",
        "The review is heard and decided in writing.",
        (_.UPHELD, _.DISMISSED, _.WITHDRAWN),
        "purple",
    ),
    State.UPHELD: Stage(
        Owner.SYSTEM,
        "Your review succeeded: the pay form is being prepared",
        "Review upheld, pay form being prepared",
        "The pay form is made and goes to payroll.",
        (_.SENT_TO_PAYROLL,),
        "turquoise",
    ),
    State.DISMISSED: Stage(
        Owner.NOBODY,
        "Your review did not succeed",
        "Review dismissed",
        "The worker may start a new application.",
        (),
        "red",
    ),
    State.WITHDRAWN: Stage(
        Owner.NOBODY, "You withdrew", "Withdrawn", "The worker may start a new application.", (), "grey"
    ),
}

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

NEED_REASON = (State.RETURNED, State.NOT_RECOMMENDED, State.DECLINED, State.REFUSED, State.UNDER_APPEAL, State.UPHELD)
NEED_REASON += (State.DISMISSED,)
"""Moves into these states are written with a reason, or not at all: the events table's CHECK. R14, R18, R21."""
