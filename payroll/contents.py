"""What the forms to payroll say, taken from the case as it stands when they are opened. R13, R16."""

from django.utils import timezone

from payroll import selectors
from payroll.letters import (
    EvidenceFormContent,
    EvidenceHeading,
    EvidencePiece,
    EvidenceTestimony,
    PayFormContent,
)
from portfolios.selectors import submission_view


def pay_form_content(application, judgement, *, version):
    """Everything the form says, taken from the case as it stands now. R13."""
    post, step, service = application.worker.post, application.step, application.team.service
    document = application.scheme.rules.document
    change = selectors.pay_change(
        application,
        effective_from=judgement.effective_from or application.assessed_on,
        today=judgement.authorised_on,
    )
    return PayFormContent(
        reference=application.reference,
        version=version,
        name=application.worker.name,
        ern=post.ern,
        job_title=post.job_title,
        post_number=post.post_number,
        from_level=step.from_level.name,
        to_level=step.to_level.name,
        from_point=change.from_point,
        to_point=change.to_point,
        from_salary=change.old_salary,
        to_salary=change.new_salary,
        effective_from=judgement.effective_from,
        assessed_on=application.assessed_on,
        progressed=judgement.progressed,
        criteria_met=judgement.criteria_met,
        attendance=judgement.declared.get("attendance"),
        punctuality=judgement.declared.get("punctuality"),
        diversity=judgement.declared.get("diversity"),
        reasons=judgement.reasons,
        line_manager=judgement.line_manager,
        line_manager_signed_on=judgement.line_manager_signed_on,
        authoriser=judgement.authoriser,
        authorised_on=judgement.authorised_on,
        council=service.council,
        service=service.name,
        form_code=document.form,
        form_title=document.title,
        sent_to_name=document.sent_to.name,
        sent_to_address=tuple(document.sent_to.address),
        precis=judgement.precis,
        authoriser_role=application.scheme.rules.decision.authorised_by.label,
        effective_because=_effective_because(application.scheme.rules),
    )


def _effective_because(rules):
    """What happened on the day from which an award runs. R17, R31."""
    if rules.decision.effective_date == "meeting_date":
        return f"the date of the {rules.cycle.held_at}"
    return "the day the line manager signed"


def evidence_form_content(pay_form, content):
    """What the evidence form says: the submission that was judged, as it was frozen. R8, R16."""
    submitted = submission_view(pay_form.submission)
    return EvidenceFormContent(
        reference=content.reference,
        name=content.name,
        job_title=content.job_title,
        post_number=content.post_number,
        from_level=content.from_level,
        to_level=content.to_level,
        scheme_title=submitted.scheme["title"],
        council=content.council,
        service=content.service,
        submitted_on=timezone.localdate(submitted.submitted_at),
        sha256=submitted.sha256,
        headings=tuple(
            EvidenceHeading(
                name=heading.name,
                criteria=tuple(criterion["text"] for criterion in heading.criteria),
                pieces=tuple(
                    EvidencePiece(
                        title=piece.title,
                        practised_on=piece.practised_on,
                        kind=piece.kind,
                        told=tuple(piece.told),
                        attachments=tuple(file.name for file in piece.attachments),
                        testimonies=tuple(
                            EvidenceTestimony(said.who, said.email, said.given_on, said.observed, said.words)
                            for said in piece.testimonies
                        ),
                    )
                    for piece in heading.pieces
                ),
            )
            for heading in submitted.headings
        ),
        worked_through=submitted.worked_through_with_manager,
    )
