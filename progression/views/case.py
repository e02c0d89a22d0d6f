"""One case, for whoever may see it: where it stands, what happened, and what was handed in."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portfolios.attachments import serve_attachment
from portfolios.selectors import submission_view
from progression import access, actions, diary, permissions, selectors, standing


@require_safe
def case(request, reference):
    """The case's own page."""
    application = access.get_visible_or_404(request.user, reference)
    today = timezone.localdate()
    events = list(selectors.history(application))
    return render(
        request,
        "progression/case.html",
        {
            "application": application,
            "is_worker": permissions.is_worker(request.user, application),
            "standing": standing.standing_of(application, request.user, today=today),
            "ahead": diary.of_case(application, today=today),
            "actions": actions.actions_for(request.user, application, today=today),
            "returned_for": selectors.returned_for(application),
            "outcome": standing.outcome_of(application, events),
            "timeline": standing.timeline(application, request.user, events),
            "submissions": selectors.submission_times(application),
            "letters": selectors.letters_for(request.user, application),
        },
    )


@require_safe
def submitted_portfolio(request, reference, number=None):
    """What was handed in, as it was: the latest time, or time `number`."""
    application = access.get_visible_or_404(request.user, reference)
    submission = selectors.submission(application, number)
    if submission is None:
        raise Http404
    view = submission_view(submission)
    return render(
        request,
        "progression/submitted_portfolio.html",
        {
            "application": application,
            "submission": view,
            "examples": list(
                {piece.id: piece for heading in view.headings for piece in heading.pieces}.values()
            ),
            "submissions": selectors.submission_times(application),
        },
    )


@require_safe
def attachment(request, reference, token):
    """A file that was handed in with this case; a file of a draft, or of another case, is not here."""
    application = access.get_visible_or_404(request.user, reference)
    found = selectors.submitted_file(application, token)
    if found is None:
        raise Http404
    return serve_attachment(found, about=application.worker_id, applications=[application.pk])
