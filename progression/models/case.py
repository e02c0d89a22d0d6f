"""The case, its history, and who has stepped back from judging it."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from guardian.models import UserObjectPermissionBase

from competencies.models import Scheme, Step, rules_of
from people.models import Team
from portfolios.models import Portfolio
from progression.states import (
    DECIDED,
    NEED_REASON,
    OPEN,
    WORDED_BY_SCHEME,
    State,
    stage_of,
    stage_under,
)

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
        """What the table of states says of the state it is in, in its scheme's words."""
        state = State(self.state)
        if state in WORDED_BY_SCHEME:
            return stage_under(state, rules_of(self.scheme_id).appeal.name)
        return stage_of(state, awarded=self.authoriser_id is not None)

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
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom the actor stood in for, by delegation.",
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


class Capacity(models.TextChoices):
    """In what part somebody judges a case."""

    ASSESSOR = "assessor", "assess it"
    AUTHORISER = "authoriser", "decide on it"
    HEARER = "hearer", "hear the review"


class Recusal(models.Model):
    """Somebody steps back from judging one case, says why, and who takes it over. Append-only."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="recusals")
    capacity = models.CharField(max_length=20, choices=Capacity)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recusals")
    reason = models.TextField()
    handed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases_taken_over"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["application", "id"]
        constraints = [
            UniqueConstraint(fields=["application", "capacity", "person"], name="recusal_once"),
            CheckConstraint(condition=~Q(reason=""), name="recusal_has_its_reason"),
            CheckConstraint(condition=~Q(handed_to=F("person")), name="recusal_to_somebody_else"),
            CheckConstraint(condition=Q(capacity__in=Capacity.values), name="recusal_capacity_known"),
        ]

    def __str__(self):
        return f"{self.application_id}: {self.person_id} does not {self.get_capacity_display()}"
