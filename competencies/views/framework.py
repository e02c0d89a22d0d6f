"""The framework, for reading and printing. Everybody who signs in may read every scheme."""

from django.http import Http404
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from competencies import selectors
from competencies.models import Scheme
from people.roles import Role
from people.selectors import post_of


@require_safe
def framework(request):
    """What a worker's next level asks; for everybody else, the schemes to choose from."""
    if request.user.role != Role.SOCIAL_WORKER:
        return _schemes(request)
    step, why_none = selectors.next_step(post_of(request.user), today=localdate())
    if step is None:
        return _schemes(request, why_none)
    return _step(request, step, is_next=True)


@require_safe
def schemes(request):
    return _schemes(request)


@require_safe
def step(request, code, level):
    """What a level asks in the version that applications begun today fall under."""
    try:
        version = selectors.current_scheme(code, today=localdate()).version
    except Scheme.DoesNotExist as none:
        raise Http404 from none
    return step_of_version(request, code, version, level)


@require_safe
def step_of_version(request, code, version, level):
    """What a level asked in one version: an application stays on the version it began under."""
    found = selectors.step_of_version(code, version, level)
    if found is None:
        raise Http404
    return _step(request, found)


def _schemes(request, why_none=None):
    context = {"schemes": selectors.current_schemes(today=localdate()), "why_none": why_none}
    return render(request, "competencies/schemes.html", context)


def _step(request, step, *, is_next=False):
    today = localdate()
    context = {
        "step": step,
        "rules": step.rules,
        "asked": selectors.asked_by(step.pk),
        "declarations": selectors.declarations_for(step),
        "desirables": selectors.desirables_for(step),
        "points": selectors.points_of_new_level(step, on=today),
        "is_next": is_next,
        "today": today,
    }
    return render(request, "competencies/step.html", context)
