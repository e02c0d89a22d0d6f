"""Editing reminders: a ladder of working days for each kind of deadline."""

from competencies.questions import Part, Question, Until
from competencies.reminder_rules import Ladder, Reminders

AS_USUAL = Reminders()
LADDERS = (
    ("act", "When a manager, an authoriser or payroll must act", Until.IN_PAY),
    ("ask_for_review", "When the worker may challenge a refusal", Until.DECIDED),
    ("decide_late_request", "When a late request waits for an answer", Until.ANSWERED),
    ("decide_review", "When a review or an appeal waits for its decision", Until.ANSWERED),
    ("answer_variation", "When the worker has a new contract to answer", Until.IN_PAY),
    ("answer_query", "When payroll has sent a form back", Until.IN_PAY),
)
QUESTIONS = (
    ("within", "Working days it should take where the scheme sets no limit", "number", ""),
    ("before", "Remind this many working days before", "numbers", ""),
    ("on_day", "Remind on the day", "yes", ""),
    ("after", "Remind this many working days after", "numbers", ""),
    (
        "to_manager_after",
        "Remind their manager too, from this many working days after",
        "number",
        "Leave empty for never.",
    ),
)


def _ladder(code, under, until):
    """The questions of one ladder. Where a file names it, what it leaves out is as in Ladder."""
    section, plain = ("reminders", code), Ladder().model_dump()
    for name, label, kind, hint in QUESTIONS:
        yield Question(
            (*section, name),
            label,
            kind,
            hint,
            usual=plain[name],
            optional=name != "within",
            section=section,
            otherwise=getattr(AS_USUAL, code).model_dump(),
            under=under,
            until=until,
        )


REMINDERS = Part(
    "reminders",
    "Reminders",
    (
        Question(
            ("reminders", "idle"),
            "Remind after this many working days without a save",
            "numbers",
            usual=AS_USUAL.idle,
            under="While a portfolio is being built",
            until=Until.HANDED_IN,
        ),
        *(question for ladder in LADDERS for question in _ladder(*ladder)),
    ),
    intro="Whoever acts next is reminded. Give one number, or several with commas between, such as 5, 2. "
    "Leave a box empty for no reminder.",
)
