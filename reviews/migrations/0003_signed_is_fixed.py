from django.db import migrations

# A signed assessment never changes, nor does anything in it. The row lock makes a change that races the
# signature wait for it, and then see it.
FIXED = migrations.RunSQL(
    sql="""
        CREATE FUNCTION refuse_change_once_signed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.signed_at IS NOT NULL THEN
                RAISE EXCEPTION 'assessment % is signed: % refused', OLD.id, TG_OP
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$;

        CREATE TRIGGER reviews_assessment_signed BEFORE UPDATE OR DELETE ON reviews_assessment
            FOR EACH ROW EXECUTE FUNCTION refuse_change_once_signed();
        ALTER TABLE reviews_assessment ENABLE ALWAYS TRIGGER reviews_assessment_signed;

        CREATE FUNCTION refuse_change_in_signed() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            whose bigint;
            signed timestamptz;
        BEGIN
            FOREACH whose IN ARRAY CASE TG_OP
                WHEN 'INSERT' THEN ARRAY[NEW.assessment_id]
                WHEN 'DELETE' THEN ARRAY[OLD.assessment_id]
                ELSE ARRAY[OLD.assessment_id, NEW.assessment_id]
            END LOOP
                SELECT signed_at INTO signed FROM reviews_assessment WHERE id = whose FOR SHARE;
                IF signed IS NOT NULL THEN
                    RAISE EXCEPTION 'assessment % is signed: % on % refused', whose, TG_OP, TG_TABLE_NAME
                        USING ERRCODE = 'restrict_violation';
                END IF;
            END LOOP;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$;
    """,
    reverse_sql="""
        DROP FUNCTION refuse_change_in_signed();
        DROP TRIGGER reviews_assessment_signed ON reviews_assessment;
        DROP FUNCTION refuse_change_once_signed();
    """,
)


def part_of_signed(table):
    """An operation after which no row of `table` under a signed assessment comes, goes or changes."""
    return migrations.RunSQL(
        sql=f"""
            CREATE TRIGGER {table}_signed BEFORE INSERT OR UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION refuse_change_in_signed();
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_signed;
        """,
        reverse_sql=f"DROP TRIGGER {table}_signed ON {table};",
    )


def never_emptied(table):
    """An operation after which `table` cannot be truncated."""
    return migrations.RunSQL(
        sql=f"""
            CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
        """,
        reverse_sql=f"DROP TRIGGER {table}_no_truncate ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_refuse_change"),
        ("reviews", "0002_append_only"),
    ]

    operations = [
        FIXED,
        part_of_signed("reviews_finding"),
        part_of_signed("reviews_declaration"),
        never_emptied("reviews_assessment"),
        never_emptied("reviews_finding"),
        never_emptied("reviews_declaration"),
    ]
