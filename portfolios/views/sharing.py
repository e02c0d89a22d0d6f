"""Sharing before submission: the worker's pages about who reads what, and the thread on each piece."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.permissions import allowed
from portfolios import sharing_permissions as permissions
from portfolios import sharing_policies as policies
from portfolios import sharing_selectors as selectors
from portfolios import sharing_transitions as transitions
from portfolios.family_data_words import written_about
from portfolios.sharing_forms import CommentForm, ReadForm
from portfolios.views import worker_page

asks_and_saves = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@worker_page
def sharing(request):
    """What the worker's manager can read, and how to change it."""
    shown = {
        "manager": request.user.post.team.manager,
        "can_share": allowed(permissions.check_can_share, request.user),
        "page": selectors.shared_by(request.user, page=request.GET.get("page")),
        "not_shared": selectors.finished_not_shared(request.user),
    }
    return render(request, "portfolios/sharing/sharing.html", shown)


@require_POST
@worker_page
def share(request, pk):
    """Let the manager of the worker's team read one piece."""
    piece = _own(request, pk)
    transitions.share(piece, actor=request.user, now=timezone.now())
    messages.success(request, f"Shared with {piece.worker.post.team.manager.name}")
    return redirect("portfolios:evidence", pk)


@require_POST
@worker_page
def stop_sharing(request, pk):
    """Have nobody but the worker read one piece."""
    piece = _own(request, pk)
    transitions.stop_sharing(request.user, actor=request.user, piece=piece, now=timezone.now())
    messages.success(request, "Only you can read it now")
    return redirect("portfolios:evidence", pk)


@asks_and_saves
@worker_page
def share_finished(request):
    """Ask, then let the manager read each piece that is finished now."""
    permissions.check_can_share(request.user)
    if request.method == "POST":
        count = transitions.share_finished(request.user, actor=request.user, now=timezone.now())
        messages.success(request, f"Shared {count} more")
        return redirect("portfolios:sharing")
    shown = {
        "manager": request.user.post.team.manager,
        "count": selectors.finished_not_shared(request.user),
    }
    return render(request, "portfolios/sharing/share_finished.html", shown)


@asks_and_saves
@worker_page
def stop_sharing_all(request):
    """Ask, then have nobody but the worker read anything."""
    if request.method == "POST":
        transitions.stop_sharing(request.user, actor=request.user, now=timezone.now())
        messages.success(request, "Only you can read your evidence now")
        return redirect("portfolios:sharing")
    shown = {"manager": request.user.post.team.manager}
    return render(request, "portfolios/sharing/stop_sharing.html", shown)


@asks_and_saves
@worker_page
def comments(request, pk):
    """The thread on one of the worker's pieces; POST adds to it."""
    piece = _own(request, pk)
    return thread_page(request, piece, "portfolios/sharing/comments.html", "portfolios:comments", pk)


@require_POST
@worker_page
def comments_read(request, pk):
    """The worker says that they have read the thread."""
    read_it(request, _own(request, pk))
    return redirect("portfolios:comments", pk)


def thread_page(request, piece, template, *address, **shown):
    """A page with the thread of `piece`: for either side, at the `address` that it has for them."""
    form = CommentForm()
    if request.method == "POST":
        form = CommentForm(request.POST, written=_written(request.user, piece))
    if form.is_valid():
        transitions.comment(
            piece,
            actor=request.user,
            **form.cleaned_data,
            stays=form.stays(),
            now=timezone.now(),
            today=timezone.localdate(),
        )
        messages.success(request, "Comment added")
        return redirect(*address)
    submitted = policies.submitted_as_it_stands(piece)
    shown |= {
        "piece": piece,
        "form": form,
        "said": selectors.thread_of(piece),
        "new": selectors.new_in(piece, to_worker=piece.worker_id == request.user.pk),
        "readers": selectors.readers_of(piece),
        "closed": submitted and policies.closed_sentence(submitted),
    }
    return render(request, template, shown)


def _written(author, piece):
    """A comment, as it is looked through: what was answered for in the thread stays in it."""
    stay = [told for one in selectors.thread_of(piece) for told in one.stays]
    return written_about(piece.worker, by=author, about=f"comment {piece.pk}", stay=stay)


def read_it(request, piece):
    """Keep that the reader has read the thread as far as the page that they read showed it."""
    form = ReadForm(request.POST)
    if form.is_valid():
        transitions.mark_read(piece, actor=request.user, **form.cleaned_data, today=timezone.localdate())


def _own(request, pk):
    piece = selectors.piece_of(request.user, pk)
    if piece is None:
        raise Http404
    return piece
