from django.db import migrations, models
from django.utils import timezone

from people.append_only import fixed_anew

# What the scanner says of a file, it may say after the review is decided: only the papers themselves are fixed.
SCANNED_LATE = migrations.RunSQL(
    sql="""
        DROP TRIGGER reviews_appealdocument_decided ON reviews_appealdocument;
        CREATE TRIGGER reviews_appealdocument_decided BEFORE INSERT ON reviews_appealdocument
            FOR EACH ROW EXECUTE FUNCTION reviews_papers_are_fixed();
        CREATE TRIGGER reviews_appealdocument_changed BEFORE UPDATE ON reviews_appealdocument FOR EACH ROW
            WHEN (to_jsonb(NEW) - '{scan,scan_found,scan_settled_at,scan_try_at}'::text[]
                <> to_jsonb(OLD) - '{scan,scan_found,scan_settled_at,scan_try_at}'::text[])
            EXECUTE FUNCTION reviews_papers_are_fixed();
        ALTER TABLE reviews_appealdocument ENABLE ALWAYS TRIGGER reviews_appealdocument_decided;
        ALTER TABLE reviews_appealdocument ENABLE ALWAYS TRIGGER reviews_appealdocument_changed;
        CREATE TRIGGER reviews_appealdocument_scan_once BEFORE UPDATE ON reviews_appealdocument FOR EACH ROW
            WHEN (OLD.scan <> 'checking' AND (OLD.scan, OLD.scan_found, OLD.scan_settled_at)
                IS DISTINCT FROM (NEW.scan, NEW.scan_found, NEW.scan_settled_at))
            EXECUTE FUNCTION portfolios_scan_is_settled_once();
        ALTER TABLE reviews_appealdocument ENABLE ALWAYS TRIGGER reviews_appealdocument_scan_once;
    """,
    reverse_sql="""
        DROP TRIGGER reviews_appealdocument_scan_once ON reviews_appealdocument;
        DROP TRIGGER reviews_appealdocument_changed ON reviews_appealdocument;
        DROP TRIGGER reviews_appealdocument_decided ON reviews_appealdocument;
        CREATE TRIGGER reviews_appealdocument_decided BEFORE INSERT OR UPDATE ON reviews_appealdocument
            FOR EACH ROW EXECUTE FUNCTION reviews_papers_are_fixed();
        ALTER TABLE reviews_appealdocument ENABLE ALWAYS TRIGGER reviews_appealdocument_decided;
    """,
)


# What is kept already was taken in without a scanner: it is settled as safe, as it would be without one today.
class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0010_files_are_scanned"),
        ("reviews", "0008_both_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="appealdocument",
            name="scan",
            field=models.CharField(
                choices=[("checking", "Checking for viruses"), ("safe", "Safe"), ("refused", "Refused")],
                default="safe",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="appealdocument",
            name="scan",
            field=models.CharField(
                choices=[("checking", "Checking for viruses"), ("safe", "Safe"), ("refused", "Refused")],
                default="checking",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="appealdocument",
            name="scan_found",
            field=models.CharField(blank=True, help_text="What the scanner calls the virus.", max_length=200),
        ),
        migrations.AddField(
            model_name="appealdocument",
            name="scan_settled_at",
            field=models.DateTimeField(blank=True, default=timezone.now, null=True),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="appealdocument",
            name="scan_try_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Asked for, or tried in vain: not to be tried again before this.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="appealdocument",
            index=models.Index(
                condition=models.Q(("scan", "checking")),
                fields=["scan_try_at"],
                name="appeal_document_to_scan",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("scan__in", ["checking", "safe", "refused"])),
                name="appeal_document_scan_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("scan", "checking"),
                        ("scan_settled_at__isnull", True),
                        ("scan_try_at__isnull", False),
                    ),
                    models.Q(
                        models.Q(("scan", "checking"), _negated=True), ("scan_settled_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="appeal_document_scan_settled_or_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scan", "refused"), models.Q(("scan_found", ""), _negated=True)),
                    models.Q(models.Q(("scan", "refused"), _negated=True), ("scan_found", "")),
                    _connector="OR",
                ),
                name="appeal_document_scan_refused_for_a_virus",
            ),
        ),
        SCANNED_LATE,
        # Which of them, and when, is held by reviews_appealdocument_scan_once.
        fixed_anew(
            "reviews_appealdocument",
            once=("removed_at",),
            free=("scan", "scan_found", "scan_settled_at", "scan_try_at"),
            was_once=("removed_at",),
        ),
    ]
