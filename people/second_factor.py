"""The second step of signing in: who must take it, and who has."""

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings

from people.roles import Role

AT_PROVIDER = "provider"


def must_be_used(user):
    """Whether `user` may decide, or download what is another's: every role but a social worker's.

    A demonstration asks nobody: its cast signs in with one password that everybody knows.
    """
    return not settings.DEMO and (user.role != Role.SOCIAL_WORKER or user.is_staff)


def was_used(request):
    """Whether this session began, or went on, with a second step. No query: the session says it."""
    return any(one["method"] == "mfa" for one in get_authentication_records(request, request.user))


def was_used_at_provider(request, user):
    """Whether the council's own sign-in says that it asked for the second step."""
    records = get_authentication_records(request, user)
    return any(one["method"] == "mfa" and one.get("type") == AT_PROVIDER for one in records)


def note_used(request, user, kind):
    """This session has used a second step of this kind: what was just set up, or the provider's."""
    record_authentication(request, user, "mfa", type=kind)


def steps_of(user):
    """What `user` has set up: the app or None, the passkeys, the recovery codes or None. One query."""
    found = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    by_kind = {one.type: one for one in found}
    passkeys = [one for one in found if one.type == Authenticator.Type.WEBAUTHN]
    return by_kind.get(Authenticator.Type.TOTP), passkeys, by_kind.get(Authenticator.Type.RECOVERY_CODES)


class SecondStep(AuthenticateStage):
    """allauth's stage of signing in, passed over where the council's own sign-in has asked already."""

    def _should_handle(self, request):
        return super()._should_handle(request) and not was_used_at_provider(request, self.login.user)


def records_of(user, *methods, at):
    """What a session says of somebody who signed in by these methods at this moment. For tests."""
    return {
        AUTHENTICATION_METHODS_SESSION_KEY: [{"method": method, "at": at} for method in methods],
        _AUTHENTICATION_METHODS_USER_SESSION_KEY: user_id_to_str(user),
    }
