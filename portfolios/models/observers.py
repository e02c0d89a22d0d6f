"""Whom a worker asked to confirm a piece or to write of it, by which link, and what they answered.

An observer has no account. Of a link only the SHA-256 is kept; what was answered stands in Testimony as it
was sent, with its fingerprint, and PostgreSQL lets nobody change it.
"""

import uuid

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from portfolios.models.evidence import Evidence

LONGEST_OBSERVER_NAME = 100
LONGEST_OBSERVER_EMAIL = 254


class Relation(models.TextChoices):
    """What an observer is to the worker, as the worker says."""

    COLLEAGUE = "colleague", "A colleague"
    PRACTICE_EDUCATOR = "practice_educator", "A practice educator"
    PARTNER_AGENCY = "partner_agency", "Somebody of a partner agency"
    OTHER = "other", "Somebody else"


class ObserverRequest(models.Model):
    """A worker asks somebody about one piece. `shown` is all that they may read of it, as it stood then."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="observer_requests")
    key = models.UUIDField(
        default=uuid.uuid4,
        editable=False,
        help_text="Made with the empty form: however often sent, one request.",
    )
    name = models.CharField(max_length=LONGEST_OBSERVER_NAME)
    email = models.EmailField(max_length=LONGEST_OBSERVER_EMAIL)
    relation = models.CharField(max_length=20, choices=Relation)
    message = models.TextField(blank=True)
    shown = models.JSONField()
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the worker took it back.")
    left_out = models.BooleanField(
        default=False, help_text="The worker does not submit what was answered; it is kept all the same."
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            UniqueConstraint(fields=["evidence", "key"], name="observer_request_once_a_form"),
            CheckConstraint(
                condition=Q(relation__in=Relation.values), name="observer_request_relation_known"
            ),
            CheckConstraint(condition=~Q(name="") & ~Q(email=""), name="observer_request_asks_somebody"),
        ]

    def __str__(self):
        return f"Request {self.pk} about {self.evidence_id}"


class LinkMail(models.TextChoices):
    """Where the e-mail with a link is."""

    WAITING = "waiting", "Waiting to be sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"


class ObserverLink(models.Model):
    """One link of a request, and the e-mail that carries it. It works until it is used, ended or expired.

    The token is made anew of `key` and the server's own key whenever the e-mail is tried: it lies nowhere.
    """

    request = models.ForeignKey(ObserverRequest, on_delete=models.PROTECT, related_name="links")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="Taken back, or another was sent in its place."
    )
    used_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=10, choices=LinkMail, default=LinkMail.WAITING)
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_fault = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["try_at", "id"], condition=Q(mail="waiting"), name="observer_link_to_send")
        ]
        constraints = [
            UniqueConstraint(
                fields=["request"],
                condition=Q(ended_at__isnull=True),
                name="observer_link_one_open_a_request",
            ),
            CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(used_at__isnull=True),
                name="observer_link_used_or_ended",
            ),
            CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__lt=F("expires_at")),
                name="observer_link_used_in_time",
            ),
            CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="observer_link_expires_after_it_is_made"
            ),
            CheckConstraint(condition=Q(mail__in=LinkMail.values), name="observer_link_mail_known"),
            CheckConstraint(
                condition=~Q(mail="sent") | Q(sent_at__isnull=False), name="observer_link_sent_has_its_time"
            ),
        ]

    def __str__(self):
        return f"Link {self.pk} of request {self.request_id}"


class Testimony(models.Model):
    """What an observer answered, sealed: `sha256` is over `content`, in which `previous` stands. Append-only.

    `previous` is the fingerprint of the testimony before it on the same piece, or "".
    """

    request = models.OneToOneField(ObserverRequest, on_delete=models.PROTECT, related_name="testimony")
    link = models.OneToOneField(ObserverLink, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(editable=False, help_text="Made with the empty form: sent twice, one testimony.")
    content = models.JSONField()
    previous = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "testimonies"
        constraints = [
            CheckConstraint(
                condition=Q(content__has_keys=["name", "role", "observed", "words", "previous"]),
                name="testimony_says_who_and_what",
            ),
            CheckConstraint(condition=~Q(sha256=""), name="testimony_is_sealed"),
        ]

    def __str__(self):
        return f"Testimony {self.pk} on request {self.request_id}"
