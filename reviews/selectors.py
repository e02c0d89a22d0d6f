"""Every read that the pages of those who judge need, each in a fixed number of queries."""

from dataclasses import dataclass

from django.db.models import F, prefetch_related_objects

from competencies import selectors as competencies
from competencies.models import Competency
from portfolios.models import Submission
from portfolios.selectors import SubmittedHeading, submitted_heading
from portfolios.self_assessment_selectors import frozen_in
from progression.states import State
from reviews.models import Assessment, Finding
from reviews.states import Progress, lacks, progress


@dataclass(frozen=True)
class HeadingFindings:
    """One heading and the findings on its criteria, in order. `needs` is what the scheme asks of each.

    Each finding has `criterion`, and `said`: what the worker said of themselves on it, as a Said, or None.
    """

    competency: Competency
    findings: list[Finding]
    needs: list[str]

    def lacks(self, finding):
        """What the finding lacks of what the scheme wants for every criterion, in its words. R9."""
        return lacks(finding, self.needs)

    @property
    def progress(self):
        return progress(
            done=sum(not self.lacks(finding) for finding in self.findings),
            asked=len(self.findings),
            started=any(finding.met is not None or finding.evidence for finding in self.findings),
            carried=self.carried,
            look_again=self.look_again,
        )

    @property
    def carried(self):
        """Whether something here is from the last submission and has not been saved since."""
        return any(finding.carried for finding in self.findings)

    @property
    def look_again(self):
        """Whether the worker has changed the evidence since it was judged."""
        return any(finding.look_again for finding in self.findings)


@dataclass(frozen=True)
class Overview:
    """The whole assessment as a task list. `groups` are (name, [HeadingFindings, …]) pairs."""

    groups: list[tuple[str, list[HeadingFindings]]]
    declarations: Progress
    recommendation: Progress
    done: int
    asked: int
    not_met: int


@dataclass(frozen=True)
class HeadingPage:
    """One heading to judge.

    `submitted` is None where the evidence form does not ask the worker for it; `next` is None after the last.
    """

    here: HeadingFindings
    submitted: SubmittedHeading | None
    number: int
    of: int
    next: Competency | None


def latest_submission(application):
    """What was handed in last, without its content, with its assessment if that is begun. One query.

    Of the content it has `said`: what the worker said of themselves.
    """
    return (
        Submission.objects.filter(portfolio=application.portfolio_id)
        .select_related("assessment")
        .annotate(said=F("content__self_assessment"))
        .defer("content")
        .order_by("-number")
        .first()
    )


def current_assessment(application):
    """The Assessment of the latest submission, or None while it is not begun. One query."""
    return assessment_of(latest_submission(application), application)


def assessment_of(submission, application):
    """The Assessment of this submission of the application, or None while it is not begun. No query."""
    assessment = getattr(submission, "assessment", None)
    if assessment is not None:
        assessment.application = application
        assessment.said = submission.said
    return assessment


def signed_assessment(application):
    """The application's signed Assessment with its submission, or None. One query."""
    assessment = (
        Assessment.objects.filter(application=application, signed_at__isnull=False)
        .select_related("assessor", "on_behalf_of", "submission")
        .annotate(said=F("submission__content__self_assessment"))
        .defer("submission__content")
        .first()
    )
    if assessment is not None:
        assessment.application = application
    return assessment


WENT_ON_WITHOUT = "went_on_without"
"""Under what name the history keeps what the scheme expected and did not hold at a recommendation. R11."""


def went_on_without(assessment):
    """Sentences: what was expected and missing when the manager signed, and gave a reason to go on. R11.

    One query where there is a reason, otherwise none.
    """
    if not assessment.short_service_reason:
        return []
    events = assessment.application.events.filter(to_state=State.RECOMMENDED, at=assessment.signed_at)
    return (events.values_list("detail", flat=True).first() or {}).get(WENT_ON_WITHOUT, [])


def with_everything(assessment):
    """The assessment, its findings and declarations at hand however often they are read. Two queries."""
    prefetch_related_objects([assessment], "findings", "declarations")
    return assessment


def findings_by_heading(assessment):
    """Every heading judged with its findings, in the scheme's order. One query.

    What the worker said of themselves is beside them where it was read with the assessment.
    """
    judged = competencies.headings_judged(assessment.application.step)
    said = frozen_in(getattr(assessment, "said", None))
    return _put_together(assessment.application, judged, assessment.findings.all(), said)


def declarations(assessment):
    """[(Declaration, the scheme's statement), …] in the scheme's order. One query."""
    made = {declaration.code: declaration for declaration in assessment.declarations.all()}
    return [
        (made[rule.code], rule.statement)
        for rule in competencies.declarations_for(assessment.application.step)
    ]


def competencies_judged(application):
    """The headings that the manager judges at the application's step, in the scheme's order. R2, R5."""
    return [heading.competency for heading in competencies.headings_judged(application.step)]


def desirables(application):
    """[(label, whether the worker says they have it), …] of what is desirable at the step. No query. R6."""
    held = application.portfolio.desirables
    return [(rule.label, rule.code in held) for rule in competencies.desirables_for(application.step)]


def overview(assessment):
    """How far every part of the assessment has got. Two queries."""
    headings = findings_by_heading(assessment)
    groups = {}
    for heading in headings:
        groups.setdefault(heading.competency.group, []).append(heading)
    shown = [declaration.shown for declaration in assessment.declarations.all()]
    answered = sum(answer is not None for answer in shown)
    recommended = int(assessment.recommended is not None)
    return Overview(
        groups=list(groups.items()),
        declarations=progress(done=answered, asked=len(shown), started=answered > 0),
        recommendation=progress(done=recommended, asked=1, started=recommended > 0),
        done=sum(heading.progress.done for heading in headings),
        asked=sum(heading.progress.asked for heading in headings),
        not_met=sum(finding.met is False for heading in headings for finding in heading.findings),
    )


def heading_page(assessment, code):
    """What the page of one heading shows, or None if the step is not judged on it. Two queries."""
    judged = competencies.headings_judged(assessment.application.step)
    place = next((place for place, heading in enumerate(judged) if heading.competency.code == code), None)
    if place is None:
        return None
    made = assessment.findings.filter(criterion__in=judged[place].criteria)
    said = frozen_in(assessment.submission.content.get("self_assessment"))
    return HeadingPage(
        here=_put_together(assessment.application, judged[place : place + 1], made, said)[0],
        submitted=submitted_heading(assessment.submission, code),
        number=place + 1,
        of=len(judged),
        next=judged[place + 1].competency if place + 1 < len(judged) else None,
    )


def headings_changed(before, after):
    """The codes of the headings whose examples differ between two submissions of a portfolio. No query."""
    return {
        code
        for code in {
            heading["code"] for content in (before.content, after.content) for heading in content["headings"]
        }
        if _examples(before.content, code) != _examples(after.content, code)
    }


def _examples(content, code):
    return [
        content["evidence"][str(piece)]
        for heading in content["headings"]
        if heading["code"] == code
        for piece in heading["pieces"]
    ]


def _put_together(application, judged, made, said):
    """The headings `judged`, with these findings under them in the order of their criteria."""
    needs = application.scheme.rules.decision.every_criterion_needs
    by_criterion = {finding.criterion_id: finding for finding in made}
    headings = []
    for heading in judged:
        findings = []
        for criterion in heading.criteria:
            finding = by_criterion[criterion.pk]
            finding.criterion = criterion
            finding.said = said.get(criterion.pk)
            findings.append(finding)
        headings.append(HeadingFindings(heading.competency, findings, needs))
    return headings
