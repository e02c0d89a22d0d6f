"""Whether the audit's chain holds: each hash made anew, outside PostgreSQL, from what the row says."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC

from django.db import connection

COLUMNS = (
    "number, id, at, transaction, actor, on_behalf_of, through, kind, thing, things, count, fields, people,"
    " applications, words, hash"
)
AT_A_TIME = 5_000


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found. `fault` is a sentence naming the first row that does not hold, or \"\"."""

    rows: int
    number: int
    hash: str
    fault: str = ""


def verify(*, heads=()):
    """Walk the chain from its first row to its last and return a Verdict.

    `heads` are (number, hash) pairs noted earlier, outside this table: without them nobody could tell that the
    chain's last rows are gone.
    """
    noted = dict(heads)
    number, last, rows = 0, "", 0
    for row in _rows():
        number += 1
        if row[0] != number:
            return Verdict(rows, number, last, f"Entry {number} was removed: after it comes entry {row[0]}.")
        if digest(last, row[:-1]) != row[-1]:
            return Verdict(
                rows, number, last, f"Entry {number} (row {row[1]}) was edited, or stood in another place."
            )
        last, rows = row[-1], rows + 1
        if noted.pop(number, last) != last:
            return Verdict(
                rows, number, last, f"Entry {number} is not the one that was noted outside: the chain was rewritten."
            )
    if noted:
        return Verdict(rows, number, last, f"Entry {number + 1} was removed: entry {max(noted)} had been noted outside.")
    unchained = _unchained()
    if unchained:
        return Verdict(rows, number, last, f"Row {unchained} is in the table and not in the chain.")
    return Verdict(rows, number, last)


def digest(before, row):
    """The SHA-256, in hexadecimal, of an entry (COLUMNS without its hash) that follows the hash `before`."""
    values = list(row)
    values[2] = values[2].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return hashlib.sha256((before + json.dumps(values, ensure_ascii=False)).encode()).hexdigest()


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
            " AND transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        )
        return cursor.fetchone()[0]
