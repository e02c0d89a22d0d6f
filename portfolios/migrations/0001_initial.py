import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("competencies", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        help_text="Made with the empty form: however often sent, one piece.",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("practice example", "Practice example"),
                            ("case study", "Case study"),
                            ("training record", "Training record"),
                            ("testimony", "Testimony"),
                            ("document", "Document"),
                        ],
                        default="practice example",
                        max_length=30,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                ("practised_on", models.DateField(blank=True, null=True, verbose_name="date of practice")),
                ("what_i_did", models.TextField(blank=True)),
                ("outcome", models.TextField(blank=True)),
                ("what_i_learned", models.TextField(blank=True)),
                (
                    "complete",
                    models.BooleanField(
                        default=False,
                        help_text="All asked is there and the worker says so: it counts as an example.",
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        default=1, help_text="Goes up at each change: a stale save is refused."
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
                "ordering": ["-updated_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(help_text="As the worker's computer called it.", max_length=200)),
                ("stored_as", models.CharField(max_length=100, unique=True)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField(help_text="Bytes.")),
                ("sha256", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "submitted_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="First held by a submission: from then on its file is kept for good.",
                        null=True,
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="portfolios.evidence",
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="EvidenceRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="portfolios.evidence",
                    ),
                ),
            ],
            options={
                "ordering": ["evidence", "number"],
            },
        ),
        migrations.CreateModel(
            name="Portfolio",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "is_open",
                    models.BooleanField(
                        default=True, help_text="The worker may change it: not while others judge it."
                    ),
                ),
                (
                    "desirables",
                    models.JSONField(
                        blank=True, default=list, help_text="Codes of the scheme's desirables held. R6."
                    ),
                ),
                ("headings_asked", models.PositiveSmallIntegerField(default=0)),
                (
                    "headings_shown",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Headings with at least one example."
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="portfolios",
                        to="competencies.step",
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="portfolios",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "competency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="competencies.competency",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="portfolios.evidence",
                    ),
                ),
                (
                    "portfolio",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="portfolios.portfolio",
                    ),
                ),
            ],
            options={
                "ordering": ["competency__position", "evidence_id"],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "worked_through_with_manager",
                    models.BooleanField(
                        help_text="The worker says that they worked through the headings with their manager."
                    ),
                ),
                ("submitted_at", models.DateTimeField()),
                (
                    "portfolio",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="portfolios.portfolio",
                    ),
                ),
            ],
            options={
                "ordering": ["portfolio", "number"],
            },
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", True)),
                fields=["worker", "-updated_at", "-id"],
                name="evidence_bank",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("worker", "key"), name="evidence_once_a_form"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["practice example", "case study", "training record", "testimony", "document"],
                    )
                ),
                name="evidence_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("complete", False),
                    models.Q(
                        ("practised_on__isnull", False),
                        models.Q(("title", ""), _negated=True),
                        models.Q(("what_i_did", ""), _negated=True),
                        models.Q(("outcome", ""), _negated=True),
                        models.Q(("what_i_learned", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evidence_complete_has_everything",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("complete", False), ("removed_at__isnull", True), _connector="OR"),
                name="evidence_removed_counts_for_nothing",
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", False), ("submitted_at__isnull", True)),
                fields=["removed_at"],
                name="attachment_to_sweep",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("evidence", "sha256"),
                name="attachment_once_a_piece",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0), ("size__lte", 10485760)), name="attachment_size_allowed"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencerevision",
            constraint=models.UniqueConstraint(fields=("evidence", "number"), name="evidence_revision_once"),
        ),
        migrations.AddConstraint(
            model_name="portfolio",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_open", True)), fields=("worker",), name="portfolio_one_open_a_worker"
            ),
        ),
        migrations.AddConstraint(
            model_name="portfolio",
            constraint=models.CheckConstraint(
                condition=models.Q(("headings_shown__lte", models.F("headings_asked"))),
                name="portfolio_shows_no_more_than_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                fields=("portfolio", "evidence", "competency"), name="claim_once_a_heading"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                fields=("portfolio", "number"), name="submission_once_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("worked_through_with_manager", True)), name="submission_worked_through"
            ),
        ),
    ]
