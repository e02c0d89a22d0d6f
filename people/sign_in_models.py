"""What signing in keeps: sessions, tries that are counted, messages about passwords, links to a provider."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import CheckConstraint, Q


class Session(AbstractBaseSession):
    """A browser's session. Whose it is and on what stands beside Django's data, for the list of them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions"
    )
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="To the minute.")
    device = models.CharField(
        max_length=60, blank=True, help_text="Browser and system, such as Edge on Windows."
    )
    network = models.CharField(max_length=45, blank=True, help_text="Its address, without the last part.")

    objects = BaseSessionManager()

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls):
        from people.sessions import SessionStore

        return SessionStore


class Tally(models.Model):
    """Something counted or used up for a while: wrong passwords, codes that were taken. The key is a hash."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self):
        return f"{self.key[:8]} until {self.until}"


class Letter(models.TextChoices):
    """What a message about an account says."""

    FORGOTTEN = "forgotten", "A link for a new password"
    NEW_PASSWORD = "new_password", "The password was changed"
    STEP_ADDED = "step_added", "A second step was added"
    STEP_REMOVED = "step_removed", "A second step was removed"
    NEW_CODES = "new_codes", "New recovery codes were made"
    NEW_ADDRESS = "new_address", "The account has another e-mail address"
    DATA_ASKED_FOR = "data_asked_for", "An administrator has everything about the person put together"
    LINKED = "linked", "The council's account was joined to this one"


class AccountLetter(models.Model):
    """A message about an account, to be sent; the row goes when that is done.

    `email` is what was typed: whether it is anybody's is looked up when it is sent, not when it is asked for.
    """

    kind = models.CharField(max_length=20, choices=Letter)
    email = models.EmailField()
    asked_at = models.DateTimeField()
    try_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["try_at", "id"]
        constraints = [CheckConstraint(condition=Q(kind__in=Letter.values), name="account_letter_kind_known")]

    def __str__(self):
        return f"{self.kind} of {self.asked_at}"
