"""What a council asks: a scheme, as versioned data. Once published it never changes: see migration 0002."""

from functools import cache

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.fields.json import KT

from competencies.rules import SchemeRules


class Scheme(models.Model):
    """One version of one council's scheme, loaded whole from a YAML file."""

    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    council = models.CharField(max_length=200)
    service = models.CharField(max_length=200)
    effective_from = models.DateField()
    source = models.TextField(blank=True)
    sha256 = models.CharField(
        max_length=64, help_text="Of the file's content: the same content is not loaded twice."
    )
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty where set-up loaded it from a file.",
    )

    class Meta:
        ordering = ["code", "-version"]
        constraints = [UniqueConstraint(fields=["code", "version"], name="scheme_version_once")]

    def __str__(self):
        return f"{self.title} ({self.code}, version {self.version})"

    @property
    def rules(self):
        """The scheme's rules as a typed object: where councils differ, this differs. Read once a process."""
        return rules_of(self.pk)


class SchemeContent(models.Model):
    """The file of a scheme version, as validated: what `Scheme.rules` reads.

    Written last, it closes the version: PostgreSQL then refuses every further row of it, and commits no
    version without one. Apart from the scheme, so that a list which joins schemes does not carry their files.
    """

    scheme = models.OneToOneField(Scheme, on_delete=models.CASCADE, related_name="content", primary_key=True)
    file = models.JSONField()
    # Beside the file, for PostgreSQL: to ask the file it unpacks the whole of it, for each case it looks at.
    authorised_by = models.GeneratedField(
        expression=KT("file__decision__authorised_by"),
        output_field=models.CharField(max_length=30),
        db_persist=True,
    )
    heard_by = models.GeneratedField(
        expression=KT("file__appeal__heard_by"), output_field=models.CharField(max_length=30), db_persist=True
    )

    def __str__(self):
        return f"Content of {self.scheme_id}"


@cache
def rules_of(scheme_id):
    """The rules of a scheme version. Kept by each process: the version cannot change."""
    return SchemeRules.model_validate(SchemeContent.objects.get(pk=scheme_id).file)


class Level(models.Model):
    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="levels")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    expects = models.TextField(blank=True)

    class Meta:
        ordering = ["scheme", "number"]
        constraints = [UniqueConstraint(fields=["scheme", "number"], name="level_once_a_scheme")]

    def __str__(self):
        return self.name


class Step(models.Model):
    """One progression: from a level to the one above it. R1."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="steps")
    from_level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="steps_up")
    to_level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="steps_in")

    class Meta:
        ordering = ["scheme", "from_level__number"]
        constraints = [
            UniqueConstraint(fields=["scheme", "from_level"], name="step_once_a_level"),
            CheckConstraint(condition=~Q(from_level=models.F("to_level")), name="step_goes_somewhere"),
        ]

    def __str__(self):
        return f"{self.from_level.name} to {self.to_level.name}"

    @property
    def rules(self):
        """The rules of the scheme that the step is of."""
        return rules_of(self.scheme_id)


class Competency(models.Model):
    """A heading of the framework."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="competencies")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    group = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    steps_evidenced = models.ManyToManyField(
        Step,
        related_name="evidenced_competencies",
        help_text="The steps whose evidence form asks the worker for this heading. R4.",
    )

    class Meta:
        ordering = ["scheme", "position"]
        verbose_name_plural = "competencies"
        constraints = [UniqueConstraint(fields=["scheme", "code"], name="competency_once_a_scheme")]

    def __str__(self):
        return self.name


class Criterion(models.Model):
    """One thing asked under a heading at one level; met or not met."""

    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="criteria")
    level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    steps = models.ManyToManyField(Step, related_name="criteria", help_text="The steps judged on it. R5.")

    class Meta:
        ordering = ["competency__position", "level__number", "position"]
        verbose_name_plural = "criteria"
        constraints = [
            UniqueConstraint(fields=["competency", "level", "position"], name="criterion_place_once")
        ]

    def __str__(self):
        return self.text


class PayScale(models.Model):
    """Salaries by spinal column point from a date. R22, R37."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="pay_scales")
    effective_from = models.DateField()

    class Meta:
        ordering = ["scheme", "effective_from"]
        constraints = [UniqueConstraint(fields=["scheme", "effective_from"], name="pay_scale_once_a_day")]

    def __str__(self):
        return f"{self.scheme.title} from {self.effective_from}"


class SpinalPoint(models.Model):
    """One point of a pay scale: annual salary in pounds, and the level it belongs to."""

    scale = models.ForeignKey(PayScale, on_delete=models.CASCADE, related_name="points")
    level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField()
    salary = models.DecimalField(max_digits=9, decimal_places=2)

    class Meta:
        ordering = ["scale", "number"]
        constraints = [
            UniqueConstraint(fields=["scale", "number"], name="spinal_point_once_a_scale"),
            CheckConstraint(condition=Q(salary__gt=0), name="spinal_point_salary_positive"),
        ]

    def __str__(self):
        return f"{self.number}: {self.salary}"


class DraftQuerySet(models.QuerySet):
    def open(self):
        """Neither published nor given up."""
        return self.filter(published_as__isnull=True, discarded_at__isnull=True)


class SchemeDraft(models.Model):
    """The next version of a scheme in the making: what its file would say. One open draft a scheme."""

    code = models.CharField(max_length=60)
    based_on = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="drafts")
    file = models.JSONField(help_text="As a SchemeContent's, but not yet valid, perhaps.")
    revision = models.PositiveIntegerField(default=1, help_text="Up at each save: a stale one is refused.")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_as = models.OneToOneField(
        Scheme, on_delete=models.PROTECT, null=True, blank=True, related_name="drafted_as"
    )
    discarded_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-id"]
        constraints = [
            UniqueConstraint(
                fields=["code"],
                condition=Q(published_as__isnull=True, discarded_at__isnull=True),
                name="scheme_draft_one_open_a_scheme",
            ),
            CheckConstraint(
                condition=Q(published_as__isnull=True) | Q(discarded_at__isnull=True),
                name="scheme_draft_published_or_discarded",
            ),
        ]

    def __str__(self):
        return f"Draft of {self.code}, from version {self.based_on.version}"

    @property
    def is_open(self):
        """Neither published nor given up."""
        return self.published_as_id is None and self.discarded_at is None
