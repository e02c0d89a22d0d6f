"""Who works here."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Lower, Now

from people.case_numbers import check_patterns
from people.privacy_models import DataExport, Erasure  # noqa: F401 - where Django looks for models
from people.roles import Role
from people.sign_in_models import AccountLetter, Session, Tally  # noqa: F401 - where Django looks for models


class UserManager(BaseUserManager):
    """Makes users, by e-mail address."""

    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(
            email, password, role=Role.ADMINISTRATOR, is_staff=True, is_superuser=True, **fields
        )

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, by e-mail. A leaver is made inactive, never deleted: their signatures stay."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=30, choices=Role)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May use the operators' admin pages.")
    left_on = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="The day they were made inactive: PostgreSQL writes it. What is erased counts from it.",
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            UniqueConstraint(Lower("email"), name="user_email_unique_whatever_case"),
            CheckConstraint(condition=Q(email=Lower("email")), name="user_email_in_lower_case"),
            CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
        ]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def name_for(self, principal):
        """How a paper names them that they signed standing in for `principal`, or in their own right."""
        return f"{self.name} for {principal.name}" if principal else self.name

    def named_with(self, principal):
        """How a page names whoever acted: Ann, standing in for Ben; or Ann alone, in her own right."""
        return f"{self.name}, standing in for {principal.name}" if principal else self.name

    def with_role(self, principal):
        """The same with what they are: Ann, head of service, standing in for Ben."""
        instead = f", standing in for {principal.name}" if principal else ""
        return f"{self.name}, {self.get_role_display().lower()}{instead}"


class Service(models.Model):
    """A council's children's service: whose officers act for its teams, and nobody else's."""

    council = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    address = models.TextField(blank=True, help_text="As it stands at the top of a letter, a line each.")
    contact = models.CharField(
        max_length=200,
        blank=True,
        help_text="Whom a letter names for questions: an e-mail address or number.",
    )
    officers = models.ManyToManyField(
        User,
        related_name="services",
        blank=True,
        help_text="Service managers, heads of service, assistant directors, payroll, principal social "
        "workers, auditors and administrators who act for this service.",
    )
    case_number_patterns = models.TextField(
        blank=True,
        validators=[check_patterns],
        help_text="How the case system's numbers look, a pattern a line: # is a digit, A a letter, all else "
        "stands for itself. For example LCS-#######. Evidence is searched for them.",
    )

    class Meta:
        ordering = ["council", "name"]
        constraints = [UniqueConstraint(fields=["council", "name"], name="service_once_a_council")]

    def __str__(self):
        return f"{self.council}, {self.name}"


class Team(models.Model):
    """Social workers and their one team manager. R39."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=200)
    manager = models.ForeignKey(User, on_delete=models.PROTECT, related_name="teams_managed")
    scheme_code = models.CharField(max_length=60, help_text="The scheme this team's workers progress under.")
    most_workers = models.PositiveSmallIntegerField(
        default=6, help_text="The directory warns past this many workers to the manager."
    )

    class Meta:
        ordering = ["name"]
        constraints = [UniqueConstraint(fields=["service", "name"], name="team_once_a_service")]

    def __str__(self):
        return self.name


class PerformanceRating(models.TextChoices):
    NOT_RATED = "", "Not rated"
    BELOW = "below", "Below expectations"
    DEVELOPING = "developing", "Developing"
    ACHIEVING = "achieving", "Achieving"
    EXCEEDING = "exceeding", "Exceeding"


class Post(models.Model):
    """The job a social worker holds now: what payroll knows them by, and what the schemes' gates ask."""

    holder = models.OneToOneField(User, on_delete=models.PROTECT, related_name="post")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="posts")
    ern = models.CharField("employee reference number", max_length=20, unique=True)
    post_number = models.CharField(max_length=20)
    job_title = models.CharField(max_length=200, default="Social Worker")
    level = models.PositiveSmallIntegerField()
    spinal_point = models.PositiveSmallIntegerField(
        "spinal column point", null=True, blank=True, help_text="Empty where the scheme publishes none."
    )
    service_start = models.DateField("started with the council")
    newly_qualified = models.BooleanField(default=False)
    induction_completed_on = models.DateField(null=True, blank=True)
    probation_ends_on = models.DateField(null=True, blank=True)
    probation_completed = models.BooleanField(default=False)
    performance_rating = models.CharField(max_length=20, choices=PerformanceRating, blank=True, default="")
    under_formal_process = models.BooleanField(
        "subject to formal capability or disciplinary process", default=False
    )

    class Meta:
        ordering = ["holder__name"]
        constraints = [
            CheckConstraint(condition=Q(level__gte=1, level__lte=9), name="post_level_sensible"),
            CheckConstraint(
                condition=Q(induction_completed_on__isnull=True)
                | Q(induction_completed_on__gte=F("service_start")),
                name="post_induction_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.holder.name}, {self.job_title}, {self.post_number}"


class PostChange(models.Model):
    """One thing that a manager recorded of a worker's post, with what it said before. Append-only."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="changes")
    field = models.CharField(max_length=40)
    was = models.CharField(max_length=40, blank=True)
    became = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Of who was away."
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["post", "-at"], name="post_change_latest")]
        constraints = [CheckConstraint(condition=~Q(was=F("became")), name="post_change_changes")]

    def __str__(self):
        return f"{self.post_id} {self.field}: {self.was} to {self.became}"


class Delegation(models.Model):
    """For these days, both included, somebody of at least the same rank stands in for somebody else."""

    delegator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_held")
    first_day = models.DateField()
    last_day = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Ended early: from this moment.")
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-first_day", "-id"]
        indexes = [
            models.Index(
                fields=["delegate", "first_day"], condition=Q(ended_at__isnull=True), name="delegation_held"
            ),
        ]
        constraints = [
            CheckConstraint(condition=~Q(delegate=F("delegator")), name="delegation_to_somebody_else"),
            CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="delegation_ends_after_it_begins"
            ),
            CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="delegation_ended_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.delegate} for {self.delegator}, {self.first_day} to {self.last_day}"


class Tie(models.TextChoices):
    PARTNER = "partner", "Partner or spouse"
    FAMILY = "family", "Family"
    FRIEND = "friend", "Close friend"
    LINE_MANAGER = "line_manager", "Line manager, now or before"
    OTHER = "other", "Something else"


class Conflict(models.Model):
    """A tie between two people, declared: neither judges the other while it stands."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts")
    other = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts_of_others")
    tie = models.CharField(max_length=20, choices=Tie)
    detail = models.TextField(blank=True)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-declared_at", "-id"]
        constraints = [
            CheckConstraint(condition=~Q(other=F("person")), name="conflict_with_somebody_else"),
            CheckConstraint(condition=Q(tie__in=Tie.values), name="conflict_tie_known"),
            CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="conflict_ended_by_somebody",
            ),
            UniqueConstraint(
                fields=["person", "other"], condition=Q(ended_at__isnull=True), name="conflict_declared_once"
            ),
        ]

    def __str__(self):
        return f"{self.person} and {self.other}: {self.get_tie_display()}"


class Topic(models.TextChoices):
    """What a person may choose how to be told of. What concerns their rights is not among them."""

    NEWS = "news", "News of applications"
    WAITING = "waiting", "Something waits for you"
    REMINDERS = "reminders", "Reminders"


class HowTold(models.TextChoices):
    AT_ONCE = "at_once", "By e-mail, at once"
    DAILY = "daily", "In one e-mail a day"
    HERE_ONLY = "here_only", "Only here, when you sign in"


class NoticeChoice(models.Model):
    """How a person wants to be told of a topic. Without a row: by e-mail, at once."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_choices")
    topic = models.CharField(max_length=20, choices=Topic)
    how = models.CharField(max_length=20, choices=HowTold)

    class Meta:
        ordering = ["person", "topic"]
        constraints = [
            UniqueConstraint(fields=["person", "topic"], name="notice_choice_once_a_topic"),
            CheckConstraint(condition=Q(topic__in=Topic.values), name="notice_choice_topic_known"),
            CheckConstraint(condition=Q(how__in=HowTold.values), name="notice_choice_how_known"),
        ]

    def __str__(self):
        return f"{self.person}: {self.topic} {self.how}"


class AuditEntry(models.Model):
    """One thing done or read: by whom, by way of what, to which rows. Append-only, chained by `hash`.

    PostgreSQL writes it (people/safeguards.py), and numbers and chains it as its transaction ends. Nobody is
    pointed to by a foreign key: the row stays as it is, whatever is erased later.
    """

    class Kind(models.TextChoices):
        INSERT = "insert", "Added"
        UPDATE = "update", "Changed"
        DELETE = "delete", "Deleted"
        READ = "read", "Read"
        DENIED = "denied", "Denied"
        SIGNED_IN = "signed in", "Signed in"
        SIGNED_OUT = "signed out", "Signed out"
        NOT_SIGNED_IN = "not signed in", "Sign-in failed"
        ERASED = "erased", "Erased"
        ALERT = "alert", "Alert"

    at = models.DateTimeField(db_default=Now())
    transaction = models.BigIntegerField(db_default=0, help_text="Rows of one act have one number.")
    actor = models.BigIntegerField(null=True, help_text="The person; none for a task or a command.")
    on_behalf_of = models.BigIntegerField(null=True, help_text="Whom they stood in for.")
    through = models.CharField(max_length=200, db_default="", help_text="The page, task or command.")
    kind = models.CharField(max_length=20, choices=Kind)
    thing = models.CharField(max_length=100, blank=True, help_text="The table.")
    things = ArrayField(models.CharField(max_length=100), default=list, help_text="Its rows, the first 50.")
    count = models.PositiveIntegerField(help_text="How many rows.")
    fields = ArrayField(models.CharField(max_length=100), default=list, help_text="What was changed in them.")
    people = ArrayField(models.BigIntegerField(), default=list, help_text="Whom it concerns.")
    applications = ArrayField(models.BigIntegerField(), default=list)
    words = models.CharField(max_length=200, blank=True)
    number = models.BigIntegerField(null=True, unique=True, help_text="Its place in the chain.")
    hash = models.CharField(max_length=64, blank=True, help_text="Over the hash before it and all of this.")

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["-at"], name="audit_by_day"),
            models.Index(
                fields=["transaction", "id"], condition=Q(number__isnull=True), name="audit_to_chain"
            ),
            GinIndex(fields=["people"], name="audit_by_person", fastupdate=False),
            GinIndex(fields=["applications"], name="audit_by_application", fastupdate=False),
        ]

    def __str__(self):
        return f"{self.number}: {self.kind} {self.thing}"
