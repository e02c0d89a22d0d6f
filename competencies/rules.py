"""A scheme's file as a typed object: validated when loaded, read as `scheme.rules` ever after.

A published version keeps its content for good, so a field may be added here with a default, never taken away.
Where code decides on a value, the value is one of a few; the rest is text for people to read.
"""

import calendar
from datetime import date
from typing import Annotated, Literal

from django.db.models import TextChoices
from pydantic import BeforeValidator, Field, StringConstraints

from competencies.pay_rules import Opening, Pay
from competencies.reminder_rules import Reminders
from competencies.retention_rules import Retention
from competencies.rule_kinds import Code, Count, LevelNumber, Line, Manager, Point, Rating, Rule, Words


class EvidenceKind(TextChoices):
    """What a piece of evidence may be. A file names it by its value."""

    PRACTICE_EXAMPLE = "practice example", "Practice example"
    CASE_STUDY = "case study", "Case study"
    CPD_RECORD = "CPD record", "CPD record"
    TRAINING_RECORD = "training record", "Training record"
    TESTIMONY = "testimony", "Testimony"
    DOCUMENT = "document", "Document"
    DIRECT_OBSERVATION = "direct observation", "Direct observation"
    FAMILY_FEEDBACK = "feedback from families", "Feedback from families"


def _kind(value):
    if value not in EvidenceKind.values:
        raise ValueError(f"must be one of: {', '.join(EvidenceKind.values)}")
    return EvidenceKind(value)


Kind = Annotated[EvidenceKind, BeforeValidator(_kind)]


class LevelRule(Rule):
    """One level, what it expects, and the spinal column points it is paid on, if any are published."""

    number: LevelNumber
    name: Line
    expects: Words | None = None
    spinal_points: list[Point] = []


class Progression(Rule):
    """One step up, and the levels whose criteria it is judged on. R1, R5."""

    from_level: LevelNumber = Field(alias="from")
    to_level: LevelNumber = Field(alias="to")
    criteria_of_levels: Annotated[list[LevelNumber], Field(min_length=1)]


class Evidence(Rule):
    """What the worker is asked to show. R7, R27."""

    completed_by: Literal["social worker"]
    examples_per_competency: Count = 1
    kinds: Annotated[list[Kind], Field(min_length=1)]
    about: Words | None = None
    also_against: list[Line] = []
    portfolio: Line | None = None
    mapped_to: list[Code] = []


class Gate(Rule):
    """What must hold, or is expected to, before a worker may submit. R10, R11, R35.

    Without `progression_to` it holds for every step; without `applies_to`, for everybody.
    """

    rule: Literal[
        "induction_completed",
        "minimum_service",
        "performance_rating_at_least",
        "no_formal_capability_or_disciplinary",
        "probation_completed",
    ]
    kind: Literal["must", "expected"]
    applies_to: Literal["newly qualified"] | None = None
    progression_to: LevelNumber | None = None
    months: Count | None = None
    rating: Rating | None = None


class Closing(Rule):
    """The last day of a window: a day of the month, or the month's last, whatever the year."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    last_day: bool = False


class Window(Rule):
    """The part of each year in which assessments are held. R34."""

    opening: Opening = Field(alias="from")
    closing: Closing = Field(alias="to")

    def contains(self, day):
        """Whether `day` is inside, both ends included; a window may run over New Year."""
        first = (self.opening.month, self.opening.day)
        last_day = calendar.monthrange(day.year, self.closing.month)[1]
        last = (self.closing.month, last_day if self.closing.last_day else self.closing.day)
        today = (day.month, day.day)
        return first <= today <= last if first <= last else today >= first or today <= last


class Cycle(Rule):
    """When the assessment is held: at any time where `opens` is empty. R25, R26, R34."""

    held_at: Line
    opens: Window | None = None
    every_months: Count | None = None
    notice_days: Count | None = None


class DeclarationRule(Rule):
    """What the manager declares beside the criteria. R5, R13.

    At steps up to the levels in `progressions`, or at every step. `statement` completes a sentence about the
    worker: "has shown good attendance".
    """

    code: Code
    statement: Words
    progressions: list[LevelNumber] | None = None


class Precis(Rule):
    required: bool
    where: Words | None = None


class IfRefused(Rule):
    """What follows when the manager does not recommend. R18, R32."""

    confirmed_by_authoriser: bool
    written_statement: Words | None = None
    may_appeal: bool = True


class Decision(Rule):
    """Who judges and decides, on what, and from when it holds. R9, R13-R18, R28-R31."""

    assessed_by: Manager
    every_criterion_needs: list[Literal["finding", "evidence", "agreed action where not met"]] = []
    declarations: list[DeclarationRule] = []
    precis: Precis | None = None
    line_manager_says: Line | None = None
    authorised_by: Manager
    effective_date: Literal["manager_signature", "meeting_date"]
    starting_point: Literal["lowest point of the new level"] | None = None
    tells: list[Line] = []
    if_refused: IfRefused

    @property
    def precis_required(self):
        return self.precis is not None and self.precis.required

    @property
    def refusal_confirmed_by_authoriser(self):
        return self.if_refused.confirmed_by_authoriser


class Addressee(Rule):
    name: Line
    address: list[Line] = []


class Document(Rule):
    """The form that tells payroll. R13, R16, R30."""

    form: Literal["PAY002", "appointment-form-service-area"]
    title: Line
    completed_by: Line
    sent_to: Addressee
    attaches: Literal["evidence form"] | None = None
    fields: list[Line] = []
    then: list[Line] = []


class LodgeWithin(Rule):
    working_days: Count
    of: Literal["notification of the outcome"]


class DecideWithin(Rule):
    working_days: Count
    of: Literal["receipt of the appeal"]


class HearingRule(Rule):
    manager_explains: bool
    worker_states_case: bool
    representative_allowed: bool
    either_may_refer_to_documents: bool


class AppealRule(Rule):
    """How a refusal is looked at again; no limit of time where none is given. R19-R21, R32."""

    name: Literal["Review", "Appeal"]
    heard_by: Manager
    lodge_within: LodgeWithin | None = None
    lodged: Words | None = None
    hearing: HearingRule | None = None
    decide_within: DecideWithin | None = None
    decision: Words | None = None
    tests: list[Words] = []
    final: bool


class Desirable(Rule):
    """Shown and recorded at the step up to a level; never blocks. R6."""

    code: Code
    label: Line
    progression_to: LevelNumber


class TeamRule(Rule):
    """How many social workers a manager has; a directory warns past it. R39."""

    kind: Line
    manager: Count
    social_workers: Count


class Owners(Rule):
    overseen_by: Line
    led_by: Line


class Reviewing(Rule):
    """When the council looks at how the scheme has worked, and who does. R24."""

    after_months: Count
    held_by: Line

    def due(self, began):
        """The day so many months after `began`; the month's last where it is shorter."""
        years, month = divmod(began.month - 1 + self.after_months, 12)
        year, month = began.year + years, month + 1
        return date(year, month, min(began.day, calendar.monthrange(year, month)[1]))


class Group(Rule):
    code: Code
    name: Line


class CompetencyRule(Rule):
    """A heading and its criteria by level.

    The evidence form asks for it at the steps up to the levels in `evidence_for_levels`: at all where that is
    left out, at none where it is empty. R4.
    """

    code: Code
    name: Line
    group: Code
    evidence_for_levels: list[LevelNumber] | None = None
    evidence_kinds: list[Kind] = []
    criteria: Annotated[dict[LevelNumber, list[Words]], Field(min_length=1)]

    def criteria_for(self, progression):
        """The criteria that `progression` is judged on, as (level number, text)."""
        return [
            (level, text) for level in progression.criteria_of_levels for text in self.criteria.get(level, [])
        ]

    def evidenced_at(self, progression):
        """Whether the evidence form for `progression` asks the worker for this heading. R4."""
        asked = self.evidence_for_levels is None or progression.to_level in self.evidence_for_levels
        return asked and bool(self.criteria_for(progression))


class CrossReference(Rule):
    """A national statement that the headings rest on. R38."""

    code: Code
    name: Line
    items: Annotated[list[Line], Field(min_length=1)]


class SchemeRules(Rule):
    """The whole of one version of a scheme."""

    code: Code
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    council: Line
    service: Line
    effective_from: date
    source: Words | None = None
    levels: Annotated[list[LevelRule], Field(min_length=2)]
    pay: Pay | None = None
    progressions: Annotated[list[Progression], Field(min_length=1)]
    evidence: Evidence
    eligibility: list[Gate] = []
    desirables: list[Desirable] = []
    cycle: Cycle
    decision: Decision
    document: Document
    appeal: AppealRule
    reminders: Reminders = Reminders()
    retention: Retention = Retention()
    teams: list[TeamRule] = []
    owners: Owners | None = None
    review: Reviewing | None = None
    groups: Annotated[list[Group], Field(min_length=1)]
    competencies: Annotated[list[CompetencyRule], Field(min_length=1)]
    cross_references: list[CrossReference] = []

    @property
    def pay_from(self):
        """The day the first salaries run from, or None where the scheme publishes no pay. R22, R37."""
        return self.pay and (self.pay.effective_from or self.effective_from)

    def level(self, number):
        """The rule of level `number`, which the scheme has."""
        return next(level for level in self.levels if level.number == number)
