"""How signing in behaves where it differs from allauth's own way."""

import base64
import hashlib
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from people import account_letters, devices, second_factor, sessions, sign_in_log
from people.models import User
from people.sign_in_models import Letter

FRESH = 10 * 60
"""Seconds since somebody last proved who they are, within which they may change how they sign in."""

MESSAGES = {
    "account/messages/password_changed.txt": "Your password is changed",
    "mfa/messages/totp_deactivated.txt": "The app is removed",
    "mfa/messages/webauthn_removed.txt": "The passkey is removed",
}
LETTERS = {
    "account/email/password_changed": Letter.NEW_PASSWORD,
    "account/email/password_reset": Letter.NEW_PASSWORD,
    "mfa/email/totp_activated": Letter.STEP_ADDED,
    "mfa/email/webauthn_added": Letter.STEP_ADDED,
    "mfa/email/totp_deactivated": Letter.STEP_REMOVED,
    "mfa/email/webauthn_removed": Letter.STEP_REMOVED,
    "mfa/email/recovery_codes_generated": Letter.NEW_CODES,
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up, a leaver cannot sign in, and a person locked out is told for how long."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The email address or the password is wrong",
        "enter_current_password": "Enter your current password: this one is wrong",
        "incorrect_password": "This password is wrong",
        "too_many_login_attempts": "Too many wrong tries: wait 5 minutes, then try again",
        "rate_limited": "Too many wrong tries: wait 5 minutes, then try again",
    }

    def is_open_for_signup(self, request):
        return False

    def pre_authenticate(self, request, **credentials):
        """Count this try; past the limit show the lock-out page, whether the address exists or not."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as too_many:
            sign_in_log.failed(_whose(credentials), "locked")
            raise ImmediateHttpResponse(render(request, "account/locked.html", status=429)) from too_many

    def authenticate(self, request, **credentials):
        """The person, or None: for a leaver too, with the same words as a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def authentication_failed(self, request, **credentials):
        sign_in_log.failed(_whose(credentials), "wrong password")

    def login(self, request, user):
        """Begin a session of theirs, and note it."""
        super().login(request, user)
        sessions.begin(
            request.session,
            device=devices.called(request.headers.get("user-agent", "")),
            network=devices.network(self.get_client_ip(request)),
        )
        sign_in_log.signed_in(user)

    def logout(self, request):
        if request.user.is_authenticated:
            sign_in_log.signed_out(request.user)
        super().logout(request)

    def get_login_stages(self):
        return ["people.second_factor.SecondStep"]

    def is_reauthentication_required(self, *, app, **kwargs):
        """Whether they proved who they are too long ago, or by too little, to change how they sign in."""
        request = context.request
        records = get_authentication_records(request, request.user)
        if not records or time.time() - records[-1]["at"] > FRESH:
            if not self.get_reauthentication_methods(request.user):
                # Only the council's own sign-in knows them: allauth would ask for nothing.
                raise ImmediateHttpResponse(render(request, "account/sign_in_anew.html", status=403))
            return True
        return not second_factor.was_used(request) and is_mfa_enabled(request.user)

    def get_reauthentication_methods(self, user):
        """The second step alone where there is one: the password is only half of what protects it."""
        methods = super().get_reauthentication_methods(user)
        return [one for one in methods if one["id"] != "reauthenticate"] or methods

    def send_mail(self, template_prefix, email, context):
        """Nothing is sent within a request: what is to be told goes through people/account_letters.py."""
        raise NotImplementedError(template_prefix)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        if kind := LETTERS.get(template_prefix):
            account_letters.ask_for(kind, user.email, now=timezone.now())

    def respond_user_inactive(self, request, user):
        return redirect("account_login")

    def get_password_change_redirect_url(self, request):
        return reverse("people:you")

    def add_message(
        self, request, level, message_template=None, message_context=None, extra_tags="", message=None
    ):
        """allauth greets and takes leave by message; only what a person needs to know stays, in our words."""
        if words := MESSAGES.get(message_template, message):
            super().add_message(request, level, message=words)


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets of apps and recovery codes are kept encrypted: a copy of the database opens no account."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is wrong, or too old",
        "cannot_delete_authenticator": "You need a second step in your role. Set up another first.",
    }

    def encrypt(self, text):
        return _locks().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _locks().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator):
        """The last one stays with whoever must have one."""
        user = authenticator.user
        app, passkeys, _ = second_factor.steps_of(user)
        return len(passkeys) + (app is not None) > 1 or not second_factor.must_be_used(user)

    def generate_authenticator_name(self, user, type):
        return devices.called(context.request.headers.get("user-agent", ""))

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}


def _locks():
    """What encrypts with SECRET_KEY, and decrypts with that or one that it replaced."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second step:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in digests])


def _whose(credentials):
    """Whoever has this address, or None. Asked for whichever address, so that it takes equally long."""
    return User.objects.filter(email=credentials.get("email", "").lower()).first()
