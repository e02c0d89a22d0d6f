"""A refusal is looked at again: the request, its hearing, its papers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from portfolios.models.scanned import Scanned, scan_index, scan_rules
from progression.models import Application


class LateRequest(models.Model):
    """A worker asks after the last day; the hearer lets it in or not, with a reason. R19."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="late_requests")
    asked_at = models.DateTimeField()
    grounds = models.TextField()
    why_late = models.TextField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            UniqueConstraint(fields=["application"], name="late_request_once"),
            CheckConstraint(condition=~Q(grounds="") & ~Q(why_late=""), name="late_request_says_why"),
            CheckConstraint(
                condition=Q(answered_by__isnull=True, answered_at__isnull=True, accepted__isnull=True)
                | Q(answered_by__isnull=False, answered_at__isnull=False, accepted__isnull=False)
                & ~Q(reason=""),
                name="late_request_answered_with_reason",
            ),
        ]

    def __str__(self):
        return f"Late request for {self.application_id}"


class Appeal(models.Model):
    """The worker's request to have a refusal looked at again, by the scheme's name for it. R19-R21, R32."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="appeal")
    lodged_at = models.DateTimeField()
    grounds = models.TextField()
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appeals_heard",
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    tests_met = models.JSONField(
        default=list,
        blank=True,
        help_text="Where the scheme names tests: for each, in its order, whether it is met. R32.",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    upheld = models.BooleanField(null=True, blank=True)
    reasons = models.TextField(blank=True)
    required = models.TextField(blank=True, help_text="What the worker needs to do. R21.")

    class Meta:
        ordering = ["-lodged_at"]
        constraints = [
            CheckConstraint(condition=~Q(grounds=""), name="appeal_has_grounds"),
            CheckConstraint(
                condition=Q(decided_at__isnull=True, upheld__isnull=True, heard_by__isnull=True)
                | (
                    Q(decided_at__isnull=False, upheld__isnull=False, heard_by__isnull=False)
                    & ~Q(reasons="")
                    & Q(decided_at__gte=F("lodged_at"))
                ),
                name="appeal_decided_whole",
            ),
        ]

    def __str__(self):
        return f"{self.application_id}: {self.lodged_at}"


class Side(models.TextChoices):
    WORKER = "worker", "The social worker"
    MANAGER = "manager", "The manager"


class Statement(models.Model):
    """What one side says to the hearing, in writing; fixed once the review is decided. R20."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="statements")
    side = models.CharField(max_length=10, choices=Side)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom the one who wrote it stood in for.",
    )
    saved_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["appeal", "side"]
        constraints = [
            UniqueConstraint(fields=["appeal", "side"], name="statement_once_a_side"),
            CheckConstraint(condition=Q(side__in=Side.values), name="statement_side_known"),
        ]

    def __str__(self):
        return f"{self.appeal_id}: {self.get_side_display()}"


class AppealDocument(Scanned):
    """A file that one side refers to at the hearing. R20."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="documents")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    side = models.CharField(max_length=10, choices=Side)
    title = models.CharField(max_length=200)
    name = models.CharField(max_length=200, help_text="As the sender's computer called it.")
    stored_as = models.CharField(max_length=100, unique=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["appeal", "id"]
        indexes = [scan_index("appeal_document")]
        constraints = [
            *scan_rules("appeal_document"),
            CheckConstraint(condition=Q(side__in=Side.values), name="appeal_document_side_known"),
            UniqueConstraint(
                fields=["appeal", "side", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="appeal_document_once_a_side",
            ),
        ]

    def __str__(self):
        return self.title


class Hearing(models.Model):
    """When and where a review is heard; the latest arranged one counts. R20."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="hearings")
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=300, help_text="A room, or the address of a call.")
    attendees = models.JSONField(default=list, help_text="Of each: its name, and in what part it attends.")
    sequence = models.PositiveSmallIntegerField(default=0, help_text="Of its calendar invitation.")
    move_reason = models.TextField(blank=True, help_text="Why it is not when it was arranged before.")
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
        ordering = ["appeal", "-sequence"]
        constraints = [
            UniqueConstraint(fields=["appeal", "sequence"], name="hearing_once_a_sequence"),
            CheckConstraint(condition=Q(sequence=0) | ~Q(move_reason=""), name="hearing_moved_with_reason"),
        ]

    def __str__(self):
        return f"Hearing of {self.appeal_id} at {self.starts_at}"


class Representative(models.Model):
    """Who speaks for the worker, with a one-use link to the bundle: only its fingerprint is kept. R20."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="representatives")
    name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)
    email = models.EmailField()
    named_at = models.DateTimeField()
    token_sha256 = models.CharField(max_length=64, blank=True)
    link_made_at = models.DateTimeField(null=True, blank=True)
    link_expires_at = models.DateTimeField(null=True, blank=True)
    link_used_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="No longer speaks; the link is dead.")

    class Meta:
        ordering = ["appeal", "id"]
        constraints = [
            UniqueConstraint(
                fields=["appeal"], condition=Q(removed_at__isnull=True), name="representative_one_at_a_time"
            ),
            UniqueConstraint(
                fields=["token_sha256"], condition=~Q(token_sha256=""), name="representative_link_once"
            ),
            CheckConstraint(
                condition=Q(token_sha256="", link_made_at__isnull=True, link_expires_at__isnull=True)
                | ~Q(token_sha256="") & Q(link_made_at__isnull=False, link_expires_at__isnull=False),
                name="representative_link_whole",
            ),
        ]

    def __str__(self):
        return f"{self.name} for {self.appeal_id}"


class Bundle(models.Model):
    """The papers of a hearing as one PDF, made by Celery; asked for again after each change to them."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="bundles")
    number = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    last_fault = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    content = models.BinaryField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["appeal", "-number"]
        indexes = [
            models.Index(fields=["try_at", "id"], condition=Q(made_at__isnull=True), name="bundle_to_make"),
        ]
        constraints = [
            UniqueConstraint(fields=["appeal", "number"], name="bundle_once_a_number"),
            CheckConstraint(
                condition=Q(made_at__isnull=True, content__isnull=True, sha256="", pages__isnull=True)
                | Q(made_at__isnull=False, content__isnull=False, pages__isnull=False) & ~Q(sha256=""),
                name="bundle_made_whole",
            ),
        ]

    def __str__(self):
        return f"Bundle {self.number} of {self.appeal_id}"
