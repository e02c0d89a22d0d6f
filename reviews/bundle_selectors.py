"""What a hearing bundle holds, read in a fixed number of queries. R20."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from payroll.letters import on_paper
from portfolios.models import Attachment
from portfolios.selectors import SubmissionView, submission_view
from progression.selectors import history, open_deadline
from progression.standing import timeline
from reviews import appeal_policies
from reviews.appeal_selectors import late_request_of, papers_of, representative_of
from reviews.decision_selectors import decision_on
from reviews.laying_out import FileToBind
from reviews.models import Appeal
from reviews.selectors import declarations, findings_by_heading, signed_assessment


@dataclass(frozen=True)
class BundlePapers:
    """Everything that a bundle says, and the files that it holds, in their order.

    `pieces` are the examples submitted, each once; `files_of` gives the files of a part: "portfolio", or one
    of the two sides.
    """

    reference: str
    worker: str
    council: str
    service: str
    step: str
    number: int
    put_together_at: datetime
    appeal: Appeal
    name: str
    hearing: object
    last_day: object
    representative: object
    late: object
    decision: object
    assessment: object
    headings: list
    declarations: list
    submission: SubmissionView
    pieces: list
    sides: list
    events: list
    files: list[FileToBind]

    @property
    def hearing_at(self):
        """When the hearing is, in local time: Tuesday 8 December 2026 at 10:00am."""
        at = localtime(self.hearing.starts_at)
        return f"{at:%A} {on_paper(at)} at {at.hour % 12 or 12}:{at:%M}{'am' if at.hour < 12 else 'pm'}"

    def files_of(self, part):
        return [file for file in self.files if file.of == part]


def bundle_papers(bundle, *, now):
    """What the bundle says, as the case stands now."""
    appeal = Appeal.objects.select_related(
        "application__worker",
        "application__assessor",
        "application__scheme",
        "application__step__from_level",
        "application__step__to_level",
        "application__team__service",
        "application__team__manager",
    ).get(pk=bundle.appeal_id)
    application = appeal.application
    assessment = signed_assessment(application)
    submitted = submission_view(assessment.submission)
    pieces = list({piece.id: piece for heading in submitted.headings for piece in heading.pieces}.values())
    sides = papers_of(appeal)
    deadline = open_deadline(application)
    service = application.team.service
    return BundlePapers(
        reference=application.reference,
        worker=application.worker.name,
        council=service.council,
        service=service.name,
        step=f"{application.step.from_level.name} to {application.step.to_level.name}",
        number=bundle.number,
        put_together_at=localtime(now),
        appeal=appeal,
        name=application.scheme.rules.appeal.name.lower(),
        hearing=appeal_policies.latest_hearing(appeal),
        last_day=deadline.due_on if deadline else None,
        representative=representative_of(appeal),
        late=late_request_of(application),
        decision=decision_on(application),
        assessment=assessment,
        headings=findings_by_heading(assessment),
        declarations=declarations(assessment),
        submission=submitted,
        pieces=pieces,
        sides=sides,
        # As the worker reads it: the papers go to whoever speaks for them.
        events=[
            (localtime(entry.at), entry)
            for entry in timeline(application, application.worker, reversed(list(history(application))))
        ],
        files=_files(pieces, sides),
    )


def _files(pieces, sides):
    """The files of the examples, then those that each side has added."""
    tokens = {file.token: piece.title for piece in pieces for file in piece.attachments}
    kept = {str(one.token): one for one in Attachment.objects.filter(token__in=tokens)}
    found = [("portfolio", title, kept[token]) for token, title in tokens.items() if token in kept]
    found += [(side.side.value, one.title, one) for side in sides for one in side.documents]
    return [
        FileToBind(number, title, file.name, of, file, file.content_type)
        for number, (of, title, file) in enumerate(found, 1)
    ]
