"""Where somebody is signed in, ending that elsewhere, and how long it lasts here."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people import sessions, sign_in_log
from people.who import prolongs_nothing


@require_safe
def listed(request):
    """Every session of the reader's, this one marked."""
    found = sessions.open_sessions(request.user)
    here = request.session.session_key
    shown = [(one, _mark(one), one.session_key == here) for one in found]
    return render(request, "account/sessions.html", {"sessions": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def end(request, mark):
    """Ask first, then end one session of the reader's own on another device."""
    others = [one for one in _others(request) if _mark(one) == mark]
    if not others:
        raise Http404
    if request.method != "POST":
        return render(request, "account/end_session.html", {"session": others[0]})
    return _ended(request, others)


@require_http_methods(["GET", "HEAD", "POST"])
def end_others(request):
    """Ask first, then end all of the reader's sessions but this one."""
    others = _others(request)
    if request.method != "POST":
        return render(request, "account/end_other_sessions.html", {"sessions": others})
    return _ended(request, others)


@require_safe
@prolongs_nothing
@login_not_required
def time_left(request):
    """Seconds until the session ends for want of use, and whatever happens. Asking prolongs nothing."""
    if not request.user.is_authenticated:
        return JsonResponse({"idle": 0, "longest": 0})
    idle, longest = sessions.seconds_left(request.session)
    return JsonResponse({"idle": idle, "longest": longest})


@require_POST
def stay(request):
    """Somebody is still there: the session goes on. Answers as `time_left`."""
    sessions.note_use(request.session, every=0)
    idle, longest = sessions.seconds_left(request.session)
    return JsonResponse({"idle": idle, "longest": longest})


def _others(request):
    here = request.session.session_key
    return [one for one in sessions.open_sessions(request.user) if one.session_key != here]


def _ended(request, others):
    sessions.end([one.session_key for one in others])
    if others:
        sign_in_log.sessions_ended(request.user, len(others))
    messages.success(request, "Signed out there" if len(others) == 1 else "Signed out everywhere else")
    return redirect("sessions")


def _mark(session):
    """What an address calls a session: its key opens it, so that is nowhere to be read."""
    return hashlib.sha256(b"session:" + session.session_key.encode()).hexdigest()[:16]
