"""The audit, for auditors: searched, page by page, and its chain checked."""

from contextlib import suppress
from dataclasses import asdict
from datetime import date

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from people.models import AuditEntry
from progression import audit_selectors, audit_transitions, permissions
from progression.audit_forms import AuditSearchForm
from progression.audit_selectors import Sought

MOST = 2**63 - 1


@require_http_methods(["GET", "HEAD", "POST"])
def audit(request):
    """The entries of the reader's services. A search is sent by POST: a name belongs in no address."""
    permissions.check_reads_audit(request.user)
    form = AuditSearchForm(request.POST or None, auditor=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(reverse("progression:audit") + _query(form.sought))
    # A search that is refused shows no answer to the one before it.
    sought = Sought() if form.errors else _sought_in(request.GET)
    lines, more = audit_selectors.entries(request.user, sought, before=_number(request.GET.get("before")))
    checked, checking = audit_selectors.last_check()
    return render(
        request,
        "progression/audit.html",
        {
            "form": form,
            "lines": lines,
            "older": more and reverse("progression:audit") + _query(sought, before=more),
            "narrowed": sought != Sought(),
            "checked": checked,
            "checking": checking,
        },
    )


@require_POST
def check(request):
    """Have the whole chain checked."""
    audit_transitions.ask_for_check(actor=request.user, now=timezone.now())
    messages.success(request, "The chain is being checked. Come back in a minute")
    return redirect("progression:audit")


def _query(sought, **more):
    """What is sought as an address says it: numbers of people and cases, and no name."""
    said = {name: value for name, value in (asdict(sought) | more).items() if value and value != "either"}
    return f"?{urlencode(said)}" if said else ""


def _sought_in(params):
    """What an address asks for. What makes no sense is passed over."""
    kind, role = params.get("kind", ""), params.get("role", "")
    return Sought(
        person=_number(params.get("person")),
        role=role if role in ("did", "about") else "either",
        application=_number(params.get("application")),
        kind=kind if kind in AuditEntry.Kind.values else "",
        since=_day(params.get("since", "")),
        until=_day(params.get("until", "")),
    )


def _number(typed):
    if typed and typed.isascii() and typed.isdigit() and int(typed) <= MOST:
        return int(typed)
    return None


def _day(typed):
    with suppress(ValueError):
        day = date.fromisoformat(typed)
        return day if date(1970, 1, 1) <= day <= date(9000, 1, 1) else None
    return None
