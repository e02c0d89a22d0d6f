"""What people are told of a meeting. Who is to be there gets it with an invitation for their calendar."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from people.models import Topic
from progression import ics
from progression.meeting_permissions import who_hosts
from progression.messages import Message, News, register
from progression.notifications import queue


class OfMeeting(Message):
    """About one meeting as it stands at one sequence: what was true of an earlier one is not sent."""

    cancelled = False

    def link(self, notice):
        if notice.recipient_id == notice.meeting.worker_id:
            return reverse("progression:meetings")
        return reverse("progression:team_meetings", args=[notice.meeting.worker_id])

    def attachment(self, notice):
        meeting = notice.meeting
        site, host = urlsplit(settings.SITE_URL).hostname, who_hosts(meeting)
        sent = ics.invitation(
            uid=f"meeting-{meeting.pk}@{site}",
            sequence=meeting.sequence,
            starts_at=meeting.starts_at,
            minutes=meeting.minutes,
            summary=meeting.name,
            place=meeting.place,
            organiser=host.email,
            attendees=[meeting.worker.email, host.email],
            cancelled=self.cancelled,
            now=notice.queued_at,
        )
        return ics.FILE_NAME, sent, ics.mimetype(cancelled=self.cancelled)

    def still_needed(self, notice):
        meeting = notice.meeting
        return (
            meeting.sequence == notice.step
            and meeting.held_on is None
            and (meeting.cancelled_at is not None) == self.cancelled
            and meeting.starts_at > timezone.now()
        )


@register
class MeetingInvitation(OfMeeting):
    kind = "meeting_invitation"
    subject = "Your review is in the diary"
    words = (
        "A review has been put in the diary. The invitation is attached: open it to add it to your calendar."
    )


@register
class MeetingMoved(OfMeeting):
    kind = "meeting_moved"
    subject = "Your review has been moved"
    words = "A review has been moved. The new invitation is attached. Sign in to read why."


@register
class MeetingCancelled(OfMeeting):
    kind = "meeting_cancelled"
    subject = "Your review has been called off"
    words = "A review has been called off. Open the attachment to take it out of your calendar."
    cancelled = True


@register
class NoticeGiven(News):
    """R26: the manager is told at least a week before."""

    kind = "notice_given"
    subject = "A social worker asks to progress at their review"
    words = "A social worker in your team has given notice that they ask to progress at their next review."
    topic = Topic.WAITING


def invite(meeting, *, now):
    """Tell who is to be there."""
    _tell(meeting, MeetingInvitation, now=now)


def say_moved(meeting, *, now):
    _tell(meeting, MeetingMoved, now=now)


def say_cancelled(meeting, *, now):
    _tell(meeting, MeetingCancelled, now=now)


def say_notice_given(meeting, *, event, now):
    """Tell the manager. R26."""
    queue(meeting.application, {who_hosts(meeting).pk: NoticeGiven}, event=event, now=now)


def _tell(meeting, message, *, now):
    told = dict.fromkeys((meeting.worker_id, who_hosts(meeting).pk), message)
    queue(None, told, meeting=meeting, step=meeting.sequence, now=now)
