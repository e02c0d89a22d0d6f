"""Payroll's pages: the list of forms, one case's forms, their documents, saying that pay was changed.

Whoever is not payroll of the service is told that there is no such page.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payroll import policies, selectors, transitions
from payroll.permissions import handles_forms
from payroll.states import Tray
from payroll.views.documents import as_issued
from people import audit, searching

LONGEST_SEARCH = 100
SESSION_KEY = "form_words"


@require_http_methods(["GET", "HEAD", "POST"])
def forms(request):
    """The forms of the reader's services, a tray at a time, or those that a search finds in any.

    A search is sent by POST, and its words are kept in the session: see ADR 0024.
    """
    if not handles_forms(request.user):
        raise Http404
    if request.method == "POST":
        words = request.POST.get("search", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
        token = searching.keep_words(request, words, key=SESSION_KEY)
        return redirect(reverse("payroll:forms") + (f"?words={token}" if token else ""))
    search = searching.words_of(request, key=SESSION_KEY)
    if search is None:
        messages.info(request, "Your search words are no longer kept. Search again")
        return redirect("payroll:forms")
    tray = request.GET.get("show")
    found = selectors.form_list(
        request.user,
        tray=Tray(tray) if tray in Tray.values else None,
        search=search,
        page=request.GET.get("page"),
    )
    shown = {"found": found, "trays": Tray, "search": search, "words": request.GET.get("words", "")}
    return render(request, "payroll/forms.html", shown)


@require_safe
def form(request, reference):
    """What the forms about one case say, their documents, and who has taken them."""
    files = _files_or_404(request.user, reference)
    effect = selectors.effect_of_newest(files, today=timezone.localdate())
    return render(request, "payroll/form.html", {"files": files, "effect": effect})


@require_http_methods(["GET", "HEAD", "POST"])
def pay_changed(request, reference):
    """The page to check before saying that pay has been changed; POST says it."""
    latest = _files_or_404(request.user, reference)[0].form
    if request.method == "POST":
        transitions.put_in_pay(latest, actor=request.user, now=timezone.now())
        messages.success(request, f"{latest.name}’s pay has been changed")
        return redirect("payroll:form", reference)
    policies.check_awaits_pay(latest)
    return render(request, "payroll/pay_changed.html", {"pay_form": latest})


@require_POST
def download(request, reference, version, kind):
    """A document as it was issued. A POST, because it is noted who took it and when."""
    document = selectors.document_of(request.user, reference, version, kind.replace("-", "_"))
    if document is None:
        raise Http404
    transitions.download(document, actor=request.user, now=timezone.now())
    return as_issued(document)


def _files_or_404(user, reference):
    files = selectors.forms_of_case(user, reference)
    if not files:
        raise Http404
    application = files[0].form.application
    audit.note_read(files[0].form, about=[application.worker_id], applications=[application.pk])
    return files
