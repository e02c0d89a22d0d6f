"""What a worker can show: a bank of evidence, and a portfolio that claims it for one step."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import MD5, Coalesce

from competencies.models import Competency, Step
from competencies.rules import EvidenceKind

LARGEST_ATTACHMENT = 10 * 1024 * 1024
"""Bytes."""


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


class Attachment(models.Model):
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
            )
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
        ]

    def __str__(self):
        return self.name


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


class SupervisionNote(models.Model):
    """What worker and manager said in supervision about work against the headings, on a day. R40."""

    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="supervision_notes"
    )
    held_on = models.DateField()
    reflection = models.TextField(help_text="The work looked at, and what was made of it.")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom the one who wrote it stood in for.",
    )
    written_at = models.DateTimeField()
    competencies = models.ManyToManyField(Competency, related_name="supervision_notes", blank=True)
    evidence = models.ForeignKey(
        Evidence,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="What the worker made of it.",
    )

    class Meta:
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["worker", "-held_on"], name="supervision_by_worker")]
        constraints = [CheckConstraint(condition=~Q(reflection=""), name="supervision_note_says_something")]

    def __str__(self):
        return f"Supervision of {self.worker} on {self.held_on}"


class Priority(models.Model):
    """What worker and manager agreed to work on. R40."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="priorities")
    text = models.TextField()
    agreed_on = models.DateField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom the one who agreed it stood in for.",
    )
    review_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["ended_on", "-agreed_on", "-id"]
        verbose_name_plural = "priorities"
        indexes = [models.Index(fields=["worker", "-agreed_on"], name="priority_by_worker")]
        constraints = [
            CheckConstraint(condition=~Q(text=""), name="priority_says_something"),
            CheckConstraint(condition=~Q(agreed_by=F("worker")), name="priority_agreed_by_another"),
        ]

    def __str__(self):
        return self.text


class DevelopmentAction(models.Model):
    """One line of the personal development plan: what, by when, and what came of it. R18, R40."""

    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="development_actions"
    )
    action = models.TextField()
    competency = models.ForeignKey(
        Competency, on_delete=models.PROTECT, null=True, blank=True, related_name="development_actions"
    )
    by_when = models.DateField(null=True, blank=True)
    from_refusal_of = models.CharField(
        max_length=20, blank=True, help_text="The application whose refusal asks for it: its reference. R18."
    )
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["done_on", "by_when", "id"]
        indexes = [models.Index(fields=["worker", "by_when"], name="development_by_worker")]
        constraints = [
            CheckConstraint(condition=~Q(action=""), name="development_action_says_something"),
            CheckConstraint(
                condition=Q(done_on__isnull=True, outcome="") | (Q(done_on__isnull=False) & ~Q(outcome="")),
                name="development_action_done_with_its_outcome",
            ),
            UniqueConstraint(
                "worker",
                "from_refusal_of",
                Coalesce("competency", 0),
                MD5("action"),
                condition=~Q(from_refusal_of=""),
                name="development_action_once_a_refusal",
            ),
        ]

    def __str__(self):
        return self.action


class Training(models.Model):
    """Training taken, and how it was applied in practice. R5, R40."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="training")
    title = models.CharField(max_length=200)
    provider = models.CharField(max_length=200, blank=True)
    taken_on = models.DateField()
    learned = models.TextField(blank=True)
    applied = models.TextField(blank=True, help_text="How it was applied in practice.")
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The manager with whom it was agreed. R5.",
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom the one who agreed it stood in for.",
    )
    agreed_on = models.DateField(null=True, blank=True)
    competencies = models.ManyToManyField(Competency, related_name="training", blank=True)
    added_at = models.DateTimeField()
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-taken_on", "-id"]
        verbose_name_plural = "training"
        indexes = [models.Index(fields=["worker", "-taken_on"], name="training_by_worker")]
        constraints = [
            CheckConstraint(condition=~Q(title=""), name="training_has_a_title"),
            CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_on__isnull=True)
                | Q(agreed_by__isnull=False, agreed_on__isnull=False),
                name="training_agreed_by_somebody_on_a_day",
            ),
            CheckConstraint(condition=~Q(agreed_by=F("worker")), name="training_agreed_by_another"),
        ]

    def __str__(self):
        return self.title
