"""The worker's answer to the change to their contract.

Each verb reads: lock, who, when, write, history, tell.
"""

from django.db import transaction

from payroll import policies, selectors
from payroll.models import Variation, WhyStopped
from payroll.notifications import ContractAccepted, ContractDeclined
from payroll.transitions import stop_form
from portfolios import portfolio_transitions as portfolios
from progression import notifications, permissions, reminders
from progression.models import DeadlineKind
from progression.selectors import who_acts
from progression.states import State
from progression.transitions import lock, move, record


@transaction.atomic
def accept_contract(application, *, actor, now):
    """Accept the change to one's contract: payroll may now change the pay. R23, R30.

    Returns the Variation.
    """
    application = lock(application, State.SENT_TO_PAYROLL)
    permissions.check_is_worker(actor, application)
    variation = _lock_variation(application)
    variation.answered_at = now
    variation.accepted = True
    variation.save(update_fields=["answered_at", "accepted"])
    event = record(application, actor=actor, verb="accepted the new contract", now=now)
    reminders.close(application, DeadlineKind.ANSWER_VARIATION, now=now)
    if selectors.open_query(application) is None:
        reminders.open_for_state(application, now=now)
    payroll = who_acts(application)
    notifications.queue(application, {one.pk: ContractAccepted for one in payroll}, event=event, now=now)
    return variation


@transaction.atomic
def decline_contract(application, *, actor, reason, now):
    """Decline the change to one's contract: the worker stays where they are, and the application ends. R23.

    Returns the Variation.
    """
    application = lock(application, State.SENT_TO_PAYROLL)
    permissions.check_is_worker(actor, application)
    variation = _lock_variation(application)
    policies.check_says_why_declined(reason)
    variation.answered_at = now
    variation.accepted = False
    variation.reason = reason.strip()
    variation.save(update_fields=["answered_at", "accepted", "reason"])
    stop_form(application, because=WhyStopped.DECLINED, actor=actor, now=now)
    portfolios.close(application.portfolio)
    payroll = who_acts(application)
    event = move(
        application,
        State.WITHDRAWN,
        actor=actor,
        verb="declined the new contract",
        now=now,
        reason=variation.reason,
    )
    notifications.queue(application, {one.pk: ContractDeclined for one in payroll}, event=event, now=now)
    return variation


def _lock_variation(application):
    """The change that waits for the worker's answer, locked."""
    variation = selectors.variation_of(application)
    policies.check_awaits_answer(variation)
    return Variation.objects.select_for_update(of=("self",)).get(pk=variation.pk)
