"""The sign-in page: every way in that there is."""

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from django.conf import settings
from django.utils.http import urlencode

from people.demo_cast import DEMO_CAST, PASSWORD


class SignInView(LoginView):
    """allauth's, which knows of the council's own sign-in, and of the demo cast."""

    def get_context_data(self, **kwargs):
        going = get_next_redirect_url(self.request)
        return super().get_context_data(**kwargs) | {
            "council": settings.OIDC_NAME if settings.SOCIALACCOUNT_PROVIDERS else "",
            "going": f"?{urlencode({'next': going})}" if going else "",
            "demo_cast": DEMO_CAST,
            "demo_password": PASSWORD,
        }
