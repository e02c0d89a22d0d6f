"""A worker's bank against what is asked: heading by heading, criterion by criterion, list by list.

Counts are made in PostgreSQL, so that a thousand pieces cost as many queries, and as many rows, as one.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Max, Q, Window
from django.db.models.functions import RowNumber

from competencies.models import Competency
from competencies.rules import EvidenceKind
from portfolios import gap_selectors, policies
from portfolios.gap_selectors import Gap, Suggestion
from portfolios.kinds import SUPPORTING
from portfolios.models import CriterionMark, HeadingMark, ReferenceMark
from portfolios.states import COLOURS, heading_status

FINISHED = Q(evidence__complete=True)
NEWEST_A_CRITERION = 3


@dataclass(frozen=True)
class CriterionRow:
    """One criterion, numbered under its heading: how many finished pieces speak to it, the newest of when."""

    id: int
    number: int
    text: str
    level: int
    level_name: str
    pieces: int = 0
    newest: date | None = None
    newest_pieces: list = field(default_factory=list)
    might_fill: list[Suggestion] = field(default_factory=list)


@dataclass(frozen=True)
class HeadingRow:
    """One heading of the matrix, by the worker's marks in the whole bank.

    `examples` of the `wanted` are finished and of a kind that it takes; `beside` are finished and go beside
    them. `counted` are the examples in the open application, or None without one.
    """

    code: str
    name: str
    group: str
    wanted: int
    kinds: tuple[EvidenceKind, ...]
    criteria: list[CriterionRow]
    examples: int = 0
    drafts: int = 0
    beside: int = 0
    newest: date | None = None
    counted: int | None = None
    status: str = ""
    colour: str = ""
    might_fill: list[Suggestion] = field(default_factory=list)

    @property
    def unspoken(self):
        """How many of its criteria no piece speaks to."""
        return sum(not criterion.pieces for criterion in self.criteria)


@dataclass(frozen=True)
class ItemRow:
    name: str
    pieces: int
    newest: date | None


@dataclass(frozen=True)
class ReferenceTable:
    """A list that the scheme refers to, and how many finished pieces speak to each of its items. R38."""

    code: str
    name: str
    items: list[ItemRow]


@dataclass(frozen=True)
class Matrix:
    """The `headings` that examples are asked for; those `without` are judged, and ask for none. R4."""

    headings: list[HeadingRow]
    references: list[ReferenceTable]
    without: list[str]

    @property
    def thin(self):
        """The headings with fewer examples than the scheme expects."""
        return [row for row in self.headings if row.examples < row.wanted]

    @property
    def criteria(self):
        return sum(len(row.criteria) for row in self.headings)

    @property
    def unspoken(self):
        return sum(row.unspoken for row in self.headings)


def matrix(worker, asked, portfolio=None):
    """The Matrix of a worker's bank against `asked`, competencies' Asked. Four or five queries.

    A thin heading says which finished pieces might fill it: see gap_selectors.
    """
    marks = _marks(worker, asked)
    spoken = _spoken(worker, asked)
    counts = policies.examples_by_heading(portfolio) if portfolio else None
    rows = [_row(asked, heading, marks, spoken, counts) for heading in asked.evidenced]
    gaps = [Gap(row.code, row.code, row.kinds) for row in rows if row.examples < row.wanted]
    found = gap_selectors.for_headings(worker, asked, gaps)
    for row in rows:
        row.might_fill.extend(found.get(row.code, ()))
    shown = {row.code for row in rows}
    names = [one.competency.name for one in asked.judged if one.competency.code not in shown]
    return Matrix(rows, _references(worker, asked), names)


def one_heading(worker, asked, code):
    """The HeadingRow of the heading with this code, with the newest pieces of each criterion, or None.

    A criterion that nothing speaks to says which pieces might. Four queries.
    """
    heading = next((one for one in asked.evidenced if one.competency.code == code), None)
    if heading is None:
        return None
    row = _row(asked, heading, _marks(worker, asked, code), _spoken(worker, asked, code), None)
    newest = _newest(worker, asked, code)
    kinds = (*row.kinds, *SUPPORTING)
    gaps = [Gap(one.id, code, kinds) for one in row.criteria if not one.pieces]
    found = gap_selectors.for_criteria(worker, asked, code, gaps)
    for one in row.criteria:
        one.newest_pieces.extend(newest.get((one.level, one.text), ()))
        one.might_fill.extend(found.get(one.id, ()))
    return row


def reference_lists(asked):
    """The lists that the scheme's evidence is mapped to, as rules.CrossReference, in its order. R38."""
    rules = asked.step.rules
    by_code = {reference.code: reference for reference in rules.cross_references}
    return [by_code[code] for code in rules.evidence.mapped_to]


def _of(worker, path=""):
    return Q(**{f"{path}evidence__worker": worker, f"{path}evidence__removed_at": None})


def _marks(worker, asked, code=None):
    """{heading's code: {kind: (finished, drafts, newest)}}. One query."""
    found = HeadingMark.objects.filter(_of(worker), scheme=asked.step.scheme.code)
    if code is not None:
        found = found.filter(heading=code)
    counts = (
        found.order_by()
        .values_list("heading", "evidence__kind")
        .annotate(
            finished=Count("pk", filter=FINISHED),
            drafts=Count("pk", filter=~FINISHED),
            newest=Max("evidence__practised_on", filter=FINISHED),
        )
    )
    by_heading = {}
    for heading, kind, finished, drafts, newest in counts:
        by_heading.setdefault(heading, {})[kind] = (finished, drafts, newest)
    return by_heading


def _criterion_marks(worker, asked, code):
    """The marks of finished pieces on criteria of the scheme, of any version, or of one heading of it."""
    found = CriterionMark.objects.filter(
        _of(worker, "mark__"), mark__scheme=asked.step.scheme.code, mark__evidence__complete=True
    )
    return found if code is None else found.filter(mark__heading=code)


def _spoken(worker, asked, code=None):
    """{(heading's code, level, text): (pieces, newest)}; what versions say alike is one. One query."""
    counts = (
        _criterion_marks(worker, asked, code)
        .order_by()
        .values_list("mark__heading", "criterion__level__number", "criterion__text")
        .annotate(pieces=Count("mark__evidence", distinct=True), newest=Max("mark__evidence__practised_on"))
    )
    return {(heading, level, text): (pieces, newest) for heading, level, text, pieces, newest in counts}


def _newest(worker, asked, code):
    """{(level, text): its newest pieces, as (id, title, date)}. One query."""
    rows = (
        _criterion_marks(worker, asked, code)
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=["criterion__level__number", "criterion__text"],
                order_by=[F("mark__evidence__practised_on").desc(), F("mark__evidence").desc()],
            )
        )
        .filter(place__lte=NEWEST_A_CRITERION)
        .order_by("place")
        .values_list(
            "criterion__level__number",
            "criterion__text",
            "mark__evidence",
            "mark__evidence__title",
            "mark__evidence__practised_on",
        )
    )
    found = {}
    for level, text, pk, title, day in rows:
        pieces = found.setdefault((level, text), [])
        if pk not in [one[0] for one in pieces]:
            pieces.append((pk, title, day))
    return found


def _row(asked, heading, marks, spoken, counts):
    competency = heading.competency
    taken = policies.kinds_taken(asked.step, competency)
    wanted = asked.step.rules.evidence.examples_per_competency
    kinds = marks.get(competency.code, {})
    own = [kinds[kind] for kind in kinds if kind in taken]
    examples, drafts = sum(one[0] for one in own), sum(one[1] for one in own)
    status = heading_status(examples=examples, drafts=drafts, wanted=wanted)
    criteria = []
    for number, criterion in enumerate(heading.criteria, 1):
        level = criterion.level
        said = spoken.get((competency.code, level.number, criterion.text), (0, None))
        criteria.append(CriterionRow(criterion.pk, number, criterion.text, level.number, level.name, *said))
    return HeadingRow(
        code=competency.code,
        name=competency.name,
        group=competency.group,
        wanted=wanted,
        kinds=tuple(taken),
        criteria=criteria,
        examples=examples,
        drafts=drafts,
        beside=sum(kinds[kind][0] for kind in kinds if kind not in taken and kind in SUPPORTING),
        newest=max((one[2] for one in own if one[2]), default=None),
        counted=None if counts is None else counts.get(competency.pk, (0, 0))[0],
        status=status.label,
        colour=COLOURS[status],
    )


def _references(worker, asked):
    """The ReferenceTables of the lists that the scheme refers to; none where it refers to none. One query."""
    lists = reference_lists(asked)
    if not lists:
        return []
    counts = (
        ReferenceMark.objects.filter(_of(worker), FINISHED, reference__in=[one.code for one in lists])
        .order_by()
        .values_list("reference", "item")
        .annotate(pieces=Count("pk"), newest=Max("evidence__practised_on"))
    )
    found = {(reference, item): (pieces, newest) for reference, item, pieces, newest in counts}
    return [
        ReferenceTable(
            one.code,
            one.name,
            [ItemRow(item, *found.get((one.code, item), (0, None))) for item in one.items],
        )
        for one in lists
    ]


@dataclass(frozen=True)
class Shown:
    """What one piece shows: the Headings asked that it is marked for, with what is marked under them."""

    headings: list
    criteria: set[int]
    references: list
    items: set[tuple[str, str]]


def shown_by(piece, asked, competencies):
    """The Shown of a piece for the `competencies` that it counts for or is marked for. Two queries."""
    wanted = {competency.pk for competency in competencies}
    headings = [heading for heading in asked.evidenced if heading.competency.pk in wanted]
    marked = set(
        CriterionMark.objects.filter(mark__evidence=piece, mark__scheme=asked.step.scheme.code)
        .order_by()
        .values_list("mark__heading", "criterion__level__number", "criterion__text")
    )
    items = ReferenceMark.objects.filter(evidence=piece).order_by().values_list("reference", "item")
    return Shown(
        headings=headings,
        criteria={
            one.pk
            for heading in headings
            for one in heading.criteria
            if (heading.competency.code, one.level.number, one.text) in marked
        },
        references=reference_lists(asked),
        items=set(items),
    )


def heading_of(asked, code) -> Competency | None:
    """The competency with this code that is asked for, or None."""
    return next((one.competency for one in asked.evidenced if one.competency.code == code), None)
