"""Who sent a request: the person whose session it is, as the database has both at this moment.

Redis may still hold a copy of a session that was ended while Redis was away. So the one query that reads the
person, whose role and leaving count at once, asks for the session's row too: without it nobody is signed in.
"""

from contextvars import ContextVar

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.utils.functional import SimpleLazyObject

from people import sessions
from people.models import User
from people.sign_in_models import Session

_session_key = ContextVar("session_key", default=None)


class Backend(AuthenticationBackend):
    """allauth's, which looks for the session beside the person."""

    def get_user(self, user_id):
        people = User.objects.filter(pk=user_id, is_active=True)
        if key := _session_key.get():
            people = people.filter(pk__in=Session.objects.filter(session_key=key).values("user"))
        return people.first()


class WhoMiddleware(AuthenticationMiddleware):
    """Django's, for sessions that end: one that is over is nobody's, and one that is used goes on."""

    def process_request(self, request):
        super().process_request(request)
        if SESSION_KEY in request.session and sessions.is_over(request.session):
            request.session.flush()
        request.user = SimpleLazyObject(lambda: _user(request))

    def process_view(self, request, view, args, kwargs):
        if SESSION_KEY in request.session and not getattr(view, "prolongs_nothing", False):
            sessions.note_use(request.session)


def prolongs_nothing(view):
    """A view that asks about the session is no use of it."""
    view.prolongs_nothing = True
    return view


def _user(request):
    if not hasattr(request, "_cached_user"):
        token = _session_key.set(request.session.session_key)
        try:
            request._cached_user = get_user(request)
        finally:
            _session_key.reset(token)
    return request._cached_user
