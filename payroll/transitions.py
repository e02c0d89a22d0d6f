"""What happens to what leaves the building: opened by a decision, issued, downloaded; and pay changed by it.

Each verb reads: lock, who, when, write, history, tell.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from payroll import contents, issuing, permissions, policies, selectors
from payroll.letters import EvidenceForm, LetterContent, LetterDocument, PayFormContent, pay_form_document
from payroll.models import DocumentKind, Download, Letter, LetterKind, PayForm, Variation
from payroll.notifications import NewContract
from payroll.offers import variation_letter
from people.models import Post
from progression import notifications, reminders
from progression.models import Application, DeadlineKind
from progression.selectors import who_acts
from progression.states import State
from progression.transitions import lock, move, record


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
    precis: str = ""


@transaction.atomic
def open_form(application, *, submission, judgement, now):
    """Fix what the form to payroll says about a decision just made on a locked application. R13, R22.

    Its documents are made a moment later, by Celery: whoever decides does not wait. Returns the PayForm.
    """
    before = selectors.latest_form(application)
    content = contents.pay_form_content(application, judgement, version=before.version + 1 if before else 1)
    pay_form = fix_form(application, submission, content, now=now)
    issuing.nudge()
    return pay_form


def fix_form(application, submission, content, *, now, replaces=None):
    """Keep what a form says, to be issued. Returns the PayForm."""
    return PayForm.objects.create(
        application=application,
        version=content.version,
        replaces=replaces,
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


@transaction.atomic
def open_letter(application, *, kind, to, content, now):
    """Fix what a letter about a locked application says: a LetterContent of this LetterKind, to this User.

    Its PDF is made a moment later, by Celery. Returns the Letter, numbered among those of its kind.
    """
    before = Letter.objects.filter(application=application, kind=kind).aggregate(last=Max("number"))["last"]
    letter = Letter.objects.create(
        application=application,
        kind=kind,
        number=(before or 0) + 1,
        to=to,
        content=content.to_json(),
        created_at=now,
        try_at=now,
    )
    issuing.nudge()
    return letter


@transaction.atomic
def issue_letter(letter, *, now):
    """Make the letter's PDF, once and for good. However often it is called, nothing is made twice.

    Returns the Letter.
    """
    letter = Letter.objects.select_for_update(of=("self",)).select_related("application").get(pk=letter.pk)
    if letter.issued_at is not None:
        return letter
    document = LetterDocument(LetterContent.from_json(letter.content))
    issuing.keep(DocumentKind.LETTER, letter.filename, document.render(), now=now, letter=letter)
    letter.issued_at = now
    letter.last_fault = ""
    letter.save(update_fields=["issued_at", "last_fault"])
    return letter


@transaction.atomic
def issue(pay_form, *, now):
    """Make the form's documents, once and for good, and send the case on to payroll. R13, R16.

    However often it is called, and by however many at once, nothing is made twice. Returns the PayForm.
    """
    # The case before its form, as everybody does who stops the form or puts it in pay.
    Application.objects.select_for_update(of=("self",)).get(pay_forms=pay_form.pk)
    pay_form = (
        PayForm.objects.select_for_update(of=("self",))
        .select_related("submission", "application__scheme", "application__step")
        .get(pk=pay_form.pk)
    )
    if pay_form.issued_at is not None or pay_form.stopped_at is not None:
        return pay_form
    _write_documents(pay_form, now=now)
    pay_form.issued_at = now
    pay_form.last_fault = ""
    pay_form.save(update_fields=["issued_at", "last_fault"])
    detail = {"form": pay_form.form, "version": pay_form.version}
    if not pay_form.progressed:
        record(pay_form.application, actor=None, verb="issued the pay form", now=now, detail=detail)
        return pay_form
    application = lock(pay_form.application, State.AUTHORISED, State.UPHELD, State.SENT_TO_PAYROLL)
    if application.state == State.SENT_TO_PAYROLL:
        event = record(application, actor=None, verb="issued the pay form again", now=now, detail=detail)
        payroll = {person.pk: notifications.AskPayroll for person in who_acts(application)}
        notifications.queue(application, payroll, event=event, now=now)
    else:
        event = move(
            application, State.SENT_TO_PAYROLL, actor=None, verb="issued the pay form", now=now, detail=detail
        )
    pay_form.application = application
    _offer_variation(pay_form, event, now=now)
    return pay_form


def _offer_variation(pay_form, event, *, now):
    """Offer the worker the change to the contract: by a letter, to be accepted or declined. R23, R30.

    Where a corrected form repeats terms that the worker has accepted, they stay accepted.
    """
    application, today = pay_form.application, localdate(now)
    carried = selectors.accepted_on_same_terms(pay_form)
    effect = selectors.effect_of_form(pay_form, today=today)
    letter = open_letter(
        application,
        kind=LetterKind.VARIATION,
        to=application.worker,
        content=variation_letter(pay_form, effect, dated=today, carried=carried),
        now=now,
    )
    Variation.objects.create(
        application=application,
        pay_form=pay_form,
        letter=letter,
        offered_at=now,
        answered_at=carried and carried.answered_at,
        accepted=True if carried else None,
    )
    # Payroll's time runs while it is for payroll to act, and not while the worker reads.
    reminders.close(application, DeadlineKind.ACT, now=now)
    if carried:
        reminders.open_for_state(application, now=now)
    else:
        reminders.close(application, DeadlineKind.ANSWER_VARIATION, now=now)
        reminders.open_deadline(application, DeadlineKind.ANSWER_VARIATION, now=now)
        notifications.queue(application, {application.worker_id: NewContract}, event=event, now=now)


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
    policies.check_as_issued(document.filename, content, document.sha256)
    Download.objects.create(document=document, by=actor, at=now)
    if pay_form.downloaded_at is None:
        pay_form.downloaded_at = now
        pay_form.downloaded_by = actor
        pay_form.save(update_fields=["downloaded_at", "downloaded_by"])
        detail = {"form": pay_form.form, "version": pay_form.version}
        record(pay_form.application, actor=actor, verb="downloaded the form", now=now, detail=detail)
    return content


@transaction.atomic
def download_letter(letter, *, actor, now):
    """Hand over a letter as it was issued, and note who took it.

    Returns its IssuedDocument. Raises Blocked if it is still being made, or no longer what was issued.
    """
    permissions.check_can_read_letter(actor, letter)
    document = policies.check_issued(letter)
    policies.check_as_issued(document.filename, bytes(document.content), document.sha256)
    Download.objects.create(document=document, by=actor, at=now)
    return document


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
        effect = selectors.effect_of_form(pay_form, today=localdate(now))
        post.level = application.step.to_level.number
        post.spinal_point = effect.change.point_on(localdate(now)) or post.spinal_point
        post.save(update_fields=["level", "spinal_point"])
    pay_form.in_pay_at = now
    pay_form.in_pay_by = actor
    pay_form.save(update_fields=["in_pay_at", "in_pay_by"])
    detail = {"level": post.level, "spinal_point": post.spinal_point}
    move(application, State.IMPLEMENTED, actor=actor, verb="put in pay", now=now, detail=detail)
    return pay_form


def stop_form(application, *, because, actor, on_behalf_of=None, now):
    """Let no pay change by the locked application's newest form that says progressed. R15, R23.

    A post that it had put at the new level goes back. Returns the PayForm, or None if there is none to stop.
    """
    pay_form = (
        PayForm.objects.select_for_update(of=("self",))
        .filter(application=application, progressed=True, stopped_at__isnull=True)
        .order_by("-version")
        .first()
    )
    if pay_form is None:
        return None
    pay_form.stopped_at = now
    pay_form.stopped_because = because
    pay_form.save(update_fields=["stopped_at", "stopped_because"])
    detail = {"form": pay_form.form, "version": pay_form.version, "because": because}
    if pay_form.in_pay_at is not None:
        detail |= _put_back(application, pay_form)
    record(
        application, actor=actor, on_behalf_of=on_behalf_of, verb="stopped the form", now=now, detail=detail
    )
    return pay_form


def _put_back(application, pay_form):
    """The post as it was before the form put it at the new level, unless somebody has changed it since."""
    post = Post.objects.select_for_update().get(holder=application.worker)
    if post.level == application.step.to_level.number:
        post.level = application.step.from_level.number
        post.spinal_point = pay_form.from_point or post.spinal_point
        post.save(update_fields=["level", "spinal_point"])
    return {"level": post.level, "spinal_point": post.spinal_point}


def _write_documents(pay_form, *, now):
    """The evidence form, where the scheme has one go along, and the form itself with it inside. R16."""
    content = PayFormContent.from_json(pay_form.content)
    evidence_pdf = None
    if pay_form.application.scheme.rules.document.attaches == "evidence form":
        evidence = EvidenceForm(contents.evidence_form_content(pay_form, content))
        kept = issuing.keep(
            DocumentKind.EVIDENCE_FORM, evidence.filename, evidence.render(), now=now, pay_form=pay_form
        )
        evidence_pdf = kept.content
    form = pay_form_document(content, evidence_pdf)
    issuing.keep(DocumentKind.PAY_FORM, form.filename, form.render(), now=now, pay_form=pay_form)
