"""Signing in with the council's own account: what allauth asks of us on the way."""

import hmac
import logging

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from people import account_letters, identities, second_factor, sign_in_log
from people.sign_in_models import Letter

log = logging.getLogger(__name__)


class CouncilSignIn(DefaultSocialAccountAdapter):
    """Nobody gets an account by it: it opens the one that somebody who works here has."""

    def is_open_for_signup(self, request, sociallogin):
        return False

    def pre_social_login(self, request, sociallogin):
        """Check the nonce; find whose identity it is, or join it, once, to whoever has its address."""
        claims = sociallogin.claims
        if not hmac.compare_digest(str(claims["nonce"]), sociallogin.state.get("nonce", "")):
            raise ImmediateHttpResponse(refused(request, "the token answers another request"))
        sociallogin.token = None
        if not sociallogin.is_existing:
            self._join(request, sociallogin)
        if not sociallogin.user.is_active:
            sign_in_log.failed(sociallogin.user, "council’s account of a leaver")
            raise ImmediateHttpResponse(unknown(request))
        if identities.used_second_step(claims, enforced=settings.OIDC_ENFORCES_SECOND_STEP):
            second_factor.note_used(request, sociallogin.user, second_factor.AT_PROVIDER)

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        if error == AuthError.CANCELLED:
            messages.warning(request, "You did not sign in with the council’s account")
            raise ImmediateHttpResponse(redirect("account_login"))
        raise ImmediateHttpResponse(refused(request, type(exception).__name__ if exception else str(error)))

    def _join(self, request, sociallogin):
        address = identities.address_in(sociallogin.claims, trusted=settings.OIDC_TRUST_USERNAMES)
        user = identities.to_join(address)
        if user is None:
            sign_in_log.failed(None, "council’s account of nobody here")
            raise ImmediateHttpResponse(unknown(request))
        sociallogin.user = sociallogin.account.user = user
        sociallogin.account.save()
        account_letters.ask_for(Letter.LINKED, user.email, now=timezone.now())


def refused(request, why):
    """The page of a sign-in that does not hold; why stands in the log alone."""
    log.warning("The council’s sign-in was refused: %s", why)
    sign_in_log.failed(None, "council’s sign-in does not hold")
    return render(request, "account/council_refused.html", status=403)


def unknown(request):
    """The page for whoever the council knows and this service does not."""
    return render(request, "account/council_unknown.html", status=403)
