"""Queries that are written once: to build one takes Django longer than PostgreSQL to answer it.

A queryset whose values are `given` is turned into SQL the first time; each asking says those values.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models.expressions import RawSQL


@dataclass(frozen=True)
class Given:
    """Stands among the values of some SQL for one that each asking says, by this name."""

    name: str


def given(name):
    """The same for a filter of a queryset."""
    return RawSQL("%s", [Given(name)])


def outside(column):
    """A column of the query around this one, "table"."column": a name of the program's own."""
    return RawSQL(column, [])  # noqa: S611


class Written:
    """A queryset as SQL, kept. Each method takes the values that were `given`, by name."""

    def __init__(self, queryset):
        self.sql, self._values = queryset.query.sql_with_params()
        self._model = queryset.model

    def asked(self, **given):
        """Its SQL and its values, to put inside another query."""
        return self.sql, [given[one.name] if isinstance(one, Given) else one for one in self._values]

    def counted(self, **given):
        """The same of how many rows it has."""
        sql, values = self.asked(**given)
        return f"SELECT count(*) FROM ({sql}) counted", values  # noqa: S608

    def rows(self, **given):
        """Its rows, as tuples. One query."""
        return _fetched(*self.asked(**given))

    def objects(self, **given):
        """Its rows as objects, of a queryset of whole ones. One query."""
        columns = [field.attname for field in self._model._meta.concrete_fields]
        return [self._model.from_db(connection.alias, columns, row) for row in self.rows(**given)]

    def count(self, **given):
        """How many rows it has. One query."""
        ((count,),) = _fetched(*self.counted(**given))
        return count


def _fetched(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
