"""What a view that is refused answers, so that no view needs to catch it."""

from django.shortcuts import render

from people.permissions import NotAllowed
from people.policies import Blocked


class RefusalMiddleware:
    """Turns `NotAllowed` into a 403 page and `Blocked` into a 409 page, with the sentences they carry."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, NotAllowed):
            return render(request, "errors/403.html", {"sentence": exception.sentence}, status=403)
        if isinstance(exception, Blocked):
            return render(request, "errors/409.html", {"sentences": exception.sentences}, status=409)
        return None
