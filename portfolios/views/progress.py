"""The manager's view of a worker's progress, and of what the worker shares. To others it is not there."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competencies.rules import EvidenceKind
from people import audit
from portfolios import attachments, progress_selectors
from portfolios import family_data_selectors as family_data
from portfolios import observer_selectors as observers
from portfolios import sharing_permissions as permissions
from portfolios import sharing_selectors as selectors
from portfolios import supervision_selectors as supervision
from portfolios.kinds import ASKED
from portfolios.views.sharing import read_it, thread_page


@require_safe
def progress(request, worker):
    """How far a worker is, by heading, what is agreed with them, and what they share."""
    today = timezone.localdate()
    found = supervision.worker_with_manager(worker)
    if found is None or not permissions.reads_progress(request.user, found, today=today):
        raise Http404
    audit.note_read(found, about=[found.pk], words="their progress")
    shown = {
        "worker": found,
        "progress": progress_selectors.progress_of(found, today=today),
        "agreed": supervision.agreed_with(found),
        "page": selectors.read_by_manager(found, page=request.GET.get("page")),
        "today": today,
    }
    return render(request, "portfolios/sharing/progress.html", shown)


def of_a_shared_piece(view):
    """A page about one piece that its worker shares with the reader: the view gets it in place of ids."""

    @wraps(view)
    def for_manager(request, worker, pk, **kwargs):
        piece = selectors.piece_of(worker, pk)
        today = timezone.localdate()
        if piece is None or not permissions.reads_shared(request.user, piece, today=today):
            raise Http404
        return view(request, piece, **kwargs)

    return for_manager


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_shared_piece
def shared_piece(request, piece):
    """One shared piece in full, with its thread; POST adds to that."""
    address = ("portfolios:shared_piece", piece.worker_id, piece.pk)
    audit.note_read(piece, about=[piece.worker_id])
    shown = {"asks": ASKED[EvidenceKind(piece.kind)], "files": selectors.files_of(piece)}
    shown["observed"] = observers.said_of(piece)
    shown["stays"] = family_data.looked_through(piece).stays
    return thread_page(request, piece, "portfolios/sharing/shared_piece.html", *address, **shown)


@require_POST
@of_a_shared_piece
def shared_piece_read(request, piece):
    """The manager says that they have read the thread."""
    read_it(request, piece)
    return redirect("portfolios:shared_piece", piece.worker_id, piece.pk)


@require_safe
@of_a_shared_piece
def shared_file(request, piece, token):
    """A file of a shared piece, as a download."""
    found = selectors.file_of(piece, token)
    if found is None:
        raise Http404
    return attachments.serve_attachment(found, about=piece.worker_id)
