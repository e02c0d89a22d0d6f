"""What people do with what they were told. Each verb reads: lock, when, write, history."""

from django.db import transaction

from people.policies import Blocked
from progression.models import Notice, NoticeStatus, NoticeStep
from progression.outbox import write_history


@transaction.atomic
def mark_read(notices, *, now):
    """Note that their reader has opened these notices, each the first time. Returns how many it was.

    One that is being sent at this very moment is left: its reader need not wait for the mail server.
    """
    unread = list(
        Notice.objects.filter(pk__in=[notice.pk for notice in notices], read_at=None).select_for_update(
            skip_locked=True, no_key=True
        )
    )
    Notice.objects.filter(pk__in=[notice.pk for notice in unread]).update(read_at=now)
    for notice in unread:
        write_history(notice, NoticeStep.READ, now=now)
    return len(unread)


@transaction.atomic
def queue_again(notice, *, now):
    """Have a notice that was given up tried again from the start: an operator mended what was wrong."""
    notice = Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    if notice.status != NoticeStatus.FAILED:
        raise Blocked(["Only a notice that failed can be queued again."])
    notice.status, notice.attempts, notice.try_at, notice.last_fault = NoticeStatus.QUEUED, 0, now, ""
    notice.save(update_fields=["status", "attempts", "try_at", "last_fault"])
    write_history(notice, NoticeStep.QUEUED, now=now)
    return notice
