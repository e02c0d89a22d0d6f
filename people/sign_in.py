"""How signing in behaves where it differs from allauth's own way."""

import logging
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

log = logging.getLogger(__name__)

MESSAGES = {"account/messages/password_changed.txt": "Your password is changed"}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up, a leaver cannot sign in, and a person locked out is told for how long."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The email address or the password is wrong",
        "enter_current_password": "Enter your current password: this one is wrong",
    }

    def is_open_for_signup(self, request):
        return False

    def pre_authenticate(self, request, **credentials):
        """Count this try; past the limit show the lock-out page, whether the address exists or not."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as too_many:
            raise ImmediateHttpResponse(render(request, "account/locked.html", status=429)) from too_many

    def authenticate(self, request, **credentials):
        """The person, or None: for a leaver too, with the same words as a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def send_mail(self, template_prefix, email, context):
        """Send it, or say in the log why not: an answer of its own would tell who has an account here."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as fault:
            log.error("A message about a password was not sent: %s", type(fault).__name__)

    def respond_user_inactive(self, request, user):
        return redirect("account_login")

    def get_password_change_redirect_url(self, request):
        return reverse("people:you")

    def add_message(
        self, request, level, message_template=None, message_context=None, extra_tags="", message=None
    ):
        """allauth greets and takes leave by message; only what a person needs to know stays, in our words."""
        if words := MESSAGES.get(message_template):
            super().add_message(request, level, message=words)
