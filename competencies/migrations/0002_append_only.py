from django.db import migrations

from people.append_only import append_only

# Both hold for every role and session. A scheme's content row, written last in the transaction that makes the
# scheme, closes it: other sessions see the whole scheme closed, or nothing of it.
CLOSED = migrations.RunSQL(
    sql="""
        CREATE FUNCTION refuse_addition_to_closed_scheme() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            whose bigint;
        BEGIN
            EXECUTE TG_ARGV[0] INTO whose USING NEW;
            IF EXISTS (SELECT 1 FROM competencies_schemecontent WHERE scheme_id = whose) THEN
                RAISE EXCEPTION 'scheme % is published: nothing can be added to %', whose, TG_TABLE_NAME
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$;

        CREATE FUNCTION refuse_scheme_left_open() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM competencies_schemecontent WHERE scheme_id = NEW.id) THEN
                RAISE EXCEPTION 'scheme % has no content: it cannot be published', NEW.id
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END $$;

        CREATE CONSTRAINT TRIGGER competencies_scheme_closed AFTER INSERT ON competencies_scheme
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_scheme_left_open();
        ALTER TABLE competencies_scheme ENABLE ALWAYS TRIGGER competencies_scheme_closed;
    """,
    reverse_sql="""
        DROP TRIGGER competencies_scheme_closed ON competencies_scheme;
        DROP FUNCTION refuse_scheme_left_open();
        DROP FUNCTION refuse_addition_to_closed_scheme();
    """,
)

OWN = "SELECT ($1).scheme_id"
BY_COMPETENCY = "SELECT scheme_id FROM competencies_competency WHERE id = ($1).competency_id"
BY_CRITERION = (
    "SELECT scheme_id FROM competencies_competency c JOIN competencies_criterion k ON k.competency_id = c.id"
    " WHERE k.id = ($1).criterion_id"
)
BY_SCALE = "SELECT scheme_id FROM competencies_payscale WHERE id = ($1).scale_id"


def no_additions(table, whose):
    """An operation after which `table` takes no row of a closed scheme; `whose` finds the row's scheme."""
    return migrations.RunSQL(
        sql=f"""
            CREATE TRIGGER {table}_no_addition BEFORE INSERT ON {table}
                FOR EACH ROW EXECUTE FUNCTION refuse_addition_to_closed_scheme('{whose}');
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_addition;
        """,
        reverse_sql=f"DROP TRIGGER {table}_no_addition ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_refuse_change"),
        ("competencies", "0001_initial"),
    ]

    operations = [
        append_only("competencies_scheme"),
        append_only("competencies_schemecontent"),
        append_only("competencies_level"),
        append_only("competencies_step"),
        append_only("competencies_competency"),
        append_only("competencies_competency_steps_evidenced"),
        append_only("competencies_criterion"),
        append_only("competencies_criterion_steps"),
        append_only("competencies_payscale"),
        append_only("competencies_spinalpoint"),
        CLOSED,
        no_additions("competencies_level", OWN),
        no_additions("competencies_step", OWN),
        no_additions("competencies_competency", OWN),
        no_additions("competencies_competency_steps_evidenced", BY_COMPETENCY),
        no_additions("competencies_criterion", BY_COMPETENCY),
        no_additions("competencies_criterion_steps", BY_CRITERION),
        no_additions("competencies_payscale", OWN),
        no_additions("competencies_spinalpoint", BY_SCALE),
    ]
