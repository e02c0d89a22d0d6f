"""What each walk along the audit's chain found."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q


class AuditCheck(models.Model):
    """One check of the whole chain, each day and whenever an auditor asks for one."""

    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    number = models.BigIntegerField(null=True, blank=True, help_text="The last entry that holds.")
    hash = models.CharField(max_length=64, blank=True)
    fault = models.CharField(max_length=200, blank=True, help_text="What is wrong with the entry after it.")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(done_at__isnull=True), name="audit_check_waiting"),
        ]
        constraints = [
            CheckConstraint(
                condition=Q(done_at__isnull=True, number__isnull=True, hash="", fault="")
                | Q(done_at__isnull=False, number__isnull=False),
                name="audit_check_done_whole",
            )
        ]

    def __str__(self):
        return f"Check of the audit asked for at {self.asked_at}"
