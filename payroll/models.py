"""What leaves the building."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from progression.models import Application


class PayForm(models.Model):
    """A form to payroll about one decision: what it says, fixed when the decision was made. R13."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="pay_forms")
    version = models.PositiveSmallIntegerField(default=1)
    form = models.CharField(max_length=60, help_text="The scheme's name for it, PAY002 for one.")
    progressed = models.BooleanField()
    content = models.JSONField(help_text="Everything the form says: payroll.letters.PayFormContent.")
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True, blank=True, help_text="When its documents were made.")
    downloaded_at = models.DateTimeField(null=True, blank=True, help_text="First.")
    downloaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    in_pay_at = models.DateTimeField(null=True, blank=True)
    in_pay_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["id"], condition=Q(issued_at__isnull=True), name="pay_form_to_issue")]
        constraints = [
            UniqueConstraint(fields=["application", "version"], name="pay_form_version_once"),
            CheckConstraint(
                condition=Q(downloaded_at__isnull=True, downloaded_by__isnull=True)
                | Q(downloaded_at__isnull=False, downloaded_by__isnull=False, issued_at__isnull=False),
                name="pay_form_download_complete",
            ),
            CheckConstraint(
                condition=Q(in_pay_at__isnull=True, in_pay_by__isnull=True)
                | Q(in_pay_at__isnull=False, in_pay_by__isnull=False, issued_at__isnull=False, progressed=True),
                name="pay_form_in_pay_complete",
            ),
        ]

    def __str__(self):
        return f"{self.form} {self.application_id} version {self.version}"


class DocumentKind(models.TextChoices):
    PAY_FORM = "pay_form", "Pay form"
    EVIDENCE_FORM = "evidence_form", "Evidence form"


class IssuedDocument(models.Model):
    """A document as it was issued: its bytes and their SHA-256, never made again. Append-only."""

    pay_form = models.ForeignKey(PayForm, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=DocumentKind)
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["pay_form", "kind"]
        constraints = [UniqueConstraint(fields=["pay_form", "kind"], name="issued_document_once")]

    def __str__(self):
        return self.filename


class Download(models.Model):
    """Who took which document, and when. Append-only."""

    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="downloads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.document} by {self.by_id}"
