"""A worker's bank of evidence: the pieces, what each said after every save, and the files kept with them."""

import uuid

from django.conf import settings
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from competencies.rules import EvidenceKind
from portfolios.models.scanned import Scanned, ScanState, scan_index, scan_rules

LARGEST_ATTACHMENT = 10 * 1024 * 1024
"""Bytes."""


class EvidenceManager(models.Manager):
    """Leaves in the database what is there for PostgreSQL to search by."""

    def get_queryset(self):
        return super().get_queryset().defer("words")


class Evidence(models.Model):
    """One piece of the worker's own practice, theirs alone until they submit it in a portfolio. R7."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence")
    key = models.UUIDField(
        default=uuid.uuid4,
        editable=False,
        help_text="Made with the empty form: however often sent, one piece.",
    )
    kind = models.CharField(max_length=30, choices=EvidenceKind, default=EvidenceKind.PRACTICE_EXAMPLE)
    title = models.CharField(max_length=200, blank=True)
    practised_on = models.DateField("date of practice", null=True, blank=True)
    what_i_did = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    what_i_learned = models.TextField(blank=True)
    complete = models.BooleanField(
        default=False, help_text="All asked is there and the worker says so: it counts as an example."
    )
    revision = models.PositiveIntegerField(
        default=1, help_text="Goes up at each change: a stale save is refused."
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    # No index: it is only ever read within one worker's bank, which `evidence_bank` finds. See ADR 0024.
    words = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("what_i_did", "outcome", "what_i_learned", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = EvidenceManager()

    class Meta:
        ordering = ["-updated_at", "-id"]
        verbose_name_plural = "evidence"
        indexes = [
            models.Index(
                fields=["worker", "-updated_at", "-id"],
                condition=Q(removed_at__isnull=True),
                name="evidence_bank",
            )
        ]
        constraints = [
            UniqueConstraint(fields=["worker", "key"], name="evidence_once_a_form"),
            CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="evidence_kind_known"),
            CheckConstraint(
                condition=Q(complete=False)
                | (
                    Q(practised_on__isnull=False)
                    & ~Q(title="")
                    & ~Q(what_i_did="")
                    & ~Q(outcome="")
                    & ~Q(what_i_learned="")
                ),
                name="evidence_complete_has_everything",
            ),
            CheckConstraint(
                condition=Q(complete=False) | Q(removed_at__isnull=True),
                name="evidence_removed_counts_for_nothing",
            ),
        ]

    def __str__(self):
        return self.title or "Untitled evidence"


class EvidenceRevision(models.Model):
    """What a piece said after each save that its worker made. Append-only.

    What autosave kept in between has no row, unless it was about to be written over from another tab.
    """

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["evidence", "number"]
        constraints = [UniqueConstraint(fields=["evidence", "number"], name="evidence_revision_once")]

    def __str__(self):
        return f"{self.evidence_id} revision {self.number}"


class Attachment(Scanned):
    """A file kept with a piece of evidence, under a random name outside the web root."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200, help_text="As the worker's computer called it.")
    stored_as = models.CharField(max_length=100, unique=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(
        null=True, blank=True, help_text="First held by a submission: from then on its file is kept for good."
    )

    class Meta:
        ordering = ["added_at", "id"]
        indexes = [
            models.Index(
                fields=["removed_at"],
                condition=Q(removed_at__isnull=False, submitted_at__isnull=True),
                name="attachment_to_sweep",
            ),
            scan_index("attachment"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["evidence", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="attachment_once_a_piece",
            ),
            CheckConstraint(
                condition=Q(size__gt=0, size__lte=LARGEST_ATTACHMENT), name="attachment_size_allowed"
            ),
            *scan_rules("attachment"),
            CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(scan=ScanState.SAFE),
                name="attachment_submitted_is_safe",
            ),
        ]

    def __str__(self):
        return self.name
