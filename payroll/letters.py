"""The documents that leave the building, one class each. They know neither the database nor the time."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ConfigDict, TypeAdapter

from payroll.pdf import TEMPLATES, AttachedFile, render


class Content:
    """What a document says, frozen, and kept as JSON: dates in ISO form, and money as text, never rounded."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    def to_json(self):
        return TypeAdapter(type(self)).dump_python(self, mode="json")

    @classmethod
    def from_json(cls, data):
        return TypeAdapter(cls).validate_python(data)


@dataclass(frozen=True)
class PayFormContent(Content):
    """Everything PAY002 says. R13.

    Points and salaries are None where the scheme publishes none, `effective_from` where nothing takes effect,
    and each of `attendance`, `punctuality` and `diversity` where the scheme does not have it declared.
    `replaces` names the version that this one stands in for; `precis` is the manager's, of the evidence, R28;
    `effective_because` says what happened on that day, R17, R31.
    """

    reference: str
    version: int
    name: str
    ern: str
    job_title: str
    post_number: str
    from_level: str
    to_level: str
    from_point: int | None
    to_point: int | None
    from_salary: Decimal | None
    to_salary: Decimal | None
    effective_from: date | None
    assessed_on: date
    progressed: bool
    criteria_met: bool
    attendance: bool | None
    punctuality: bool | None
    diversity: bool | None
    reasons: str
    line_manager: str
    line_manager_signed_on: date
    authoriser: str
    authorised_on: date
    council: str
    service: str
    form_code: str
    form_title: str
    sent_to_name: str
    sent_to_address: tuple[str, ...]
    replaces: str = ""
    precis: str = ""
    authoriser_role: str = ""
    effective_because: str = ""


@dataclass(frozen=True)
class EvidenceTestimony:
    """What an observer said of a piece; `who` they said they were, and the address that the link went to."""

    who: str
    email: str
    given_on: date
    observed: bool
    words: str


@dataclass(frozen=True)
class EvidencePiece:
    """One piece of evidence, as the worker wrote it: its `kind` in words, what was asked and `told`."""

    title: str
    kind: str
    practised_on: date | None
    told: tuple[tuple[str, str], ...]
    attachments: tuple[str, ...]
    testimonies: tuple[EvidenceTestimony, ...] = ()


@dataclass(frozen=True)
class EvidenceHeading:
    """One heading of the framework, what it asks, and the examples the worker gave for it. R4, R7."""

    name: str
    criteria: tuple[str, ...]
    pieces: tuple[EvidencePiece, ...]


@dataclass(frozen=True)
class EvidenceFormContent(Content):
    """Everything the evidence form says: one frozen submission, R16, and the worker's word for R8."""

    reference: str
    name: str
    job_title: str
    post_number: str
    from_level: str
    to_level: str
    scheme_title: str
    council: str
    service: str
    submitted_on: date
    sha256: str
    headings: tuple[EvidenceHeading, ...]
    worked_through: bool


@dataclass(frozen=True)
class Table:
    """A table in a letter: what it shows, what heads its columns, its rows, each headed by its first cell.

    `total` closes it: what is summed, and the sum of the last column. None where nothing is.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, str] | None = None


Block = (
    tuple[Literal["heading", "text"], str]
    | tuple[Literal["list"], tuple[str, ...]]
    | tuple[Literal["facts"], tuple[tuple[str, str], ...]]
    | tuple[Literal["table"], Table]
)
"""A part of a letter: a heading, paragraphs (one a line), points, names with values, or a table."""


@dataclass(frozen=True)
class LetterContent(Content):
    """Everything one letter says, from the council's name at its head to the lines of who signed it.

    `address` and `contact` are empty where the council has not given them. Raises pydantic.ValidationError
    for a block that is none of the kinds.
    """

    council: str
    service: str
    address: tuple[str, ...]
    contact: str
    to_name: str
    subject: str
    reference: str
    dated: date
    blocks: tuple[Block, ...]
    signed_by: tuple[str, ...]

    def __post_init__(self):
        object.__setattr__(self, "blocks", BLOCKS.validate_python(self.blocks))


BLOCKS = TypeAdapter(tuple[Block, ...])


def head(application):
    """What stands at the head of every letter about a case: whose it is, and where to ask. From settings."""
    service = application.team.service
    return {
        "council": service.council,
        "service": service.name,
        "address": tuple(paragraphs(service.address)),
        "contact": service.contact.strip(),
    }


def on_paper(day):
    """A date as the council writes it: 4 May 2026."""
    return f"{day.day} {day:%B %Y}"


def pounds(amount):
    """Money as the council writes it: £34,549, with pence only where there are any."""
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"


def paragraphs(text, fits=80):
    """The paragraphs of what somebody typed: split at every new line, empty ones left out.

    A word longer than `fits` a line, which in a table is half as much, says where it may be broken. Otherwise
    that is looked for in all that follows, anew for each line, which takes minutes.
    """
    fitting = re.compile(rf"(\S{{{fits}}})(?=\S)")
    return [fitting.sub("\\1\u200b", line.strip()) for line in text.splitlines() if line.strip()]


templates = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters.update(on_paper=on_paper, pounds=pounds, paragraphs=paragraphs)


def stylesheet(name):
    """The text of a stylesheet beside the templates."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


class PAY002:
    """The manager's authorisation, to payroll, with the evidence form inside it. R13, R16."""

    template = templates.get_template("pay002.html")
    css = stylesheet("form.css")

    def __init__(self, content: PayFormContent, evidence_form_pdf: bytes | None):
        self.content = content
        self.evidence_form_pdf = evidence_form_pdf

    @property
    def filename(self):
        form = self.content
        version = f"-{form.version}" if form.version > 1 else ""
        return f"{form.form_code}-{form.reference}{version}.pdf"

    @property
    def title(self):
        """What a reader calls the file."""
        return f"{self.content.form_code} {self.content.reference}: {self.content.form_title}"

    def body(self):
        form = self.content
        declarations = [
            ("Attendance", "good attendance", form.attendance),
            ("Punctuality", "good punctuality", form.punctuality),
            ("Diversity and equality", "promotion of diversity and equality", form.diversity),
        ]
        return self.template.render(
            form=form,
            declarations=[declared for declared in declarations if declared[2] is not None],
            evidence_form=self.evidence_form_pdf and evidence_form_filename(form.reference),
        )

    def render(self):
        """The form as a PDF, the same bytes for the same content."""
        form = self.content
        attachments = []
        if self.evidence_form_pdf is not None:
            attachments.append(
                AttachedFile(
                    name=evidence_form_filename(form.reference),
                    description=f"Evidence form for application {form.reference}",
                    content=self.evidence_form_pdf,
                )
            )
        return render(
            self.body(),
            self.css,
            title=self.title,
            modified=datetime.combine(form.authorised_on, time(), UTC),
            attachments=attachments,
        )


class AppointmentForm(PAY002):
    """Appointment Form - Service Area, to Human Resources. R30."""

    template = templates.get_template("appointment_form.html")

    @property
    def title(self):
        return f"{self.content.form_title}, {self.content.reference}"


def pay_form_document(content, evidence_form_pdf):
    """The document of the form that the scheme names. R13, R30."""
    forms = {"PAY002": PAY002, "appointment-form-service-area": AppointmentForm}
    return forms[content.form_code](content, evidence_form_pdf)


def evidence_form_filename(reference):
    return f"evidence-form-{reference}.pdf"


class EvidenceForm:
    """The worker's evidence, heading by heading, as submitted: it goes to payroll with PAY002. R16."""

    template = templates.get_template("evidence_form.html")
    css = stylesheet("form.css")

    def __init__(self, content: EvidenceFormContent):
        self.content = content

    @property
    def filename(self):
        return evidence_form_filename(self.content.reference)

    def body(self):
        return self.template.render(form=self.content)

    def render(self):
        """The form as a PDF, the same bytes for the same content."""
        form = self.content
        return render(
            self.body(),
            self.css,
            title=f"Evidence form {form.reference}: {form.name}",
            modified=datetime.combine(form.submitted_on, time(), UTC),
        )


class LetterDocument:
    """A letter about a case, of any kind: the council's head, whom it is to, what it says, who signed it."""

    template = templates.get_template("letter.html")
    css = stylesheet("form.css") + stylesheet("letter.css")

    def __init__(self, content: LetterContent):
        self.content = content

    def body(self):
        return self.template.render(letter=self.content)

    def render(self):
        """The letter as a PDF, the same bytes for the same content."""
        letter = self.content
        return render(
            self.body(),
            self.css,
            title=f"{letter.subject}, {letter.reference}",
            modified=datetime.combine(letter.dated, time(), UTC),
        )
