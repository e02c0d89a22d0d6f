"""What the demonstration's workers keep beside practice examples, and which criteria it speaks to."""

import datetime

from django.utils import timezone

from competencies.rules import EvidenceKind
from config.demo.cases import workday
from portfolios import bank_transitions, policies, selectors
from portfolios import transitions as portfolios
from portfolios.matrix_selectors import reference_lists

KEPT = (
    {
        "kind": EvidenceKind.CPD_RECORD,
        "title": "Reading on the first year of life, with a colleague",
        "what_i_did": "We read two chapters on attachment and met for an hour to compare a case of our own.",
        "what_i_learned": "How early a child learns whether somebody comes.",
        "outcome": "I ask each parent who gets up at night, and write down the answer in my assessments.",
    },
    {
        "kind": EvidenceKind.DIRECT_OBSERVATION,
        "title": "Observed at a child protection conference",
        "what_i_did": "My practice educator sat in on a conference that I presented at.",
        "outcome": "She saw that I gave the parents time to read, and that the chair rushed me at the end.",
        "what_i_learned": "To say aloud that a family has not finished.",
    },
    {
        "kind": EvidenceKind.FAMILY_FEEDBACK,
        "title": "What families said this spring, summarised",
        "what_i_did": "I asked six families at the end of our work what had helped and what had not.",
        "outcome": "Most said that I came when I had said I would. Two wanted shorter letters.",
        "what_i_learned": "I now read each letter aloud before I send it.",
    },
)
HEADINGS = {"child-protection", "assessments", "communication", "peer-support"}


def make_banks(people, *, today):
    """Three more kinds of evidence for worker1 and worker6, and criteria for half of what they wrote."""
    now = timezone.make_aware(datetime.datetime.combine(workday(today, 4), datetime.time(9, 15)))
    for name in ("worker1", "worker6"):
        worker = people[name]
        portfolio = selectors.open_portfolio(worker)
        asked = policies.asked(portfolio) if portfolio else selectors.aim_of(worker, today=today)
        headings = [one.competency for one in asked.evidenced if one.competency.code in HEADINGS]
        for number, fields in enumerate(KEPT):
            dated = fields | {"practised_on": workday(today, 40 + number)}
            own = fields["kind"] == EvidenceKind.CPD_RECORD
            portfolios.save_evidence(
                None,
                worker=worker,
                portfolio=portfolio,
                aim=asked,
                fields=dated,
                competencies=[] if own and portfolio else headings,
                now=now,
            )
        _say_what_they_show(worker, portfolio, asked)


def _say_what_they_show(worker, portfolio, asked):
    pieces = list(worker.evidence.filter(complete=True).order_by("pk"))
    shown = selectors.headings_of_pieces(portfolio, asked, pieces)
    by_id = {one.competency.pk: one for one in asked.evidenced}
    for number, piece in enumerate(pieces[::2]):
        criteria = {
            by_id[one.pk].criteria[number % len(by_id[one.pk].criteria)].pk for one in shown[piece.pk]
        }
        items = {(one.code, one.items[number % len(one.items)]) for one in reference_lists(asked)}
        bank_transitions.say_what_it_shows(piece, worker=worker, asked=asked, criteria=criteria, items=items)
