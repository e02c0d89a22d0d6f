"""The pages that say what went wrong, in our clothes."""

from contextlib import suppress

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from config.pages import bare_chrome
from config.typed import typed


def bad_request(request, exception=None):
    """400: the reader may not be known yet, so the page asks nothing about them."""
    return _bare(request, "errors/400.html", 400)


def not_allowed(request, exception=None):
    """403: signed in, but this is not theirs to do."""
    return render(request, "errors/403.html", status=403)


def not_found(request, exception=None):
    """404: no such page, or nothing of it that this reader may know of."""
    return render(request, "errors/404.html", status=404)


def too_many_requests(request):
    """429: the same address or person has asked too often."""
    return render(request, "errors/429.html", status=429)


def broken(request):
    """500: works without database, session or Redis, since one of them may be what broke."""
    words = []
    with suppress(OSError):  # the browser may be what broke off
        words = typed(request)
    return _bare(request, "errors/500.html", 500, typed=words)


def _bare(request, template, status, **context):
    return HttpResponse(render_to_string(template, bare_chrome(request) | context), status=status)
