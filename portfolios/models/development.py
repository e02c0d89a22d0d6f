"""What worker and manager keep between applications: supervision, priorities, a plan, training. R40."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import MD5, Coalesce

from competencies.models import Competency
from portfolios.models.evidence import Evidence
from portfolios.models.family_data import stays_field


class SupervisionNote(models.Model):
    """What worker and manager said in supervision about work against the headings, on a day. R40."""

    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="supervision_notes"
    )
    held_on = models.DateField()
    reflection = models.TextField(help_text="The work looked at, and what was made of it.")
    stays = stays_field()
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
    stays = stays_field()
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
    stays = stays_field()
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
    stays = stays_field()
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
