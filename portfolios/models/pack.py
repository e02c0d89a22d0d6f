"""What is put together for one person to keep: a portfolio as one PDF, or all that is their own as a ZIP."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from portfolios.models.portfolio import Portfolio, Submission


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


class Pack(models.Model):
    """Asked for by one person and theirs alone; made a moment later, kept for some days, then swept away.

    Made whole or not at all: the columns of what was made are filled together, once its file is stored.
    """

    kind = models.CharField(max_length=10, choices=PackKind)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    portfolio = models.ForeignKey(
        Portfolio, on_delete=models.PROTECT, null=True, blank=True, related_name="packs"
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="packs"
    )
    asked_at = models.DateTimeField()
    try_at = models.DateTimeField(help_text="Not to be claimed before this: it waits, or is being made.")
    attempts = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(max_length=10, choices=PackStage, default=PackStage.WAITING)
    done = models.PositiveIntegerField(default=0, help_text="How many of its files are in.")
    total = models.PositiveIntegerField(default=0)
    last_fault = models.CharField(max_length=200, blank=True, help_text="The kind of fault.")
    failed_at = models.DateTimeField(null=True, blank=True, help_text="Given up after too many attempts.")
    made_at = models.DateTimeField(null=True, blank=True)
    stored_as = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True, help_text="Of a PDF.")

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(
                fields=["try_at"],
                condition=Q(made_at__isnull=True, failed_at__isnull=True),
                name="pack_to_make",
            ),
            models.Index(fields=["asked_by", "-asked_at"], name="pack_by_person"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["asked_by", "kind", "portfolio", "submission"],
                nulls_distinct=False,
                condition=Q(made_at__isnull=True, failed_at__isnull=True),
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
            CheckConstraint(
                condition=Q(made_at__isnull=True) | Q(failed_at__isnull=True), name="pack_made_or_failed"
            ),
            CheckConstraint(condition=Q(done__lte=F("total")), name="pack_no_more_than_all"),
            CheckConstraint(condition=Q(stage__in=PackStage.values), name="pack_stage_known"),
        ]

    def __str__(self):
        return f"{self.kind} of {self.asked_at:%Y-%m-%d}"

    @property
    def is_waiting(self):
        return self.made_at is None and self.failed_at is None

    @property
    def progress(self):
        """(how much is done, of how much, in words): each file counts one, and so does each stage after."""
        after = {PackStage.DRAWING: 1, PackStage.BINDING: 2}.get(self.stage, 0)
        words = PackStage(self.stage).label
        if self.stage == PackStage.FILES and self.total:
            words = f"{words}: {self.done} of {self.total}"
        return self.done + after, self.total + 3, words
