"""What holds for every answer, whichever page gives it."""

from django.http import HttpResponseNotAllowed

METHODS = ("GET", "HEAD", "POST")


class MethodMiddleware:
    """Answers 405 to every method but the three that pages know, before session or database is asked.

    The admin's and allauth's pages would take PUT for POST, and answer OPTIONS.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)


class NotKeptMiddleware:
    """No browser or proxy keeps an answer, unless its view says so: on a shared computer, Back shows none."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
