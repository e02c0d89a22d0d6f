"""A whole assessment, filled in as a manager would, up to the signature."""

from dataclasses import dataclass
from datetime import timedelta

from competencies import selectors as competencies
from reviews import transitions as reviews


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the manager writes. `met` and `short_of` may name the heading they stand under: `{heading}`."""

    met: str
    short_of: str
    action: str
    reasons: str
    short_under: str = ""
    """The heading whose last criterion is not met; without it, the very first criterion is not."""
    precis: str = ""
    objectives: str = ""
    feedback: str = ""


def fill_assessment(application, *, actor, recommended, words, now):
    """Find every criterion met (when not recommending, all but one) and declare everything.

    Returns the Assessment, ready to sign.
    """
    assessment = reviews.begin_assessment(application, actor=actor, now=now)
    met = {"met": True, "evidence": words.met}
    not_met = {
        "met": False,
        "evidence": words.short_of,
        "action": words.action,
        "action_by": now.date() + timedelta(days=90),
    }
    parts = {}
    headings = competencies.headings_judged(application.step)
    missed = None if recommended else _missed(headings, words.short_under)
    for heading in headings:
        found = {}
        for criterion in heading.criteria:
            finding = not_met if criterion == missed else met
            evidence = finding["evidence"].format(heading=heading.competency.name)
            found[criterion.pk] = finding | {"evidence": evidence}
        parts[heading.competency] = (assessment.revision_of(heading.competency.code), found)
    assessment = reviews.save_headings(assessment, parts, actor=actor, now=now)
    assessment = reviews.save_declarations(
        assessment,
        actor=actor,
        base_revision=assessment.revision_of("declarations"),
        shown={declaration.code: True for declaration in competencies.declarations_for(application.step)},
        now=now,
    )
    return reviews.save_recommendation(
        assessment,
        actor=actor,
        base_revision=assessment.revision_of("recommendation"),
        recommended=recommended,
        reasons="" if recommended else words.reasons,
        precis=words.precis,
        objectives=words.objectives,
        feedback=words.feedback,
        now=now,
    )


def _missed(headings, code):
    """The criterion that is not met."""
    under = [heading.criteria[-1] for heading in headings if heading.competency.code == code]
    return under[0] if under else headings[0].criteria[0]
