"""The moves of those who judge. Each verb reads: lock, who, when, write, history, tell."""

from django.db import transaction
from django.utils.timezone import localdate

from competencies import selectors as competencies
from payroll.selectors import held_when_signed
from portfolios import portfolio_transitions as portfolios
from progression.permissions import check_can_assess, check_can_authorise
from progression.states import State
from progression.transitions import lock, move, record
from reviews import awarding, policies, selectors, telling
from reviews.models import Assessment, Authorisation, Declaration, Finding

FINDING_FIELDS = ("met", "evidence", "action", "action_by")


class StaleSave(Exception):
    """A part of the assessment was saved elsewhere since the page was opened; nothing has been written.

    `revision` is the revision the part is at now.
    """

    def __init__(self, revision):
        self.revision = revision
        super().__init__(f"This part is at revision {revision}.")


@transaction.atomic
def begin_assessment(application, *, actor, now):
    """Open the assessment of the latest submission, with a finding to make on every criterion. R5.

    What was found on the submission before is carried over and marked so; where the worker has changed the
    evidence since, it is marked to be looked at again. Returns the Assessment, begun now or earlier.
    """
    application = lock(application, State.SUBMITTED)
    stood_in_for = check_can_assess(actor, application)
    submission = application.portfolio.submissions.order_by("-number").first()
    assessment, is_new = Assessment.objects.get_or_create(
        submission=submission,
        defaults={"application": application, "assessor": actor, "started_at": now, "updated_at": now},
    )
    if is_new:
        before = application.assessments.exclude(pk=assessment.pk).select_related("submission").first()
        _write_findings(assessment, before)
        Declaration.objects.bulk_create(
            Declaration(assessment=assessment, code=declaration.code)
            for declaration in competencies.declarations_for(application.step)
        )
        record(
            application,
            actor=actor,
            on_behalf_of=stood_in_for,
            verb="assessment_started",
            now=now,
            detail={"submission": submission.number},
        )
    return assessment


def save_heading(assessment, competency, *, actor, base_revision, findings, now):
    """Keep the findings on one heading, finished or not. As `save_headings`. R9."""
    return save_headings(assessment, {competency: (base_revision, findings)}, actor=actor, now=now)


@transaction.atomic
def save_headings(assessment, parts, *, actor, now):
    """Keep the findings on some headings, finished or not. R9.

    `parts` maps a Competency to what `revision_of` its code said when the page was opened, and to findings:
    these map a criterion's id to any of FINDING_FIELDS. An agreed action goes when its criterion becomes met.
    Returns the Assessment; raises StaleSave if another tab or person has saved other findings since.
    """
    assessment = _lock_unsigned(assessment, actor)
    found = list(assessment.findings.filter(criterion__competency__in=parts).select_related("criterion"))
    for competency, (base_revision, findings) in parts.items():
        changes = [
            (finding, name, value)
            for finding in found
            if finding.criterion.competency_id == competency.pk
            for name, value in _tidied(findings.get(finding.criterion_id, {})).items()
            if getattr(finding, name) != value
        ]
        _check_fresh(assessment, competency.code, base_revision, changed=bool(changes))
        for finding, name, value in changes:
            setattr(finding, name, value)
    for finding in found:
        finding.carried = finding.look_again = False
    # Written over by their keys, in one statement: Django's own for this grows with rows times fields.
    Finding.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[*FINDING_FIELDS, "carried", "look_again"],
    )
    return _saved(assessment, *(competency.code for competency in parts), now=now)


@transaction.atomic
def save_declarations(assessment, *, actor, base_revision, shown, now):
    """Keep what the manager declares: `shown` maps a declaration's code to True, False or None. R5, R13."""
    assessment = _lock_unsigned(assessment, actor)
    declared = list(assessment.declarations.all())
    changed = [one for one in declared if one.code in shown and one.shown != shown[one.code]]
    _check_fresh(assessment, "declarations", base_revision, changed=bool(changed))
    for declaration in changed:
        declaration.shown = shown[declaration.code]
    Declaration.objects.bulk_update(changed, ["shown"])
    return _saved(assessment, "declarations", now=now)


@transaction.atomic
def save_recommendation(
    assessment,
    *,
    actor,
    base_revision,
    recommended,
    reasons="",
    precis="",
    objectives="",
    feedback="",
    short_service_reason="",
    now,
):
    """Keep whether the manager recommends progression (True, False or None), and why. R11, R14, R28.

    `reasons` are those for not recommending: none are kept with a recommendation.
    """
    assessment = _lock_unsigned(assessment, actor)
    wanted = {
        "recommended": recommended,
        "reasons": "" if recommended else reasons,
        "precis": precis,
        "objectives": objectives,
        "feedback": feedback,
        "short_service_reason": short_service_reason,
    }
    changed = {name: value for name, value in wanted.items() if getattr(assessment, name) != value}
    _check_fresh(assessment, "recommendation", base_revision, changed=bool(changed))
    for name, value in changed.items():
        setattr(assessment, name, value)
    return _saved(assessment, "recommendation", now=now)


@transaction.atomic
def return_to_worker(application, *, actor, reason, now):
    """Send the portfolio back for more work. The unfinished assessment stays, for the next to start from."""
    application = lock(application, State.SUBMITTED)
    stood_in_for = check_can_assess(actor, application)
    policies.check_reason_to_return(reason)
    portfolios.reopen(application.portfolio)
    move(
        application,
        State.RETURNED,
        actor=actor,
        on_behalf_of=stood_in_for,
        verb="returned",
        now=now,
        reason=reason.strip(),
    )
    return application


@transaction.atomic
def sign(application, *, actor, seen=None, now, today):
    """Sign the assessment: it goes on, and neither it nor a finding changes again. R5, R9, R14, R17.

    `seen` is what `saves` said on the page that the signer read, if there was one. Where the scheme leaves a
    refusal to the manager alone, not recommending refuses. Raises Blocked with everything that is missing.
    """
    application = lock(application, State.SUBMITTED)
    by = {"actor": actor, "on_behalf_of": check_can_assess(actor, application)}
    assessment = selectors.current_assessment(application)
    policies.check_begun(assessment)
    if seen is not None:
        policies.check_still_as_read(assessment, seen=seen)
    policies.check_signable(assessment, today=today)
    assessment.assessor, assessment.on_behalf_of = by.values()
    assessment.signed_at = now
    assessment.signed_on = today
    assessment.save(update_fields=["assessor", "on_behalf_of", "signed_at", "signed_on"])
    application.assessor = actor
    application.assessed_on = today
    held = held_when_signed(application)
    if assessment.recommended:
        application.effective_date = policies.effective_date(application, signed_on=today)
        expected = policies.short_service(application, today=today)
        detail = held | ({selectors.WENT_ON_WITHOUT: expected} if expected else {})
        move(application, State.RECOMMENDED, **by, verb="recommended", now=now, detail=detail)
        return application
    move(
        application,
        State.NOT_RECOMMENDED,
        **by,
        verb="not_recommended",
        now=now,
        reason=assessment.reasons,
        detail=held,
    )
    if not application.scheme.rules.decision.refusal_confirmed_by_authoriser:
        move(application, State.REFUSED, **by, verb="refused", now=now, reason=assessment.reasons)
        telling.of_refusal(application, **by, reasons=assessment.reasons, now=now, today=today)
    return application


@transaction.atomic
def authorise(application, *, actor, now, today):
    """Give the worker the next level from the date that the scheme's rule names. R15, R17, R29-R31."""
    application = lock(application, State.RECOMMENDED)
    by = {"actor": actor, "on_behalf_of": check_can_authorise(actor, application)}
    award = awarding.give(application, actor=actor, today=today)
    assessment = _decide(application, **by, authorised=True, now=now)
    move(application, State.AUTHORISED, **by, verb="authorised", now=now, detail=award)
    awarding.tell_payroll(application, assessment, progressed=True, **by, now=now)
    telling.of_award(application, now=now)
    return application


@transaction.atomic
def decline(application, *, actor, reasons, required, now):
    """Refuse what the manager recommended: why, in full, and what the worker needs to do. R15, R18."""
    application = lock(application, State.RECOMMENDED)
    by = {"actor": actor, "on_behalf_of": check_can_authorise(actor, application)}
    return _refuse(
        application, State.DECLINED, "declined", by=by, reasons=reasons, required=required, now=now
    )


@transaction.atomic
def confirm_refusal(application, *, actor, reasons, required, now):
    """Confirm that the worker does not progress: the full written statement. R14, R15, R18."""
    application = lock(application, State.NOT_RECOMMENDED)
    by = {"actor": actor, "on_behalf_of": check_can_authorise(actor, application)}
    return _refuse(application, State.REFUSED, "refused", by=by, reasons=reasons, required=required, now=now)


def _refuse(application, to, verb, *, by, reasons, required, now):
    policies.check_says_why(reasons)
    policies.check_says_what_is_required(required)
    reasons = reasons.strip()
    assessment = _decide(
        application, **by, authorised=False, reasons=reasons, required=required.strip(), now=now
    )
    move(application, to, **by, verb=verb, now=now, reason=reasons)
    if application.scheme.rules.decision.refusal_confirmed_by_authoriser:
        awarding.tell_payroll(application, assessment, progressed=False, **by, reasons=reasons, now=now)
    telling.of_refusal(application, **by, reasons=reasons, required=required, now=now, today=localdate(now))
    return application


def _decide(application, *, actor, on_behalf_of, authorised, reasons="", required="", now):
    """Write the decision on the signed assessment. Returns the Assessment."""
    assessment = selectors.signed_assessment(application)
    if not authorised:
        policies.check_unmet_have_their_statement(assessment)
    Authorisation.objects.create(
        application=application,
        assessment=assessment,
        number=assessment.authorisations.count() + 1,
        decided_by=actor,
        on_behalf_of=on_behalf_of,
        decided_at=now,
        authorised=authorised,
        reasons=reasons,
        required=required,
    )
    return assessment


def _write_findings(assessment, before):
    """A finding for every criterion judged, starting from those of `before`, if there was one."""
    made = {finding.criterion_id: finding for finding in before.findings.all()} if before else {}
    changed = selectors.headings_changed(before.submission, assessment.submission) if before else set()
    findings = []
    for heading in competencies.headings_judged(assessment.application.step):
        for criterion in heading.criteria:
            finding = Finding(assessment=assessment, criterion=criterion)
            old = made.get(criterion.pk)
            if old and (old.met is not None or old.evidence):
                for name in FINDING_FIELDS:
                    setattr(finding, name, getattr(old, name))
                finding.carried = True
                finding.look_again = heading.competency.code in changed
            findings.append(finding)
    Finding.objects.bulk_create(findings)


def _lock_unsigned(assessment, actor):
    """The assessment, locked with its case, that this person may change: of the latest submission."""
    application = lock(assessment.application, State.SUBMITTED)
    check_can_assess(actor, application)
    locked = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("submission")
        .defer("submission__content")
        .get(pk=assessment.pk)
    )
    locked.application = application
    policies.check_of_latest_submission(locked)
    return locked


def _tidied(fields):
    """What to keep of what was given for one criterion: met needs no action. R9."""
    if fields.get("met"):
        return {**fields, "action": "", "action_by": None}
    return fields


def _check_fresh(assessment, part, base_revision, *, changed):
    """Raise StaleSave if the part has moved on and this save would write over what it says now."""
    if changed and base_revision != assessment.revision_of(part):
        raise StaleSave(assessment.revision_of(part))


def _saved(assessment, *parts, now):
    for part in parts:
        assessment.revisions[part] = assessment.revision_of(part) + 1
    assessment.updated_at = now
    assessment.save()
    return assessment
