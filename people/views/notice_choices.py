"""How the reader wants to be told of what."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from people import notice_choices
from people.notice_forms import NoticeChoicesForm


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request):
    """Ask, and keep the answers."""
    sent = request.POST if request.method == "POST" else None
    form = NoticeChoicesForm(sent, initial=notice_choices.chosen_by(request.user))
    if form.is_valid():
        notice_choices.choose(request.user, form.cleaned_data)
        messages.success(request, "Saved")
        return redirect("people:notice_choices")
    return render(request, "people/notice_choices.html", {"form": form})
