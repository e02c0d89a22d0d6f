from django.db import migrations

# A file that a submission holds is part of what was handed in: of its row only `removed_at`, by which its worker
# takes it off the piece in the bank, still changes. Files that nobody has handed in come and go.
FIXED = migrations.RunSQL(
    sql="""
        CREATE FUNCTION portfolios_submitted_file_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.submitted_at IS NOT NULL AND (
                TG_OP = 'DELETE' OR to_jsonb(NEW) - 'removed_at' <> to_jsonb(OLD) - 'removed_at'
            ) THEN
                RAISE EXCEPTION 'portfolios_attachment: file % was handed in: % refused', OLD.id, TG_OP
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$;

        CREATE TRIGGER portfolios_attachment_submitted BEFORE UPDATE OR DELETE ON portfolios_attachment
            FOR EACH ROW EXECUTE FUNCTION portfolios_submitted_file_is_fixed();
        CREATE TRIGGER portfolios_attachment_no_truncate BEFORE TRUNCATE ON portfolios_attachment
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        ALTER TABLE portfolios_attachment ENABLE ALWAYS TRIGGER portfolios_attachment_submitted;
        ALTER TABLE portfolios_attachment ENABLE ALWAYS TRIGGER portfolios_attachment_no_truncate;
    """,
    reverse_sql="""
        DROP TRIGGER portfolios_attachment_no_truncate ON portfolios_attachment;
        DROP TRIGGER portfolios_attachment_submitted ON portfolios_attachment;
        DROP FUNCTION portfolios_submitted_file_is_fixed();
    """,
)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_refuse_change"),
        ("portfolios", "0002_append_only"),
    ]

    operations = [FIXED]
