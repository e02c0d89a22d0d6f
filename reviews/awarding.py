"""What a decision for the worker gives, and the form that tells payroll of a decision either way."""

from django.utils import timezone

from payroll import policies as payroll
from payroll.selectors import pay_change
from payroll.transitions import Judgement, open_form
from reviews import policies


def give(application, *, actor, today):
    """Put on the locked application from when the award runs and who gives it. R15, R17, R31.

    Returns what the history says of it.
    """
    application.effective_date = policies.award_date(application)
    change = pay_change(application, effective_from=application.effective_date, today=today)
    payroll.check_can_progress(application, change)
    application.authoriser = actor
    return {
        "from_point": change.from_point,
        "to_point": change.to_point,
        "effective_date": change.effective_from.isoformat(),
    }


def tell_payroll(application, assessment, *, progressed, actor, on_behalf_of=None, reasons="", now):
    """Have payroll told, by the form that repeats the findings and the decision. R13.

    `actor` decided, `on_behalf_of` somebody if they stood in: the form names both.
    """
    open_form(
        application,
        submission=assessment.submission,
        judgement=Judgement(
            progressed=progressed,
            effective_from=application.effective_date if progressed else None,
            criteria_met=assessment.recommended or not assessment.findings.exclude(met=True).exists(),
            declared={declaration.code: declaration.shown for declaration in assessment.declarations.all()},
            reasons=reasons,
            line_manager=assessment.assessor.name_for(assessment.on_behalf_of),
            line_manager_signed_on=assessment.signed_on,
            authoriser=actor.name_for(on_behalf_of),
            authorised_on=timezone.localdate(now),
            precis=assessment.precis,
        ),
        now=now,
    )
