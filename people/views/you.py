"""A person's own page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from people import selectors


@require_safe
def you(request):
    """Who the service thinks you are: what to have put right if it is wrong."""
    return render(request, "people/you.html", {"post": selectors.post_of(request.user)})
