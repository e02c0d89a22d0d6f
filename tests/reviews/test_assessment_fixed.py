"""PostgreSQL keeps a signed assessment as it was signed. Each change is tried by SQL, round the models."""

from types import SimpleNamespace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from progression.states import State
from reviews import selectors, transitions
from reviews.models import Assessment, Finding
from tests.built_once import built_once
from tests.council import NOW, manager_of
from tests.walk import application_at

pytestmark = pytest.mark.django_db


def refused(sql, *values):
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(error.value)


def build():
    signed = selectors.signed_assessment(application_at(State.RECOMMENDED))
    application = application_at(State.SUBMITTED)
    unsigned = transitions.begin_assessment(application, actor=manager_of(application), now=NOW)
    connection.check_constraints()  # what waits for the commit
    return SimpleNamespace(signed=signed, unsigned=unsigned)


built, cases = built_once(build)


@pytest.fixture
def signed(cases):
    return cases.signed


@pytest.fixture
def unsigned(cases):
    return cases.unsigned


STATEMENTS = [
    "UPDATE reviews_assessment SET recommended = false, reasons = 'No' WHERE id = %s",
    "UPDATE reviews_assessment SET signed_at = NULL, signed_on = NULL WHERE id = %s",
    "DELETE FROM reviews_assessment WHERE id = %s",
    "UPDATE reviews_finding SET evidence = 'Other' WHERE assessment_id = %s",
    "DELETE FROM reviews_finding WHERE assessment_id = %s",
    "UPDATE reviews_declaration SET shown = false WHERE assessment_id = %s",
    "DELETE FROM reviews_declaration WHERE assessment_id = %s",
    "INSERT INTO reviews_declaration (assessment_id, code) VALUES (%s, 'another')",
]


def test_nothing_signed_changes(signed):
    for statement in STATEMENTS:
        assert "is signed" in refused(statement, signed.pk), statement


def test_nothing_moves_into_a_signed_assessment(signed, unsigned):
    taken = unsigned.declarations.first()
    said = refused("UPDATE reviews_declaration SET assessment_id = %s WHERE id = %s", signed.pk, taken.pk)
    assert "is signed" in said


def test_nothing_is_emptied(signed):
    for table in ("assessment", "finding", "declaration"):
        assert "TRUNCATE refused" in refused(f"TRUNCATE reviews_{table} CASCADE"), table


def test_before_the_signature_everything_changes(unsigned):
    """The near miss: a draft is nobody's word yet."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_assessment SET reasons = 'x' WHERE id = %s", [unsigned.pk])
        cursor.execute("UPDATE reviews_finding SET evidence = 'x' WHERE assessment_id = %s", [unsigned.pk])
    assert unsigned.findings.filter(evidence="x").count() == 110


def test_a_signature_is_whole(unsigned):
    """R14 and R17, in the database."""
    on, at = NOW.date(), NOW
    for fields, constraint in (
        ({"signed_at": at}, "assessment_signed_whole"),
        ({"signed_on": on}, "assessment_signed_whole"),
        ({"signed_at": at, "signed_on": on}, "assessment_signed_whole"),
        ({"signed_at": at, "signed_on": on, "recommended": False}, "assessment_not_recommended_has_reasons"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Assessment.objects.filter(pk=unsigned.pk).update(**fields)


@pytest.mark.rule("R9")
def test_findings_make_sense(unsigned):
    """R9, in the database."""
    for fields, constraint in (
        ({"met": True, "action": "Something"}, "finding_met_needs_no_action"),
        ({"met": True, "action_by": NOW.date()}, "finding_met_needs_no_action"),
        ({"look_again": True}, "finding_looked_at_again_once_saved"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Finding.objects.filter(assessment=unsigned).update(**fields)


def test_a_criterion_has_one_finding_and_a_declaration_one_answer(unsigned):
    finding, declaration = unsigned.findings.first(), unsigned.declarations.first()
    for row, constraint in ((finding, "finding_once_a_criterion"), (declaration, "declaration_once")):
        row.pk = None
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            row.save(force_insert=True)
