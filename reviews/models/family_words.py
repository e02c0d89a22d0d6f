"""Why something that looks like family data stays in what was written in a case: never the passage itself."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from portfolios.models.family_data import KINDS, LONGEST_REASON
from progression.models import Application

LONGEST_WHERE = 300


class Part(models.TextChoices):
    """Of which part of a case the words are: it says who reads them."""

    ASSESSMENT = "assessment", "The assessment"
    DECISION = "decision", "The decision"
    REVIEW = "review", "The review"


class ReasonWordsStay(models.Model):
    """Why a passage stays in the words of a case. Append-only; `digest` knows it again in this case alone."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reasons_words_stay")
    part = models.CharField(max_length=20, choices=Part)
    where = models.CharField(max_length=LONGEST_WHERE, help_text="What the page called the place.")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=LONGEST_REASON)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["application", "id"]
        verbose_name_plural = "reasons why words stay"
        constraints = [
            UniqueConstraint(fields=["application", "part", "digest"], name="reason_words_stay_once"),
            CheckConstraint(condition=~Q(reason=""), name="reason_words_stay_says_why"),
            CheckConstraint(condition=Q(part__in=Part.values), name="reason_words_stay_part_known"),
            CheckConstraint(condition=Q(kind__in=KINDS), name="reason_words_stay_kind_known"),
        ]

    def __str__(self):
        return f"Why a {self.kind} stays in {self.part} of {self.application_id}"
