"""The audit's rows: written by PostgreSQL with each change, chained, and never changed."""

import pytest
from django.db import connection

from people.models import AuditEntry, User

pytestmark = pytest.mark.django_db


def test_a_change_has_its_row():
    user = User.objects.create(email="a@example.test", name="A", role="social_worker")
    entry = AuditEntry.objects.latest("id")
    assert (entry.kind, entry.thing, entry.things, entry.people) == ("insert", "people_user", [str(user.pk)], [user.pk])
    user.name = "B"
    user.save()
    entry = AuditEntry.objects.latest("id")
    assert (entry.kind, entry.fields) == ("update", ["name"])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("select number, hash, through, audit_text(e) from people_auditentry e order by id")
        for r in cursor.fetchall(): print(r)
