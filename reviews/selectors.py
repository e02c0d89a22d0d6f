"""Every read that the pages of those who judge need, each in a fixed number of queries."""

from dataclasses import dataclass

from competencies import selectors as competencies
from competencies.models import Competency
from portfolios.models import Submission
from portfolios.selectors import SubmittedHeading, submission_view
from reviews import policies
from reviews.models import Assessment, Finding
from reviews.states import Progress, progress


@dataclass(frozen=True)
class HeadingFindings:
    """One heading with the findings on its criteria, lower level first, and how far they have got."""

    competency: Competency
    findings: list[Finding]
    progress: Progress

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
    next: Competency | None


def current_assessment(application):
    """The Assessment of the latest submission, or None while it is not begun. One query."""
    latest = (
        Submission.objects.filter(portfolio=application.portfolio_id)
        .select_related("assessment__assessor")
        .defer("content")
        .order_by("-number")
        .first()
    )
    assessment = getattr(latest, "assessment", None)
    if assessment is not None:
        assessment.application = application
    return assessment


def signed_assessment(application):
    """The application's signed Assessment with its submission, or None. One query."""
    assessment = (
        Assessment.objects.filter(application=application, signed_at__isnull=False)
        .select_related("assessor", "submission")
        .first()
    )
    if assessment is not None:
        assessment.application = application
    return assessment


def findings_by_heading(assessment):
    """Every heading judged with its findings, in the scheme's order. One query."""
    needs = policies.needs_of(assessment.application)
    by_heading = {}
    for finding in assessment.findings.select_related("criterion__competency", "criterion__level"):
        by_heading.setdefault(finding.criterion.competency, []).append(finding)
    return [
        HeadingFindings(competency, findings, _progress(findings, needs))
        for competency, findings in by_heading.items()
    ]


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
    judged = competencies_judged(assessment.application)
    here = next((index for index, competency in enumerate(judged) if competency.code == code), None)
    if here is None:
        return None
    findings = list(
        assessment.findings.filter(criterion__competency=judged[here]).select_related("criterion__level")
    )
    needs = policies.needs_of(assessment.application)
    submission = Submission.objects.get(pk=assessment.submission_id)
    return HeadingPage(
        here=HeadingFindings(judged[here], findings, _progress(findings, needs)),
        submitted=submission_view(submission).heading(code),
        next=judged[here + 1] if here + 1 < len(judged) else None,
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


def _progress(findings, needs):
    return progress(
        done=sum(not policies.lacks(finding, needs) for finding in findings),
        asked=len(findings),
        started=any(finding.met is not None or finding.evidence for finding in findings),
        carried=any(finding.carried for finding in findings),
        look_again=any(finding.look_again for finding in findings),
    )
