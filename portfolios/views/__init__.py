"""Pages of a worker's evidence and portfolio. To everybody else they do not exist."""

from functools import wraps

from django.http import Http404
from django.utils import timezone

from portfolios import permissions, selectors


def worker_page(view):
    """A page that only a social worker in post has: 404 for other people."""

    @wraps(view)
    def for_worker(request, *args, **kwargs):
        if not permissions.keeps_evidence(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return for_worker


def gathered_for(request):
    """The worker's open portfolio, or None and what their evidence is gathered for meanwhile."""
    portfolio = selectors.open_portfolio(request.user)
    return portfolio, None if portfolio else selectors.aim_of(request.user, today=timezone.localdate())
