"""Which pieces of a worker's bank might fill a gap: finished, of a kind that fits, and about the same things.

What a heading or a criterion is about are the words in it that few others of the step have. They are found
once a process for each step, since a published scheme cannot change; the words of a bank, PostgreSQL keeps.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db import connection

from competencies.rules import EvidenceKind
from competencies.selectors import asked_by

MOST_A_GAP = 3
NEWEST_LOOKED_AT = 300
"""Of the bank, for a whole matrix; one heading's page looks at all of it."""
ALIKE = 0.45
"""At least what PostgreSQL's rank, times the words asked for, is with two in a text or one in a title."""
COMMON = 4
"""A word that more than one in so many of the headings have says nothing of any of them."""


@dataclass(frozen=True)
class Gap:
    """Something asked that is thin, by a `key` of the caller's, under the heading with the code `heading`."""

    key: object
    heading: str
    kinds: tuple[EvidenceKind, ...]


@dataclass(frozen=True)
class Suggestion:
    """A piece of the bank that might fill a gap; `marked` says that it shows the gap's heading already."""

    id: int
    title: str
    practised_on: date
    marked: bool


def for_headings(worker, asked, gaps):
    """{gap's key: at most three Suggestions}, of the newest pieces not marked for its heading. One query."""
    about = _about(asked.step.pk)
    wanted = [(gap, about[gap.heading]) for gap in gaps if about[gap.heading]]
    return _suggested(worker, asked, wanted, marked_too=False, newest=NEWEST_LOOKED_AT)


def for_criteria(worker, asked, code, gaps):
    """{gap's key, a criterion's id: at most three Suggestions}, those of its heading first. One query."""
    about = _about(asked.step.pk)
    wanted = [(gap, about[gap.key] or about[code]) for gap in gaps]
    return _suggested(worker, asked, wanted, marked_too=True, newest=None)


_FIND = """
    WITH bank AS MATERIALIZED (
        SELECT id, title, kind, practised_on, words
        FROM portfolios_evidence
        WHERE worker_id = %(worker)s AND removed_at IS NULL AND complete
        ORDER BY practised_on DESC, id DESC LIMIT %(newest)s
    )
    SELECT gap.place, found.id, found.title, found.practised_on, found.marked
    FROM unnest(
        %(places)s::int[], %(headings)s::text[], %(kinds)s::text[], %(about)s::text[], %(words)s::int[]
    ) AS gap(place, heading, kinds, about, words)
    CROSS JOIN LATERAL (
        SELECT bank.id, bank.title, bank.practised_on, mark.id IS NOT NULL AS marked
        FROM bank LEFT JOIN portfolios_headingmark mark
             ON mark.evidence_id = bank.id AND mark.scheme = %(scheme)s AND mark.heading = gap.heading
        WHERE bank.kind = ANY(string_to_array(gap.kinds, ','))
          AND CASE WHEN mark.id IS NOT NULL THEN %(marked_too)s
                   ELSE bank.words @@ gap.about::tsquery
                        AND ts_rank(bank.words, gap.about::tsquery) * gap.words >= %(alike)s END
        ORDER BY mark.id IS NULL, ts_rank(bank.words, gap.about::tsquery) DESC,
                 bank.practised_on DESC, bank.id DESC
        LIMIT %(most)s
    ) found
    ORDER BY gap.place
"""


def _suggested(worker, asked, wanted, *, marked_too, newest):
    said = {
        "worker": worker.pk,
        "scheme": asked.step.scheme.code,
        "newest": newest,
        "marked_too": marked_too,
        "most": MOST_A_GAP,
        "places": list(range(len(wanted))),
        "headings": [gap.heading for gap, _ in wanted],
        "kinds": [",".join(gap.kinds) for gap, _ in wanted],
        "about": [about for _, about in wanted],
        "words": [about.count(" | ") + 1 for _, about in wanted],
        "alike": ALIKE,
    }
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_FIND, said)
        for place, *piece in cursor.fetchall():
            found.setdefault(wanted[place][0].key, []).append(Suggestion(*piece))
    return found


@cache
def _about(step_id):
    """What each heading (by code) and each criterion (by id) of a step is about, as PostgreSQL's tsquery."""
    headings = asked_by(step_id).evidenced
    said = [(heading.competency.code, heading.competency.name) for heading in headings]
    said += [(one.pk, one.text) for heading in headings for one in heading.criteria]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(to_tsvector('english', said))"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS one(said, place) ORDER BY place",
            [[text for _, text in said]],
        )
        words = {key: set(found) for (key, _), (found,) in zip(said, cursor.fetchall(), strict=True)}
    whole = {
        heading.competency.code: words[heading.competency.code].union(
            *(words[criterion.pk] for criterion in heading.criteria)
        )
        for heading in headings
    }
    common = _common(whole.values())
    about = {code: _any_of(found - common) for code, found in whole.items()}
    for heading in headings:
        name = words[heading.competency.code]
        about |= {one.pk: _any_of((words[one.pk] | name) - common) for one in heading.criteria}
    return about


def _common(sets_of_words):
    sets_of_words = list(sets_of_words)
    counts = {}
    for words in sets_of_words:
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    return {word for word, count in counts.items() if count * COMMON > len(sets_of_words)}


def _any_of(words):
    """A tsquery of any of these, or "" for none. A word is quoted as tsquery reads it."""
    quoted = ("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in sorted(words))
    return " | ".join(quoted)
