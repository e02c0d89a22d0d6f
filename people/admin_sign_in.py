"""What an administrator does for somebody who cannot sign in any more."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import admin
from django.db import transaction
from django.utils import timezone

from people import account_letters, sessions
from people.sign_in_models import Letter, Session


class HelpsToSignIn:
    """Two actions on a list of people. Each ends their sessions, and they are told by e-mail."""

    actions = ("take_off_second_step", "forget_council_account")

    @admin.action(description="Take off the second step", permissions=["change"])
    def take_off_second_step(self, request, chosen):
        """For somebody who has lost their phone and their codes: once you know that it is them."""
        self._forget(request, chosen, Authenticator)

    @admin.action(description="Forget the council’s account", permissions=["change"])
    def forget_council_account(self, request, chosen):
        """For somebody whom the council has given another one: the next sign-in joins it anew."""
        self._forget(request, chosen, SocialAccount)

    @transaction.atomic
    def _forget(self, request, chosen, model):
        had = list(chosen.filter(pk__in=model.objects.values("user")))
        model.objects.filter(user__in=had).delete()
        for user in had:
            account_letters.ask_for(Letter.STEP_REMOVED, user.email, now=timezone.now())
        ended = list(Session.objects.filter(user__in=had).values_list("pk", flat=True))
        transaction.on_commit(lambda: sessions.end(ended))
        self.message_user(request, f"Done for {len(had)} of {len(chosen)}.")
