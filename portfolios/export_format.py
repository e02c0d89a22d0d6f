"""What an export is made of: a ZIP whose JSON is written and read by these models. docs/export-format.md.

Written here once, so that what is written can be read: every text has the bound that the pages give it.
"""

import re
import unicodedata
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from competencies.rules import EvidenceKind
from portfolios.attachments import HIDDEN, LONGEST_NAME
from portfolios.family_data import Kind
from portfolios.forms import CONTROLS, EARLIEST, LONGEST_TEXT, LONGEST_TITLE
from portfolios.models import LARGEST_ATTACHMENT, Stand
from portfolios.models.cpd import LONGEST_PEER
from portfolios.models.family_data import LONGEST_NAME_TO_WATCH, LONGEST_REASON
from portfolios.self_assessment_forms import LONGEST_WORDS
from portfolios.transitions import MOST_ATTACHMENTS

FORMAT = 1
MANIFEST = "manifest.json"
READ_ME = "read-me.md"
OWN = {
    "pieces/": "Every piece of your evidence: its texts, every revision, what you said it shows.",
    "files/": "The files of those pieces.",
    "self-assessment.json": "Your self-assessment, criterion by criterion.",
    "names-to-watch.json": "The names that you watch for.",
    "training.json": "Training that you recorded.",
    "cpd.json": "Which pieces you count as CPD, for which year, and what a peer said of them.",
    "plan.json": "What you planned yourself in your development plan.",
}
"""What comes back, by where it lies."""
PROFILE = "for-reading/profile.json"
FOR_READING = {
    PROFILE: "Your name, email address and post.",
    "for-reading/portfolios.json": "Which pieces count for which headings, in each portfolio.",
    "for-reading/submissions/": "Each portfolio as you submitted it.",
    "for-reading/development.json": "Supervision notes, priorities, what others planned or agreed with you.",
    "for-reading/comments.json": "What you and your manager said about your pieces.",
    "for-reading/testimonies.json": "What people you asked wrote of your pieces.",
    "for-reading/left-out.json": "Files that were being checked or refused, and reasons for what has gone.",
}
"""What is there to be read and does not come back: others had a part in it, or it stands in a case."""

NAMED = re.compile(
    r"manifest\.json|read-me\.md|pieces/[0-9a-f-]{36}\.(?:json|md)|files/[0-9a-f]{64}\.(?:pdf|docx|jpg|png)"
    r"|(?:self-assessment|names-to-watch|training|plan|cpd)\.json"
    r"|for-reading/(?:submissions/)?[a-z0-9-]{1,60}\.json"
)
"""Every name that an entry may have, in full: no other folder, no way out of it."""

ENDINGS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "image/jpeg": "jpg",
    "image/png": "png",
}
LATEST_YEAR = 2200
MOST_REVISIONS = 20_000
MOST_PIECES = 3_000


def _can_be_shown(text):
    if CONTROLS.search(text) or "\r" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise ValueError("holds characters that no page can show")
    return text


def _is_plain(name):
    if any(one in "/\\" or unicodedata.category(one) in HIDDEN for one in name):
        raise ValueError("is no name of a file")
    return name


def _said(longest):
    return Annotated[str, Field(max_length=longest), AfterValidator(_can_be_shown)]


def _is_of_our_time(when):
    """No page can show the first or the last day that there is in every zone."""
    if not EARLIEST.year <= when.year < LATEST_YEAR:
        raise ValueError("is no day of our time")
    return when


Day = Annotated[date, AfterValidator(_is_of_our_time)]
Moment = Annotated[AwareDatetime, AfterValidator(_is_of_our_time)]
Line, Words, Code = _said(LONGEST_TITLE), _said(LONGEST_TEXT), _said(200)
Something = Annotated[Words, Field(min_length=1)]
HeadingAndText = Annotated[list[Words], Field(min_length=2, max_length=2)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class HeadingOf(Part):
    """A heading of one version of a scheme, by the codes of both."""

    scheme: Code
    version: Count
    heading: Code


class CriterionOf(HeadingOf):
    level: Count
    text: Words


class Revision(Part):
    number: Annotated[int, Field(ge=1, le=1_000_000)]
    saved_at: Moment
    kind: EvidenceKind
    title: Line
    practised_on: Day | None
    what_i_did: Words
    outcome: Words
    what_i_learned: Words
    complete: bool
    headings: Annotated[list[HeadingOf], Field(max_length=500)]


class File(Part):
    """A file of a piece: what it is called, and by its SHA-256 which of `files/` it is."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(_is_plain)]
    content_type: Literal[tuple(ENDINGS)]
    size: Annotated[int, Field(gt=0, le=LARGEST_ATTACHMENT)]
    sha256: Sha256
    added_at: Moment

    @property
    def entry(self):
        return f"files/{self.sha256}.{ENDINGS[self.content_type]}"


class Reason(Part):
    """Why a passage that looks like family data stays: the passage, or by number which of those in a file."""

    field: Literal["title", "what_i_did", "outcome", "what_i_learned", "files"]
    kind: Kind
    passage: Annotated[Words, Field(min_length=1)] | None = None
    file: Sha256 | None = None
    number: Count | None = None
    reason: Annotated[_said(LONGEST_REASON), Field(min_length=1)]
    declared_at: Moment


class Mark(Part):
    """A heading that the piece shows, in every version of the scheme, and the criteria it speaks to."""

    scheme: Annotated[_said(60), Field(min_length=1)]
    heading: Annotated[_said(80), Field(min_length=1)]
    criteria: Annotated[list[CriterionOf], Field(max_length=500)]


class Reference(Part):
    list: Annotated[_said(40), Field(min_length=1)]
    item: Annotated[_said(200), Field(min_length=1)]


class Piece(Part):
    key: UUID
    kind: EvidenceKind
    title: Line
    practised_on: Day | None
    what_i_did: Words
    outcome: Words
    what_i_learned: Words
    complete: bool
    revision: Annotated[int, Field(ge=1, le=1_000_000)]
    created_at: Moment
    updated_at: Moment
    revisions: Annotated[list[Revision], Field(max_length=MOST_REVISIONS)]
    files: Annotated[list[File], Field(max_length=MOST_ATTACHMENTS)]
    marks: Annotated[list[Mark], Field(max_length=500)]
    references: Annotated[list[Reference], Field(max_length=500)]
    reasons: Annotated[list[Reason], Field(max_length=500)]


class Stays(Part):
    """Why a passage that looks like family data stays in one of the texts of what it stands with."""

    field: Code
    kind: Kind
    passage: Something
    reason: Annotated[_said(LONGEST_REASON), Field(min_length=1)]


AllStays = Annotated[list[Stays], Field(max_length=500)]


class Stood(Part):
    """What the worker said of themselves on one criterion on a day."""

    criterion: CriterionOf
    stand: Stand
    words: _said(LONGEST_WORDS)
    stays: AllStays = []
    said_at: Moment


class Name(Part):
    name: Annotated[_said(LONGEST_NAME_TO_WATCH), Field(min_length=1)]
    added_at: Moment


class Course(Part):
    title: Annotated[Line, Field(min_length=1)]
    provider: Line
    taken_on: Day
    learned: Words
    applied: Words
    stays: AllStays = []
    headings: Annotated[list[HeadingOf], Field(max_length=500)]
    piece: UUID | None
    added_at: Moment


class Planned(Part):
    action: Something
    heading: HeadingOf | None
    by_when: Day | None
    done_on: Day | None
    outcome: Words
    stays: AllStays = []
    piece: UUID | None
    added_at: Moment


class Cpd(Part):
    """A piece that counts as CPD for the registration year that ends on a day, and what was entered of it."""

    piece: UUID
    year_ends_on: Day
    chosen_at: Moment
    peer_role: _said(LONGEST_PEER)
    peer_on: Day | None
    peer_said: Words
    entered_on: Day | None
    entered: Annotated[list[HeadingAndText], Field(max_length=20)] | None


class Owner(BaseModel):
    """Whose export it is, of all that its profile says."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)
    name: Annotated[str, Field(max_length=1000)]
    email: Annotated[str, Field(max_length=1000)]


class Listed(Part):
    bytes: Annotated[int, Field(ge=0)]
    sha256: Sha256


class Manifest(Part):
    format: Literal[FORMAT]
    made_at: Moment
    files: dict[str, Listed]
    comes_back: dict[str, str]
    for_reading: dict[str, str]
