"""Reviews diarised with a worker."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from people.models import Team
from progression.models.case import Application


class Meeting(models.Model):
    """A review diarised with a worker, by the name the scheme gives it. R25, R26, R28, R31, R34."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="meetings")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="meetings")
    name = models.CharField(max_length=200, help_text="What the scheme called it when it was diarised.")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(max_length=300, help_text="A room, or the address of a call.")
    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        help_text="The application to be judged at it, once the worker has given notice.",
    )
    notice_given_on = models.DateField(
        null=True, blank=True, help_text="When the worker told the manager that they ask to progress. R26."
    )
    held_on = models.DateField(null=True, blank=True, help_text="The new pay may run from it. R31.")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.TextField(blank=True)
    sequence = models.PositiveSmallIntegerField(default=0, help_text="Of its calendar invitation.")
    arranged_at = models.DateTimeField()
    arranged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom the one who arranged it stood in for.",
    )

    class Meta:
        ordering = ["-starts_at", "-id"]
        indexes = [models.Index(fields=["worker", "-starts_at"], name="meeting_by_worker")]
        constraints = [
            CheckConstraint(
                condition=Q(application__isnull=True, notice_given_on__isnull=True)
                | Q(application__isnull=False, notice_given_on__isnull=False),
                name="meeting_notice_is_of_an_application",
            ),
            CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(held_on__isnull=True) & ~Q(cancel_reason=""),
                name="meeting_cancelled_with_reason_or_held",
            ),
            UniqueConstraint(
                fields=["worker"],
                condition=Q(held_on__isnull=True, cancelled_at__isnull=True),
                name="meeting_one_ahead_a_worker",
            ),
        ]

    def __str__(self):
        return f"{self.name} of {self.worker} at {self.starts_at}"


class MeetingMove(models.Model):
    """A meeting was put off, brought forward or moved elsewhere, and why. Append-only."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="moves")
    from_starts_at = models.DateTimeField()
    to_starts_at = models.DateTimeField()
    from_place = models.CharField(max_length=300)
    to_place = models.CharField(max_length=300)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom the one who moved it stood in for.",
    )

    class Meta:
        ordering = ["meeting", "id"]
        constraints = [CheckConstraint(condition=~Q(reason=""), name="meeting_moved_with_reason")]

    def __str__(self):
        return f"{self.meeting_id} to {self.to_starts_at}"
