"""The case: its state, deadlines, history and notices."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from guardian.models import UserObjectPermissionBase

from competencies.models import Scheme, Step
from people.models import Team
from portfolios.models import Portfolio
from progression.states import DECIDED, NEED_REASON, OPEN, STAGES, State

AFTER_ASSESSMENT = [State.RECOMMENDED, State.NOT_RECOMMENDED, *DECIDED]
TOWARDS_PAY = [State.AUTHORISED, State.UPHELD, State.SENT_TO_PAYROLL, State.IMPLEMENTED]


class Application(models.Model):
    """One worker's bid for one step up, under the scheme version it began under."""

    reference = models.CharField(max_length=20, unique=True)
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="applications")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="applications")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="applications")
    portfolio = models.OneToOneField(Portfolio, on_delete=models.PROTECT, related_name="application")
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    state_since = models.DateTimeField()
    started_at = models.DateTimeField()
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="assessed"
    )
    assessed_on = models.DateField(null=True, blank=True, help_text="The day the line manager signed.")
    authoriser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="authorised"
    )
    effective_date = models.DateField(
        null=True, blank=True, help_text="The day the new pay runs from. R17, R31."
    )

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["state", "team"], name="application_state_team"),
            models.Index(fields=["team", "-started_at"], name="application_team_latest"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["worker"], condition=Q(state__in=OPEN), name="application_one_open_a_worker"
            ),
            CheckConstraint(condition=Q(state__in=State.values), name="application_state_known"),
            CheckConstraint(
                condition=Q(assessor__isnull=True, assessed_on__isnull=True)
                | Q(assessor__isnull=False, assessed_on__isnull=False),
                name="application_assessor_with_date",
            ),
            CheckConstraint(condition=~Q(assessor=F("worker")), name="application_assessor_not_worker"),
            CheckConstraint(condition=~Q(authoriser=F("worker")), name="application_authoriser_not_worker"),
            CheckConstraint(
                condition=~Q(authoriser=F("assessor")), name="application_authoriser_not_assessor"
            ),
            CheckConstraint(
                condition=~Q(state__in=AFTER_ASSESSMENT) | Q(assessor__isnull=False),
                name="application_assessed_before_decided",
            ),
            CheckConstraint(
                condition=~Q(state__in=TOWARDS_PAY)
                | Q(authoriser__isnull=False, effective_date__isnull=False),
                name="application_pay_needs_authoriser_and_date",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def stage(self):
        """What the table of states says of the state it is in."""
        return STAGES[State(self.state)]

    @property
    def is_open(self):
        """Whether it is the worker's one application still going on. R1."""
        return self.state in OPEN


class ApplicationGrant(UserObjectPermissionBase):
    """django-guardian's permission of one person on one case, with real keys: it leaves no orphans."""

    content_object = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class ReferenceCounter(models.Model):
    """The last application number given in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self):
        return f"{self.year}: {self.last}"


class Event(models.Model):
    """One line of a case's history, written in the same transaction as the act. Append-only."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verb = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20, choices=State, blank=True)
    to_state = models.CharField(max_length=20, choices=State, blank=True)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["application", "id"]
        indexes = [models.Index(fields=["application", "id"], name="event_by_case")]
        constraints = [
            CheckConstraint(
                condition=~Q(to_state__in=NEED_REASON) | ~Q(reason=""), name="event_move_has_its_reason"
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.verb}"


class BankHoliday(models.Model):
    """A day on which nobody works, England and Wales."""

    day = models.DateField(primary_key=True)
    title = models.CharField(max_length=100)

    class Meta:
        ordering = ["day"]

    def __str__(self):
        return f"{self.day} {self.title}"


class DeadlineKind(models.TextChoices):
    ACT = "act", "Act on the case"
    ASK_FOR_REVIEW = "ask_for_review", "Ask for a review"
    DECIDE_REVIEW = "decide_review", "Decide the review"


class Deadline(models.Model):
    """A day by which somebody acts, opened by a state and closed on leaving it; reminders hang on it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=20, choices=DeadlineKind)
    state = models.CharField(max_length=20, choices=State)
    opened_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    next_reminder = models.PositiveSmallIntegerField(default=0, help_text="Index in the state's reminders.")
    next_reminder_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["next_reminder_on", "id"],
                condition=Q(closed_on__isnull=True, next_reminder_on__isnull=False),
                name="deadline_to_remind",
            )
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


class NoticeStatus(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    DROPPED = "dropped", "No longer needed"


class Notice(models.Model):
    """An e-mail to send: the outbox. One to a person for each event, and for each reminder of a deadline."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notices")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40, help_text="Which of notifications.py's messages.")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    step = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Which reminder of the deadline."
    )
    status = models.CharField(max_length=10, choices=NoticeStatus, default=NoticeStatus.QUEUED)
    queued_at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_fault = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["try_at", "id"], condition=Q(status="queued"), name="notice_outbox"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["deadline", "step", "recipient"],
                condition=Q(deadline__isnull=False),
                name="notice_reminder_once",
            ),
            UniqueConstraint(
                fields=["event", "recipient"], condition=Q(event__isnull=False), name="notice_event_once"
            ),
            CheckConstraint(
                condition=Q(event__isnull=False, deadline__isnull=True, step__isnull=True)
                | Q(event__isnull=True, deadline__isnull=False, step__isnull=False),
                name="notice_of_event_or_deadline",
            ),
            CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="notice_sent_has_its_time"
            ),
        ]

    def __str__(self):
        return f"{self.kind} to {self.recipient_id}"
