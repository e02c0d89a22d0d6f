"""What Celery does for payroll: makes the documents of the forms that wait for theirs."""

import logging

from celery import shared_task
from django.utils import timezone

from payroll import transitions

logger = logging.getLogger(__name__)


@shared_task
def issue_forms():
    """Issue every form that waits. Beat and each decision start it; however many run at once, all is well."""
    while pay_form := transitions.claim(now=timezone.now()):
        try:
            transitions.issue(pay_form, now=timezone.now())
        except Exception as fault:
            logger.exception("%s could not be issued", pay_form)
            transitions.note_fault(pay_form, fault)
