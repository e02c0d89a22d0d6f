"""What Celery does for payroll: makes the documents that wait to be made."""

import logging

from celery import shared_task
from django.utils import timezone

from payroll import issuing, transitions
from payroll.models import Letter, PayForm

logger = logging.getLogger(__name__)

ISSUE = {PayForm: transitions.issue, Letter: transitions.issue_letter}


@shared_task
def issue_documents():
    """Issue all that waits. Beat and each decision start it; however many run at once, all is well."""
    while waiting := issuing.claim(now=timezone.now()):
        try:
            ISSUE[type(waiting)](waiting, now=timezone.now())
        except Exception as fault:
            # Its traceback could quote what it was making: the kind of fault is enough.
            logger.error("%s could not be issued: %s", waiting, type(fault).__name__)  # noqa: TRY400
            issuing.note_fault(waiting, fault)
