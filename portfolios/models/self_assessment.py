"""Where a worker says that they stand on each criterion, at any time, and how that has changed."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q

from competencies.models import Criterion
from portfolios.models.family_data import stays_field


class Stand(models.TextChoices):
    """Where a worker stands on one criterion, in their own words."""

    NOT_YET = "not_yet", "Not yet"
    GETTING_THERE = "getting_there", "Getting there"
    DOING = "doing", "I do this"


class SelfAssessment(models.Model):
    """What a worker said of themselves on one criterion on a day. The last one stands. Append-only.

    It hangs on no portfolio: it is there from the first day in post, and what a submission keeps is a copy.
    """

    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="self_assessments"
    )
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="self_assessments")
    stand = models.CharField(max_length=20, choices=Stand)
    words = models.TextField(blank=True, help_text="A sentence that says why, if they want to.")
    stays = stays_field()
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["worker", "criterion", "-id"], name="self_assessment_latest")]
        constraints = [
            CheckConstraint(condition=Q(stand__in=Stand.values), name="self_assessment_stand_known")
        ]

    def __str__(self):
        return f"{self.worker} on {self.criterion_id}: {self.get_stand_display()}"
