"""What one person asked for and a process does a moment later: how far it is, and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q


class Work(models.Model):
    """A row that waits, is being worked on, or has ended: done (`made_at`) or given up (`failed_at`).

    Its `stage` is one of STAGES, in their order: the first waits, every later one is at work.
    """

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    try_at = models.DateTimeField(help_text="Not to be claimed before this: it waits, or is being made.")
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, help_text="How many of its files are in.")
    total = models.PositiveIntegerField(default=0)
    last_fault = models.CharField(max_length=200, blank=True, help_text="The kind of fault.")
    failed_at = models.DateTimeField(null=True, blank=True, help_text="Given up after too many attempts.")
    made_at = models.DateTimeField(null=True, blank=True)
    stored_as = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_waiting(self):
        return self.made_at is None and self.failed_at is None

    @property
    def progress(self):
        """(how much is done, of how much, in words): each file counts one, and so does each stage after."""
        stages = self.STAGES.values
        words = self.STAGES(self.stage).label
        if self.stage == self.STAGES.FILES and self.total:
            words = f"{words}: {self.done} of {self.total}"
        after = max(0, stages.index(self.stage) - 1)
        return self.done + after, self.total + len(stages) - 1, words


WAITS = Q(made_at__isnull=True, failed_at__isnull=True)


def work_rules(table, stages):
    """The constraints of a table of Work, whose names begin with `table`."""
    return [
        CheckConstraint(
            condition=Q(made_at__isnull=True) | Q(failed_at__isnull=True), name=f"{table}_made_or_failed"
        ),
        CheckConstraint(condition=Q(done__lte=F("total")), name=f"{table}_no_more_than_all"),
        CheckConstraint(condition=Q(stage__in=stages.values), name=f"{table}_stage_known"),
    ]


def work_index(table):
    """The index by which the queue is read."""
    return models.Index(fields=["try_at"], condition=WAITS, name=f"{table}_to_make")
