"""Somebody else is to judge a case."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from progression import access, judges, permissions, recusal_transitions, selectors
from progression.recusal_forms import StepBackForm


@require_http_methods(["GET", "HEAD", "POST"])
def step_back(request, reference):
    """Who takes it over and why, and the page to check."""
    application = access.get_visible_or_404(request.user, reference)
    judge = permissions.check_can_step_back(request.user, application)
    capacity = judges.CAPACITY_OF_OWNER[application.stage.owner]
    oversees = judge.how == "overseer"
    person = selectors.last_asked_to_judge(application, capacity) if oversees else request.user
    others = [one for one in judges.may_take_over(application, capacity) if one.pk != person.pk]
    form = StepBackForm(request.POST or None, application=application, capacity=capacity, people=others)
    if form.confirmed:
        answers = form.answers()
        recusal_transitions.recuse(application, actor=request.user, **answers, now=timezone.now())
        messages.success(request, f"{application.reference} handed to {answers['handed_to'].name}")
        return redirect("progression:case", reference)
    shown = {
        "application": application,
        "form": form,
        "capacity": capacity,
        "instead_of": person if oversees else None,
        "nobody": not others,
    }
    page = "check_step_back" if form.to_check else "step_back"
    return render(request, f"progression/{page}.html", shown)
