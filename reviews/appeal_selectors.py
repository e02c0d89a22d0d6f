"""Every read that the pages of a review need, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from people.permissions import allowed
from progression import judges
from progression.also_waiting import Request
from progression.models import Capacity, Deadline, DeadlineKind
from progression.permissions import can_hear_review, check_can_hear_review
from progression.policies import challenge
from progression.selectors import open_deadline
from progression.states import State
from reviews import appeal_policies
from reviews.models import (
    Appeal,
    AppealDocument,
    Bundle,
    Hearing,
    LateRequest,
    Representative,
    Reversal,
    Side,
    Statement,
)
from reviews.permissions import check_can_confirm_reversal, check_can_read_papers, side_of


@dataclass(frozen=True)
class Papers:
    """What one side has put before the hearing. `statement` may be None."""

    side: Side
    name: str
    statement: Statement | None
    documents: list[AppealDocument]


@dataclass(frozen=True)
class BundleStanding:
    """The newest bundle made, without its bytes, or None; whether a newer is being made, or cannot be yet."""

    made: Bundle | None
    being_made: bool
    delayed: bool


@dataclass(frozen=True)
class ReviewPage:
    """One review for one reader. `side` is the reader's, or None; `last_day` None where there is no limit.

    `papers` are those of both sides, and none for somebody who may not read them.
    """

    appeal: Appeal
    side: Side | None
    hears: bool
    reads_papers: bool
    last_day: date | None
    overdue: bool
    hearing: Hearing | None
    earlier_hearings: list[Hearing]
    papers: list[Papers]
    representative: Representative | None
    bundle: BundleStanding
    blocks_on_deciding: list[str]
    late: LateRequest | None

    @property
    def open(self):
        """Whether papers may still be added: nobody has decided, nor withdrawn it."""
        return self.appeal.decided_at is None and self.appeal.application.state == State.UNDER_APPEAL


def appeal_of(application):
    """The review of the application's refusal, or None. One query."""
    appeal = Appeal.objects.filter(application=application).select_related("heard_by", "on_behalf_of").first()
    if appeal is not None:
        appeal.application = application
    return appeal


def review_page(application, user, *, now):
    """Everything on the page of a review, or None before one is asked for. Nine queries at most."""
    appeal = appeal_of(application)
    if appeal is None:
        return None
    hearings = list(appeal.hearings.select_related("arranged_by"))
    deadline = open_deadline(application) if application.state == State.UNDER_APPEAL else None
    last_day = deadline.due_on if deadline else None
    hearing = hearings[0] if hearings else None
    hears, side = can_hear_review(user, application), side_of(user, application)
    reads_papers = hears or side is not None or allowed(check_can_read_papers, user, application)
    return ReviewPage(
        appeal=appeal,
        side=side,
        hears=hears,
        reads_papers=reads_papers,
        last_day=last_day,
        overdue=last_day is not None and last_day < localdate(now),
        hearing=hearing,
        earlier_hearings=hearings[1:],
        papers=papers_of(appeal) if reads_papers else [],
        representative=representative_of(appeal),
        bundle=bundle_standing(appeal),
        blocks_on_deciding=appeal_policies.blocks_on_deciding(application, hearing, now=now),
        late=late_request_of(application),
    )


def papers_of(appeal):
    """The Papers of each side, the worker's first. Two queries."""
    application = appeal.application
    statements = {one.side: one for one in appeal.statements.select_related("by", "on_behalf_of")}
    documents = list(appeal.documents.filter(removed_at=None).select_related("added_by"))
    names = {Side.WORKER: application.worker.name, Side.MANAGER: who_explains(application).name}
    return [
        Papers(
            side=side,
            name=names[side],
            statement=statements.get(side),
            documents=[one for one in documents if one.side == side],
        )
        for side in Side
    ]


def document_of(appeal, token):
    """A document before the hearing that nobody took back, or None. One query."""
    return appeal.documents.filter(token=token, removed_at=None).first()


def statement_of(appeal, side):
    """What one side says in writing, or None. One query."""
    return appeal.statements.filter(side=side).first()


def representative_of(appeal):
    """Who speaks for the worker now, or None. One query."""
    return Representative.objects.filter(appeal=appeal, removed_at=None).first()


def bundle_standing(appeal):
    """Where the bundle stands. Two queries."""
    bundles = Bundle.objects.filter(appeal=appeal).defer("content").order_by("-number")
    latest = bundles.first()
    being_made = latest is not None and latest.made_at is None
    made = bundles.filter(made_at__isnull=False).first() if being_made else latest
    return BundleStanding(made=made, being_made=being_made, delayed=being_made and latest.attempts > 1)


def late_request_of(application):
    """The worker's late request, or None. One query."""
    return (
        LateRequest.objects.filter(application=application)
        .select_related("answered_by", "on_behalf_of")
        .first()
    )


def who_may_hear(application):
    """The people who are asked to hear a review of this case. One query."""
    return judges.who_is_asked(judges.judges_of(application, Capacity.HEARER))


def who_explains(application):
    """The manager who explains the decision: whoever assessed or, once gone or barred, whose it is. R20."""
    found = judges.free_among([application.assessor_id], application, Capacity.ASSESSOR)
    if found and found[0].is_active:
        return found[0]
    asked = judges.who_is_asked(judges.judges_of(application, Capacity.ASSESSOR))
    return asked[0] if asked else application.assessor


LATE_REQUESTS = Request(
    what=lambda application: f"A late request for {challenge(application)}",
    waiting=lambda: Deadline.objects.filter(kind=DeadlineKind.DECIDE_LATE_REQUEST, closed_on=None),
    case="application_id",
    by="due_on",
    capacity=Capacity.HEARER,
    check=lambda user, application, row: check_can_hear_review(user, application),
    page="reviews:late_request",
)
"""The late requests that wait for an answer. R19."""

REVERSALS = Request(
    what=lambda application: "An authorisation to take back",
    waiting=lambda: Reversal.objects.filter(confirmed=None),
    case="authorisation__application_id",
    asked_by_two=True,
    capacity=Capacity.AUTHORISER,
    check=check_can_confirm_reversal,
    page="reviews:reverse",
)
"""The authorisations that a colleague asks to take back, for a second person to confirm. R15."""
