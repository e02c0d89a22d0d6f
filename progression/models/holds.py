"""Nothing of somebody who left is erased while a legal hold stands."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Coalesce

from progression.models.case import Application


class LegalHold(models.Model):
    """An administrator keeps everything about a person, or of the worker of an application, until it ends."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="legal_holds")
    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="legal_holds",
        help_text="Whose papers it is about, if it is one case's.",
    )
    reason = models.TextField()
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            UniqueConstraint(
                "person",
                Coalesce("application", 0),
                condition=Q(ended_at__isnull=True),
                name="legal_hold_once",
            ),
            CheckConstraint(condition=~Q(reason=""), name="legal_hold_has_its_reason"),
            CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="legal_hold_ended_by_somebody",
            ),
        ]

    def __str__(self):
        return f"Hold {self.pk} on {self.person_id}"
