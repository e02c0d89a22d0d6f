"""Exports of everything about somebody, and what was erased of somebody who left."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint


class DataExport(models.Model):
    """Everything that the service holds about a person, in one file, for whoever asked.

    The file is kept a week; that it was asked for, by whom and why, stays.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=500, blank=True, help_text="Where somebody else asks for it.")
    asked_at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_fault = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    swept_at = models.DateTimeField(
        null=True, blank=True, help_text="When its file was deleted: who asked, and why, stays."
    )
    stored_as = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["try_at", "id"], condition=Q(made_at__isnull=True), name="export_to_make")
        ]
        constraints = [
            UniqueConstraint(
                fields=["person", "asked_by"], condition=Q(made_at__isnull=True), name="export_one_at_a_time"
            ),
            CheckConstraint(condition=Q(person=F("asked_by")) | ~Q(why=""), name="export_says_why"),
            CheckConstraint(
                condition=Q(made_at__isnull=True, swept_at__isnull=True, stored_as="", sha256="")
                | Q(made_at__isnull=False, swept_at__isnull=True) & ~Q(stored_as="") & ~Q(sha256="")
                | Q(made_at__isnull=False, swept_at__isnull=False, stored_as="") & ~Q(sha256=""),
                name="export_made_whole",
            ),
        ]

    def __str__(self):
        return f"Export {self.pk}"


class Stage(models.TextChoices):
    """How long after somebody has left."""

    MONTHS = "months", "What nobody was given to judge"
    YEARS = "years", "Everything else"


class Erasure(models.Model):
    """What was erased of somebody who had left, and when. Append-only; PostgreSQL alone writes it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasures")
    stage = models.CharField(max_length=10, choices=Stage)
    at = models.DateTimeField()
    rows = models.PositiveIntegerField(help_text="How many were deleted or emptied.")

    class Meta:
        ordering = ["-id"]
        constraints = [CheckConstraint(condition=Q(stage__in=Stage.values), name="erasure_stage_known")]

    def __str__(self):
        return f"{self.stage} of {self.person_id}"
