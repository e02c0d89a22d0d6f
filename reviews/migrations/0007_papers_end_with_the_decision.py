from django.db import migrations

# R20, R21: what the hearing was about stays as it was when it was decided. The row lock makes a change that
# races the decision wait for it, and then see it. R15: an authorisation is taken back by two who may decide.
PAPERS = migrations.RunSQL(
    sql="""
        CREATE FUNCTION reviews_papers_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            decided timestamptz;
        BEGIN
            SELECT decided_at INTO decided FROM reviews_appeal WHERE id = NEW.appeal_id FOR SHARE;
            IF decided IS NOT NULL THEN
                RAISE EXCEPTION 'review % is decided: its papers are fixed', NEW.appeal_id
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$;

        CREATE FUNCTION reviews_reversal_by_neutral() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM reviews_authorisation d
                JOIN progression_application a ON a.id = d.application_id
                JOIN reviews_assessment s ON s.id = d.assessment_id
                WHERE d.id = NEW.authorisation_id AND (
                    NEW.asked_by_id IN (a.worker_id, s.assessor_id)
                    OR NEW.answered_by_id IN (a.worker_id, s.assessor_id))
            ) THEN
                RAISE EXCEPTION 'the worker and the assessor do not take an authorisation back'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'reversal_by_neither';
            END IF;
            RETURN NEW;
        END $$;

        CREATE TRIGGER reviews_reversal_neutral BEFORE INSERT OR UPDATE ON reviews_reversal
            FOR EACH ROW EXECUTE FUNCTION reviews_reversal_by_neutral();
        ALTER TABLE reviews_reversal ENABLE ALWAYS TRIGGER reviews_reversal_neutral;

        CREATE FUNCTION reviews_late_request_by_neutral() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM progression_application a
                WHERE a.id = NEW.application_id AND NEW.answered_by_id IN (a.worker_id, a.assessor_id)
            ) THEN
                RAISE EXCEPTION 'the worker and the assessor do not answer a late request'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'late_request_answered_by_neither';
            END IF;
            RETURN NEW;
        END $$;

        CREATE TRIGGER reviews_laterequest_neutral BEFORE INSERT OR UPDATE ON reviews_laterequest
            FOR EACH ROW EXECUTE FUNCTION reviews_late_request_by_neutral();
        ALTER TABLE reviews_laterequest ENABLE ALWAYS TRIGGER reviews_laterequest_neutral;
    """,
    reverse_sql="""
        DROP TRIGGER reviews_laterequest_neutral ON reviews_laterequest;
        DROP FUNCTION reviews_late_request_by_neutral();
        DROP TRIGGER reviews_reversal_neutral ON reviews_reversal;
        DROP FUNCTION reviews_reversal_by_neutral();
        DROP FUNCTION reviews_papers_are_fixed();
    """,
)


def fixed_once_decided(table):
    """An operation after which no row of `table` under a decided review comes or changes, and none goes."""
    return migrations.RunSQL(
        sql=f"""
            CREATE TRIGGER {table}_decided BEFORE INSERT OR UPDATE ON {table}
                FOR EACH ROW EXECUTE FUNCTION reviews_papers_are_fixed();
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_decided;
        """,
        reverse_sql=f"DROP TRIGGER {table}_decided ON {table};",
    )


def never_deleted(table):
    """An operation after which no row of `table` goes."""
    return migrations.RunSQL(
        sql=f"""
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
        """,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_refuse_change"),
        ("reviews", "0006_written_once"),
    ]

    operations = [
        PAPERS,
        fixed_once_decided("reviews_statement"),
        never_deleted("reviews_statement"),
        fixed_once_decided("reviews_appealdocument"),
        fixed_once_decided("reviews_hearing"),
    ]
