"""How a worker gets on, for whoever supervises them: counts and dates, never a word of what is not shared."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from competencies import selectors as competencies
from people.models import Conflict, User
from portfolios import policies
from portfolios import self_assessment_selectors as self_assessment
from portfolios.models import DevelopmentAction, Evidence, HeadingMark, Portfolio, SelfAssessment, Sharing
from portfolios.selectors import current_portfolio
from portfolios.sharing_selectors import new_to_manager
from portfolios.states import COLOURS, HeadingStatus, heading_status


@dataclass(frozen=True)
class HeadingProgress:
    """One heading: finished examples of about `wanted`, drafts, and criteria that the worker has answered.

    `asked_for` is whether the evidence form asks for it; otherwise nothing is `wanted` of the worker. R4.
    """

    name: str
    asked_for: bool
    examples: int
    drafts: int
    wanted: int
    answered: int
    criteria: int

    @property
    def status(self):
        return heading_status(examples=self.examples, drafts=self.drafts, wanted=self.wanted)

    @property
    def colour(self):
        return COLOURS[self.status]


@dataclass(frozen=True)
class Progress:
    """How far a worker is towards their next step; `step` is None, and `why_not` says why, without one.

    `portfolio` is their latest, or None. The headings are counted in it while it is open, and otherwise in
    the bank, as the worker has marked each piece. `finished` and `drafts` are of the whole bank.
    """

    step: object
    why_not: str | None
    portfolio: Portfolio | None
    groups: list[tuple[str, list[HeadingProgress]]]
    finished: int
    drafts: int
    last_worked_on: date | None

    @property
    def headings(self):
        return [heading for _, headings in self.groups for heading in headings]

    @property
    def asked(self):
        return [heading for heading in self.headings if heading.asked_for]

    @property
    def shown(self):
        return sum(heading.examples > 0 for heading in self.asked)

    @property
    def thin(self):
        """The headings asked for that have examples, but fewer than the scheme expects. R7."""
        return [heading for heading in self.asked if heading.status == HeadingStatus.STARTED]

    @property
    def empty(self):
        """The headings asked for without any example that is finished."""
        return [heading for heading in self.asked if not heading.examples]

    @property
    def answered(self):
        return sum(heading.answered for heading in self.headings)

    @property
    def criteria(self):
        return sum(heading.criteria for heading in self.headings)


@dataclass(frozen=True)
class TeamLine:
    """One worker as the manager's list of their team shows them.

    `actions` of their plan are not done, and `late` of those overdue. `finished` and `drafts` are pieces of
    their bank, `new` their comments that the manager's side has not read. `tied`: a conflict of interest is
    declared between the two, so there is no page of their progress.
    """

    actions: int
    late: int
    finished: int
    drafts: int
    new: int
    tied: bool


def team_lines(workers, manager, *, today):
    """{worker's id: TeamLine} of these workers of the manager's teams. One query."""
    plan = DevelopmentAction.objects.filter(worker=OuterRef("pk"), done_on=None)
    pieces = Evidence.objects.filter(worker=OuterRef("pk"), removed_at=None)
    open_sharing = Sharing.objects.filter(
        evidence=OuterRef("evidence"), shared_with=manager, ended_at=None, evidence__removed_at=None
    )
    new = new_to_manager().filter(Exists(open_sharing), author=OuterRef("pk"))
    tie = Conflict.objects.filter(ended_at=None).filter(
        Q(person=manager, other=OuterRef("pk")) | Q(person=OuterRef("pk"), other=manager)
    )
    found = User.objects.filter(pk__in=workers).order_by()
    rows = found.values_list(
        "pk",
        _how_many(plan, "worker"),
        _how_many(plan.filter(by_when__lt=today), "worker"),
        _how_many(pieces.filter(complete=True), "worker"),
        _how_many(pieces.filter(complete=False), "worker"),
        _how_many(new, "author"),
        Exists(tie),
    )
    return {pk: TeamLine(*line) for pk, *line in rows}


def _how_many(found, of):
    counted = found.order_by().values(of).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def progress_of(worker, *, today):
    """The Progress of a worker, whose post and team are at hand. Five queries, or six without a portfolio."""
    portfolio = current_portfolio(worker)
    step, why_not = self_assessment.step_ahead(worker, portfolio, today=today)
    finished, drafts, last_worked_on = _bank(worker)
    groups = _groups(worker, portfolio, step) if step else []
    return Progress(step, why_not, portfolio, groups, finished, drafts, last_worked_on)


def _groups(worker, portfolio, step):
    asked = competencies.asked_by(step.pk)
    on_form = {heading.competency.pk for heading in asked.evidenced}
    wanted = step.rules.evidence.examples_per_competency
    answered = self_assessment.answered_by_heading(worker, step)
    if portfolio is not None and portfolio.is_open:
        counts = policies.examples_by_heading(portfolio)
    else:
        counts = _marked(worker, asked)
    return [
        (
            name,
            [
                HeadingProgress(
                    name=heading.competency.name,
                    asked_for=heading.competency.pk in on_form,
                    examples=counts.get(heading.competency.pk, (0, 0))[0],
                    drafts=counts.get(heading.competency.pk, (0, 0))[1],
                    wanted=wanted,
                    answered=answered[heading.competency.code],
                    criteria=len(heading.criteria),
                )
                for heading in headings
            ],
        )
        for name, headings in asked.groups
    ]


def _marked(worker, asked):
    """{competency's id: (finished examples, drafts)} by the worker's marks in the bank. One query. R27."""
    by_code = {heading.competency.code: heading.competency for heading in asked.evidenced}
    counts = (
        HeadingMark.objects.filter(
            evidence__worker=worker,
            evidence__removed_at=None,
            scheme=asked.step.scheme.code,
            heading__in=by_code,
        )
        .order_by()
        .values_list("heading", "evidence__kind", "evidence__complete")
        .annotate(count=Count("pk"))
    )
    found = {}
    for code, kind, complete, count in counts:
        competency = by_code[code]
        if kind in policies.kinds_taken(asked.step, competency):
            examples, drafts = found.get(competency.pk, (0, 0))
            found[competency.pk] = (examples + count, drafts) if complete else (examples, drafts + count)
    return found


def _bank(worker):
    """How many pieces are finished, how many drafts, and the day of the last work on any. Two queries."""
    pieces = Evidence.objects.filter(worker=worker, removed_at=None)
    counted = pieces.aggregate(
        finished=Count("pk", filter=Q(complete=True)),
        drafts=Count("pk", filter=Q(complete=False)),
        saved=Max("updated_at"),
    )
    said = SelfAssessment.objects.filter(worker=worker).aggregate(said=Max("said_at"))["said"]
    latest = max((when for when in (counted["saved"], said) if when), default=None)
    return counted["finished"], counted["drafts"], localdate(latest) if latest else None
