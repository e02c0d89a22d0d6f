"""An export that its worker has sent to be brought back into their bank."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from portfolios.models.work import WAITS, Work, work_index, work_rules


class BringingStage(models.TextChoices):
    """How far the bringing back is."""

    WAITING = "waiting", "Waiting to begin"
    READING = "reading", "Looking through the export"
    FILES = "files", "Checking the files"
    WRITING = "writing", "Adding it to your evidence"


class BringingBack(Work):
    """A ZIP that waits to be read, or what came of it. The file is kept until then and no longer.

    All of it came back (`made_at`, with `came` as sentences), or nothing (`failed_at`); `refused` is the
    sentence for the worker where it is the export that is at fault.
    """

    STAGES = BringingStage

    stage = models.CharField(max_length=10, choices=BringingStage, default=BringingStage.WAITING)
    key = models.UUIDField(help_text="Of the form it was sent with: sent twice, it comes back once.")
    came = models.JSONField(null=True, blank=True, help_text="What it came to, sentence by sentence.")
    refused = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name_plural = "exports brought back"
        indexes = [work_index("bringing")]
        constraints = [
            *work_rules("bringing", BringingStage),
            UniqueConstraint(fields=["asked_by"], condition=WAITS, name="bringing_one_waiting_a_person"),
            UniqueConstraint(fields=["asked_by", "key"], name="bringing_once_a_form"),
            CheckConstraint(
                condition=(WAITS & ~Q(stored_as="")) | (~WAITS & Q(stored_as="")),
                name="bringing_file_while_it_waits",
            ),
            CheckConstraint(
                condition=Q(made_at__isnull=True, came__isnull=True)
                | Q(made_at__isnull=False, came__isnull=False),
                name="bringing_done_says_what_came",
            ),
            CheckConstraint(
                condition=Q(refused="") | Q(failed_at__isnull=False), name="bringing_refused_has_ended"
            ),
        ]

    def __str__(self):
        return f"Export of {self.asked_by_id}, sent {self.asked_at:%Y-%m-%d}"
