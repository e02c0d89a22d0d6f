"""A form that cannot be taken gives its sender back what was typed: no hour of words goes with a session."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.shortcuts import render

SECRET = "password"  # noqa: S105 - part of a field's name


def typed(request):
    """The sentences that came with this request, if one of our own pages sent them; else nothing."""
    if request.headers.get("origin") != f"{request.scheme}://{request.get_host()}":
        return []
    return [
        value
        for name, values in request.POST.lists()
        for value in values
        if SECRET not in name and " " in value.strip()
    ]


def csrf_failure(request, reason=""):
    """403: the form's safety token did not match: an old tab, or cookies switched off."""
    return render(request, "errors/csrf.html", {"typed": typed(request)}, status=403)


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends whoever is not signed in to do so; with words in hand, by way of a page that gives them back."""

    def handle_no_permission(self, request, view_func):
        if request.method == "POST" and (words := typed(request)):
            return render(request, "errors/signed_out.html", {"typed": words}, status=403)
        return super().handle_no_permission(request, view_func)
