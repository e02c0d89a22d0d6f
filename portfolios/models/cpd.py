"""The pieces that a worker enters as CPD for the regulator's yearly renewal."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q

from portfolios.models.evidence import Evidence

LONGEST_PEER = 100


class CpdRecord(models.Model):
    """A piece counts for one registration year, named by the day on which that ends.

    `peer_role`, `peer_on` and `peer_said` are there together or not at all. Once it is entered on the
    regulator's site, it stays as it is, with its words as they then stood in `entered`.
    """

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cpd_records")
    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="cpd_record")
    year_ends_on = models.DateField()
    chosen_at = models.DateTimeField()
    peer_role = models.CharField(max_length=LONGEST_PEER, blank=True, help_text="Who with: a role, no name.")
    peer_on = models.DateField(null=True, blank=True)
    peer_said = models.TextField(blank=True)
    entered_on = models.DateField(null=True, blank=True)
    entered = models.JSONField(null=True, blank=True, help_text="[heading, text] as they stood when entered.")

    class Meta:
        ordering = ["chosen_at", "id"]
        verbose_name = "CPD record"
        indexes = [models.Index(fields=["worker", "-year_ends_on"], name="cpd_record_by_worker")]
        constraints = [
            CheckConstraint(
                condition=Q(peer_role="", peer_on__isnull=True, peer_said="")
                | (~Q(peer_role="") & Q(peer_on__isnull=False) & ~Q(peer_said="")),
                name="cpd_record_peer_reflection_whole",
            ),
            CheckConstraint(
                condition=Q(entered_on__isnull=True, entered__isnull=True)
                | Q(entered_on__isnull=False, entered__isnull=False),
                name="cpd_record_entered_with_its_words",
            ),
        ]

    def __str__(self):
        return f"CPD record {self.pk}"
