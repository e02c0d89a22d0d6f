"""What a view that is refused answers, so that no view needs to catch it."""

from django.shortcuts import render

from config.typed import typed
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
            page = {"sentence": exception.sentence, "typed": typed(request)}
            return render(request, "errors/403.html", page, status=403)
        if isinstance(exception, Blocked):
            page = {"sentences": exception.sentences, "typed": typed(request)}
            return render(request, "errors/409.html", page, status=409)
        return None
