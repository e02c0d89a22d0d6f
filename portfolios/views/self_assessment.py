"""Self-assessment: where the worker says that they stand, heading by heading. Nobody else reads it here."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portfolios import self_assessment_selectors as selectors
from portfolios.family_data_words import self_of, written_about
from portfolios.selectors import current_portfolio
from portfolios.self_assessment_forms import StandForm
from portfolios.self_assessment_transitions import SaidElsewhere, say_where_you_stand
from portfolios.views import worker_page


@require_safe
@worker_page
def self_assessment(request):
    """Every heading that the worker's step is judged on, and how much of it they have answered."""
    current = current_portfolio(request.user)
    step, why_not = selectors.step_ahead(request.user, current, today=timezone.localdate())
    shown = {"step": step, "why_not": why_not, "portfolio": current}
    if step:
        shown["overview"] = selectors.overview(request.user, step)
    return render(request, "portfolios/self_assessment/overview.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def heading(request, code):
    """One heading, criterion by criterion. What is left open stays open."""
    current = current_portfolio(request.user)
    step, _ = selectors.step_ahead(request.user, current, today=timezone.localdate())
    asked = selectors.heading_of(step, code)
    if asked is None:
        raise Http404
    rows = selectors.about_heading(request.user, asked)
    form = StandForm(rows=rows)
    if request.method == "POST":
        stay = [told for one in rows if one.now for told in one.now.stays]
        about = self_of(request.user)
        written = written_about(request.user, by=request.user, about=about, stay=stay)
        form = StandForm(request.POST, rows=rows, written=written)
    shown = {"form": form, "competency": asked.competency, "step": step}
    if not form.is_valid():
        return render(request, "portfolios/self_assessment/heading.html", shown)
    try:
        say_where_you_stand(
            request.user,
            actor=request.user,
            heading=asked,
            answers=form.answers(),
            stays=form.reasons(),
            seen=form.cleaned_data["seen"],
            now=timezone.now(),
        )
    except SaidElsewhere as elsewhere:
        form.write_over(elsewhere.rows)
        shown["saved"] = [one for one in elsewhere.rows if one.now]
        return render(request, "portfolios/self_assessment/heading.html", shown, status=409)
    after = selectors.heading_after(step, asked)
    if "next" in request.POST and after:
        return redirect("portfolios:self_assessment_heading", after.competency.code)
    messages.success(request, f"{asked.competency.name} saved")
    return redirect("portfolios:self_assessment")
