"""The moves of a meeting. Each verb reads: lock, who, when, write, history, tell."""

from django.db import transaction
from django.utils.timezone import localdate

from competencies import selectors as competencies
from people.models import Post
from people.policies import Blocked
from progression import meeting_messages, meeting_selectors
from progression import meeting_policies as policies
from progression.meeting_permissions import check_arranges_meetings
from progression.models import Meeting, MeetingMove
from progression.permissions import check_is_worker
from progression.states import BEING_BUILT, State
from progression.transitions import lock, record


@transaction.atomic
def diarise(worker, *, actor, starts_at, place, minutes=60, now):
    """Put the worker's next review in the diary, and invite to it. R25, R34."""
    post = Post.objects.select_for_update(of=("self",)).select_related("team").get(holder=worker)
    principal = check_arranges_meetings(actor, worker)
    rules = rules_of(worker, now=now)
    policies.check_none_ahead(meeting_selectors.ahead(worker))
    policies.check_diarisable(rules, starts_at=starts_at, now=now)
    meeting = Meeting.objects.create(
        worker=worker,
        team=post.team,
        name=rules.cycle.held_at,
        starts_at=starts_at,
        minutes=minutes,
        place=place.strip(),
        arranged_at=now,
        arranged_by=actor,
        on_behalf_of=principal,
    )
    meeting_messages.invite(meeting, now=now)
    return meeting


@transaction.atomic
def move_meeting(meeting, *, actor, starts_at, place, reason, now):
    """Hold it at another time or place, and say why. R25, R26, R34."""
    meeting = _lock(meeting)
    principal = check_arranges_meetings(actor, meeting.worker)
    policies.check_movable(meeting, rules_of(meeting.worker, now=now), starts_at=starts_at, now=now)
    policies.check_moves(meeting, starts_at=starts_at, place=place.strip())
    policies.check_reason(reason)
    MeetingMove.objects.create(
        meeting=meeting,
        from_starts_at=meeting.starts_at,
        to_starts_at=starts_at,
        from_place=meeting.place,
        to_place=place.strip(),
        reason=reason.strip(),
        at=now,
        by=actor,
        on_behalf_of=principal,
    )
    meeting.starts_at, meeting.place = starts_at, place.strip()
    meeting.sequence += 1
    meeting.save(update_fields=["starts_at", "place", "sequence"])
    _record(meeting, "review_moved", actor=actor, on_behalf_of=principal, reason=reason.strip(), now=now)
    meeting_messages.say_moved(meeting, now=now)
    return meeting


@transaction.atomic
def cancel_meeting(meeting, *, actor, reason, now):
    """Call it off, and say why. Notice of it was for nothing: the worker gives it again for the next. R26."""
    meeting = _lock(meeting)
    principal = check_arranges_meetings(actor, meeting.worker)
    policies.check_cancellable(meeting)
    policies.check_reason(reason)
    meeting.cancelled_at, meeting.cancel_reason = now, reason.strip()
    meeting.sequence += 1
    meeting.save(update_fields=["cancelled_at", "cancel_reason", "sequence"])
    _record(meeting, "review_called_off", actor=actor, on_behalf_of=principal, reason=reason.strip(), now=now)
    meeting_messages.say_cancelled(meeting, now=now)
    return meeting


@transaction.atomic
def give_notice(meeting, application, *, actor, now, today):
    """Tell the manager, in time, that the worker asks to progress at this meeting. R26."""
    application = lock(application, *BEING_BUILT)
    check_is_worker(actor, application)
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    policies.check_ahead(meeting)
    policies.check_notice(meeting if meeting.worker_id == actor.pk else None, application, today=today)
    meeting.application, meeting.notice_given_on = application, today
    meeting.save(update_fields=["application", "notice_given_on"])
    event = _record(meeting, "gave_notice", actor=actor, now=now)
    meeting_messages.say_notice_given(meeting, event=event, now=now)
    return meeting


@transaction.atomic
def hold(meeting, *, actor, held_on, now, today):
    """Record the day on which it was held: the new pay may run from it. R25, R31.

    An application of which nothing was handed in by then was not judged: it needs notice of the next. R27.
    """
    meeting = _lock(meeting)
    principal = check_arranges_meetings(actor, meeting.worker)
    policies.check_held(meeting, rules_of(meeting.worker, now=now), held_on=held_on, today=today)
    meeting.held_on = held_on
    if policies.comes_too_late(meeting):
        _record(meeting, "review_held_without_portfolio", actor=actor, on_behalf_of=principal, now=now)
        meeting.application = meeting.notice_given_on = None
    else:
        _record(meeting, "review_held", actor=actor, on_behalf_of=principal, now=now)
    meeting.save(update_fields=["held_on", "application", "notice_given_on"])
    return meeting


def scheme_of(worker, *, now):
    """The scheme of the worker's team, as it is in force."""
    return competencies.current_scheme(worker.post.team.scheme_code, today=localdate(now))


def rules_of(worker, *, now):
    """The rules that the worker's meetings follow."""
    return scheme_of(worker, now=now).rules


def _lock(meeting):
    """The meeting, locked after the case on it: in the order in which a move of the case locks them."""
    if meeting.application_id is not None:
        lock(meeting.application, *State)
    locked = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("application__scheme", "worker__post__team__manager", "team__manager")
        .get(pk=meeting.pk)
    )
    if locked.application_id not in (None, meeting.application_id):
        raise Blocked("The worker has just given notice of it. Look again.")
    return locked


def _record(meeting, verb, *, actor, on_behalf_of=None, reason="", now):
    """A line in the history of the case on it, if there is one. Returns the Event, or None."""
    if meeting.application is None:
        return None
    detail = {"meeting": meeting.pk, "starts_at": meeting.starts_at.isoformat()}
    return record(
        meeting.application,
        actor=actor,
        on_behalf_of=on_behalf_of,
        verb=verb,
        reason=reason,
        now=now,
        detail=detail,
    )
