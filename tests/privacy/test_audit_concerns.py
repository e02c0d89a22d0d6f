"""An entry of the audit says whom it concerns, also where the row itself leads there by way of others."""

import pytest
from django.utils import timezone

from competencies.rules import EvidenceKind
from people import safeguards
from people.models import AuditEntry
from people.personal import about_people
from portfolios.models import Claim, Evidence, HeadingMark
from tests.council import organisation
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db


def concerned(model):
    return AuditEntry.objects.filter(thing=model._meta.db_table)


def piece_of(worker):
    now = timezone.now()
    return Evidence.objects.create(
        worker=worker, kind=EvidenceKind.PRACTICE_EXAMPLE, title="A visit", created_at=now, updated_at=now
    )


def test_every_entry_of_a_case_names_its_worker_and_the_case():
    application = application_at(State.AUTHORISED)
    under_the_worker = {
        about.table._meta.db_table
        for about in about_people()
        if any("__" in lookup and lookup.endswith("worker") for lookup in about.of)
    }
    entries = list(AuditEntry.objects.filter(thing__in=under_the_worker))
    assert {"portfolios_claim", "reviews_finding", "portfolios_submission", "progression_event"} <= {
        one.thing for one in entries
    }
    assert [one for one in entries if application.worker_id not in one.people] == []
    of_the_case = [one for one in entries if one.thing.startswith(("reviews_", "progression_"))]
    assert [one for one in of_the_case if application.pk not in one.applications] == []


def test_a_mark_taken_away_and_a_piece_that_counts_name_their_worker():
    application = application_at(State.DRAFT, worker=organisation().worker)
    piece = piece_of(application.worker)
    mark = HeadingMark.objects.create(evidence=piece, scheme="x", heading="y")
    assert concerned(HeadingMark).first().people == [application.worker_id]
    mark.delete()
    last = concerned(HeadingMark).first()
    assert (last.kind, last.people) == ("delete", [application.worker_id])
    heading = application.scheme.competencies.first()
    Claim.objects.create(portfolio=application.portfolio, evidence=piece, competency=heading)
    assert concerned(Claim).first().people == [application.worker_id]


def test_of_many_rows_only_those_that_changed_say_whom_they_concern():
    one, other = application_at(State.DRAFT), application_at(State.DRAFT)
    marks = [
        HeadingMark.objects.create(evidence=piece_of(case.worker), scheme="x", heading="y")
        for case in (one, other)
    ]
    HeadingMark.objects.filter(pk=marks[0].pk).update(heading="z")
    HeadingMark.objects.filter(pk__in=[mark.pk for mark in marks]).update(heading="z")
    last = concerned(HeadingMark).first()
    assert (last.count, last.people) == (1, [other.worker_id])


def test_every_declared_way_to_a_person_is_one_that_the_audit_goes():
    """But for those that lead there by an address, or by something else than a key of another table."""
    audited = set(safeguards.audited_models())
    not_gone = {
        (about.model, lookup)
        for about in about_people()
        for lookup in about.of
        if about.table in audited
        and lookup != "pk"
        and safeguards._forward(about.table._meta, lookup) is None
    }
    assert not_gone == set()
