"""By when, and the days on which nobody works."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from people.models import Service
from progression.models.case import Application
from progression.states import State


class BankHoliday(models.Model):
    """A day on which nobody works, England and Wales."""

    day = models.DateField(primary_key=True)
    title = models.CharField(max_length=100)

    class Meta:
        ordering = ["day"]

    def __str__(self):
        return f"{self.day} {self.title}"


class CouncilClosure(models.Model):
    """A day on which a council's own offices are shut, bank holiday or not: no working day there."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="closures")
    day = models.DateField()
    title = models.CharField(max_length=100)

    class Meta:
        ordering = ["service", "day"]
        constraints = [UniqueConstraint(fields=["service", "day"], name="closure_once_a_day")]

    def __str__(self):
        return f"{self.day} {self.title}"


class DeadlineKind(models.TextChoices):
    ACT = "act", "Act on the case"
    ASK_FOR_REVIEW = "ask_for_review", "Ask for a review"
    DECIDE_REVIEW = "decide_review", "Decide the review"
    DECIDE_LATE_REQUEST = "decide_late_request", "Say whether a late request is heard"
    ANSWER_VARIATION = "answer_variation", "Accept or decline the new contract"
    ANSWER_QUERY = "answer_query", "Answer payroll"


OF_A_STATE = (DeadlineKind.ACT, DeadlineKind.ASK_FOR_REVIEW, DeadlineKind.DECIDE_REVIEW)
"""What a state opens; the others are opened inside one."""


class Deadline(models.Model):
    """A day by which somebody acts, opened by a state and closed on leaving it; reminders hang on it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=30, choices=DeadlineKind)
    state = models.CharField(max_length=20, choices=State)
    opened_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    next_reminder = models.PositiveSmallIntegerField(default=0, help_text="Index in the state's reminders.")
    next_reminder_on = models.DateField(null=True, blank=True)
    missed_on = models.DateField(
        null=True, blank=True, help_text="The day on which the sweep found it missed, and told their manager."
    )

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["next_reminder_on", "id"],
                condition=Q(closed_on__isnull=True, next_reminder_on__isnull=False),
                name="deadline_to_remind",
            ),
            models.Index(
                fields=["application", "missed_on"],
                condition=Q(closed_on__isnull=True, missed_on__isnull=False),
                name="deadline_missed",
            ),
        ]
        constraints = [
            UniqueConstraint(
                fields=["application", "kind"],
                condition=Q(closed_on__isnull=True),
                name="deadline_one_open_a_kind",
            )
        ]

    def __str__(self):
        return f"{self.application_id} {self.kind} by {self.due_on}"
