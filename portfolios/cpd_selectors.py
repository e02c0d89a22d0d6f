"""Every read about a worker's CPD for the regulator, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.core.paginator import Paginator
from django.db.models import Case, Count, Exists, IntegerField, JSONField, OuterRef, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.utils.formats import date_format

from competencies.rules import EvidenceKind
from people.models import User
from people.roles import Role
from people.written import Written, given, outside
from portfolios.models import CpdRecord, Evidence
from portfolios.regulator import regulator

A_PAGE = 25
FIRST = (EvidenceKind.CPD_RECORD, EvidenceKind.TRAINING_RECORD)
"""The kinds that are offered first."""

COUNTS = Q(evidence__removed_at=None, evidence__complete=True)
_COUNTED = {
    "chosen": Count("pk"),
    "with_peer": Count("pk", filter=~Q(peer_role="")),
    "entered": Count("pk", filter=Q(entered_on__isnull=False)),
}


@dataclass(frozen=True)
class Standing:
    """How far a worker is with the year that ends on `ends`: records `chosen`, those of them `with_peer`
    reflection, and those `entered` on the regulator's site.
    """

    ends: date
    chosen: int
    with_peer: int
    entered: int

    @property
    def missing(self):
        """Sentences, each something that is still missing; none when all is chosen."""
        asks, found = regulator(), []
        if (more := asks.records - self.chosen) > 0:
            found.append(f"{'One more record' if more == 1 else f'{more} more records'}.")
        if self.with_peer < asks.with_peer_reflection:
            found.append("A peer reflection on one of them.")
        return found

    @property
    def line(self):
        """All of it in a few words: "1 of 2 records chosen"."""
        if self.entered and self.entered == self.chosen and not self.missing:
            return f"entered on {regulator().name}’s site"
        asked = regulator().records
        of = (
            f"{self.chosen} records chosen"
            if self.chosen > asked
            else f"{self.chosen} of {asked} records chosen"
        )
        return of if self.with_peer or not self.chosen else f"{of}, none with a peer reflection"


@dataclass(frozen=True)
class Record:
    """A chosen piece with its `texts`, as (heading, text), in the regulator's order."""

    record: CpdRecord
    texts: list
    counts: bool


def year_of(worker, ends):
    """The records that the worker chose for the year that ends on this day, as Records. One query."""
    found = CpdRecord.objects.filter(worker=worker, year_ends_on=ends).select_related("evidence")
    return [
        Record(one, texts_of(one), one.evidence.removed_at is None and one.evidence.complete) for one in found
    ]


def standing_of(records, ends):
    """The Standing that these Records make. No query."""
    counted = [one.record for one in records if one.counts]
    return Standing(
        ends,
        len(counted),
        sum(bool(one.peer_role) for one in counted),
        sum(one.entered_on is not None for one in counted),
    )


def years_before(worker, ends):
    """The last days of the earlier years for which the worker chose records, latest first. One query."""
    found = CpdRecord.objects.filter(worker=worker, year_ends_on__lt=ends).order_by("-year_ends_on")
    return list(found.values_list("year_ends_on", flat=True).distinct())


def record_of(worker, pk):
    """The worker's record of that number, with its piece, or None. One query."""
    return CpdRecord.objects.filter(worker=worker, pk=pk).select_related("evidence").first()


def texts_of(record):
    """What goes under each of the regulator's headings, as [heading, text]; none without a text."""
    if record.entered is not None:
        return record.entered
    piece = record.evidence
    peer = ""
    if record.peer_role:
        peer = f"With {record.peer_role}, {date_format(record.peer_on, 'j F Y')}.\n\n{record.peer_said}"
    said = {
        "kind": piece.get_kind_display(),
        "practised_on": piece.practised_on and date_format(piece.practised_on, "j F Y"),
        "what_i_did": f"{piece.title}\n\n{piece.what_i_did}",
        "peer": peer,
    }
    found = [
        (one.label, said.get(one.source, getattr(piece, one.source, ""))) for one in regulator().headings
    ]
    return [[label, text] for label, text in found if text]


def to_choose_from(worker, *, page):
    """A page of the finished pieces that count for no year yet: CPD and training first, then the latest."""
    found = Evidence.objects.filter(worker=worker, removed_at=None, complete=True, cpd_record=None)
    first = Case(When(kind__in=FIRST, then=Value(0)), default=Value(1), output_field=IntegerField())
    return Paginator(found.order_by(first, "-practised_on", "-pk"), A_PAGE).get_page(page)


def season(today):
    """The last day of the year that can be renewed today; None while that cannot be done yet."""
    ends = regulator().year_ends(today)
    return ends if today >= regulator().opens(ends) else None


def standing_now(worker, ends):
    """The Standing of the worker's year that ends on this day. One query."""
    found = CpdRecord.objects.filter(COUNTS, worker=worker, year_ends_on=ends).order_by()
    return Standing(ends, **found.aggregate(**_COUNTED))


def chosen_of_row(worker, ends):
    """A part of a query whose rows have the worker's id in the column `worker`: for `standing_of_row`."""
    sql, values = _chosen_of_row(worker).asked(ends=ends)
    return RawSQL(sql, values, output_field=JSONField())  # noqa: S611


@cache
def _chosen_of_row(worker):
    of_row = CpdRecord.objects.filter(COUNTS, worker=outside(worker), year_ends_on=given("ends")).order_by()
    # Grouped by the worker, of whom there is one: without, Django groups by the record, a row for each.
    return Written(of_row.values("worker").annotate(told=JSONObject(**_COUNTED)).values("told"))


def standing_of_row(row, ends):
    """The Standing of the worker of a row whose `cpd` was read with `chosen_of_row`. No query."""
    return Standing(ends, **(row.cpd or dict.fromkeys(_COUNTED, 0)))


def missing_something(ends):
    """The social workers in post who still miss something for the year that ends on this day."""
    asks = regulator()
    whole = (
        CpdRecord.objects.filter(COUNTS, worker=OuterRef("pk"), year_ends_on=ends)
        .order_by()
        .values("worker")
        .annotate(**_COUNTED)
        .filter(chosen__gte=asks.records, with_peer__gte=asks.with_peer_reflection)
    )
    workers = User.objects.filter(role=Role.SOCIAL_WORKER, is_active=True, post__isnull=False)
    return workers.filter(~Exists(whole))
