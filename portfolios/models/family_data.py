"""What is kept about family data in evidence: never the passages, but what was found and why it stays."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from portfolios.family_data import Kind
from portfolios.models.evidence import Attachment, Evidence

LONGEST_NAME_TO_WATCH = 100
LONGEST_REASON = 500
KINDS = [kind.value for kind in Kind]
FIELDS = [
    ("title", "Title"),
    ("what_i_did", "What I did"),
    ("outcome", "Outcome"),
    ("what_i_learned", "What I learned"),
    ("files", "Files"),
]
PLACES = [name for name, _ in FIELDS]


def stays_field():
    """Why passages that look like family data stay in a row's texts, as family_data_words says."""
    return models.JSONField(default=list, blank=True)


class NameToWatch(models.Model):
    """A name that a worker wants pointed out in what they write. Theirs alone: nobody else ever reads it."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME_TO_WATCH)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "names to watch"
        constraints = [
            UniqueConstraint(fields=["worker", "name"], name="name_to_watch_once"),
            CheckConstraint(condition=~Q(name=""), name="name_to_watch_says_one"),
        ]

    def __str__(self):
        return f"Name {self.pk}"


class Declaration(models.Model):
    """Why a passage that looks like family data stays in a piece. Append-only.

    The passage itself is not kept: `digest` knows it again, in this piece alone.
    """

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="declarations")
    field = models.CharField(max_length=20, choices=FIELDS, help_text="Where it was when this was said.")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=LONGEST_REASON)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["evidence", "id"]
        constraints = [
            UniqueConstraint(fields=["evidence", "digest"], name="declaration_once_a_passage"),
            CheckConstraint(condition=~Q(reason=""), name="declaration_has_a_reason"),
            CheckConstraint(condition=Q(kind__in=KINDS), name="declaration_kind_known"),
            CheckConstraint(condition=Q(field__in=PLACES), name="declaration_place_known"),
        ]

    def __str__(self):
        return f"Why a {self.kind} stays in {self.evidence_id}"


class FoundInFile(models.Model):
    """A passage in an attached file that looks like family data; it goes with the file.

    `masked` shows its shape alone; the text of a file is not kept.
    """

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="found")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])
    digest = models.CharField(max_length=64)
    masked = models.CharField(max_length=100)
    page = models.PositiveIntegerField(null=True, blank=True, help_text="Of a PDF, the first is 1.")
    times = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["attachment", "id"]
        verbose_name_plural = "found in files"
        constraints = [
            UniqueConstraint(fields=["attachment", "digest"], name="found_in_file_once_a_passage"),
            CheckConstraint(condition=Q(kind__in=KINDS), name="found_in_file_kind_known"),
        ]

    def __str__(self):
        return f"{self.kind} in file {self.attachment_id}"


class WordsOfFile(models.Model):
    """The words of an attached file, each as eight bytes of a keyed digest; they go with the file.

    No word can be read out of it. It answers one question: whether a name to watch, added later, is in there.
    """

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="words")
    digests = models.BinaryField()

    class Meta:
        ordering = ["attachment"]
        verbose_name_plural = "words of files"

    def __str__(self):
        return f"Words of file {self.attachment_id}"
