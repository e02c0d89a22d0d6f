"""Which pieces a worker lets their manager read before submission, and what is said about them there."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from portfolios.models.evidence import Evidence
from portfolios.models.family_data import stays_field


class Sharing(models.Model):
    """A worker lets one manager read a piece, from then until they stop it.

    It names the manager: whoever manages the team after them is not let in by it.
    """

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="sharings")
    shared_with = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-shared_at", "-id"]
        constraints = [
            UniqueConstraint(
                fields=["evidence"], condition=Q(ended_at__isnull=True), name="sharing_one_open_a_piece"
            ),
            CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("shared_at")),
                name="sharing_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.evidence_id} with {self.shared_with}"


class Comment(models.Model):
    """What the worker or their manager said about a shared piece, on a day. Append-only."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="comments")
    key = models.UUIDField(
        default=uuid.uuid4,
        editable=False,
        help_text="Made with the empty form: however often sent, one comment.",
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom the one who wrote it stood in for.",
    )
    text = models.TextField()
    stays = stays_field()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["evidence", "id"], name="comment_thread")]
        constraints = [
            UniqueConstraint(fields=["evidence", "author", "key"], name="comment_once_a_form"),
            CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
            CheckConstraint(condition=~Q(on_behalf_of=F("author")), name="comment_for_somebody_else"),
        ]

    def __str__(self):
        return f"{self.author} on {self.evidence_id}"


class CommentsRead(models.Model):
    """Up to which comment somebody says that they have read the thread on a piece."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="comments_read")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    up_to = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["evidence", "reader"]
        constraints = [UniqueConstraint(fields=["evidence", "reader"], name="comments_read_once_a_reader")]

    def __str__(self):
        return f"{self.reader} up to {self.up_to_id}"
