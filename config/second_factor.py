"""Nobody decides, or downloads what is another's, without a second step: at every page but those for it."""

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from config.typed import typed
from people import second_factor


class SecondFactorMiddleware:
    """Sends whoever must use a second step and has not to set it up; what they typed is given back.

    It asks the session alone: no query. A change of role counts at the next request.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True) or getattr(view, "before_second_factor", False):
            return None
        if not second_factor.must_be_used(request.user) or second_factor.was_used(request):
            return None
        if request.method == "POST" and (words := typed(request)):
            return render(request, "errors/second_step.html", {"typed": words}, status=403)
        going = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()}) if request.method == "GET" else ""
        response = redirect("mfa_index")
        response["Location"] += f"?{going}" if going else ""
        return response
