"""Whether a file may be read: what the virus scanner said of it. PostgreSQL holds that it said it once."""

from django.db import models
from django.db.models import CheckConstraint, Q


class ScanState(models.TextChoices):
    """What is known of a file. Only one that is SAFE is ever given out, to anybody."""

    CHECKING = "checking", "Checking for viruses"
    SAFE = "safe", "Safe"
    REFUSED = "refused", "Refused"


class Scanned(models.Model):
    """A row whose file waits for the scanner, or has been settled. Without a scanner it is safe at once.

    Its table names the file in `stored_as`, and says in `removed_at` when it was taken off.
    """

    scan = models.CharField(max_length=10, choices=ScanState, default=ScanState.CHECKING)
    scan_settled_at = models.DateTimeField(null=True, blank=True)
    scan_found = models.CharField(max_length=200, blank=True, help_text="What the scanner calls the virus.")
    scan_try_at = models.DateTimeField(
        null=True, blank=True, help_text="Asked for, or tried in vain: not to be tried again before this."
    )

    class Meta:
        abstract = True

    @property
    def scan_words(self):
        """What the page says of a file that cannot be read; nothing of one that can."""
        return scan_words(self.scan, self.scan_found)


def scan_words(state, found):
    """What a page says of a file in this state, which the scanner calls `found`; nothing of a safe one."""
    if state == ScanState.REFUSED:
        return f"Refused: a virus was found in it ({found})"
    return ScanState.CHECKING.label if state == ScanState.CHECKING else ""


def scan_rules(table):
    """The constraints of a table of Scanned rows, whose names begin with `table`."""
    return [
        CheckConstraint(condition=Q(scan__in=ScanState.values), name=f"{table}_scan_known"),
        CheckConstraint(
            condition=Q(scan=ScanState.CHECKING, scan_settled_at__isnull=True, scan_try_at__isnull=False)
            | (~Q(scan=ScanState.CHECKING) & Q(scan_settled_at__isnull=False)),
            name=f"{table}_scan_settled_or_due",
        ),
        CheckConstraint(
            condition=Q(scan=ScanState.REFUSED) & ~Q(scan_found="")
            | ~Q(scan=ScanState.REFUSED) & Q(scan_found=""),
            name=f"{table}_scan_refused_for_a_virus",
        ),
    ]


def scan_index(table):
    """The index by which the scanner's queue is read."""
    return models.Index(fields=["scan_try_at"], condition=Q(scan=ScanState.CHECKING), name=f"{table}_to_scan")
