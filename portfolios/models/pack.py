"""What is put together for one person to keep: a portfolio as one PDF, or all that is their own as a ZIP."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from portfolios.models.portfolio import Portfolio, Submission
from portfolios.models.work import WAITS, Work, work_index, work_rules


class PackKind(models.TextChoices):
    """Of what it is made."""

    PORTFOLIO = "portfolio", "The portfolio as it stands"
    SUBMISSION = "submission", "The portfolio as submitted"
    EXPORT = "export", "All that is one’s own"


class PackStage(models.TextChoices):
    """How far the making of it is."""

    WAITING = "waiting", "Waiting to begin"
    FILES = "files", "Putting in the files"
    DRAWING = "drawing", "Drawing the pages"
    BINDING = "binding", "Putting it all together"


class Pack(Work):
    """Asked for by one person and theirs alone; made a moment later, kept for some days, then swept away.

    Made whole or not at all: the columns of what was made are filled together, once its file is stored.
    """

    STAGES = PackStage

    kind = models.CharField(max_length=10, choices=PackKind)
    portfolio = models.ForeignKey(
        Portfolio, on_delete=models.PROTECT, null=True, blank=True, related_name="packs"
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="packs"
    )
    stage = models.CharField(max_length=10, choices=PackStage, default=PackStage.WAITING)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True, help_text="Of a PDF.")

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [
            work_index("pack"),
            models.Index(fields=["asked_by", "-asked_at"], name="pack_by_person"),
        ]
        constraints = [
            *work_rules("pack", PackStage),
            UniqueConstraint(
                fields=["asked_by", "kind", "portfolio", "submission"],
                nulls_distinct=False,
                condition=WAITS,
                name="pack_one_waiting_a_person",
            ),
            CheckConstraint(
                condition=Q(kind=PackKind.PORTFOLIO, portfolio__isnull=False, submission__isnull=True)
                | Q(kind=PackKind.SUBMISSION, portfolio__isnull=True, submission__isnull=False)
                | Q(kind=PackKind.EXPORT, portfolio__isnull=True, submission__isnull=True),
                name="pack_of_one_thing",
            ),
            CheckConstraint(
                condition=Q(made_at__isnull=True, stored_as="", size__isnull=True, sha256="")
                | (Q(made_at__isnull=False, size__gt=0) & ~Q(stored_as="") & ~Q(sha256="")),
                name="pack_made_whole",
            ),
        ]

    def __str__(self):
        return f"{self.kind} of {self.asked_at:%Y-%m-%d}"
