"""Pages of a worker's evidence and portfolio. To everybody else they do not exist."""

from functools import wraps

from django.http import Http404

from portfolios import permissions


def worker_page(view):
    """A page that only a social worker in post has: 404 for other people."""

    @wraps(view)
    def for_worker(request, *args, **kwargs):
        if not permissions.keeps_evidence(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return for_worker
