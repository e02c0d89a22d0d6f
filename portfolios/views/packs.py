"""What somebody has put together to keep: the page that asks for it, how far it is, and the file."""

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from people import audit
from people.policies import Blocked
from portfolios import pack_selectors, pack_transitions, selectors
from portfolios.models import PackKind
from portfolios.pack_transitions import Wanted
from portfolios.views import worker_page

log = logging.getLogger(__name__)

CONTENT_TYPES = {PackKind.EXPORT: "application/zip"}


@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def pack(request):
    """The worker's open portfolio as one PDF, as it stands."""
    return show(request, _of_portfolio(request), "portfolios/pack/portfolio.html", "portfolios:pack")


@require_safe
@worker_page
def pack_state(request):
    """How far it is, as JSON for static/pack.js."""
    return state(request, _of_portfolio(request))


@require_safe
@worker_page
def pack_file(request):
    """The PDF."""
    return give(request, _of_portfolio(request), "portfolio.pdf")


def show(request, wanted, template, address, *args, **context):
    """A page that says how far a pack is; POST asks for one. Who may is for the caller to have asked."""
    if request.method == "POST":
        pack_transitions.ask_for(wanted, actor=request.user, now=timezone.now())
        return redirect(address, *args)
    found = pack_selectors.asked(request.user, wanted)
    return render(request, template, {"asked": found, **context})


def state(request, wanted):
    """How far a pack is: {"waits": whether to ask again, "value", "max", "words"}."""
    return how_far(pack_selectors.asked(request.user, wanted).waits)


def how_far(waits):
    """The same of a row of Work, or of None where nothing waits."""
    if waits is None:
        return JsonResponse({"waits": False})
    value, most, words = waits.progress
    return JsonResponse({"waits": True, "value": value, "max": most, "words": words})


def give(request, wanted, filename, *, about=None, applications=()):
    """The file of the pack that was made last, noted as read before it is given out."""
    made = pack_selectors.made_for(request.user, wanted)
    if made is None:
        raise Http404
    try:
        file = default_storage.open(made.stored_as)
    except FileNotFoundError:
        log.error("Pack %s has no file", made.pk)
        raise Http404 from None
    except OSError:
        log.exception("The storage does not answer")
        raise Blocked("This cannot be read just now. Try again later.") from None
    audit.note_read(made, about=[about or request.user.pk], applications=applications)
    content_type = CONTENT_TYPES.get(wanted.kind, "application/pdf")
    response = FileResponse(file, as_attachment=True, filename=filename, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _of_portfolio(request):
    portfolio = selectors.open_portfolio(request.user)
    if portfolio is None:
        raise Http404
    return Wanted(PackKind.PORTFOLIO, portfolio=portfolio)
