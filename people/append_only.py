"""Migration operations for tables whose rows, once written, PostgreSQL itself will not let anyone change.

Plain SQL triggers: they hold for every role and every session, TRUNCATE included.
"""

from django.db import migrations

FUNCTION = migrations.RunSQL(
    sql="""
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'restrict_violation';
        END $$;
    """,
    reverse_sql="DROP FUNCTION refuse_change();",
)


def append_only(table):
    """An operation after which `table` takes INSERT alone: UPDATE, DELETE and TRUNCATE raise."""
    return migrations.RunSQL(
        sql=f"""
            CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change;
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
        """,
        reverse_sql=f"""
            DROP TRIGGER {table}_no_truncate ON {table};
            DROP TRIGGER {table}_no_change ON {table};
        """,
    )


FUNCTION_BUT = migrations.RunSQL(
    sql="""
        CREATE FUNCTION refuse_change_but() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            before jsonb := to_jsonb(OLD);
            once text[] := string_to_array(TG_ARGV[0], ',');
            free text[] := string_to_array(TG_ARGV[1], ',');
            field text;
        BEGIN
            FOR field IN
                SELECT after.key FROM jsonb_each(to_jsonb(NEW)) AS after
                WHERE after.value IS DISTINCT FROM before -> after.key
            LOOP
                IF field = ANY(free) OR field = ANY(once) AND before -> field IN ('null', '""') THEN
                    CONTINUE;
                END IF;
                RAISE EXCEPTION '%: % is fixed', TG_TABLE_NAME, field USING ERRCODE = 'restrict_violation';
            END LOOP;
            RETURN NEW;
        END $$;
    """,
    reverse_sql="DROP FUNCTION refuse_change_but();",
)


def fixed_but(table, *, once=(), free=()):
    """An operation after which a row of `table` never goes, and of it only some columns change.

    Each of `once` is written once, from empty; those of `free` at any time.
    """
    return migrations.RunSQL(
        sql=f"""
            {_fixing(table, once, free)}
            CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_delete;
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
        """,
        reverse_sql=f"""
            DROP TRIGGER {table}_no_truncate ON {table};
            DROP TRIGGER {table}_no_delete ON {table};
            DROP TRIGGER {table}_fixed ON {table};
        """,
    )


def fixed_anew(table, *, once=(), free=(), was_once=()):
    """An operation after which other columns of a `fixed_but` table are written once, not `was_once`."""
    return migrations.RunSQL(
        sql=f"DROP TRIGGER {table}_fixed ON {table}; {_fixing(table, once, free)}",
        reverse_sql=f"DROP TRIGGER {table}_fixed ON {table}; {_fixing(table, was_once, free)}",
    )


def _fixing(table, once, free):
    return f"""
        CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change_but('{",".join(once)}', '{",".join(free)}');
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_fixed;
    """
