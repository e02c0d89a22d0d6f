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
            logger.exception("%s could not be issued", waiting)
            issuing.note_fault(waiting, fault)
