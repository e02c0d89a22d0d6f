"""The page of one letter about a case: what it says, the PDF as issued, and who has taken it."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from payroll import permissions, selectors, transitions
from payroll.views.documents import as_issued
from progression.access import get_visible_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request, reference, kind, number):
    """What the letter says. POST hands over the PDF, because it is noted who took it and when."""
    application = get_visible_or_404(request.user, reference)
    letter = selectors.letter_of(application, kind.replace("-", "_"), number)
    if letter is None:
        raise Http404
    permissions.check_can_read_letter(request.user, letter)
    if request.method == "POST":
        return as_issued(transitions.download_letter(letter, actor=request.user, now=timezone.now()))
    return render(
        request,
        "payroll/letter.html",
        {
            "letter": letter,
            "document": selectors.document_of_letter(letter),
            "downloads": selectors.downloads_of(letter),
        },
    )
