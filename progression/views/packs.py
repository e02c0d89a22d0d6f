"""A submission as one PDF: for whoever may see the case, who reads every page of it here anyway."""

from django.http import Http404
from django.views.decorators.http import require_http_methods, require_safe

from portfolios.models import PackKind
from portfolios.pack_transitions import Wanted
from portfolios.views import packs
from progression import access, selectors

PAGE = "progression:submission_pack"


@require_http_methods(["GET", "HEAD", "POST"])
def pack(request, reference, number):
    """Ask for it, or see how far it is."""
    application, wanted = _of_submission(request, reference, number)
    return packs.show(
        request,
        wanted,
        "progression/submission_pack.html",
        PAGE,
        reference,
        number,
        application=application,
        submission=wanted.submission,
    )


@require_safe
def state(request, reference, number):
    """How far it is, as JSON for static/pack.js."""
    _, wanted = _of_submission(request, reference, number)
    return packs.state(request, wanted)


@require_safe
def file(request, reference, number):
    """The PDF."""
    application, wanted = _of_submission(request, reference, number)
    name = f"portfolio-{application.reference}-{number}.pdf"
    return packs.give(request, wanted, name, about=application.worker_id, applications=[application.pk])


def _of_submission(request, reference, number):
    application = access.get_visible_or_404(request.user, reference)
    submission = selectors.submission(application, number)
    if submission is None:
        raise Http404
    return application, Wanted(PackKind.SUBMISSION, submission=submission)
