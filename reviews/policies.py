"""*When* an assessment may be saved and signed. Checklist, guard and message all ask here."""

from dataclasses import dataclass

from django.urls import reverse

from people.policies import Blocked
from progression import policies as progression
from progression.gates import judged_at_meeting
from progression.meeting_selectors import meeting_of
from progression.selectors import open_deadline
from progression.states import State
from reviews import selectors


@dataclass(frozen=True)
class Missing:
    """One thing lacking: a sentence for the screen, and the address of the page on which to mend it."""

    sentence: str
    link: str


def short_service(application, *, today):
    """Sentences, one for each thing the scheme expects before this step that does not hold yet. R11."""
    return progression.expected_but_missing(application, today=today)


def missing_before_signing(assessment, *, today):
    """A Missing for everything that stands between the manager and the signature. R5, R9, R11, R14, R28."""
    headings = selectors.findings_by_heading(assessment)
    declarations = list(assessment.declarations.all())
    return (
        _missing_meeting(assessment.application)
        + _missing_findings(assessment, headings)
        + _missing_declarations(assessment, declarations)
        + _missing_recommendation(assessment, today=today)
        + _contradictions(assessment, headings, declarations)
    )


def _missing_meeting(application):
    """The meeting at which the scheme has the application judged, until it was held. R25, R31."""
    rules = application.scheme.rules
    if not judged_at_meeting(rules):
        return []
    meeting = meeting_of(application)
    if meeting is not None and meeting.held_on is not None:
        return []
    link = reverse("progression:team_meetings", args=[application.worker_id])
    return [Missing(f"Record the day on which the {rules.cycle.held_at} was held.", link)]


def _missing_findings(assessment, headings):
    missing = []
    for heading in headings:
        name = heading.competency.name
        link = _address(assessment, "assess_heading", heading.competency.code)
        # What a criterion lacks first is enough to say: whoever judges it sees the rest on its page.
        lacking = [
            lacks[0] for finding in heading.findings if (lacks := _lacks(assessment, heading, finding))
        ]
        for lack, sentence in (
            ("finding", "say met or not met, with your evidence, for {}"),
            ("evidence", "give your evidence for {}"),
            ("agreed action where not met", "give the agreed action and its date for {}"),
        ):
            if count := lacking.count(lack):
                criteria = f"{count} {'criterion' if count == 1 else 'criteria'}"
                missing.append(Missing(f"{name}: {sentence.format(criteria)}.", link))
        if heading.look_again:
            sentence = f"{name}: the worker changed the evidence. Look again and save the page."
            missing.append(Missing(sentence, link))
    return missing


def _lacks(assessment, heading, finding):
    """What a finding lacks; nobody is refused while a criterion is not judged, in any scheme. R18."""
    if assessment.recommended is False and finding.met is None:
        return ["finding"]
    return heading.lacks(finding)


def _missing_declarations(assessment, declarations):
    open_ones = sum(declaration.shown is None for declaration in declarations)
    if not open_ones:
        return []
    return [Missing("Answer every declaration.", _address(assessment, "declarations"))]


def _missing_recommendation(assessment, *, today):
    link = _address(assessment, "recommendation")
    missing = []
    if assessment.recommended is None:
        missing.append(Missing("Say whether you recommend progression.", link))
    if assessment.recommended is False and not assessment.reasons:
        missing.append(Missing("Give your full reasons for not recommending progression.", link))
    if assessment.application.scheme.rules.decision.precis_required:
        missing += [Missing(sentence, link) for name, sentence in _OF_REVIEW if not getattr(assessment, name)]
    if (
        assessment.recommended is not False
        and not assessment.short_service_reason
        and (expected := short_service(assessment.application, today=today))
    ):
        missing.append(Missing(f"Say why the application should go on. {' '.join(expected)}", link))
    return missing


_OF_REVIEW = (
    ("precis", "Write your summary of the evidence."),
    ("objectives", "Write what was shown for the review’s own objectives."),
    ("feedback", "Write the feedback that you gave at the review."),
)
"""What the manager writes where the scheme asks for a précis, by the field that holds it. R28."""


def _contradictions(assessment, headings, declarations):
    """The scheme asks for every criterion and declaration: no recommendation without. R5, R13."""
    if not assessment.recommended:
        return []
    link = _address(assessment, "recommendation")
    contradictions = []
    if not_met := sum(finding.met is False for heading in headings for finding in heading.findings):
        count = "1 criterion is" if not_met == 1 else f"{not_met} criteria are"
        contradictions.append(
            Missing(
                f"You cannot recommend progression while {count} not met: the scheme asks for every one.",
                link,
            )
        )
    if any(declaration.shown is False for declaration in declarations):
        contradictions.append(
            Missing("You cannot recommend progression while a declaration is answered no.", link)
        )
    return contradictions


def effective_date(application, *, signed_on):
    """The day the new pay runs from, by the scheme's rule: of the signature, or of the meeting. R17, R31.

    None while the meeting has not been held.
    """
    if application.scheme.rules.decision.effective_date == "manager_signature":
        return signed_on
    meeting = meeting_of(application)
    return meeting.held_on if meeting else None


def check_waits_for_assessment(application):
    """Raise Blocked, saying who moved it and when, unless the application is with the team manager."""
    if application.state != State.SUBMITTED:
        raise Blocked(progression.already_moved(application))


def check_begun(assessment):
    """Raise Blocked while nobody has begun to assess the latest submission."""
    if assessment is None:
        raise Blocked("Start the assessment first: nothing has been judged yet.")


def check_of_latest_submission(assessment):
    """Raise Blocked for an assessment whose portfolio went back and came again: the newer one is judged."""
    portfolio = assessment.application.portfolio
    if portfolio.submissions.filter(number__gt=assessment.submission.number).exists():
        raise Blocked("The worker has submitted again since this assessment. Assess the new submission.")


def check_reason_to_return(reason):
    if not reason.strip():
        raise Blocked("Say why you return the portfolio.")


def check_signable(assessment, *, today):
    """Raise Blocked with everything that is missing, if anything is."""
    if missing := missing_before_signing(assessment, today=today):
        raise Blocked([item.sentence for item in missing])


def check_still_as_read(assessment, *, seen):
    """Raise Blocked if anything was saved after the signer opened the page: one signs what one has read."""
    if seen != assessment.saves:
        raise Blocked("The assessment was changed after you opened the page. Read it again before you sign.")


def award_date(application):
    """The day an award runs from, known since the manager signed. R17, R31."""
    return application.effective_date or effective_date(application, signed_on=application.assessed_on)


def check_says_why(reasons):
    """Raise Blocked for a decision without its reasons. R18, R21."""
    if not reasons.strip():
        raise Blocked("Give your full reasons.")


def check_says_what_is_required(required):
    """Raise Blocked for a refusal that does not say what the worker needs to do. R18, R21."""
    if not required.strip():
        raise Blocked("Say what the worker needs to do to progress.")


def last_day_to_ask(application):
    """The last day to ask for a review, or None where there is no limit or none is known yet. R19, R32."""
    deadline = open_deadline(application)
    return deadline.due_on if deadline else None


def check_waits_for_decision(application):
    """Raise Blocked, saying who moved it and when, unless the application is with the authoriser."""
    if application.state not in (State.RECOMMENDED, State.NOT_RECOMMENDED):
        raise Blocked(progression.already_moved(application))


def check_under_review(application):
    """Raise Blocked, saying who moved it and when, unless its refusal is being looked at again."""
    if application.state != State.UNDER_APPEAL:
        raise Blocked(progression.already_moved(application))


def pay_rests_on(application):
    """What could change between reading a decision's effect on pay and signing it, in a line. R22."""
    post = application.worker.post
    return f"Level {post.level}, point {post.spinal_point}"


def check_may_ask(application, *, today):
    """Raise Blocked with every reason why the worker cannot ask for a review today. R1, R19, R32."""
    if blocks := progression.blocks_on_asking_for_review(application, today=today):
        raise Blocked(blocks)


def check_lodgeable(application, *, grounds, today):
    """Raise Blocked unless the worker may ask today, and says why."""
    check_may_ask(application, today=today)
    if not grounds.strip():
        raise Blocked("Say why you ask.")


def blocks_on_opening_again(application):
    """Sentences, for others than its worker, of why a closed application cannot open again. R1."""
    other = progression.other_open(application)
    if other is None:
        return []
    whose = application.worker.name
    return [f"{whose} has another application open, {other.reference}: it must end before this opens again."]


def check_can_open_again(application):
    if blocks := blocks_on_opening_again(application):
        raise Blocked(blocks)


def check_unmet_have_their_statement(assessment):
    """Raise Blocked unless each criterion not met says what was found and what is required. R9, R18."""
    short = [
        finding
        for heading in selectors.findings_by_heading(assessment)
        for finding in heading.findings
        if finding.met is False and heading.lacks(finding)
    ]
    if short:
        raise Blocked("Each criterion not met needs what was found, what is required and by when.")


def explain_clash(clash, application, *, reader):
    """Raise Blocked if PostgreSQL refused a second open application, and the error itself otherwise. R1.

    In words for `reader`, without its number: after what was refused, nothing more is read.
    """
    if "application_one_open_a_worker" not in str(clash):
        raise clash
    if reader.pk == application.worker_id:
        raise Blocked("You have another application open. Finish it or withdraw it first.") from clash
    whose = application.worker.name
    raise Blocked(
        f"{whose} has just opened another application: it must end before this opens again."
    ) from clash


def _address(assessment, page, *args):
    return reverse(f"reviews:{page}", args=(assessment.application.reference, *args))
