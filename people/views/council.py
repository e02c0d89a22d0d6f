"""To the council's own sign-in, and back."""

from functools import wraps

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from requests import RequestException

from people.council_sign_in import refused
from people.identities import PROVIDER
from people.provider import CouncilAdapter


def _where_it_is_set_up(view):
    @login_not_required
    @wraps(view)
    def asked(request):
        if not settings.SOCIALACCOUNT_PROVIDERS:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if request.user.is_authenticated:
            return redirect("/")
        return view(request)

    return asked


@_where_it_is_set_up
def council(request):
    """Send the browser there. A link, not a form: a form may lead to no other site, says our policy."""
    provider = get_adapter().get_provider(request, PROVIDER)
    try:
        return provider.redirect(request, "login", next_url=get_next_redirect_url(request))
    except (RequestException, ProviderException) as fault:
        return refused(request, type(fault).__name__)


@_where_it_is_set_up
def council_back(request):
    """The browser is back: take what it brings, once."""
    return OAuth2CallbackView.adapter_view(CouncilAdapter(request, PROVIDER))(request)
