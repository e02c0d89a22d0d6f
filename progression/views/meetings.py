"""A worker's reviews: what is in the diary, moving it, calling it off, giving notice, and its being held."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from people.policies import Blocked
from people.selectors import post_of
from progression import gates, meeting_permissions, meeting_policies, meeting_selectors, selectors
from progression import meeting_transitions as transitions
from progression.meeting_forms import CancelForm, DiariseForm, HeldForm, MoveForm
from progression.permissions import check_can_start

asks_and_saves = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def meetings(request):
    """The worker's own reviews, and the way to give notice of the next."""
    check_can_start(request.user)
    worker = request.user
    worker.post = post_of(worker)
    application = selectors.being_built(worker)
    shown = _shown(worker)
    gate = None
    if application is not None:
        met_at = meeting_selectors.for_notice(worker, application)
        gate = gates.notice(application.scheme.rules, met_at, application, today=timezone.localdate())
    return render(request, "progression/meetings.html", {**shown, "application": application, "gate": gate})


@asks_and_saves
def give_notice(request):
    """The worker tells the manager that they ask to progress at the next review. R26."""
    check_can_start(request.user)
    application = selectors.being_built(request.user)
    if application is None:
        raise Http404
    today = timezone.localdate()
    meeting = meeting_selectors.for_notice(request.user, application)
    meeting_policies.check_notice(meeting, application, today=today)
    if request.method == "POST":
        transitions.give_notice(meeting, application, actor=request.user, now=timezone.now(), today=today)
        messages.success(request, "You have given notice")
        return redirect("progression:meetings")
    shown = {
        "application": application,
        "meeting": meeting,
        "last_day": meeting_policies.last_day_for_notice(meeting, application.scheme.rules),
        "manager": request.user.post.team.manager,
    }
    return render(request, "progression/give_notice.html", shown)


@require_safe
def team_meetings(request, worker):
    """The reviews of one worker of the team."""
    worker = _member(request.user, worker)
    return render(request, "progression/team_meetings.html", _shown(worker))


@asks_and_saves
def diarise(request, worker):
    """Put the next review in the diary. R25, R34."""
    worker = _member(request.user, worker)
    meeting_policies.check_none_ahead(meeting_selectors.ahead(worker))
    form = DiariseForm(request.POST or None, today=timezone.localdate())

    def put_in():
        asked = form.cleaned_data
        transitions.diarise(
            worker,
            actor=request.user,
            starts_at=form.starts_at,
            place=asked["place"],
            minutes=asked["minutes"],
            now=timezone.now(),
        )

    return _asked(
        request, worker, form, put_in, "diarise", "It is in the diary. Both of you get an invitation"
    )


@asks_and_saves
def move_meeting(request, worker):
    """Hold it at another time or place."""
    worker, meeting = _ahead(request.user, worker)
    form = MoveForm(request.POST or None, meeting=meeting, today=timezone.localdate())

    def move():
        asked = form.cleaned_data
        transitions.move_meeting(
            meeting,
            actor=request.user,
            starts_at=form.starts_at,
            place=asked["place"],
            reason=asked["reason"],
            now=timezone.now(),
        )

    return _asked(request, worker, form, move, "move_meeting", "Moved. Both of you get a new invitation")


@asks_and_saves
def cancel_meeting(request, worker):
    """Call it off."""
    worker, meeting = _ahead(request.user, worker)
    meeting_policies.check_cancellable(meeting)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        transitions.cancel_meeting(
            meeting, actor=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        )
        messages.success(request, "Called off. Both of you are told")
        return redirect("progression:team_meetings", worker.pk)
    return render(request, "progression/cancel_meeting.html", {"form": form, **_shown(worker)})


@asks_and_saves
def hold(request, worker):
    """Record the day on which it was held. R31."""
    worker, meeting = _ahead(request.user, worker)
    now, today = timezone.now(), timezone.localdate()
    rules = transitions.rules_of(worker, now=now)
    earliest = meeting_policies.first_day_held(meeting, rules)
    meeting_policies.check_can_be_held(meeting, rules, today=today)
    form = HeldForm(request.POST or None, meeting=meeting, earliest=earliest, today=today)
    if form.is_valid():
        held_on = form.cleaned_data["held_on"]
        transitions.hold(meeting, actor=request.user, held_on=held_on, now=now, today=today)
        messages.success(request, f"Recorded as held on {gates.shown(held_on)}")
        return redirect("progression:team_meetings", worker.pk)
    shown = {"form": form, "without_portfolio": meeting_policies.comes_too_late(meeting), **_shown(worker)}
    return render(request, "progression/hold_meeting.html", shown)


def _member(user, pk):
    return meeting_permissions.member_or_404(user, pk, meeting_permissions.check_arranges_meetings)


def _ahead(user, pk):
    """The worker, and the review that is in the diary."""
    worker = _member(user, pk)
    meeting = meeting_selectors.ahead(worker)
    if meeting is None:
        raise Http404
    return worker, meeting


def _asked(request, worker, form, act, page, done):
    """The form's page until `act` has gone through; what stands in its way is shown beside the day."""
    if form.is_valid():
        try:
            act()
        except Blocked as blocked:
            form.refuse(blocked)
        else:
            messages.success(request, done)
            return redirect("progression:team_meetings", worker.pk)
    return render(request, f"progression/{page}.html", {"form": form, **_shown(worker)})


def _shown(worker):
    """What every page of a worker's reviews shows."""
    now = timezone.now()
    rules = transitions.rules_of(worker, now=now)
    every = meeting_selectors.meetings_of(worker)
    ahead = [one for one in every if one.held_on is None and one.cancelled_at is None]
    held_from = meeting_policies.first_day_held(ahead[0], rules) if ahead else None
    return {
        "worker": worker,
        "rules": rules,
        "notice_needed": gates.notice_needed(rules) if gates.judged_at_meeting(rules) else None,
        "ahead": ahead[0] if ahead else None,
        "held_from": held_from if held_from and held_from > timezone.localdate(now) else None,
        "is_past": bool(ahead) and ahead[0].starts_at <= now,
        "earlier": [one for one in every if one not in ahead],
        "due": meeting_selectors.next_due(worker, rules, today=timezone.localdate(now)),
    }
