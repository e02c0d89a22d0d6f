"""A worker gets their CPD for the regulator's renewal together. Each verb reads: lock, who, when, write."""

from django.db import transaction

from people.models import Post
from people.policies import Blocked
from portfolios import permissions
from portfolios.cpd_selectors import COUNTS, standing_now, texts_of
from portfolios.hold_policies import check_not_held
from portfolios.models import CpdRecord, Evidence
from portfolios.regulator import regulator

MOST_A_YEAR = 20


@transaction.atomic
def choose(worker, *, pieces, now, today):
    """Count these pieces (ids) for the year that is running. Passed over: others', unfinished, counted.

    Returns how many were added. Raises Blocked past MOST_A_YEAR.
    """
    _lock(worker)
    permissions.check_keeps_evidence(worker)
    ends = regulator().year_ends(today)
    found = Evidence.objects.filter(
        worker=worker, pk__in=pieces, removed_at=None, complete=True, cpd_record=None
    ).order_by("pk")
    new = [CpdRecord(worker=worker, evidence=piece, year_ends_on=ends, chosen_at=now) for piece in found]
    if CpdRecord.objects.filter(worker=worker, year_ends_on=ends).count() + len(new) > MOST_A_YEAR:
        raise Blocked(f"You can choose {MOST_A_YEAR} records for a year. Take one out first.")
    CpdRecord.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def take_out(record, *, actor, today):
    """The piece no longer counts for the year. It stays in the bank."""
    record = _open_to_change(record, actor, today)
    check_may_go(record)
    record.delete()


@transaction.atomic
def add_peer_reflection(record, *, actor, role, on, said, today):
    """Who the worker talked with about it (a role), when, and what came of it; in place of any before."""
    record = _open_to_change(record, actor, today)
    check_peer_may_change(record)
    record.peer_role, record.peer_on, record.peer_said = role, on, said
    record.save(update_fields=["peer_role", "peer_on", "peer_said"])


@transaction.atomic
def mark_entered(worker, *, on, today):
    """The worker has entered what they chose on the regulator's site: each record stays as it was entered.

    Returns how many. Raises Blocked where there is none to enter.
    """
    _lock(worker)
    permissions.check_keeps_evidence(worker)
    year = {"worker": worker, "year_ends_on": regulator().year_ends(today), "entered_on": None}
    check_something_to_enter(standing_now(worker, year["year_ends_on"]))
    records = list(CpdRecord.objects.filter(COUNTS, **year).select_related("evidence"))
    for record in records:
        record.entered_on, record.entered = on, texts_of(record)
    CpdRecord.objects.bulk_update(records, ["entered_on", "entered"])
    return len(records)


def check_something_to_enter(standing):
    """Raise Blocked where nothing is chosen, or all of it is entered already."""
    if standing.entered >= standing.chosen:
        raise Blocked("No record that you chose waits to be entered.")


def check_open_to_change(record, today):
    """Raise Blocked for a record that was entered, or whose year is over."""
    if record.entered_on is not None:
        raise Blocked("You have entered this on the regulator’s site, so it stays as it was.")
    if record.year_ends_on < today:
        raise Blocked("This year is over, so its records stay as they were.")


def check_may_go(record):
    """Raise Blocked while a legal hold stands on the worker."""
    check_not_held(record.worker)


def check_peer_may_change(record):
    """Likewise, where there is a peer reflection to write over."""
    if record.peer_role:
        check_not_held(record.worker)


def _open_to_change(record, actor, today):
    """The record as it stands, locked, of this worker's own running year. Raises Blocked otherwise."""
    _lock(actor)
    permissions.check_keeps_evidence(actor)
    record = CpdRecord.objects.filter(pk=record.pk).first()
    if record is None:
        raise Blocked("You took this record out already.")
    permissions.check_is_own(actor, record)
    check_open_to_change(record, today)
    return record


def _lock(worker):
    """Nobody else changes this worker's CPD until this is done."""
    Post.objects.select_for_update(no_key=True).filter(holder=worker).first()
