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
    precis: str = ""
    objectives: str = ""
    feedback: str = ""


def fill_assessment(application, *, actor, recommended, words, now):
    """Find every criterion met (when not recommending, all but the first) and declare everything.

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
    for heading in competencies.headings_judged(application.step):
        found = {}
        for criterion in heading.criteria:
            finding = met if recommended or parts or found else not_met
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
