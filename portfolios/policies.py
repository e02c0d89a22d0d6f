"""*When*: what a portfolio still lacks, and when it may change. Checklist, guard and message all ask here."""

from dataclasses import dataclass
from functools import cache

from django.db.models import Count, Q

from competencies import selectors as competencies
from competencies.rules import EvidenceKind
from people.policies import Blocked
from people.written import Written, given
from portfolios import family_data_selectors as family_data
from portfolios import self_assessment_selectors as self_assessment
from portfolios.kinds import SUPPORTING, with_article
from portfolios.models import Attachment, Claim
from portfolios.models.scanned import ScanState

IN_THE_WAY = {
    ScanState.CHECKING: "Wait until the files of “{}” are checked for viruses: look again in a minute.",
    ScanState.REFUSED: "Take the file in which a virus was found off “{}”.",
}


@dataclass(frozen=True)
class Missing:
    """One thing lacking: a sentence for the screen, and the page on which to mend it.

    `heading` is the name of the heading that has no example, where that is what is lacking.
    """

    sentence: str
    url_name: str
    args: tuple = ()
    heading: str = ""


def asked(portfolio):
    """What the portfolio's step asks, its scheme with it. No query once the process knows the step."""
    return competencies.asked_by(portfolio.step_id)


def examples_wanted(portfolio):
    """About how many examples the scheme expects for each heading. R7."""
    return asked(portfolio).step.rules.evidence.examples_per_competency


def kinds_allowed(portfolio):
    """The kinds of evidence that the scheme takes, as EvidenceKind; every kind without a portfolio."""
    return asked(portfolio).step.rules.evidence.kinds if portfolio else list(EvidenceKind)


def kinds_for(portfolio, competency):
    """The kinds of evidence that one heading takes as an example, as EvidenceKind. R27."""
    return kinds_taken(asked(portfolio).step, competency)


def kinds_taken(step, competency):
    """The same, at a step that nobody need have a portfolio for. R27."""
    rules = step.rules
    rule = next(rule for rule in rules.competencies if rule.code == competency.code)
    return rule.evidence_kinds or rules.evidence.kinds


def kinds_usable(portfolio, competency):
    """Those kinds, and the kinds that may go beside an example. R7, R27."""
    return SUPPORTING.union(kinds_for(portfolio, competency))


def counts_as_example(portfolio):
    """Over claims, as Q: the piece is of a kind that its heading takes; others only go beside it. R7, R27."""
    by_kinds = {}
    for heading in asked(portfolio).evidenced:
        kinds = tuple(kinds_for(portfolio, heading.competency))
        by_kinds.setdefault(kinds, []).append(heading.competency.pk)
    found = Q(pk__in=[])
    for kinds, ids in by_kinds.items():
        found |= Q(competency__in=ids, evidence__kind__in=kinds)
    return found


def kind_refusals(portfolio, kind, competency_ids):
    """Sentences, one for each of these headings that can do nothing with this kind of evidence. R27."""
    kind = EvidenceKind(kind)
    if kind in SUPPORTING:
        return []
    refusing = [
        (heading.competency, taken)
        for heading in asked(portfolio).evidenced
        if heading.competency.pk in competency_ids
        and kind not in (taken := kinds_for(portfolio, heading.competency))
    ]
    return [
        f"{competency.name} takes {' or '.join(with_article(one) for one in taken)}, not {with_article(kind)}"
        for competency, taken in refusing
    ]


def examples_by_heading(portfolio):
    """How many (examples, drafts) each heading has, by competency id; a heading without any is left out.

    What only goes beside an example is not counted.
    """
    taken = {
        heading.competency.pk: kinds_for(portfolio, heading.competency)
        for heading in asked(portfolio).evidenced
    }
    counts = {}
    for heading, kind, complete, count in _claims_counted().rows(portfolio=portfolio.pk):
        if kind in taken.get(heading, ()):
            examples, drafts = counts.get(heading, (0, 0))
            counts[heading] = (examples + count, drafts) if complete else (examples, drafts + count)
    return counts


@cache
def _claims_counted():
    claims = Claim.objects.filter(portfolio=given("portfolio"), evidence__removed_at__isnull=True).order_by()
    by = claims.values_list("competency_id", "evidence__kind", "evidence__complete")
    return Written(by.annotate(count=Count("id")))


def missing_before_submission(portfolio, counts=None, said=None):
    """A Missing for every heading asked that has no example yet: each blocks handing in. R7.

    `counts` are `examples_by_heading`, `said` what the worker says of themselves, where they have been read.
    """
    counts = examples_by_heading(portfolio) if counts is None else counts
    return [
        Missing(
            f"Add an example for {heading.competency.name}.",
            "portfolios:heading",
            (heading.competency.code,),
            heading.competency.name,
        )
        for heading in asked(portfolio).evidenced
        if not counts.get(heading.competency.pk, (0, 0))[0]
    ] + [*files_in_the_way(portfolio), *family_data_in_the_way(portfolio, said)]


def files_in_the_way(portfolio):
    """A Missing for every example with a file that may not be read yet, or never: each blocks handing in."""
    held = _files_held().rows(portfolio=portfolio.pk)
    return [Missing(IN_THE_WAY[scan].format(title), "portfolios:evidence", (pk,)) for pk, title, scan in held]


@cache
def _files_held():
    of_examples = Attachment.objects.filter(
        removed_at=None, evidence__complete=True, evidence__claims__portfolio=given("portfolio")
    )
    held = of_examples.exclude(scan=ScanState.SAFE).order_by("evidence_id", "scan")
    return Written(held.values_list("evidence_id", "evidence__title", "scan").distinct())


def family_data_in_the_way(portfolio, said=None):
    """A Missing for what looks as if it held family data, as the lists stand today.

    That is every example, and every heading of the self-assessment, which goes with them: `said` as above.
    """
    step = asked(portfolio).step
    said = self_assessment.said_on(portfolio.worker, step) if said is None else said
    return [
        Missing(
            f"Look at “{piece}” again: it may hold {family_data.kinds_in_words(passages)}.",
            "portfolios:edit",
            (piece.pk,),
        )
        for piece, passages in family_data.unanswered_in(portfolio)
    ] + [
        Missing(
            f"Look at what you said of yourself under “{heading.competency.name}” again: it may hold "
            f"{family_data.kinds_in_words(passages)}.",
            "portfolios:self_assessment_heading",
            (heading.competency.code,),
        )
        for heading, passages in self_assessment.unanswered(portfolio.worker, step, said)
    ]


def warnings_before_submission(portfolio, counts=None):
    """Sentences, one for each heading with examples but fewer than the scheme expects: none blocks. R7.

    `counts` are `examples_by_heading`, where they have been read.
    """
    wanted = examples_wanted(portfolio)
    counts = examples_by_heading(portfolio) if counts is None else counts
    return [
        f"{heading.competency.name} has {examples} of about {wanted} examples."
        for heading in asked(portfolio).evidenced
        if 0 < (examples := counts.get(heading.competency.pk, (0, 0))[0]) < wanted
    ]


def check_complete(portfolio):
    """Raise Blocked, with every sentence, while anything is missing. R7."""
    if missing := missing_before_submission(portfolio):
        raise Blocked([item.sentence for item in missing])


def check_open(portfolio):
    """Raise Blocked once the portfolio has been handed in or closed."""
    if not portfolio.is_open:
        raise Blocked("This portfolio has been submitted or closed, so it cannot be changed.")


def check_worked_through(worked_through_with_manager):
    """Raise Blocked unless the worker says that they went through the headings with their manager. R8."""
    if not worked_through_with_manager:
        raise Blocked("Say that you have worked through the headings with your manager before you submit.")


def check_asked(what_is_asked, competency_ids):
    """Raise Blocked if the step, as selectors.Asked, asks for one of these headings not at all. R4."""
    headings = {heading.competency.pk for heading in what_is_asked.evidenced}
    if not headings.issuperset(competency_ids):
        raise Blocked("Your evidence form does not ask for one of these headings.")
