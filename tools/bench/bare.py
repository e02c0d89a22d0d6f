"""L, which every page is measured against: a 20 kB template, a session, a signed-in user, one query."""

from django.db import connection
from django.http import HttpResponse
from django.template import engines

from people.models import Team

_PARAGRAPH = (
    "<p>A paragraph of a static page, as long as most of those that people write in a form like ours.</p>\n"
)
_TEMPLATE = (
    "<!doctype html><title>Bare</title>\n"
    + _PARAGRAPH * (20_000 // len(_PARAGRAPH))
    + "{{ name }} {{ teams }}"
)


def bare(request):
    """The bare page. Its only query beyond the session's and the user's counts the teams."""
    page = engines["jinja2"].from_string(_TEMPLATE)
    return HttpResponse(page.render({"name": request.user.name, "teams": Team.objects.count()}))


def count_queries(get_response):
    """Middleware: answers a request that asks for it with the number of its SQL queries in a header."""

    def middleware(request):
        if "X-Count-Queries" not in request.headers:
            return get_response(request)
        count = 0

        def counting(execute, sql, params, many, context):
            nonlocal count
            count += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counting):
            response = get_response(request)
        response["X-Queries"] = str(count)
        return response

    return middleware
