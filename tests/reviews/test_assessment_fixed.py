"""PostgreSQL keeps a signed assessment as it was signed. Each change is tried by SQL, round the models."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from progression.states import State
from reviews import selectors, transitions
from reviews.models import Assessment, Finding
from tests.walk import NOW, application_at, manager_of

pytestmark = pytest.mark.django_db


def refused(sql, *values):
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(error.value)


@pytest.fixture
def signed():
    assessment = selectors.signed_assessment(application_at(State.RECOMMENDED))
    connection.check_constraints()  # what waits for the commit
    return assessment


@pytest.fixture
def unsigned():
    application = application_at(State.SUBMITTED)
    return transitions.begin_assessment(application, actor=manager_of(application), now=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_assessment SET recommended = false, reasons = 'No' WHERE id = %s",
        "UPDATE reviews_assessment SET signed_at = NULL, signed_on = NULL WHERE id = %s",
        "DELETE FROM reviews_assessment WHERE id = %s",
        "UPDATE reviews_finding SET evidence = 'Other' WHERE assessment_id = %s",
        "DELETE FROM reviews_finding WHERE assessment_id = %s",
        "UPDATE reviews_declaration SET shown = false WHERE assessment_id = %s",
        "DELETE FROM reviews_declaration WHERE assessment_id = %s",
        "INSERT INTO reviews_declaration (assessment_id, code) VALUES (%s, 'another')",
    ],
)
def test_nothing_signed_changes(signed, statement):
    assert "is signed" in refused(statement, signed.pk)


def test_nothing_moves_into_a_signed_assessment(signed, unsigned):
    taken = unsigned.declarations.first()
    said = refused("UPDATE reviews_declaration SET assessment_id = %s WHERE id = %s", signed.pk, taken.pk)
    assert "is signed" in said


@pytest.mark.parametrize("table", ["assessment", "finding", "declaration"])
def test_nothing_is_emptied(signed, table):
    assert "TRUNCATE refused" in refused(f"TRUNCATE reviews_{table} CASCADE")


def test_before_the_signature_everything_changes(unsigned):
    """The near miss: a draft is nobody's word yet."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_assessment SET reasons = 'x' WHERE id = %s", [unsigned.pk])
        cursor.execute("UPDATE reviews_finding SET evidence = 'x' WHERE assessment_id = %s", [unsigned.pk])
    assert unsigned.findings.filter(evidence="x").count() == 110


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"signed_at": NOW}, "assessment_signed_whole"),
        ({"signed_on": NOW.date()}, "assessment_signed_whole"),
        ({"signed_at": NOW, "signed_on": NOW.date()}, "assessment_signed_whole"),
        (
            {"signed_at": NOW, "signed_on": NOW.date(), "recommended": False},
            "assessment_not_recommended_has_reasons",
        ),
    ],
)
def test_a_signature_is_whole(unsigned, fields, constraint):
    """R14 and R17, in the database."""
    with pytest.raises(IntegrityError, match=constraint):
        Assessment.objects.filter(pk=unsigned.pk).update(**fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"met": True, "action": "Something"}, "finding_met_needs_no_action"),
        ({"met": True, "action_by": NOW.date()}, "finding_met_needs_no_action"),
        ({"look_again": True}, "finding_looked_at_again_once_saved"),
    ],
)
def test_findings_make_sense(unsigned, fields, constraint):
    """R9, in the database."""
    with pytest.raises(IntegrityError, match=constraint):
        Finding.objects.filter(assessment=unsigned).update(**fields)


def test_a_criterion_has_one_finding_and_a_declaration_one_answer(unsigned):
    finding, declaration = unsigned.findings.first(), unsigned.declarations.first()
    for row, constraint in ((finding, "finding_once_a_criterion"), (declaration, "declaration_once")):
        row.pk = None
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            row.save(force_insert=True)
