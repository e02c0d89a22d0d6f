"""What a worker says that a piece shows, whether or not an application is open: headings, criteria, lists.

A `Claim` counts a piece in one portfolio. A mark is the worker's own, and outlasts every application: it is
named by the scheme's code and the heading's, which its next version keeps.
"""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from competencies.models import Criterion
from portfolios.models.evidence import Evidence


class HeadingMark(models.Model):
    """The worker says that this piece shows this heading of a scheme, in every version of it."""

    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, related_name="heading_marks", db_index=False
    )
    scheme = models.CharField(max_length=60, help_text="The scheme's code.")
    heading = models.CharField(max_length=80, help_text="The competency's code.")

    class Meta:
        ordering = ["evidence", "scheme", "heading"]
        constraints = [
            UniqueConstraint(fields=["evidence", "scheme", "heading"], name="heading_mark_once"),
            CheckConstraint(condition=~Q(scheme="") & ~Q(heading=""), name="heading_mark_names_a_heading"),
        ]

    def __str__(self):
        return f"{self.evidence_id} shows {self.heading}"


class CriterionMark(models.Model):
    """The worker says that a piece speaks to this criterion of a heading that it is marked for.

    A later version's criterion of the same heading and level, in the same words, is the same criterion.
    """

    mark = models.ForeignKey(
        HeadingMark, on_delete=models.CASCADE, related_name="criterion_marks", db_index=False
    )
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="marks")

    class Meta:
        ordering = ["mark", "criterion"]
        constraints = [UniqueConstraint(fields=["mark", "criterion"], name="criterion_mark_once")]

    def __str__(self):
        return f"{self.mark} by {self.criterion_id}"


class ReferenceMark(models.Model):
    """The worker says that a piece speaks to one item of a list that a scheme refers to. R38.

    The lists are national: the same item in another scheme's file is the same item.
    """

    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, related_name="reference_marks", db_index=False
    )
    reference = models.CharField(max_length=40, help_text="The code of the list: pcf, for one.")
    item = models.CharField(max_length=200)

    class Meta:
        ordering = ["evidence", "reference", "item"]
        constraints = [
            UniqueConstraint(fields=["evidence", "reference", "item"], name="reference_mark_once"),
            CheckConstraint(condition=~Q(reference="") & ~Q(item=""), name="reference_mark_names_an_item"),
        ]

    def __str__(self):
        return f"{self.evidence_id}: {self.item}"
