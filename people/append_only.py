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
