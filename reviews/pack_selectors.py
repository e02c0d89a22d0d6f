"""What a portfolio's pack holds: of one as it stands, the same content that would be handed in. R7, R8."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from portfolios import freezing, policies
from portfolios.models import Attachment, PackKind, Stand, Submission
from portfolios.selectors import Example, SubmissionView, submission_view
from reviews.laying_out import FileToBind


@dataclass(frozen=True)
class Asked:
    """A criterion, and what the worker says of themselves on it: their Stand in words, and why; or ""."""

    text: str
    stand: str
    words: str


@dataclass(frozen=True)
class Told:
    """An example with its number in the pack. It is told in full under the first heading that it is for."""

    number: int
    piece: Example
    here: bool


@dataclass(frozen=True)
class PackHeading:
    number: int
    name: str
    criteria: list[Asked]
    pieces: list[Told]


@dataclass(frozen=True)
class PackPapers:
    """Everything that a pack says, and its files in their order.

    `reference` is the application's, or "" of a portfolio that is not submitted, which has so many `drafts`
    left out. `other` are criteria that the worker spoke to under headings that ask for no evidence.
    """

    submission: SubmissionView
    reference: str
    at: datetime
    is_submitted: bool
    drafts: int
    headings: list[PackHeading]
    other: list[Asked]
    files: list[FileToBind]

    @property
    def title(self):
        standing = "" if self.is_submitted else ", not submitted"
        named = f" {self.reference}" if self.reference else ""
        return f"Portfolio{named}: {self.submission.worker['name']}{standing}"

    @property
    def foot(self):
        return (f"Portfolio {self.reference}" if self.is_submitted else "Portfolio, not submitted").strip()

    def files_of(self, piece):
        return [file for file in self.files if file.of == str(piece.id)]


def pack_papers(pack):
    """The PackPapers of a Pack of a portfolio or of a submission."""
    if pack.kind == PackKind.SUBMISSION:
        submission = pack.submission
        portfolio, drafts, at = submission.portfolio, 0, submission.submitted_at
    else:
        portfolio, at = pack.portfolio, pack.asked_at
        content = freezing.content_to_freeze(portfolio)
        submission = Submission(
            portfolio=portfolio,
            number=0,
            content=content,
            sha256=freezing.fingerprint(content),
            submitted_at=at,
        )
        drafts = sum(count for _, count in policies.examples_by_heading(portfolio).values())
    view = submission_view(submission)
    application = getattr(portfolio, "application", None)
    headings, pieces = _headings(view)
    return PackPapers(
        submission=view,
        reference=application.reference if application else "",
        at=localtime(at),
        is_submitted=pack.kind == PackKind.SUBMISSION,
        drafts=drafts,
        headings=headings,
        other=_other(view),
        files=_files(pieces),
    )


def _headings(view):
    """The headings with their examples numbered through, and the pieces in the order they are told in."""
    said, numbers, told = _said(view), {}, []
    headings = []
    for number, heading in enumerate(view.headings, 1):
        pieces = []
        for piece in heading.pieces:
            here = piece.id not in numbers
            if here:
                numbers[piece.id] = len(numbers) + 1
                told.append(piece)
            pieces.append(Told(numbers[piece.id], piece, here))
        criteria = [
            said.get((heading.code, one["level"], one["text"]), Asked(one["text"], "", ""))
            for one in heading.criteria
        ]
        headings.append(PackHeading(number, heading.name, criteria, pieces))
    return headings, told


def _said(view):
    return {
        (one["heading"], one["level"], one["text"]): Asked(
            one["text"], Stand(one["stand"]).label, one["words"]
        )
        for one in (view.content.get("self_assessment") or {}).values()
    }


def _other(view):
    evidenced = {heading.code for heading in view.headings}
    return [asked for (heading, _, _), asked in _said(view).items() if heading not in evidenced]


def _files(pieces):
    """The files of the examples, each once for each example that has it."""
    tokens = [file.token for piece in pieces for file in piece.attachments]
    kept = {str(one.token): one for one in Attachment.objects.filter(token__in=tokens)}
    found = [(piece, file) for piece in pieces for file in piece.attachments if file.token in kept]
    return [
        FileToBind(number, file.name, file.name, str(piece.id), kept[file.token], file.content_type)
        for number, (piece, file) in enumerate(found, 1)
    ]
