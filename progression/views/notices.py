"""What the reader was told: the list, and opening what is on it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from progression import notice_selectors, notice_transitions
from progression.messages import MESSAGES


@require_safe
def notices(request):
    """All that the reader was told, fifty a page, unread first."""
    return render(
        request,
        "progression/notices.html",
        {
            "page": notice_selectors.told(request.user, page=request.GET.get("page")),
            "unread": notice_selectors.unread(request.user),
        },
    )


@require_POST
def open_notice(request, pk):
    """Note that it was read, and go to what it is about."""
    notice = notice_selectors.notice_to(request.user, pk)
    if notice is None:
        raise Http404
    notice_transitions.mark_read([notice], now=timezone.now())
    return redirect(MESSAGES[notice.kind].link(notice))


@require_POST
def read_all(request):
    """Note that the reader has seen all of it."""
    notice_transitions.mark_read(notice_selectors.all_unread(request.user), now=timezone.now())
    messages.success(request, "All marked as read")
    return redirect("progression:notices")
