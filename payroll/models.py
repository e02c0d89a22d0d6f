"""What leaves the building."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from payroll.states import COLOURS, FORM_NAMES, FormState
from people.models import Service
from portfolios.models import Submission
from progression.models import Application


class WhyStopped(models.TextChoices):
    REPLACED = "replaced", "A newer version stands in for it"
    REVERSED = "reversed", "The authorisation was reversed"
    DECLINED = "declined", "The worker declined the new contract"


class PayForm(models.Model):
    """A form to payroll about one decision. R13.

    What it says is fixed when the decision is made: PostgreSQL refuses any change to it, and lets each thing
    that happens to it afterwards be written once.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="pay_forms")
    version = models.PositiveSmallIntegerField(default=1, help_text="A review that is upheld makes a second.")
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        help_text="The version that this one stands in for, which it names.",
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="pay_forms", help_text="The evidence judged. R16."
    )
    form = models.CharField(max_length=60, help_text="The scheme's name for it, PAY002 for one.")
    progressed = models.BooleanField()
    content = models.JSONField(help_text="Everything the form says: payroll.letters.PayFormContent.")
    created_at = models.DateTimeField()

    # What payroll's list shows and searches, taken from `content` once.
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="pay_forms")
    reference = models.CharField(max_length=20, db_index=True)
    name = models.CharField(max_length=200)
    ern = models.CharField(max_length=20)
    from_point = models.PositiveSmallIntegerField(null=True, blank=True)
    to_point = models.PositiveSmallIntegerField(null=True, blank=True)
    effective_from = models.DateField(null=True, blank=True, help_text="Empty where nothing takes effect.")

    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often its documents were begun.")
    try_at = models.DateTimeField(help_text="Not begun again before.")
    last_fault = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True, help_text="When its documents were made.")
    downloaded_at = models.DateTimeField(null=True, blank=True, help_text="First.")
    downloaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    in_pay_at = models.DateTimeField(null=True, blank=True)
    in_pay_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stopped_at = models.DateTimeField(
        null=True, blank=True, help_text="No pay may change by it: replaced, reversed or declined."
    )
    stopped_because = models.CharField(max_length=20, choices=WhyStopped, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["try_at", "id"], condition=Q(issued_at__isnull=True), name="pay_form_to_issue"
            ),
            models.Index(fields=["service", "-created_at", "-id"], name="pay_form_by_service"),
        ]
        constraints = [
            UniqueConstraint(fields=["application", "version"], name="pay_form_version_once"),
            CheckConstraint(
                condition=Q(downloaded_at__isnull=True, downloaded_by__isnull=True)
                | Q(downloaded_at__isnull=False, downloaded_by__isnull=False, issued_at__isnull=False),
                name="pay_form_download_complete",
            ),
            CheckConstraint(
                condition=Q(in_pay_at__isnull=True, in_pay_by__isnull=True)
                | Q(
                    in_pay_at__isnull=False, in_pay_by__isnull=False, issued_at__isnull=False, progressed=True
                ),
                name="pay_form_in_pay_complete",
            ),
            CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_because="")
                | Q(stopped_at__isnull=False) & ~Q(stopped_because=""),
                name="pay_form_stopped_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.form} {self.reference} version {self.version}"

    @property
    def form_name(self):
        """What people call it."""
        return FORM_NAMES.get(self.form, self.form)

    @property
    def contract_accepted(self):
        """Whether the worker has accepted the change to the contract that it leads to. R23, R30."""
        variation = getattr(self, "variation", None)
        return variation is not None and variation.accepted is True

    @property
    def state(self):
        """Where it stands, as payroll sees it."""
        if self.stopped_at is not None:
            return FormState.STOPPED
        if self.issued_at is None:
            return FormState.FAILED if self.last_fault or self.attempts > 1 else FormState.PREPARING
        if not self.progressed:
            return FormState.KEPT
        if self.in_pay_at is not None:
            return FormState.IN_PAY
        if getattr(self, "payroll_query", None) is not None:
            return FormState.SENT_BACK
        if not self.contract_accepted:
            return FormState.WITH_WORKER
        return FormState.DOWNLOADED if self.downloaded_at is not None else FormState.TO_DOWNLOAD

    @property
    def colour(self):
        return COLOURS[self.state]


class PayQuery(models.Model):
    """Payroll sends a form back, and why; the answer is the version that replaces it. R13."""

    pay_form = models.OneToOneField(PayForm, on_delete=models.PROTECT, related_name="payroll_query")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom the one who answered stood in for.",
    )
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name_plural = "pay queries"
        constraints = [
            CheckConstraint(condition=~Q(reason=""), name="pay_query_has_its_reason"),
            CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="pay_query_answered_whole",
            ),
        ]

    def __str__(self):
        return f"Query on {self.pay_form}"


class LetterKind(models.TextChoices):
    OUTCOME = "outcome", "Outcome"
    STATEMENT_OF_REASONS = "statement_of_reasons", "Statement of reasons"
    APPEAL_RECEIVED = "appeal_received", "Request received"
    LATE_REQUEST = "late_request", "Late request"
    HEARING_INVITATION = "hearing_invitation", "Hearing invitation"
    APPEAL_DECISION = "appeal_decision", "Decision"
    VARIATION = "variation", "Contract variation"


class Letter(models.Model):
    """A letter about a case: what it says is fixed when it is opened; Celery makes the PDF a moment later."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=30, choices=LetterKind)
    number = models.PositiveSmallIntegerField(
        default=1, help_text="1 is the first of its kind for this case."
    )
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letters")
    content = models.JSONField(help_text="Everything the letter says: payroll.letters.LetterContent.")
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often its PDF was begun.")
    try_at = models.DateTimeField(help_text="Not begun again before.")
    last_fault = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["try_at", "id"], condition=Q(issued_at__isnull=True), name="letter_to_issue"
            ),
        ]
        constraints = [
            UniqueConstraint(fields=["application", "kind", "number"], name="letter_once_a_number"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.application_id}"

    @property
    def filename(self):
        """What its PDF is called."""
        number = f"-{self.number}" if self.number > 1 else ""
        return f"{self.kind.replace('_', '-')}-{self.application.reference}{number}.pdf"


class Variation(models.Model):
    """The change to the worker's contract: it holds once the worker accepts it. R23, R30."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="variations")
    pay_form = models.OneToOneField(PayForm, on_delete=models.PROTECT, related_name="variation")
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="variation")
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="The worker's, where they decline.")

    class Meta:
        ordering = ["-offered_at", "-id"]
        constraints = [
            CheckConstraint(
                condition=Q(answered_at__isnull=True, accepted__isnull=True)
                | Q(answered_at__isnull=False, accepted__isnull=False),
                name="variation_answered_whole",
            ),
        ]

    def __str__(self):
        return f"Variation for {self.application_id}"


class DocumentKind(models.TextChoices):
    PAY_FORM = "pay_form", "Pay form"
    EVIDENCE_FORM = "evidence_form", "Evidence form"
    LETTER = "letter", "Letter"


class IssuedDocument(models.Model):
    """A document as it was issued: its bytes and their SHA-256, never made again. Append-only."""

    pay_form = models.ForeignKey(
        PayForm, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    letter = models.OneToOneField(
        Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="document"
    )
    kind = models.CharField(max_length=20, choices=DocumentKind)
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["pay_form", "kind"]
        constraints = [
            UniqueConstraint(fields=["pay_form", "kind"], name="issued_document_once"),
            CheckConstraint(
                condition=Q(pay_form__isnull=True, letter__isnull=False, kind="letter")
                | Q(pay_form__isnull=False, letter__isnull=True) & ~Q(kind="letter"),
                name="issued_document_of_form_or_letter",
            ),
        ]

    def __str__(self):
        return self.filename


class Download(models.Model):
    """Who took which document, and when. Append-only."""

    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="downloads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.document} by {self.by_id}"
