"""Everything that the service holds about one person, as one ZIP: by the declarations, so nothing is missed.

A JSON file a table, files as files, and an index.html to read it all by, in plain words and without the
columns that only the service reads: those are in the JSON files. What others wrote about the person is theirs
to read; other people's names stay in it, their e-mail addresses do not.
"""

import json
import re
import zipfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField, Q
from django.template.loader import render_to_string
from django.utils.text import slugify

from people.models import User
from people.personal import DECLARED, Nobody, about_people

# Begun where a word begins, or time would grow with the square of a long one's length.
ADDRESS = re.compile(r"(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
ANOTHERS = "(an email address)"
SHOWN = 1_000
"""Rows of a table that the index shows; its JSON file has all."""
LAST = {"people.Session", "people.AuditEntry", "people.DataExport"}
"""What the index shows after all else: what was done with the rest, not what the person came for."""
FOR_THE_SERVICE = frozenset(
    "applications attempts content_type count digest digests fields hash holder_id key last_fault link_id "
    "object_id people scan_try_at sha256 stored_as things through token token_sha256 transaction try_at "
    "worker_id".split()
)
"""Columns that say nothing to a reader, or only that it is about them."""
NUMBERED = ("actor", "on_behalf_of")
"""Columns that number a person without pointing at them, as the audit does: they are named all the same."""
SAID = {
    "competency": "heading",
    "expire date": "ends at",
    "is staff": "opens the admin pages",
    "is active": "may sign in",
    "last login": "last signed in",
    "superuser status": "may do anything in the admin pages",
    "supervisionnote": "supervision note",
    "what i did": "what I did",
    "what i learned": "what I learned",
}
"""What a column is called here where its own name is not plain."""
ACTS = {
    "by": "Done by you",
    "actor": "Done by you",
    "user": "Done by you",
    "on_behalf_of": "Done for you by whoever stood in for you",
    "asked_for": "Asked for you by whoever stood in for you",
    "assessor": "Assessed by you",
    "author": "Written by you",
    "authoriser": "Authorised by you",
    "handed_to": "Handed to you",
    "in_pay_by": "Said by you to be in pay",
    "shared_with": "Shared with you",
}
"""What somebody did whom a lookup of About.by names. Of one that ends in _by it is the word before."""
SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


@dataclass
class Table:
    """What one table says of the person, as the index shows it."""

    name: str
    file: str
    last: bool
    rows: list = field(default_factory=list)
    acted: list = field(default_factory=list)
    withheld: list = field(default_factory=list)
    hidden: set = field(default_factory=set)

    @property
    def count(self):
        return len(self.rows) + len(self.acted)


def write(person, target, *, now):
    """Write the ZIP to `target`, a path or a file. Returns how many rows it holds."""
    tables = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for declared in about_people():
            table = _table(person, declared, archive)
            if table.count:
                said = {"about you": table.rows, "what you did": table.acted, "kept back": table.withheld}
                archive.writestr(table.file, _json(said))
                tables.append(table)
        # Declared as they are erased, what points at a thing before it: people read it the other way round.
        tables = sorted(reversed(tables), key=lambda table: table.last)
        shown = {"person": person, "tables": tables, "now": now, "most": SHOWN}
        archive.writestr("index.html", render_to_string("people/subject_access/export.html", shown))
    return sum(table.count for table in tables)


def slug_of(declared):
    """What the files of a table are called."""
    return slugify(declared.called)


def done_by(lookup):
    """What somebody did whom a lookup names, in words: "Decided by you"."""
    return ACTS.get(lookup) or f"{lookup.removesuffix('_by').replace('_', ' ').capitalize()} by you"


def _table(person, declared, archive):
    meta = declared.table._meta
    made = Table(declared.called, f"{slug_of(declared)}.json", declared.model in LAST)
    made.hidden = {_label(one) for one in meta.concrete_fields if one.attname in FOR_THE_SERVICE}
    made.withheld = [f"{_called(meta, column)}: {why}" for column, why in declared.withheld.items()]
    columns = [
        one
        for one in meta.concrete_fields
        if one.name not in declared.withheld and not isinstance(one, BinaryField)
    ]
    rows = _found(declared, person, declared.of)
    values = rows.values(*(one.attname for one in columns)) if declared.of else rows.none().values()
    found = list(values)
    names = {one.attname: _names_of(one, found) for one in columns if _is_named(one)}
    for row in found:
        said = {_label(one): _plain(names, one, row[one.attname], person) for one in columns}
        made.rows.append(said)
    for lookup in declared.by:
        others = _found(declared, person, (lookup,))
        if declared.of:
            others = others.exclude(pk__in=_found(declared, person, declared.of).values("pk"))
        for number, when in others.values_list("pk", declared.at or "pk"):
            when = when if declared.at else None
            made.acted.append({"What": done_by(lookup), "Number": number, "When": when})
    if declared.file:
        _put_files(declared, person, archive)
    return made


def _found(declared, person, lookups):
    """The rows that these lookups name the person by."""
    found = Q()
    for lookup in lookups:
        path, _, attribute = lookup.partition("=")
        value = getattr(person, attribute) if attribute else person.pk
        found |= Q(**{path: [value] if path.endswith("__contains") else value})
    return declared.table._base_manager.filter(found).order_by("pk")


def _is_named(column):
    """Whether a column is named, not numbered: it points at a person, or at what is nobody's, a criterion."""
    to = column.related_model
    if to is None:
        return column.name in NUMBERED
    nobodys = {one.model for one in DECLARED if isinstance(one, Nobody)}
    return to is User or to._meta.label in nobodys


def _names_of(column, rows):
    """{id: name} of whatever this column of these rows points at."""
    ids = {row[column.attname] for row in rows} - {None}
    there = (column.related_model or User)._base_manager.in_bulk(ids)
    return {key: str(one) for key, one in there.items()}


def _plain(names, column, value, person):
    """A value as the person reads it: people and criteria by name, choices in words."""
    if column.attname in names:
        return names[column.attname].get(value)
    if column.name == "thing":
        return _tables().get(value, value)
    if column.flatchoices:
        return str(dict(column.flatchoices).get(value, value))
    return _without_addresses(value, person)


@cache
def _tables():
    """{a table of the database: what people call it}."""
    return {one._meta.db_table: str(one._meta.verbose_name_plural) for one in apps.get_models()} | {
        one.table._meta.db_table: one.called for one in about_people()
    }


def _without_addresses(value, person):
    if isinstance(value, str):
        return ADDRESS.sub(lambda found: found[0] if found[0].lower() == person.email else ANOTHERS, value)
    if isinstance(value, dict):
        return {key: _without_addresses(one, person) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_addresses(one, person) for one in value]
    return value


def _put_files(declared, person, archive):
    """Files that may be read, under the table's name and the row's number."""
    columns = {one.name: one for one in declared.table._meta.concrete_fields}
    rows = _found(declared, person, declared.of)
    if "scan" in columns:
        rows = rows.filter(scan="safe")
    inside = isinstance(columns[declared.file], BinaryField)
    named = "name" if "name" in columns else None
    for row in rows.iterator(chunk_size=10):
        suffix = PurePosixPath(getattr(row, named)).suffix.lower() if named else ".pdf"
        path = f"files/{slug_of(declared)}-{row.pk}{suffix if SUFFIX.fullmatch(suffix) else ''}"
        if inside:
            if content := getattr(row, declared.file):
                archive.writestr(path, bytes(content))
        elif default_storage.exists(getattr(row, declared.file)):
            with default_storage.open(getattr(row, declared.file)) as file, archive.open(path, "w") as there:
                for chunk in file.chunks():
                    there.write(chunk)


def _label(column):
    name = "number" if column.primary_key else str(column.verbose_name)
    name = SAID.get(name, name)
    return name[:1].upper() + name[1:]


def _called(meta, column):
    return _label(meta.get_field(column))


def _json(said):
    return json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
