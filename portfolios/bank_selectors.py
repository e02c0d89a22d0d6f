"""Every read of a worker's bank of evidence: the list, searched and narrowed, and where a piece was used."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from people.written import Written, given
from portfolios import policies, selectors
from portfolios.models import Attachment, Claim, Evidence, HeadingMark, Portfolio

LONG_TEXTS = ("what_i_did", "outcome", "what_i_learned")
PIECES_A_PAGE = 25
CHILD, CHILDREN = re.compile(r"\bchild\b", re.IGNORECASE), re.compile(r"\bchildren\b", re.IGNORECASE)
WEIGHTS = [0.1, 0.2, 0.4, 1.0]


@dataclass(frozen=True)
class Wanted:
    """Which pieces of the bank to show; nothing said is all of them.

    `words` are searched for as people write them: "quoted", or, -not. `only` is "drafts", "examples"
    (finished) or "unused". `since` and `until` are dates of practice, both included.
    """

    words: str = ""
    heading: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    only: str = ""

    def __bool__(self):
        return self != Wanted()


def bank(worker, portfolio, aim, wanted, *, page):
    """A page of the worker's bank without the long texts: best match first, or else latest change.

    "Unused" is in no heading of the open `portfolio` or, without one, marked for none of `aim`. Each piece
    has `files_count`; `shown_for`, the names of the headings it counts for or shows; and `used_in`, the
    references of the applications that it was used in before.
    """
    files = (
        Attachment.objects.filter(evidence=OuterRef("pk"), removed_at__isnull=True)
        .order_by()
        .values("evidence")
        .annotate(count=Count("pk"))
        .values("count")
    )
    pieces = _wanted_of(worker, portfolio, aim, wanted).defer("words", *LONG_TEXTS)
    found = Paginator(pieces.annotate(files_count=Subquery(files)), PIECES_A_PAGE).get_page(page)
    headings = _headings(portfolio, aim, found.object_list)
    used = used_before(found.object_list)
    for piece in found.object_list:
        piece.shown_for = [competency.name for competency in headings.get(piece.pk, ())]
        piece.used_in = [use.reference for use in used.get(piece.pk, ())]
    return found


def _wanted_of(worker, portfolio, aim, wanted):
    pieces = Evidence.objects.filter(worker=worker, removed_at__isnull=True)
    if wanted.only == "drafts":
        pieces = pieces.filter(complete=False)
    elif wanted.only == "examples":
        pieces = pieces.filter(complete=True)
    elif wanted.only == "unused" and portfolio is not None:
        pieces = pieces.exclude(pk__in=portfolio.claims.order_by().values("evidence"))
    elif wanted.only == "unused" and aim is not None:
        pieces = pieces.exclude(pk__in=_marked(aim.step.scheme).values("evidence"))
    if wanted.kind:
        pieces = pieces.filter(kind=wanted.kind)
    if wanted.since:
        pieces = pieces.filter(practised_on__gte=wanted.since)
    if wanted.until:
        pieces = pieces.filter(practised_on__lte=wanted.until)
    if wanted.heading:
        asked = policies.asked(portfolio) if portfolio else aim
        marks = _marked(asked.step.scheme).filter(heading=wanted.heading)
        pieces = pieces.filter(pk__in=marks.values("evidence"))
    if wanted.words:
        query = _query(wanted.words)
        # Half a word, or one too common to be kept, is still found in a title.
        pieces = pieces.filter(Q(words=query) | Q(title__icontains=wanted.words))
        pieces = pieces.annotate(rank=SearchRank(F("words"), query, weights=WEIGHTS))
        pieces = pieces.order_by("-rank", "-updated_at", "-id")
    return pieces


def _query(words):
    """What to search for, as people write it. PostgreSQL's English takes children for no child."""
    said = [words, CHILD.sub("children", words), CHILDREN.sub("child", words)]
    queries = [SearchQuery(one, config="english", search_type="websearch") for one in dict.fromkeys(said)]
    return reduce(or_, queries)


def _marked(scheme):
    return HeadingMark.objects.filter(evidence=OuterRef("pk"), scheme=scheme.code).order_by()


def _headings(portfolio, aim, pieces):
    if portfolio is None and aim is None:
        return {}
    return selectors.headings_of_pieces(portfolio, aim, pieces)


@dataclass(frozen=True)
class Use:
    """An application that a piece was put forward in, by its reference, for the names of these headings."""

    reference: str
    headings: list[str]


def used_before(pieces):
    """{piece's id: its Uses in portfolios that are no longer open, latest first}. One query.

    What an application's submission holds of a piece stays as it was, whatever becomes of the piece.
    """
    claims = (
        Claim.objects.filter(evidence__in=[piece.pk for piece in pieces], portfolio__is_open=False)
        .order_by("-portfolio__created_at", "competency__position")
        .values_list("evidence_id", "portfolio__application__reference", "competency__name")
    )
    found = {}
    for pk, reference, name in claims:
        if reference:
            found.setdefault(pk, {}).setdefault(reference, []).append(name)
    return {pk: [Use(reference, names) for reference, names in uses.items()] for pk, uses in found.items()}


def marked_for(portfolio, which):
    """{heading's code: ids of finished pieces marked for it that do not count in the portfolio}. Two queries.

    Of kinds that the heading can use. `which`: "last", those that the last application had there; "newest",
    as many of the newest as the scheme expects; or "marked", all.
    """
    wanted = policies.examples_wanted(portfolio) if which == "newest" else None
    found = {}
    for code, pk, last in _offered(portfolio):
        if last or which != "last":
            found.setdefault(code, []).append(pk)
    return {code: ids[:wanted] for code, ids in found.items()}


@dataclass(frozen=True)
class Offer:
    """A heading of the open portfolio: how many pieces could be used, `marked`; of them, used `last` time."""

    competency: object
    marked: int
    last: int


@dataclass(frozen=True)
class Offers:
    """What may be used again, by heading, and how many pieces; the last application's `reference`, or "".

    `wanted` is about how many examples the scheme expects for a heading.
    """

    headings: list[Offer]
    pieces: int
    last_pieces: int
    reference: str
    wanted: int


def offers(portfolio):
    """The Offers of an open portfolio. Three queries."""
    rows = list(_offered(portfolio))
    last = _last_portfolio(portfolio)
    marked, used = {}, {}
    for code, pk, was_last in rows:
        marked.setdefault(code, []).append(pk)
        if was_last:
            used.setdefault(code, []).append(pk)
    return Offers(
        headings=[
            Offer(one.competency, len(marked[one.competency.code]), len(used.get(one.competency.code, ())))
            for one in policies.asked(portfolio).evidenced
            if one.competency.code in marked
        ],
        pieces=len({pk for _, pk, _ in rows}),
        last_pieces=len({pk for _, pk, was_last in rows if was_last}),
        reference=last[1] if last else "",
        wanted=policies.examples_wanted(portfolio),
    )


def offered_count(portfolio):
    """How many pieces are marked for a heading of the open portfolio and do not count there. One query."""
    found = _pieces_offered(_fitting(portfolio), policies.asked(portfolio).step.scheme.code)
    return found.count(portfolio=portfolio.pk, worker=portfolio.worker_id)


@lru_cache(maxsize=100)
def _pieces_offered(fitting, scheme):
    marks = _marks_offered(fitting, scheme, given("portfolio"), given("worker"))
    return Written(marks.order_by().values("evidence").distinct())


def _offered(portfolio):
    """(heading's code, piece's id, whether the last application had it there) of what could be used."""
    last = _last_portfolio(portfolio)
    had = Claim.objects.filter(
        portfolio=last[0] if last else None,
        evidence=OuterRef("evidence"),
        competency__code=OuterRef("heading"),
    )
    marks = _offered_marks(portfolio).annotate(last=Exists(had))
    marks = marks.order_by("heading", "-evidence__practised_on", "-evidence")
    return marks.values_list("heading", "evidence", "last")


def _offered_marks(portfolio):
    scheme = policies.asked(portfolio).step.scheme.code
    return _marks_offered(_fitting(portfolio), scheme, portfolio.pk, portfolio.worker_id)


def _fitting(portfolio):
    """(kinds, codes of the headings that can use them), for all headings asked: the same for a whole step."""
    by_kinds = {}
    for heading in policies.asked(portfolio).evidenced:
        kinds = policies.kinds_usable(portfolio, heading.competency)
        by_kinds.setdefault(frozenset(kinds), []).append(heading.competency.code)
    return tuple((kinds, tuple(codes)) for kinds, codes in by_kinds.items())


def _marks_offered(fitting, scheme, portfolio, worker):
    """Marks of a worker's pieces that a portfolio could use, both by their ids or `given`."""
    usable = Q(pk__in=[])
    for kinds, codes in fitting:
        usable |= Q(heading__in=codes, evidence__kind__in=kinds)
    counted = Claim.objects.filter(
        portfolio=portfolio, evidence=OuterRef("evidence"), competency__code=OuterRef("heading")
    )
    return HeadingMark.objects.filter(
        usable, ~Exists(counted), scheme=scheme, evidence__worker=worker, evidence__complete=True
    )


def _last_portfolio(portfolio):
    """(id, its application's reference) of the worker's portfolio before this one, or None. One query."""
    before = Portfolio.objects.filter(worker=portfolio.worker_id, created_at__lte=portfolio.created_at)
    before = before.exclude(pk=portfolio.pk).order_by("-created_at", "-id")
    return before.values_list("pk", "application__reference").first()


def not_counted_for(worker, portfolio, competency, *, page):
    """A page of the worker's pieces that do not count for a heading yet: what may be used again.

    Those that they have marked for it come first.
    """
    counted = Claim.objects.filter(portfolio=portfolio, competency=competency).values("evidence")
    scheme = policies.asked(portfolio).step.scheme
    marks = _marked(scheme).filter(heading=competency.code)
    pieces = (
        Evidence.objects.filter(
            worker=worker, removed_at__isnull=True, kind__in=policies.kinds_usable(portfolio, competency)
        )
        .exclude(pk__in=counted)
        .annotate(marked=Exists(marks))
        .order_by("-marked", "-updated_at", "-id")
        .defer(*LONG_TEXTS)
    )
    return Paginator(pieces, PIECES_A_PAGE).get_page(page)
