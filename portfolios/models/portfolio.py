"""The evidence that a worker claims towards one step, and what was handed in of it."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from competencies.models import Competency, Step
from portfolios.models.evidence import Evidence


class Portfolio(models.Model):
    """The evidence a worker claims towards one step."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="portfolios")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="portfolios")
    is_open = models.BooleanField(
        default=True, help_text="The worker may change it: not while others judge it."
    )
    desirables = models.JSONField(
        default=list, blank=True, help_text="Codes of the scheme's desirables held. R6."
    )
    headings_asked = models.PositiveSmallIntegerField(default=0)
    headings_shown = models.PositiveSmallIntegerField(
        default=0, help_text="Headings with at least one example."
    )
    follows = models.CharField(
        max_length=20,
        blank=True,
        help_text="Reference of the application refused before it: what that asked for comes first. R18.",
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            UniqueConstraint(
                fields=["worker"], condition=Q(is_open=True), name="portfolio_one_open_a_worker"
            ),
            CheckConstraint(
                condition=Q(headings_shown__lte=F("headings_asked")),
                name="portfolio_shows_no_more_than_asked",
            ),
        ]

    def __str__(self):
        return f"{self.worker}: {self.step}"


class Claim(models.Model):
    """This piece of evidence counts for this heading in this portfolio."""

    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="claims")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="claims")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="claims")

    class Meta:
        ordering = ["competency__position", "evidence_id"]
        constraints = [
            UniqueConstraint(fields=["portfolio", "evidence", "competency"], name="claim_once_a_heading")
        ]

    def __str__(self):
        return f"{self.evidence} for {self.competency}"


class Submission(models.Model):
    """A portfolio as it was handed in: its whole content and the content's SHA-256. Append-only. R8."""

    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    worked_through_with_manager = models.BooleanField(
        help_text="The worker says that they worked through the headings with their manager."
    )
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["portfolio", "number"]
        constraints = [
            UniqueConstraint(fields=["portfolio", "number"], name="submission_once_a_number"),
            CheckConstraint(condition=Q(worked_through_with_manager=True), name="submission_worked_through"),
        ]

    def __str__(self):
        return f"{self.portfolio}, submission {self.number}"
