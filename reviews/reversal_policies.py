"""*When* an authorisation made in error may be taken back, by two people. R15."""

from django.utils.formats import date_format
from django.utils.timezone import localtime

from people.policies import Blocked
from progression import policies as progression
from progression.models import Application
from progression.states import State
from reviews import policies
from reviews.models import Appeal

REVERSIBLE = (State.AUTHORISED, State.SENT_TO_PAYROLL, State.IMPLEMENTED)


def blocks_on_reversing(application):
    """Sentences, each a reason why nothing can be taken back here. R1, R15, R21."""
    if application.state not in REVERSIBLE:
        return [progression.already_moved(application)]
    if Appeal.objects.filter(application=application, upheld=True).exists():
        name = application.scheme.rules.appeal.name.lower()
        return [f"This rests on a decided {name}, which is final. It cannot be taken back."]
    if application.is_open:
        return []
    return policies.blocks_on_opening_again(application) + _blocks_of_a_later_award(application)


def _blocks_of_a_later_award(application):
    """A sentence where the worker has progressed from the level that this gave. R1, R22."""
    later = Application.objects.filter(
        worker=application.worker_id,
        state=State.IMPLEMENTED,
        step__from_level__number__gte=application.step.to_level.number,
    ).first()
    if later is None:
        return []
    whose = application.worker.name
    return [f"{whose} has progressed again since, by {later.reference}: take that back first."]


def check_reversible(application):
    if blocks := blocks_on_reversing(application):
        raise Blocked(blocks)


def check_not_asked(reversal):
    """Raise Blocked while somebody's request to take the authorisation back waits for its answer."""
    if reversal is not None:
        at = date_format(localtime(reversal.asked_at), "j F Y")
        who = reversal.asked_by.named_with(reversal.asked_for)
        raise Blocked(f"{who} asked for this on {at}: a second person answers it.")


def check_asked(reversal):
    """Raise Blocked unless somebody's request to take the authorisation back waits for its answer."""
    if reversal is None:
        raise Blocked("Nobody asks to take this authorisation back, or it has been answered.")
