from django.db import migrations, models
from django.utils import timezone

# What the scanner said of a file, it said once: a refused one is never safe after all, nor a safe one to check.
SETTLED_ONCE = migrations.RunSQL(
    sql="""
        CREATE FUNCTION portfolios_scan_is_settled_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '%: what the scanner said of file % is fixed', TG_TABLE_NAME, OLD.id
                USING ERRCODE = 'restrict_violation';
        END $$;
    """,
    reverse_sql="DROP FUNCTION portfolios_scan_is_settled_once();",
)


def settled_once(table):
    """An operation after which no row of `table` says anything else of its file, once that is settled."""
    return migrations.RunSQL(
        sql=f"""
            CREATE TRIGGER {table}_scan_once BEFORE UPDATE ON {table} FOR EACH ROW
                WHEN (OLD.scan <> 'checking' AND (OLD.scan, OLD.scan_found, OLD.scan_settled_at)
                    IS DISTINCT FROM (NEW.scan, NEW.scan_found, NEW.scan_settled_at))
                EXECUTE FUNCTION portfolios_scan_is_settled_once();
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_scan_once;
        """,
        reverse_sql=f"DROP TRIGGER {table}_scan_once ON {table};",
    )


# What is kept already was taken in without a scanner: it is settled as safe, as it would be without one today.
class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0009_family_data"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="scan",
            field=models.CharField(
                choices=[("checking", "Checking for viruses"), ("safe", "Safe"), ("refused", "Refused")],
                default="safe",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="attachment",
            name="scan",
            field=models.CharField(
                choices=[("checking", "Checking for viruses"), ("safe", "Safe"), ("refused", "Refused")],
                default="checking",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="scan_found",
            field=models.CharField(blank=True, help_text="What the scanner calls the virus.", max_length=200),
        ),
        migrations.AddField(
            model_name="attachment",
            name="scan_settled_at",
            field=models.DateTimeField(blank=True, default=timezone.now, null=True),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attachment",
            name="scan_try_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Asked for, or tried in vain: not to be tried again before this.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("scan", "checking")), fields=["scan_try_at"], name="attachment_to_scan"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("scan__in", ["checking", "safe", "refused"])),
                name="attachment_scan_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
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
                name="attachment_scan_settled_or_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scan", "refused"), models.Q(("scan_found", ""), _negated=True)),
                    models.Q(models.Q(("scan", "refused"), _negated=True), ("scan_found", "")),
                    _connector="OR",
                ),
                name="attachment_scan_refused_for_a_virus",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("submitted_at__isnull", True), ("scan", "safe"), _connector="OR"),
                name="attachment_submitted_is_safe",
            ),
        ),
        SETTLED_ONCE,
        settled_once("portfolios_attachment"),
    ]
