"""Messages to people, and what happened to each."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from progression.models.case import Application, Event
from progression.models.deadlines import Deadline
from progression.models.meetings import Meeting


class NoticeStatus(models.TextChoices):
    QUEUED = "queued", "Queued"
    FOR_DIGEST = "for_digest", "Kept for the daily e-mail"
    HERE_ONLY = "here_only", "Shown here only"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    DROPPED = "dropped", "No longer needed"


class Notice(models.Model):
    """A message to a person: the outbox. One for each event, each reminder, each invitation."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40, help_text="Which of notifications.py's messages.")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    step = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Which reminder of the deadline, or sequence of the invitation."
    )
    day = models.DateField(null=True, blank=True, help_text="Which day of a ladder that is of no case.")
    status = models.CharField(max_length=12, choices=NoticeStatus, default=NoticeStatus.QUEUED)
    queued_at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="First opened here by its recipient.")
    last_fault = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["try_at", "id"], condition=Q(status="queued"), name="notice_outbox"),
            models.Index(fields=["try_at", "id"], condition=Q(status="for_digest"), name="notice_for_digest"),
            models.Index(fields=["id"], condition=Q(status="failed"), name="notice_failed"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["deadline", "step", "recipient"],
                condition=Q(deadline__isnull=False),
                name="notice_reminder_once",
            ),
            UniqueConstraint(
                fields=["event", "recipient"], condition=Q(event__isnull=False), name="notice_event_once"
            ),
            UniqueConstraint(
                fields=["meeting", "step", "kind", "recipient"],
                condition=Q(meeting__isnull=False),
                name="notice_invitation_once",
            ),
            UniqueConstraint(
                fields=["kind", "day", "recipient"], condition=Q(day__isnull=False), name="notice_day_once"
            ),
            CheckConstraint(
                condition=Q(
                    event__isnull=False, deadline__isnull=True, meeting__isnull=True, step__isnull=True
                )
                | Q(event__isnull=True, deadline__isnull=False, meeting__isnull=True, step__isnull=False)
                | Q(event__isnull=True, deadline__isnull=True, meeting__isnull=False, step__isnull=False)
                | Q(
                    event__isnull=True,
                    deadline__isnull=True,
                    meeting__isnull=True,
                    step__isnull=True,
                    day__isnull=False,
                ),
                name="notice_of_event_deadline_or_meeting",
            ),
            CheckConstraint(
                condition=Q(application__isnull=False) | Q(meeting__isnull=False) | Q(day__isnull=False),
                name="notice_is_about_something",
            ),
            CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="notice_sent_has_its_time"
            ),
        ]

    def __str__(self):
        return f"{self.kind} to {self.recipient_id}"


class NoticeStep(models.TextChoices):
    QUEUED = "queued", "Queued"
    RETRIED = "retried", "Not sent, to be tried again"
    SENT = "sent", "Sent"
    FAILED = "failed", "Given up"
    DROPPED = "dropped", "No longer needed"
    READ = "read", "Read"


class NoticeHistory(models.Model):
    """What happened to a notice, a line each. Append-only."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="history")
    at = models.DateTimeField()
    what = models.CharField(max_length=10, choices=NoticeStep)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["notice", "id"]
        verbose_name_plural = "notice history"

    def __str__(self):
        return f"{self.notice_id} {self.what}"
