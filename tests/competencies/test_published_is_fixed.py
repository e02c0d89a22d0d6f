"""PostgreSQL keeps a published scheme as it is, whoever asks. Each is tried by SQL, round the models."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from competencies.models import Competency, Criterion, Level, PayScale, Scheme, SpinalPoint, Step

pytestmark = pytest.mark.django_db

TABLES = [
    "scheme",
    "schemecontent",
    "level",
    "step",
    "competency",
    "competency_steps_evidenced",
    "criterion",
    "criterion_steps",
    "payscale",
    "spinalpoint",
]


def refused(sql, *values):
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(error.value)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET {} = {}"],
    ids=["delete", "truncate", "update"],
)
def test_nothing_is_changed(table, statement):
    column = "scheme_id" if table == "schemecontent" else "id"
    said = refused(statement.format(f"competencies_{table}", column, column))
    assert "is append-only" in said


def addition(table):
    """An INSERT of one more row, sound in itself, to the published Medway 2010."""
    scheme = Scheme.objects.get(code="medway-2010")
    level, top = Level.objects.filter(scheme=scheme).order_by("number")[1:]
    heading = Competency.objects.filter(scheme=scheme).last()
    step = Step.objects.get(to_level=top)
    criterion = Criterion.objects.filter(competency=heading).exclude(steps=None).last()
    scale = PayScale.objects.get(scheme=scheme)
    statements = {
        "level": ("(scheme_id, number, name, expects) VALUES (%s, 4, 'Level 4', '')", scheme.pk),
        "step": ("(scheme_id, from_level_id, to_level_id) VALUES (%s, %s, %s)", scheme.pk, top.pk, level.pk),
        "competency": (
            "(scheme_id, code, name, \"group\", position) VALUES (%s, 'more', 'More', 'Core skills', 99)",
            scheme.pk,
        ),
        "competency_steps_evidenced": ("(competency_id, step_id) VALUES (%s, %s)", heading.pk, step.pk),
        "criterion": (
            "(competency_id, level_id, position, text) VALUES (%s, %s, 99, 'More')",
            heading.pk,
            level.pk,
        ),
        "criterion_steps": (
            "(criterion_id, step_id) VALUES (%s, %s)",
            criterion.pk,
            Step.objects.exclude(pk__in=criterion.steps.all()).filter(scheme=scheme).first().pk,
        ),
        "payscale": ("(scheme_id, effective_from) VALUES (%s, '2030-01-01')", scheme.pk),
        "spinalpoint": (
            "(scale_id, level_id, number, salary) VALUES (%s, %s, 44, 40000)",
            scale.pk,
            top.pk,
        ),
    }
    return statements[table]


@pytest.mark.parametrize("table", TABLES[2:])
def test_nothing_is_added(table):
    values, *parameters = addition(table)
    said = refused(f"INSERT INTO competencies_{table} {values}", *parameters)  # noqa: S608
    assert "is published: nothing can be added" in said


def test_additions_are_refused_for_being_late_not_for_being_wrong():
    """The near miss: the same rows are taken while the scheme is still open."""
    scheme = a_scheme()
    levels = [Level.objects.create(scheme=scheme, number=number, name=str(number)) for number in (1, 2)]
    step = Step.objects.create(scheme=scheme, from_level=levels[0], to_level=levels[1])
    heading = Competency.objects.create(scheme=scheme, code="one", name="One", group="All", position=1)
    heading.steps_evidenced.add(step)
    criterion = Criterion.objects.create(competency=heading, level=levels[1], position=1, text="Does it")
    criterion.steps.add(step)
    scale = PayScale.objects.create(scheme=scheme, effective_from=scheme.effective_from)
    SpinalPoint.objects.create(scale=scale, level=levels[1], number=1, salary=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO competencies_schemecontent (scheme_id, file) VALUES (%s, '{}')", [scheme.pk]
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert "is published" in refused(
        "INSERT INTO competencies_level (scheme_id, number, name, expects) VALUES (%s, 3, '3', '')", scheme.pk
    )


def test_a_scheme_is_not_left_open():
    """Without its content a scheme cannot be committed, so that none stays open to additions."""
    with pytest.raises(DatabaseError, match="has no content"), transaction.atomic():
        a_scheme()
        connection.check_constraints()


def a_scheme():
    now = timezone.now()
    return Scheme.objects.create(
        code="made-by-hand",
        version=1,
        title="T",
        council="C",
        service="S",
        effective_from=now.date(),
        published_at=now,
    )
