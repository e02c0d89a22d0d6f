"""Editing retention: two numbers, counted from the day somebody left."""

from competencies.questions import Part, Question, Until
from competencies.retention_rules import Retention

AS_USUAL = Retention()
ASKED = (
    (
        "months_after_leaving",
        "Months after leaving, for what was never submitted",
        "Evidence that nobody was given to judge, names to watch, notices.",
    ),
    (
        "years_after_leaving",
        "Years after leaving, for everything else",
        "What was submitted, judged, decided and paid. Usually 6, as for a contract.",
    ),
)
RETENTION = Part(
    "retention",
    "Retention",
    tuple(
        Question(
            ("retention", name),
            label,
            "number",
            hint,
            usual=getattr(AS_USUAL, name),
            optional=False,
            section=("retention",),
            otherwise=AS_USUAL.model_dump(),
            until=Until.NEVER_TOUCHED,
        )
        for name, label, hint in ASKED
    ),
    intro="How long what somebody leaves behind is kept. A legal hold keeps it longer.",
)
