"""A person's own page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from people import second_factor, selectors
from people.permissions import allowed, check_can_delegate


@require_safe
def you(request):
    """Who the service thinks you are: what to have put right if it is wrong."""
    app, passkeys, _ = second_factor.steps_of(request.user)
    set_up = [name for name, there in (("App", app), ("Passkey", passkeys)) if there]
    shown = {
        "second_step": " and ".join(set_up).capitalize() if set_up else "Not set up",
        "post": selectors.post_of(request.user),
        "delegates": allowed(check_can_delegate, request.user),
    }
    return render(request, "people/you.html", shown)
