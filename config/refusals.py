"""What a view that is refused answers, so that no view needs to catch it."""

import logging
import re

from django.core.mail import mail_admins
from django.db import DatabaseError
from django.shortcuts import render

from config.typed import typed
from config.views import bad_request
from people import audit
from people.permissions import NotAllowed
from people.policies import Alarming, Blocked

log = logging.getLogger(__name__)

REFERENCE = re.compile(r"APP-\d{4}-\d{4,8}")


class RefusalMiddleware:
    """Turns `NotAllowed` into a 403 page and `Blocked` into a 409 page, with the sentences they carry.

    An address that only takes what a form sends answers a page, too, to whoever opens or reloads it.
    Django's admin breaks on values that its own pages never send: 400.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code in (403, 404):
            _note_denied(request, response.status_code)
        if response.status_code == 405 and request.method == "GET":
            page = render(request, "errors/405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, NotAllowed):
            page = {"sentence": exception.sentence, "typed": typed(request)}
            return render(request, "errors/403.html", page, status=403)
        if isinstance(exception, Alarming):
            _alert(exception.alert)
        if isinstance(exception, Blocked):
            page = {"sentences": exception.sentences, "typed": typed(request)}
            return render(request, "errors/409.html", page, status=409)
        if isinstance(exception, ValueError) and _in_admin(request):
            log.warning("The admin was sent what its pages do not send", exc_info=exception)
            return bad_request(request)
        return None


def _alert(words):
    """Tell whoever looks after the service: in the audit, in the log, and by mail to ALERT_EMAIL."""
    audit.note(audit.AuditEntry.Kind.ALERT, words=words)
    log.critical("ALERT: %s", words)
    mail_admins("Alert", words, fail_silently=True)


def _note_denied(request, status):
    """What somebody signed in asked for and did not get: by an address that names it, or a page of others."""
    match, user = request.resolver_match, getattr(request, "user", None)
    if match is None or user is None or not user.is_authenticated:
        return
    if not match.kwargs and status == 404:  # a draft that was never begun, a file that is not made yet
        return
    reference = str(match.kwargs.get("reference", ""))
    words = f"{status} {reference}" if REFERENCE.fullmatch(reference) else str(status)
    try:
        audit.note(audit.AuditEntry.Kind.DENIED, words=words)
    except DatabaseError as fault:  # the answer gives nothing away without it
        log.error("A denial could not be noted: %s", type(fault).__name__)


def _in_admin(request):
    return request.resolver_match is not None and request.resolver_match.app_name == "admin"
