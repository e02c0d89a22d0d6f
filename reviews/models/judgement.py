"""The manager's assessment, the authoriser's decision, and its being taken back."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from competencies.models import Criterion
from portfolios.models import Submission
from progression.models import Application


class Assessment(models.Model):
    """A manager's judgement of one submission, in the making until signed, then fixed. R9, R14.

    PostgreSQL refuses any change to a signed assessment, its findings and its declarations.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assessments")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="assessment")
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    revisions = models.JSONField(
        default=dict,
        blank=True,
        help_text="How often each part was saved: a stale save of one is refused.",
    )
    short_service_reason = models.TextField(
        blank=True, help_text="Why to go on before the expected service. R11."
    )
    recommended = models.BooleanField(null=True, blank=True)
    reasons = models.TextField(blank=True)
    precis = models.TextField(
        blank=True, help_text="A summary of the evidence, where the scheme asks for one. R28."
    )
    objectives = models.TextField(
        blank=True, help_text="The evidence for the review's own objectives, where it is held at one. R28."
    )
    feedback = models.TextField(blank=True, help_text="What the worker was told at the review. R28.")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True, help_text="The day of the signature here. R17.")

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_on__isnull=True)
                | Q(signed_at__isnull=False, signed_on__isnull=False, recommended__isnull=False),
                name="assessment_signed_whole",
            ),
            CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(recommended=True) | ~Q(reasons=""),
                name="assessment_not_recommended_has_reasons",
            ),
        ]

    def __str__(self):
        return f"Assessment of {self.application_id}"

    def revision_of(self, part):
        """How often `part` (a heading's code, "declarations" or "recommendation") has been saved."""
        return self.revisions.get(part, 0)

    @property
    def saves(self):
        """How often anything in it was saved: the same number means the same words."""
        return sum(self.revisions.values())


class Finding(models.Model):
    """Met or not met on one criterion, with the manager's evidence, and what is agreed where not met. R9."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="findings")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="findings")
    met = models.BooleanField(null=True, blank=True)
    evidence = models.TextField(blank=True)
    action = models.TextField(blank=True)
    action_by = models.DateField(null=True, blank=True)
    carried = models.BooleanField(
        default=False,
        help_text="Brought over from the submission before, and not saved since.",
    )
    look_again = models.BooleanField(
        default=False, help_text="Carried over, but the worker has changed the evidence for its heading."
    )

    class Meta:
        ordering = ["id"]  # made in the order of the scheme
        constraints = [
            UniqueConstraint(fields=["assessment", "criterion"], name="finding_once_a_criterion"),
            CheckConstraint(
                condition=~Q(met=True) | Q(action="", action_by__isnull=True),
                name="finding_met_needs_no_action",
            ),
            CheckConstraint(
                condition=Q(look_again=False) | Q(carried=True), name="finding_looked_at_again_once_saved"
            ),
        ]

    def __str__(self):
        return f"{self.criterion_id}: {self.met}"


class Declaration(models.Model):
    """What the manager declares beside the criteria: attendance, punctuality, diversity and equality. R13."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="declarations")
    code = models.SlugField(max_length=40)
    shown = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [UniqueConstraint(fields=["assessment", "code"], name="declaration_once")]

    def __str__(self):
        return f"{self.code}: {self.shown}"


class Authorisation(models.Model):
    """The authoriser's decision on one signed assessment. Append-only. R15, R18.

    One reversed stays as it was: the decision made instead is the assessment's next.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="authorisations")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="authorisations")
    number = models.PositiveSmallIntegerField(default=1, help_text="Goes up after a reversal.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField()
    authorised = models.BooleanField()
    reasons = models.TextField(blank=True)
    required = models.TextField(blank=True, help_text="What the worker needs to do to progress. R18.")

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [
            UniqueConstraint(fields=["assessment", "number"], name="authorisation_once_a_number"),
            CheckConstraint(
                condition=Q(authorised=True) | ~Q(reasons="") & ~Q(required=""),
                name="authorisation_refusal_says_why_and_what",
            ),
        ]

    def __str__(self):
        return f"{self.application_id}: {'authorised' if self.authorised else 'refused'}"


class Reversal(models.Model):
    """An authorisation made in error is taken back by two people; both it and this are kept. R15."""

    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="reversals")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom the one who asked stood in for.",
    )
    asked_at = models.DateTimeField()
    reason = models.TextField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    confirmed = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True, help_text="Why not, where the second person refuses.")

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            CheckConstraint(condition=~Q(reason=""), name="reversal_has_its_reason"),
            CheckConstraint(condition=~Q(answered_by=F("asked_by")), name="reversal_by_two_people"),
            CheckConstraint(
                condition=Q(answered_by__isnull=True, answered_at__isnull=True, confirmed__isnull=True)
                | Q(answered_by__isnull=False, answered_at__isnull=False, confirmed__isnull=False),
                name="reversal_answered_whole",
            ),
            CheckConstraint(
                condition=Q(confirmed__isnull=True) | Q(confirmed=True) | ~Q(answer=""),
                name="reversal_refused_says_why",
            ),
            UniqueConstraint(
                fields=["authorisation"],
                condition=Q(confirmed__isnull=True) | Q(confirmed=True),
                name="reversal_once",
            ),
        ]

    def __str__(self):
        return f"Reversal of {self.authorisation_id}"
