"""What a view that is refused answers, so that no view needs to catch it."""

import logging

from django.shortcuts import render
from redis.exceptions import RedisError

from config.typed import typed
from config.views import bad_request, out_of_order
from people.permissions import NotAllowed
from people.policies import Blocked

log = logging.getLogger(__name__)


class RefusalMiddleware:
    """Turns `NotAllowed` into a 403 page and `Blocked` into a 409 page, with the sentences they carry.

    Without Redis nobody counts wrong passwords, so nobody signs in: 503. All other pages do without it.

    Django's admin breaks on values that its own pages never send: 400.
    """

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
        if isinstance(exception, RedisError):
            log.error("Redis does not answer: %s", type(exception).__name__)
            return out_of_order(request)
        if isinstance(exception, ValueError) and _in_admin(request):
            log.warning("The admin was sent what its pages do not send", exc_info=exception)
            return bad_request(request)
        return None


def _in_admin(request):
    return request.resolver_match is not None and request.resolver_match.app_name == "admin"
