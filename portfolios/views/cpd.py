"""A worker's CPD for the regulator: this year's, earlier years', and what is pasted into its site."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portfolios import cpd_selectors as selectors
from portfolios import cpd_transitions as transitions
from portfolios.cpd_forms import ChooseForm, EnteredForm, PeerForm
from portfolios.family_data_selectors import watched_by
from portfolios.hold_policies import KEPT, is_held
from portfolios.regulator import regulator
from portfolios.views import worker_page

asks_and_saves = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@worker_page
def cpd(request):
    """What is chosen for the running year, what is missing, and how it reads in the regulator's form."""
    return _year(request, regulator().year_ends(timezone.localdate()))


@require_safe
@worker_page
def year(request, year):
    """An earlier year, to read."""
    before = selectors.years_before(request.user, regulator().year_ends(timezone.localdate()))
    ends = next((one for one in before if one.year == year), None)
    if ends is None:
        raise Http404
    return _year(request, ends)


@require_safe
@worker_page
def text(request):
    """What is chosen this year as one plain text, to keep or to copy from."""
    ends = regulator().year_ends(timezone.localdate())
    records = [one for one in selectors.year_of(request.user, ends) if one.counts]
    parts = ["\n\n".join(f"{label}\n{said}" for label, said in one.texts) for one in records]
    answer = HttpResponse(f"\n\n{'-' * 40}\n\n".join(parts) + "\n", content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cpd-{ends.year}.txt"'
    return answer


@asks_and_saves
@worker_page
def choose(request):
    """Finished pieces of the bank, CPD and training first; POST counts those chosen for this year."""
    page = selectors.to_choose_from(request.user, page=request.GET.get("page"))
    form = ChooseForm(_sent(request), offered=page.object_list)
    if form.is_valid():
        now = timezone.now()
        transitions.choose(
            request.user, pieces=form.cleaned_data["pieces"], now=now, today=timezone.localdate(now)
        )
        messages.success(request, "Your choice is saved")
        return redirect("portfolios:cpd")
    return render(request, "portfolios/cpd/choose.html", {"form": form, "page": page})


@asks_and_saves
@worker_page
def peer(request, pk):
    """The peer reflection of one record."""
    record, today = _own(request, pk), timezone.localdate()
    transitions.check_open_to_change(record, today)
    transitions.check_peer_may_change(record)
    form = PeerForm(_sent(request), record=record, today=today, watched=watched_by(request.user))
    if form.is_valid():
        transitions.add_peer_reflection(record, actor=request.user, **form.cleaned_data, today=today)
        messages.success(request, "Your peer reflection is saved")
        return redirect("portfolios:cpd")
    return render(request, "portfolios/cpd/peer.html", {"form": form, "record": record})


@asks_and_saves
@worker_page
def take_out(request, pk):
    """Ask, then have the piece count for this year no more."""
    record, today = _own(request, pk), timezone.localdate()
    transitions.check_open_to_change(record, today)
    transitions.check_may_go(record)
    if request.method == "POST":
        transitions.take_out(record, actor=request.user, today=today)
        messages.success(request, "It no longer counts for this year")
        return redirect("portfolios:cpd")
    return render(request, "portfolios/cpd/take_out.html", {"record": record})


@asks_and_saves
@worker_page
def entered(request):
    """The worker says on which day they entered what is chosen; then it stays as it is."""
    today = timezone.localdate()
    ends = regulator().year_ends(today)
    standing = selectors.standing_now(request.user, ends)
    transitions.check_something_to_enter(standing)
    form = EnteredForm(_sent(request), ends=ends, today=today)
    if form.is_valid():
        transitions.mark_entered(request.user, **form.cleaned_data, today=today)
        messages.success(request, "Kept as you entered it")
        return redirect("portfolios:cpd")
    return render(
        request, "portfolios/cpd/entered.html", {"form": form, "standing": standing, "regulator": regulator()}
    )


def _year(request, ends):
    asks, today = regulator(), timezone.localdate()
    records = selectors.year_of(request.user, ends)
    shown = {
        "regulator": asks,
        "records": records,
        "standing": selectors.standing_of(records, ends),
        "starts": asks.year_starts(ends),
        "opens": asks.opens(ends),
        "running": ends >= today,
        "kept": KEPT if is_held(request.user.pk) else "",
        "open": asks.opens(ends) <= today <= ends,
        "before": selectors.years_before(request.user, ends),
    }
    return render(request, "portfolios/cpd/year.html", shown)


def _sent(request):
    return request.POST if request.method == "POST" else None


def _own(request, pk):
    record = selectors.record_of(request.user, pk)
    if record is None:
        raise Http404
    return record
