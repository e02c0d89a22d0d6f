"""A person's own page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from people import selectors
from people.permissions import allowed, check_can_delegate


@require_safe
def you(request):
    """Who the service thinks you are: what to have put right if it is wrong."""
    shown = {
        "post": selectors.post_of(request.user),
        "delegates": allowed(check_can_delegate, request.user),
    }
    return render(request, "people/you.html", shown)
