"""What somebody leaves behind goes when its time has come, by their scheme. PostgreSQL does it."""

import logging
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction

from people.privacy_models import Stage

log = logging.getLogger(__name__)

DUE = """
    SELECT u.id, stage.name FROM people_user u
     CROSS JOIN unnest(%s) WITH ORDINALITY AS stage (name, place)
     WHERE NOT u.is_active AND u.left_on IS NOT NULL
       AND (u.left_on + erased_after(u.id, stage.name))::date <= %s
       AND NOT EXISTS (SELECT FROM progression_legalhold h WHERE h.person_id = u.id AND h.ended_at IS NULL)
       AND NOT EXISTS (SELECT FROM people_erasure e
                        WHERE e.person_id = u.id AND e.stage = stage.name AND e.at::date >= u.left_on)
     ORDER BY stage.place, u.left_on, u.id
"""


@dataclass(frozen=True)
class Due:
    """Somebody of whom something is to go, by number."""

    person: int
    stage: Stage


def due(*, today):
    """All that is to go by `today`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, [Stage.values, today])
        return [Due(person, Stage(stage)) for person, stage in cursor.fetchall()]


@transaction.atomic
def erase(one):
    """Erase what is due of one person, with its entry in the audit. Returns how many rows.

    Raises DatabaseError where PostgreSQL finds that it may not go: they came back, or a hold stands.
    """
    with connection.cursor() as cursor:
        # A statement that begins so takes with it who acts: see people/acting.py.
        cursor.execute(
            "WITH erased AS MATERIALIZED (SELECT erase_person(%s, %s) AS rows) SELECT rows FROM erased",
            [one.person, one.stage],
        )
        return cursor.fetchone()[0]


def erase_due(*, today):
    """Erase all that is due, a transaction each; one that cannot go holds up no other. Returns how many."""
    done = 0
    for one in due(today=today):
        try:
            erase(one)
        except DatabaseError as fault:
            log.error("Nothing of person %s was erased: %s", one.person, type(fault).__name__)  # noqa: TRY400
        else:
            done += 1
    return done
