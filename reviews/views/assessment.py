"""The manager's assessment of a portfolio, page by page, and what others read of it once it is signed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from competencies import selectors as competencies
from portfolios.supervision_selectors import checklist_of, training_of
from progression.access import get_visible_or_404
from progression.models import Capacity
from progression.permissions import check_can_assess, check_can_read_findings, stands_in_for
from reviews import policies, selectors, transitions
from reviews.family_words import look_through, reasons_in, reasons_kept
from reviews.forms import DeclarationsForm, HeadingForm, RecommendationForm, ReturnForm, SignForm
from reviews.models import Part

asks_and_saves = require_http_methods(["GET", "HEAD", "POST"])


@asks_and_saves
def assessment(request, reference):
    """The assessment as a task list; POST begins it."""
    application = _to_assess(request.user, reference)
    judged = selectors.competencies_judged(application)
    if request.method == "POST":
        transitions.begin_assessment(application, actor=request.user, now=timezone.now())
        return redirect("reviews:assess_heading", reference, judged[0].code)
    submission = selectors.latest_submission(application)
    begun = selectors.assessment_of(submission, application)
    shown = {
        "assessment": begun,
        "overview": begun and selectors.overview(begun),
        "judged": judged,
        "submission": submission,
        "desirables": selectors.desirables(application),
        "expected": policies.short_service(application, today=timezone.localdate()),
        "stands_in_for": stands_in_for(request.user, application, Capacity.ASSESSOR),
        "checklist": checklist_of(application.portfolio),
    }
    return _page(request, "overview", application, **shown)


@asks_and_saves
def assess_heading(request, reference, code):
    """One heading: the worker's evidence beside its criteria. R9."""
    application, begun = _begun(request.user, reference)
    page = selectors.heading_page(begun, code)
    if page is None:
        raise Http404
    form = HeadingForm(
        request.POST or None,
        findings=page.here.findings,
        revision=begun.revision_of(code),
        today=timezone.localdate(),
    )
    look_through(form, application, **_by(request))
    checklist = checklist_of(application.portfolio)
    asked_before = checklist.under(code) if checklist else []
    shown = {"assessment": begun, "page": page, "form": form, "asked_before": asked_before}
    if not form.is_valid():
        return _page(request, "heading", application, **shown)
    kept = reasons_kept(form, application, **_by(request), now=timezone.now(), of=page.here.competency.name)
    try:
        with kept:
            transitions.save_heading(
                begun,
                page.here.competency,
                actor=request.user,
                base_revision=form.cleaned_data["revision"],
                findings=form.answers(),
                now=timezone.now(),
            )
    except transitions.StaleSave as stale:
        form.write_over(stale.revision)
        saved = selectors.heading_page(begun, code).here.findings
        return _page(request, "heading", application, status=409, **shown, saved=saved)
    if page.next:
        after = ("assess_heading", page.next.code)
    else:
        after = ("declarations" if competencies.declarations_for(application.step) else "recommendation",)
    return _go_on(request, application, f"{page.here.competency.name} saved", *after)


@asks_and_saves
def declarations(request, reference):
    """What the manager declares beside the criteria. R5, R13."""
    application, begun = _begun(request.user, reference)
    declared = selectors.declarations(begun)
    form = DeclarationsForm(
        request.POST or None,
        worker=application.worker,
        declarations=declared,
        revision=begun.revision_of("declarations"),
    )
    shown = {"assessment": begun, "form": form, "training": training_of(application.worker)}
    if not form.is_valid():
        return _page(request, "declarations", application, **shown)
    try:
        transitions.save_declarations(
            begun,
            actor=request.user,
            base_revision=form.cleaned_data["revision"],
            shown=form.answers(),
            now=timezone.now(),
        )
    except transitions.StaleSave as stale:
        form.write_over(stale.revision)
        saved = selectors.declarations(begun)
        return _page(request, "declarations", application, status=409, **shown, saved=saved)
    return _go_on(request, application, "Declarations saved", "recommendation")


@asks_and_saves
def recommendation(request, reference):
    """Whether to recommend progression, and the reasons if not. R11, R14."""
    application, begun = _begun(request.user, reference)
    form = RecommendationForm(
        request.POST or None,
        assessment=begun,
        expected=policies.short_service(application, today=timezone.localdate()),
        revision=begun.revision_of("recommendation"),
    )
    look_through(form, application, **_by(request))
    shown = {"assessment": begun, "overview": selectors.overview(begun), "form": form}
    if not form.is_valid():
        return _page(request, "recommendation", application, **shown)
    try:
        with reasons_kept(form, application, **_by(request), now=timezone.now()):
            transitions.save_recommendation(
                begun,
                actor=request.user,
                base_revision=form.cleaned_data["revision"],
                **form.answers(),
                now=timezone.now(),
            )
    except transitions.StaleSave as stale:
        form.write_over(stale.revision)
        saved = selectors.current_assessment(application)
        return _page(request, "recommendation", application, status=409, **shown, saved=saved)
    return _go_on(request, application, "Recommendation saved", "sign")


@asks_and_saves
def sign(request, reference):
    """Everything to check, and the signature. R17."""
    application, begun = _begun(request.user, reference)
    today = timezone.localdate()
    begun = selectors.with_everything(begun)
    form = SignForm(request.POST or None, saves=begun.saves)
    if form.is_valid():
        transitions.sign(
            application, actor=request.user, seen=form.cleaned_data["seen"], now=timezone.now(), today=today
        )
        return redirect("reviews:signed", reference)
    shown = {
        "assessment": begun,
        "missing": policies.missing_before_signing(begun, today=today),
        "expected": policies.short_service(application, today=today),
        "effective_date": policies.effective_date(application, signed_on=today),
        "stands_in_for": stands_in_for(request.user, application, Capacity.ASSESSOR),
        **_whole(begun),
    }
    return _page(request, "check", application, form=form, **shown)


@require_safe
def signed(request, reference):
    """What signing did, and what happens next."""
    application = get_visible_or_404(request.user, reference)
    check_can_assess(request.user, application)
    return _page(request, "signed", application, assessment=_signed_or_404(application))


@asks_and_saves
def return_to_worker(request, reference):
    """Send the portfolio back for more work, with the reason."""
    application = _to_assess(request.user, reference)
    form = look_through(ReturnForm(request.POST or None), application, **_by(request))
    if form.is_valid():
        with reasons_kept(form, application, **_by(request), now=timezone.now()):
            transitions.return_to_worker(
                application, actor=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
            )
        messages.success(request, f"{application.reference} returned to {application.worker.name}")
        return redirect("progression:case", reference)
    begun = selectors.current_assessment(application)
    return _page(request, "return", application, form=form, assessment=begun)


@require_safe
def findings(request, reference):
    """The signed assessment, to read."""
    application = get_visible_or_404(request.user, reference)
    check_can_read_findings(request.user, application)
    judged = _signed_or_404(application)
    expected = selectors.went_on_without(judged)
    return _page(request, "findings", application, assessment=judged, expected=expected, **_whole(judged))


def _to_assess(user, reference):
    """The case, for somebody who may assess it, while it waits to be assessed."""
    application = get_visible_or_404(user, reference)
    check_can_assess(user, application)
    policies.check_waits_for_assessment(application)
    return application


def _begun(user, reference):
    """The case and its assessment in the making."""
    application = _to_assess(user, reference)
    begun = selectors.current_assessment(application)
    policies.check_begun(begun)
    return application, begun


def _signed_or_404(application):
    judged = selectors.signed_assessment(application)
    if judged is None:
        raise Http404
    return judged


def _whole(judged):
    """What the pages that show everything show: findings by heading and declarations."""
    return {
        "headings": selectors.findings_by_heading(judged),
        "declarations": selectors.declarations(judged),
        "reasons_words_stay": reasons_in(judged.application, Part.ASSESSMENT),
    }


def _by(request):
    return {"part": Part.ASSESSMENT, "by": request.user}


def _go_on(request, application, saved, *after):
    """To the page `after`, or to the task list for somebody who goes on later."""
    if "later" not in request.POST:
        page, *args = after
        return redirect(f"reviews:{page}", application.reference, *args)
    messages.success(request, saved)
    return redirect("reviews:assessment", application.reference)


def _page(request, name, application, *, status=200, **shown):
    context = {"application": application, **shown}
    return render(request, f"reviews/assessment/{name}.html", context, status=status)
