"""Every read of what workers say of themselves, each in a fixed number of queries."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.utils.timezone import localdate

from competencies import selectors as competencies
from competencies.models import Criterion
from competencies.selectors import Heading
from people.written import Written, given
from portfolios.family_data_words import self_of, written_about
from portfolios.models import SelfAssessment, Stand


@dataclass(frozen=True)
class Said:
    """What a worker said of themselves on one criterion. `row` is its number, or 0 in a submission.

    `stays` says why passages that look like family data stay in the words.
    """

    stand: Stand
    words: str
    on: date
    row: int = 0
    stays: list = field(default_factory=list)


@dataclass(frozen=True)
class AboutCriterion:
    """One criterion, what the worker says now, or None, and what they said before, latest first."""

    criterion: Criterion
    now: Said | None
    before: list[Said]


@dataclass(frozen=True)
class AboutHeading:
    """How many criteria of a heading are answered, and how often each Stand was chosen, the best first.

    `evidenced` is whether examples are asked for it, too. R4.
    """

    heading: Heading
    answered: int
    stands: list[tuple[str, int]]
    evidenced: bool

    @property
    def asked(self):
        return len(self.heading.criteria)


@dataclass(frozen=True)
class Overview:
    """All that a step asks, by group: [(its name, [AboutHeading, …]), …]."""

    groups: list
    answered: int
    asked: int


def step_ahead(worker, portfolio, *, today):
    """The step that a worker looks at themselves for: of their open `portfolio`, or else their next one.

    And why there is none: one of the two is None. `worker` has their post at hand.
    """
    if portfolio is not None and portfolio.is_open:
        return competencies.asked_by(portfolio.step_id).step, None
    return competencies.next_step(worker.post, today=today)


def heading_of(step, code):
    """The Heading with this code that the step is judged on, or None; none without a step. No query."""
    judged = competencies.headings_judged(step) if step else ()
    return next((heading for heading in judged if heading.competency.code == code), None)


def heading_after(step, heading):
    """The Heading that follows on this one, or None after the last. No query."""
    judged = competencies.headings_judged(step)
    place = judged.index(heading) + 1
    return judged[place] if place < len(judged) else None


def said_on(worker, step):
    """{criterion's id: Said} of every criterion of the step that the worker has answered. One query."""
    rows = [(*row, json.loads(stays)) for *row, stays in _latest().rows(worker=worker.pk)]
    said = _by_criterion(competencies.headings_judged(step), rows)
    return {pk: found[0] for pk, found in said.items() if found}


@cache
def _latest():
    rows = _rows(SelfAssessment.objects.filter(worker=given("worker")))
    return Written(rows.order_by(*_CRITERION, "-pk").distinct(*_CRITERION))


def about_heading(worker, heading):
    """An AboutCriterion for each criterion of the heading. One query."""
    of_heading = SelfAssessment.objects.filter(
        worker=worker, criterion__competency__code=heading.competency.code
    )
    said = _by_criterion([heading], _rows(of_heading).order_by("-pk"))
    return [
        AboutCriterion(one, said[one.pk][0] if said[one.pk] else None, said[one.pk][1:])
        for one in heading.criteria
    ]


def overview(worker, step):
    """How much of the step the worker has answered. One query."""
    said, asked = said_on(worker, step), competencies.asked_by(step.pk)
    groups = [
        (name, [_counted(heading, said, heading in asked.evidenced) for heading in headings])
        for name, headings in asked.groups
    ]
    return Overview(groups, len(said), asked.criteria_count)


def answered_by_heading(worker, step):
    """{heading's code: how many of its criteria are answered}. One query."""
    said = said_on(worker, step)
    return {
        heading.competency.code: sum(one.pk in said for one in heading.criteria)
        for heading in competencies.headings_judged(step)
    }


def how_much(worker, step):
    """(how many criteria of the step the worker has answered, how many there are). One query."""
    return how_much_is(said_on(worker, step), step)


def how_much_is(said, step):
    """The same of what `said_on` found. No query."""
    return len(said), competencies.asked_by(step.pk).criteria_count


def how_much_of(worker, heading):
    """The same of one heading. One query."""
    rows = about_heading(worker, heading)
    return sum(one.now is not None for one in rows), len(rows)


def unanswered(worker, step, said):
    """(Heading, its Passages) where something in the words looks like family data and has no reason.

    `said` is what `said_on` found; the lists are as they stand today. One query; none without words.
    """
    if not any(one.words for one in said.values()):
        return []
    written = written_about(worker, by=worker, about=self_of(worker))
    found = []
    for heading in competencies.headings_judged(step):
        passages = [
            passage
            for one in heading.criteria
            if one.pk in said
            for digest, passage in written.passages([("words", "Why", said[one.pk].words)]).items()
            if digest not in {told["digest"] for told in said[one.pk].stays}
        ]
        if passages:
            found.append((heading, passages))
    return found


def to_freeze(worker, step):
    """What a submission keeps of it: by the criterion's id, its words and the answer. One query."""
    said = said_on(worker, step)
    return {
        str(one.pk): {
            "heading": heading.competency.code,
            "level": one.level.number,
            "text": one.text,
            "stand": said[one.pk].stand.value,
            "words": said[one.pk].words,
            "stays": [
                {name: told[name] for name in ("where", "kind", "reason")} for told in said[one.pk].stays
            ],
            "on": said[one.pk].on.isoformat(),
        }
        for heading in competencies.headings_judged(step)
        for one in heading.criteria
        if one.pk in said
    }


def frozen_in(part):
    """{criterion's id: Said} of a submission's `self_assessment`: empty in one made before there was any."""
    return {
        int(pk): Said(
            Stand(one["stand"]),
            one["words"],
            date.fromisoformat(one["on"]),
            stays=one.get("stays", []),
        )
        for pk, one in (part or {}).items()
    }


_CRITERION = ("criterion__competency__code", "criterion__level__number", "criterion__text")
"""By which a criterion is the same in every version of the scheme."""


def _rows(found):
    return found.values_list(*_CRITERION, "stand", "words", "said_at", "pk", "stays")


def _by_criterion(headings, rows):
    """{criterion's id: [Said, …]}: a criterion that another version words alike keeps its answers."""
    found = {}
    for code, level, text, stand, words, said_at, pk, stays in rows:
        said = Said(Stand(stand), words, localdate(said_at), pk, stays)
        found.setdefault((code, level, text), []).append(said)
    return {
        one.pk: found.get((heading.competency.code, one.level.number, one.text), [])
        for heading in headings
        for one in heading.criteria
    }


def _counted(heading, said, evidenced):
    stands = Counter(said[one.pk].stand for one in heading.criteria if one.pk in said)
    best_first = [(stand.label, stands[stand]) for stand in reversed(Stand) if stands[stand]]
    return AboutHeading(heading, sum(stands.values()), best_first, evidenced)
