"""Who works here."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Lower

from people.roles import Role


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


class Service(models.Model):
    """A council's children's service: whose officers act for its teams, and nobody else's."""

    council = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    officers = models.ManyToManyField(
        User,
        related_name="services",
        blank=True,
        help_text="Service managers, heads of service, assistant directors, payroll, principal social "
        "workers and auditors who act for this service.",
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
