"""Whether the audit's chain holds: each hash made anew, outside PostgreSQL, from what the row says."""

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC

from django.conf import settings
from django.db import connection

COLUMNS = (
    "number, id, at, transaction, actor, on_behalf_of, through, kind, thing, things, count, fields, people,"
    " applications, words, hash"
)
AT_A_TIME = 5_000
HEADS = "audit-heads"
"""The file in DATA_DIR that holds, a line a day, the number and hash of the chain's last entry."""


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found: the last entry that holds; `fault` names the first that does not."""

    number: int
    hash: str
    fault: str = ""


def verify(*, heads=()):
    """Walk the chain from its first row to its last and return a Verdict.

    `heads` are (number, hash) pairs noted earlier, outside this table: without them nobody could tell that
    the chain's last rows are gone.
    """
    noted = dict(heads)
    number, last = 0, ""
    for row in _rows():
        fault = _fault(row, after=number, before=last, noted=noted)
        if fault:
            return Verdict(number, last, fault)
        number, last = row[0], row[-1]
    if max(noted, default=0) > number:
        return Verdict(number, last, f"Entry {number + 1} was removed: the chain had {max(noted)} entries.")
    unchained = _unchained()
    if unchained:
        return Verdict(number, last, f"Row {unchained} is in the table and not in the chain.")
    return Verdict(number, last)


def _fault(row, *, after, before, noted):
    number, pk, *_, kept = row
    if number != after + 1:
        return f"Entry {after + 1} was removed: after entry {after} comes {number}."
    if digest(before, row[:-1]) != kept:
        return f"Entry {number} (row {pk}) was edited, or belongs in another place."
    if noted.get(number, kept) != kept:
        return f"Entry {number} (row {pk}) is not what was noted of it: the chain was written anew."
    return ""


def note_head(verdict, *, on):
    """Add the chain's last entry to the file outside the database, so that its end cannot go unseen."""
    with _heads().open("a") as file:
        file.write(json.dumps([verdict.number, verdict.hash, on.isoformat()]) + "\n")
        file.flush()
        os.fsync(file.fileno())


def noted_heads():
    """The (number, hash) pairs that `note_head` has noted."""
    try:
        lines = _heads().read_text().splitlines()
    except FileNotFoundError:
        return []
    return [tuple(json.loads(line)[:2]) for line in lines]


def digest(before, row):
    """The SHA-256, in hexadecimal, of an entry (COLUMNS without its hash) that follows the hash `before`."""
    values = list(row)
    values[2] = values[2].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return hashlib.sha256((before + json.dumps(values, ensure_ascii=False)).encode()).hexdigest()


def _heads():
    return settings.DATA_DIR / HEADS


def _rows():
    """Every chained row by its number, read in parts: however long the chain, memory stays small."""
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {COLUMNS} FROM people_auditentry WHERE number > %s ORDER BY number LIMIT %s",  # noqa: S608
                [after, AT_A_TIME],
            )
            part = cursor.fetchall()
        yield from part
        if len(part) < AT_A_TIME:
            return
        after = part[-1][0]


def _unchained():
    """The id of a committed row without a place in the chain, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id) FROM people_auditentry WHERE number IS NULL"
            " AND transaction IS DISTINCT FROM pg_current_xact_id_if_assigned()::text::bigint"
        )
        return cursor.fetchone()[0]
