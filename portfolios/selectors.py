"""Every read of evidence and portfolios that a page needs, each in a fixed number of queries."""

from dataclasses import dataclass, replace
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Case, Count, Prefetch, Q, When

from competencies import selectors as competencies
from competencies.rules import EvidenceKind
from portfolios import freezing, policies
from portfolios.family_data_selectors import Stay, pieces_with_kept
from portfolios.kinds import ASKED
from portfolios.models import Attachment, Evidence, HeadingMark, Portfolio
from portfolios.models.scanned import ScanState, scan_words
from portfolios.observer_selectors import Said, thawed
from portfolios.sharing_selectors import with_readers
from portfolios.states import COLOURS, heading_status

PIECES_A_PAGE = 25
FILES_KEPT = Prefetch("attachments", queryset=Attachment.objects.filter(removed_at__isnull=True))


@dataclass(frozen=True)
class TaskRow:
    """One heading on the portfolio's task list; without `status` once handed in: nothing is left to do."""

    code: str
    name: str
    examples: int
    drafts: int
    wanted: int
    status: str
    colour: str


@dataclass(frozen=True)
class TaskGroup:
    name: str
    rows: list[TaskRow]


@dataclass(frozen=True)
class TaskList:
    """The portfolio by heading; `shown` of `asked` headings have at least one example."""

    groups: list[TaskGroup]
    asked: int
    shown: int


@dataclass(frozen=True)
class File:
    """A file of an example; `bytes` is its size. What the scanner said of it is as in models.scanned."""

    token: str
    name: str
    bytes: int
    content_type: str
    sha256: str
    scan: str = ScanState.SAFE
    scan_found: str = ""

    @property
    def scan_words(self):
        return scan_words(self.scan, self.scan_found)


@dataclass(frozen=True)
class Example:
    """A piece of evidence to read, as it stands in the bank or as it was submitted. `kind` is its label.

    One that goes `beside` the examples of a heading is none itself. R7.
    """

    id: int
    kind: str
    title: str
    practised_on: date | None
    what_i_did: str
    outcome: str
    what_i_learned: str
    complete: bool
    attachments: list[File]
    beside: bool = False
    stays: tuple[Stay, ...] = ()
    testimonies: tuple[Said, ...] = ()

    @property
    def told(self):
        """What it says, as (label, text), in the words of its kind."""
        kind = next(kind for kind in EvidenceKind if kind.label == self.kind)
        return ASKED[kind].told_by(self)


def current_portfolio(worker):
    """The worker's open portfolio, or else their latest; None before the first."""
    return Portfolio.objects.filter(worker=worker).order_by("-is_open", "-created_at", "-id").first()


def open_portfolio(worker):
    """The portfolio that the worker may change now, or None."""
    portfolio = current_portfolio(worker)
    return portfolio if portfolio and portfolio.is_open else None


def last_submission(portfolio):
    """What was handed in last from this portfolio, or None."""
    return portfolio.submissions.order_by("-number").first()


def task_list(portfolio, submitted=None):
    """The headings asked (R4), by group, each with its examples, drafts and status.

    Of the worker's evidence as it stands or, given the SubmissionView `submitted`, of what was handed in.
    """
    if submitted is not None:
        counts = {heading.code: (heading.examples, 0) for heading in submitted.headings}
    else:
        found = policies.examples_by_heading(portfolio)
        counts = {
            heading.competency.code: found.get(heading.competency.pk, (0, 0))
            for heading in policies.asked(portfolio).evidenced
        }
    wanted = policies.examples_wanted(portfolio)
    groups = {}
    for heading in policies.asked(portfolio).evidenced:
        competency = heading.competency
        examples, drafts = counts[competency.code]
        status = heading_status(examples=examples, drafts=drafts, wanted=wanted)
        label, colour = ("", "") if submitted else (status.label, COLOURS[status])
        row = TaskRow(competency.code, competency.name, examples, drafts, wanted, label, colour)
        groups.setdefault(competency.group, []).append(row)
    return TaskList(
        groups=[TaskGroup(name, rows) for name, rows in groups.items()],
        asked=len(counts),
        shown=sum(examples > 0 for examples, _ in counts.values()),
    )


def portfolio_page(portfolio):
    """All that the portfolio's page shows: as it stands while open, as it was handed in once it was."""
    submission = None if portfolio.is_open else last_submission(portfolio)
    submitted = submission and submission_view(submission)
    return {
        "portfolio": portfolio,
        "step": policies.asked(portfolio).step,
        "submission": submission,
        "tasks": task_list(portfolio, submitted),
        "desirables": [
            (desirable.label, desirable.code in portfolio.desirables)
            for desirable in desirables_asked(portfolio)
        ],
    }


def heading_page(portfolio, heading, *, page=None):
    """All that one heading's page shows, of the portfolio as in `portfolio_page`: a page of its pieces."""
    submission = None if portfolio.is_open else last_submission(portfolio)
    if submission:
        submitted = submitted_heading(submission, heading.competency.code)
        pieces = Paginator(submitted.pieces, PIECES_A_PAGE).get_page(page)
        examples = submitted.examples
    else:
        pieces, examples = examples_for(portfolio, heading.competency, page=page)
    criteria = {}
    for criterion in heading.criteria:
        criteria.setdefault(criterion.level.name, []).append(criterion.text)
    return {
        "portfolio": portfolio,
        "submission": submission,
        "competency": heading.competency,
        "criteria": criteria,
        "kinds": policies.kinds_for(portfolio, heading.competency),
        "about": policies.asked(portfolio).step.rules.evidence.about,
        "pieces": pieces,
        "examples": examples,
        "wanted": policies.examples_wanted(portfolio),
    }


def desirables_asked(portfolio):
    """What is desirable at the portfolio's step, as rules.Desirable. R6."""
    return competencies.desirables_for(policies.asked(portfolio).step)


def heading_asked(portfolio, code):
    """The Heading with this code that the portfolio's step asks for, or None. R4."""
    for heading in policies.asked(portfolio).evidenced:
        if heading.competency.code == code:
            return heading
    return None


def examples_for(portfolio, competency, *, page=None):
    """A page of the worker's pieces for one heading as they stand, oldest first; beside examples, last.

    With it, how many are finished examples.
    """
    taken = policies.kinds_for(portfolio, competency)
    pieces = (
        Evidence.objects.filter(
            claims__portfolio=portfolio, claims__competency=competency, removed_at__isnull=True
        )
        .order_by(Case(When(kind__in=taken, then=0), default=1), "practised_on", "id")
        .prefetch_related(FILES_KEPT)
    )
    counts = pieces.order_by().aggregate(
        pieces=Count("pk"), examples=Count("pk", filter=Q(complete=True, kind__in=taken))
    )
    paginator = Paginator(pieces, PIECES_A_PAGE)
    paginator.count = counts["pieces"]
    found = paginator.get_page(page)
    found.object_list = [
        Example(
            id=piece.pk,
            kind=piece.get_kind_display(),
            title=str(piece),
            practised_on=piece.practised_on,
            what_i_did=piece.what_i_did,
            outcome=piece.outcome,
            what_i_learned=piece.what_i_learned,
            complete=piece.complete,
            attachments=[
                File(
                    token=str(file.token),
                    name=file.name,
                    bytes=file.size,
                    content_type=file.content_type,
                    sha256=file.sha256,
                    scan=file.scan,
                    scan_found=file.scan_found,
                )
                for file in piece.attachments.all()
            ],
            beside=piece.kind not in taken,
        )
        for piece in found.object_list
    ]
    return found, counts["examples"]


def own_piece(worker, pk):
    """The worker's piece, with its files, readers and what `look_through` needs, or None if not theirs."""
    found = pieces_with_kept().filter(worker=worker, pk=pk, removed_at__isnull=True)
    return with_readers(found).prefetch_related(FILES_KEPT).first()


def missing_from(piece):
    """What an unfinished piece still needs, in the words of its form; nothing once it is finished."""
    if piece.complete:
        return []
    return [text.needed for text in ASKED[EvidenceKind(piece.kind)].all if not getattr(piece, text.field)]


def aim_of(worker, *, today):
    """What the worker gathers evidence for while no portfolio is open, as competencies' Asked, or None."""
    step = competencies.step_in_view(worker.post, today=today)
    return step and competencies.asked_by(step.pk)


def headings_of(piece, portfolio, aim=None):
    """The competencies that a piece counts for in a portfolio or, without one, shows of an `aim`."""
    if portfolio is None and aim is None:
        return []
    return headings_of_pieces(portfolio, aim, [piece])[piece.pk]


def headings_of_pieces(portfolio, aim, pieces):
    """For each piece's id, the same, in the scheme's order. One query."""
    ids = [piece.pk for piece in pieces]
    if portfolio is not None:
        claims = portfolio.claims.filter(evidence__in=ids)
        held = set(claims.order_by().values_list("evidence_id", "competency__code"))
        asked = policies.asked(portfolio).evidenced
    else:
        marks = HeadingMark.objects.filter(evidence__in=ids, scheme=aim.step.scheme.code)
        held = set(marks.order_by().values_list("evidence_id", "heading"))
        asked = aim.evidenced
    return {
        pk: [heading.competency for heading in asked if (pk, heading.competency.code) in held] for pk in ids
    }


def own_attachment(worker, evidence_id, token):
    """A file of one of the worker's pieces, or None. One taken off is still theirs if they submitted it."""
    kept = Q(removed_at__isnull=True) | Q(submitted_at__isnull=False)
    return Attachment.objects.filter(
        kept, token=token, evidence_id=evidence_id, evidence__worker=worker
    ).first()


@dataclass(frozen=True)
class SubmittedHeading:
    """A heading as it was asked, with `criteria` ({"level", "text"}), and the examples submitted for it."""

    code: str
    name: str
    group: str
    criteria: list[dict]
    pieces: list[Example]

    @property
    def examples(self):
        """How many of the pieces are examples; the others go beside them."""
        return sum(not piece.beside for piece in self.pieces)


@dataclass(frozen=True)
class SubmissionView:
    """A submission to read: everything in it comes from what was frozen, nothing from later edits."""

    number: int
    submitted_at: object
    sha256: str
    content: dict
    worker: dict
    scheme: dict
    step: dict
    headings: list[SubmittedHeading]
    desirables: list[dict]
    worked_through_with_manager: bool
    pieces_count: int

    @property
    def intact(self):
        """Whether the content still has the fingerprint that it was submitted with."""
        return freezing.fingerprint(self.content) == self.sha256

    def heading(self, code):
        """The heading with this code, or None."""
        return next((heading for heading in self.headings if heading.code == code), None)


def submission_view(submission):
    """The submission with each heading's examples put under it. No query."""
    content = submission.content
    pieces = {pk: _thawed(int(pk), piece) for pk, piece in content["evidence"].items()}
    return SubmissionView(
        number=submission.number,
        submitted_at=submission.submitted_at,
        sha256=submission.sha256,
        content=content,
        worker=content["worker"],
        scheme=content["scheme"],
        step=content["step"],
        headings=[_heading(heading, pieces) for heading in content["headings"]],
        desirables=content["desirables"],
        worked_through_with_manager=content["worked_through_with_manager"],
        pieces_count=len(pieces),
    )


def submitted_heading(submission, code):
    """The heading with this code and the examples submitted for it, or None if it was not asked. No query."""
    content = submission.content
    for heading in content["headings"]:
        if heading["code"] == code:
            wanted = map(str, heading["pieces"])
            return _heading(heading, {pk: _thawed(int(pk), content["evidence"][pk]) for pk in wanted})
    return None


def _heading(heading, pieces):
    return SubmittedHeading(
        code=heading["code"],
        name=heading["name"],
        group=heading["group"],
        criteria=heading["criteria"],
        pieces=[replace(pieces[str(pk)], beside=pk in heading.get("beside", ())) for pk in heading["pieces"]],
    )


def _thawed(pk, piece):
    return Example(
        id=pk,
        kind=EvidenceKind(piece["kind"]).label,
        title=piece["title"],
        practised_on=date.fromisoformat(piece["practised_on"]),
        what_i_did=piece["what_i_did"],
        outcome=piece["outcome"],
        what_i_learned=piece["what_i_learned"],
        complete=True,
        attachments=[
            File(file["token"], file["name"], file["size"], file["content_type"], file["sha256"])
            for file in piece["attachments"]
        ],
        stays=tuple(Stay(**stay) for stay in piece.get("stays", ())),
        testimonies=tuple(thawed(one) for one in piece.get("testimonies", ())),
    )


def submitted_attachment(submission, token):
    """The Attachment with this token, if the submission holds it; else None."""
    held = {
        file["token"] for piece in submission.content["evidence"].values() for file in piece["attachments"]
    }
    return Attachment.objects.filter(token=token).first() if str(token) in held else None
