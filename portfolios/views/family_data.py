"""The worker's own list of names to watch: theirs alone."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from portfolios import family_data, name_selectors
from portfolios import family_data_selectors as selectors
from portfolios import family_data_transitions as transitions
from portfolios.family_data_forms import NamesForm
from portfolios.hold_policies import KEPT, is_held
from portfolios.models import NameToWatch
from portfolios.views import worker_page


@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def names(request):
    """The list, and a form to add to it. Of what was just added it says in how many pieces it is."""
    there = sorted(selectors.names_to_watch(request.user), key=lambda one: one.name.casefold())
    form = NamesForm(request.POST if request.method == "POST" else None, already=len(there))
    if form.is_valid():
        new = transitions.watch_names(request.user, names=form.cleaned_data["names"], now=timezone.now())
        messages.success(request, _added(len(new)))
        return redirect(f"{reverse('portfolios:names_to_watch')}{'?added=yes' if new else ''}")
    found = {}
    if "added" in request.GET and request.method != "POST":
        found = name_selectors.in_how_many(request.user, name_selectors.added_last(there))
    words = {one.pk for one in there if family_data.is_ordinary(one.name)}
    told = {
        "form": form,
        "names": there,
        "found": found,
        "words": words,
        "kept": KEPT if is_held(request.user.pk) else "",
    }
    return render(request, "portfolios/family_data/names.html", told)


@require_POST
@worker_page
def forget(request, pk):
    """Take a name off the list."""
    try:
        transitions.forget_name(request.user, pk=pk)
    except NameToWatch.DoesNotExist:
        raise Http404 from None
    messages.success(request, "Removed from your list")
    return redirect("portfolios:names_to_watch")


def _added(count):
    if not count:
        return "Those names were on your list already"
    return "Added 1 name" if count == 1 else f"Added {count} names"
