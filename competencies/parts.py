"""The parts of a scheme's file that a principal social worker edits, each a page with a few questions.

Headings, levels and steps, pay and reminders have files of their own: heading_parts.py, level_parts.py,
pay_parts.py, reminder_parts.py, retention_parts.py.
"""

from competencies.level_parts import LEVELS, STEPS, steps_of
from competencies.pay_parts import INCREMENTS
from competencies.questions import MONTHS, IsThere, Part, Question, Rows, Until
from competencies.reminder_parts import REMINDERS
from competencies.retention_parts import RETENTION
from competencies.rules import EvidenceKind
from people.models import PerformanceRating
from people.roles import LINE_OF_MANAGEMENT

MANAGERS = [(role.value, role.label) for role in LINE_OF_MANAGEMENT[1:]]
KINDS = list(EvidenceKind.choices)
RATINGS = [(one.value, one.label) for one in PerformanceRating if one.value]
HEARING = ("appeal", "hearing")
AT_THE_HEARING = {
    "manager_explains": "The manager explains the decision",
    "worker_states_case": "The worker states the case",
    "representative_allowed": "Somebody may speak for the worker",
    "either_may_refer_to_documents": "Either may refer to documents",
}
"""What the rules of a hearing say, each yes or no. R20."""


def references_of(file):
    return [(one["code"], one["name"]) for one in file.get("cross_references") or []]


_ = Question
PARTS = {
    part.code: part
    for part in (
        Part(
            "wording",
            "Title and source",
            (
                _(("title",), "Title of the scheme"),
                _(("service",), "Service"),
                _(("source",), "Where it was agreed", "words", "The report or decision that it rests on."),
            ),
        ),
        LEVELS,
        STEPS,
        Part(
            "evidence",
            "Evidence",
            (
                _(("evidence", "examples_per_competency"), "Examples for each heading", "number", usual=1),
                _(("evidence", "kinds"), "Kinds of evidence taken", "choices", choices=KINDS),
                _(("evidence", "about"), "What to say about examples", "words"),
                _(("evidence", "also_against"), "Also shown against", "lines", "One on each line."),
                _(("evidence", "portfolio"), "What the portfolio should be", hint="For example, brief."),
                _(
                    ("evidence", "mapped_to"),
                    "National statements that evidence is linked to",
                    "choices",
                    choices=references_of,
                ),
            ),
            until=Until.HANDED_IN,
        ),
        Rows(
            "gates",
            "Before applying",
            ("eligibility",),
            "rule",
            (
                _(
                    ("rule",),
                    "What is asked",
                    "choice",
                    choices=[
                        ("induction_completed", "Induction is complete"),
                        ("minimum_service", "Time in service"),
                        ("performance_rating_at_least", "A performance rating"),
                        ("no_formal_capability_or_disciplinary", "No formal process is open"),
                        ("probation_completed", "Probation is complete"),
                    ],
                ),
                _(
                    ("kind",),
                    "If it is missing",
                    "choice",
                    choices=[
                        ("must", "Nobody can submit without it"),
                        ("expected", "The manager gives a reason to go on"),
                    ],
                ),
                _(
                    ("applies_to",),
                    "For whom",
                    "choice",
                    "Leave empty for everybody.",
                    choices=[("newly qualified", "Newly qualified workers")],
                ),
                _(("progression_to",), "At which step", "choice", "Leave empty for every step.", steps_of),
                _(("months",), "Months", "number", "For time in service or probation."),
                _(("rating",), "Rating", "choice", "For a performance rating.", RATINGS),
            ),
            until=Until.HANDED_IN,
        ),
        Rows(
            "desirables",
            "Desirable",
            ("desirables",),
            "desirable",
            (
                _(("label",), "Desirable"),
                _(("progression_to",), "At which step", "choice", "", steps_of),
            ),
            coded_by="label",
            intro="Shown and recorded. Nobody is refused for want of it.",
            until=Until.HANDED_IN,
        ),
        Part(
            "cycle",
            "When assessments are held",
            (
                _(("cycle", "held_at"), "Assessed at", hint="For example, annual performance review."),
                _(("cycle", "opens", "from", "month"), "Open from, month", "choice", "", MONTHS),
                _(("cycle", "opens", "from", "day"), "Open from, day", "number"),
                _(("cycle", "opens", "to", "month"), "Open until, month", "choice", "", MONTHS),
                _(("cycle", "opens", "to", "day"), "Open until, day", "number"),
                _(
                    ("cycle", "opens", "to", "last_day"),
                    "Open until the last day of that month",
                    "yes",
                    usual=False,
                ),
                _(("cycle", "every_months"), "Held every so many months", "number"),
                _(("cycle", "notice_days"), "Days’ notice the worker gives", "number"),
            ),
            intro="Leave the months and days empty if workers can apply at any time.",
            until=Until.HANDED_IN,
        ),
        Rows(
            "declarations",
            "What the manager declares",
            ("decision", "declarations"),
            "declaration",
            (
                _(
                    ("statement",),
                    "The worker…",
                    "words",
                    "For example, has shown good attendance.",
                ),
                _(("progressions",), "At which steps", "choices", "Choose none for every step.", steps_of),
            ),
            coded_by="statement",
            until=Until.ASSESSED,
        ),
        Part(
            "decision",
            "Decision",
            (
                _(
                    ("decision", "assessed_by"),
                    "Assessed by",
                    "choice",
                    choices=MANAGERS,
                    until=Until.ASSESSED,
                ),
                _(
                    ("decision", "every_criterion_needs"),
                    "What the manager gives for each criterion",
                    "choices",
                    choices=[
                        ("finding", "Met or not met"),
                        ("evidence", "The evidence for it"),
                        ("agreed action where not met", "An agreed action, where it is not met"),
                    ],
                    until=Until.ASSESSED,
                ),
                _(
                    ("decision", "line_manager_says"),
                    "What the manager says",
                    hint="For example, supported or not supported.",
                    until=Until.ASSESSED,
                ),
                _(
                    ("decision", "authorised_by"),
                    "Authorised by",
                    "choice",
                    "Or by anybody senior to them.",
                    MANAGERS,
                ),
                _(
                    ("decision", "effective_date"),
                    "The new level counts from",
                    "choice",
                    choices=[
                        ("manager_signature", "The day the line manager signed"),
                        ("meeting_date", "The day of the meeting"),
                    ],
                ),
                _(
                    ("decision", "starting_point"),
                    "Where pay begins at the new level",
                    "choice",
                    "Leave empty if the scheme publishes no pay.",
                    [("lowest point of the new level", "At its lowest point")],
                    until=Until.FORM_MADE,
                ),
                _(
                    ("decision", "precis", "required"),
                    "The manager must write a summary",
                    "yes",
                    usual=False,
                    until=Until.ASSESSED,
                ),
                _(
                    ("decision", "precis", "where"),
                    "Where the summary is written",
                    "words",
                    section=("decision", "precis"),
                    otherwise={"required": False},
                    until=Until.ASSESSED,
                ),
                _(
                    ("decision", "if_refused", "confirmed_by_authoriser"),
                    "A refusal is confirmed by the authoriser",
                    "yes",
                ),
                _(
                    ("decision", "if_refused", "written_statement"),
                    "What a refusal tells the worker",
                    "words",
                ),
                _(("decision", "if_refused", "may_appeal"), "A refusal can be challenged", "yes", usual=True),
                _(("decision", "tells"), "Who is told", "lines", "One on each line."),
            ),
            until=Until.DECIDED,
        ),
        Part(
            "document",
            "Form to payroll",
            (
                _(
                    ("document", "form"),
                    "Form",
                    "choice",
                    choices=[
                        ("PAY002", "PAY002"),
                        ("appointment-form-service-area", "Appointment Form - Service Area"),
                    ],
                ),
                _(("document", "title"), "Title of the form"),
                _(("document", "completed_by"), "Completed by"),
                _(("document", "sent_to", "name"), "Sent to"),
                _(
                    ("document", "sent_to", "address"),
                    "Address",
                    "lines",
                    "One line on each line.",
                ),
                _(
                    ("document", "attaches"),
                    "What goes with it",
                    "choice",
                    "Leave empty for nothing.",
                    [("evidence form", "The evidence form")],
                ),
                _(("document", "fields"), "What it says", "lines", "One on each line."),
                _(("document", "then"), "What follows", "lines", "One on each line."),
            ),
            until=Until.FORM_MADE,
        ),
        Part(
            "appeal",
            "Challenging a refusal",
            (
                _(
                    ("appeal", "name"),
                    "What it is called",
                    "choice",
                    choices=[("Review", "Review"), ("Appeal", "Appeal")],
                ),
                _(("appeal", "heard_by"), "Heard by", "choice", choices=MANAGERS),
                _(
                    ("appeal", "lodge_within", "working_days"),
                    "Working days to ask for it",
                    "number",
                    "From the day the worker is told. Leave empty for no limit.",
                    beside={"of": "notification of the outcome"},
                    until=Until.DECIDED,
                ),
                _(("appeal", "lodged"), "How it is asked for", "words", until=Until.DECIDED),
                _(
                    ("appeal", "decide_within", "working_days"),
                    "Working days to decide it",
                    "number",
                    "From the day the request is received. Leave empty for no limit.",
                    beside={"of": "receipt of the appeal"},
                ),
                _(("appeal", "decision"), "How the decision is given", "words"),
                _(("appeal", "tests"), "What it is tested on", "lines", "One on each line."),
                _(("appeal", "final"), "The decision is final", "yes", usual=False),
                IsThere(
                    HEARING,
                    "A hearing is held",
                    otherwise=dict.fromkeys(AT_THE_HEARING, False),
                    under="Hearing",
                ),
                *(
                    _((*HEARING, name), said, "yes", usual=False, section=HEARING, under="Hearing")
                    for name, said in AT_THE_HEARING.items()
                ),
            ),
            until=Until.ANSWERED,
        ),
        REMINDERS,
        RETENTION,
        Rows(
            "teams",
            "Team sizes",
            ("teams",),
            "kind of team",
            (
                _(("kind",), "Kind of team"),
                _(("manager",), "Managers", "number", "Usually 1."),
                _(("social_workers",), "Most social workers", "number", beside={"manager": 1}),
            ),
            intro="The directory of teams warns past these numbers.",
        ),
        Part(
            "owners",
            "Who leads the scheme",
            (_(("owners", "overseen_by"), "Overseen by"), _(("owners", "led_by"), "Led by")),
        ),
        Part(
            "review",
            "Looking at how it works",
            (
                _(("review", "after_months"), "Months after it begins", "number"),
                _(("review", "held_by"), "Reported to"),
            ),
        ),
        Rows(
            "references",
            "National statements",
            ("cross_references",),
            "statement",
            (_(("name",), "Name"), _(("items",), "What it names", "lines", "One on each line.")),
            coded_by="name",
        ),
        Rows(
            "groups",
            "Groups of headings",
            ("groups",),
            "group",
            (_(("name",), "Name"),),
            coded_by="name",
            intro="To remove a group, move its headings first.",
        ),
        INCREMENTS,
    )
}
