"""What happens to a form for payroll: opened by a decision, issued, downloaded, put in pay.

Each verb reads: lock, who, when, write, history, tell.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import date, timedelta

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from payroll import permissions, policies, selectors
from payroll.letters import (
    PAY002,
    EvidenceForm,
    EvidenceFormContent,
    EvidenceHeading,
    EvidencePiece,
    PayFormContent,
)
from payroll.models import DocumentKind, Download, IssuedDocument, PayForm
from people.models import Post
from portfolios.selectors import submission_view
from progression.models import Application
from progression.states import State
from progression.transitions import lock, move, record

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Judgement:
    """What a form repeats of the assessment and of the decision on it. R13.

    `declared` maps the code of each thing the manager declared to whether it was shown. Where the worker has
    not progressed, `reasons` are the full reasons and `effective_from` is None.
    """

    progressed: bool
    effective_from: date | None
    criteria_met: bool
    declared: dict
    reasons: str
    line_manager: str
    line_manager_signed_on: date
    authoriser: str
    authorised_on: date


@transaction.atomic
def open_form(application, *, submission, judgement, now):
    """Fix what the form to payroll says about a decision just made on a locked application. R13, R22.

    Its documents are made a moment later, by Celery: whoever decides does not wait. Returns the PayForm.
    """
    before = selectors.latest_form(application)
    content = _content(application, judgement, version=before.version + 1 if before else 1)
    pay_form = PayForm.objects.create(
        application=application,
        version=content.version,
        submission=submission,
        form=content.form_code,
        progressed=content.progressed,
        content=content.to_json(),
        created_at=now,
        try_at=now,
        service=application.team.service,
        reference=content.reference,
        name=content.name,
        ern=content.ern,
        from_point=content.from_point,
        to_point=content.to_point,
        effective_from=content.effective_from,
    )
    transaction.on_commit(_nudge)
    return pay_form


@transaction.atomic
def claim(*, now):
    """A form whose documents are to be made, for this caller alone for a while; None if no form waits.

    Each time it is claimed the wait until the next grows, so that one that cannot be made holds up no other.
    """
    pay_form = (
        PayForm.objects.select_for_update(skip_locked=True)
        .filter(issued_at__isnull=True, try_at__lte=now)
        .order_by("try_at", "id")
        .first()
    )
    if pay_form is not None:
        pay_form.try_at = now + min(FIRST_WAIT * 2 ** min(pay_form.attempts, 10), LONGEST_WAIT)
        pay_form.attempts += 1
        pay_form.save(update_fields=["attempts", "try_at"])
    return pay_form


@transaction.atomic
def issue(pay_form, *, now):
    """Make the form's documents, once and for good, and send the case on to payroll. R13, R16.

    However often it is called, and by however many at once, nothing is made twice. Returns the PayForm.
    """
    pay_form = (
        PayForm.objects.select_for_update(of=("self",))
        .select_related("submission", "application__scheme", "application__step")
        .get(pk=pay_form.pk)
    )
    if pay_form.issued_at is not None:
        return pay_form
    _write_documents(pay_form, now=now)
    pay_form.issued_at = now
    pay_form.last_fault = ""
    pay_form.save(update_fields=["issued_at", "last_fault"])
    detail = {"form": pay_form.form, "version": pay_form.version}
    if pay_form.progressed:
        application = lock(pay_form.application, State.AUTHORISED, State.UPHELD)
        move(application, State.SENT_TO_PAYROLL, actor=None, verb="issued the form", now=now, detail=detail)
    else:
        record(pay_form.application, actor=None, verb="issued the form", now=now, detail=detail)
    return pay_form


def note_fault(pay_form, fault):
    """Keep, for whoever looks after the service, what went wrong while making the form's documents."""
    PayForm.objects.filter(pk=pay_form.pk, issued_at__isnull=True).update(last_fault=repr(fault)[:200])


@transaction.atomic
def download(document, *, actor, now):
    """Hand over a document as it was issued, and note who took it. The first to do so marks the form. R16.

    Returns its bytes. Raises Blocked if they are no longer the ones that were issued.
    """
    # The case before its form, as put_in_pay does: its line of history waits for the case's row anyway.
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("team")
        .get(pay_forms=document.pay_form_id)
    )
    pay_form = PayForm.objects.select_for_update().get(pk=document.pay_form_id)
    pay_form.application = application
    permissions.check_can_handle(actor, pay_form)
    content = bytes(document.content)
    policies.check_as_issued(document, hashlib.sha256(content).hexdigest())
    Download.objects.create(document=document, by=actor, at=now)
    if pay_form.downloaded_at is None:
        pay_form.downloaded_at = now
        pay_form.downloaded_by = actor
        pay_form.save(update_fields=["downloaded_at", "downloaded_by"])
        detail = {"form": pay_form.form, "version": pay_form.version}
        record(pay_form.application, actor=actor, verb="downloaded the form", now=now, detail=detail)
    return content


@transaction.atomic
def put_in_pay(pay_form, *, actor, now):
    """Say that pay has been changed: the worker's post moves to the new level and point. R22.

    A post that was put at the new level by hand, or above, is left as it is.
    """
    application = lock(pay_form.application, State.SENT_TO_PAYROLL)
    pay_form = PayForm.objects.select_for_update(of=("self",)).get(pk=pay_form.pk)
    pay_form.application = application
    permissions.check_can_handle(actor, pay_form)
    policies.check_awaits_pay(pay_form)
    post = Post.objects.select_for_update().get(holder=application.worker)
    if post.level < application.step.to_level.number:
        post.level = application.step.to_level.number
        post.spinal_point = pay_form.to_point or post.spinal_point
        post.save(update_fields=["level", "spinal_point"])
    pay_form.in_pay_at = now
    pay_form.in_pay_by = actor
    pay_form.save(update_fields=["in_pay_at", "in_pay_by"])
    detail = {"level": post.level, "spinal_point": post.spinal_point}
    move(application, State.IMPLEMENTED, actor=actor, verb="put in pay", now=now, detail=detail)
    return pay_form


def _nudge():
    """Ask Celery to begin at once. Beat does so within seconds, so a queue that is down does no harm."""
    try:
        current_app.send_task("payroll.tasks.issue_forms", retry=False, expires=10)
    except OperationalError:
        logger.info("The queue is down: the form is issued when it is back.")


def _content(application, judgement, *, version):
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
    )


def _write_documents(pay_form, *, now):
    """The evidence form, where the scheme has one go along, and the form itself with it inside. R16."""
    content = PayFormContent.from_json(pay_form.content)
    evidence_pdf = None
    if pay_form.application.scheme.rules.document.attaches == "evidence form":
        evidence = EvidenceForm(_evidence_content(pay_form, content))
        evidence_pdf = evidence.render()
        _keep(pay_form, DocumentKind.EVIDENCE_FORM, evidence.filename, evidence_pdf, now=now)
    letter = PAY002(content, evidence_pdf)
    _keep(pay_form, DocumentKind.PAY_FORM, letter.filename, letter.render(), now=now)


def _keep(pay_form, kind, filename, content, *, now):
    IssuedDocument.objects.create(
        pay_form=pay_form,
        kind=kind,
        filename=filename,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        issued_at=now,
    )


def _evidence_content(pay_form, content):
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
                        what_i_did=piece.what_i_did,
                        outcome=piece.outcome,
                        what_i_learned=piece.what_i_learned,
                        attachments=tuple(file.name for file in piece.attachments),
                    )
                    for piece in heading.pieces
                ),
            )
            for heading in submitted.headings
        ),
        worked_through=submitted.worked_through_with_manager,
    )
