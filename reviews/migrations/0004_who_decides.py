from django.db import migrations

# R15, R20: whoever decides is neither the worker nor the one who assessed. Only more than one table can say
# so, hence triggers in place of CHECKs; they fail as CHECKs do, under the names given here.
DECIDERS = migrations.RunSQL(
    sql="""
        CREATE FUNCTION reviews_decider_is_neutral() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM progression_application a
                WHERE a.id = NEW.application_id AND NEW.decided_by_id IN (a.worker_id, a.assessor_id)
            ) OR EXISTS (
                SELECT FROM reviews_assessment s
                WHERE s.id = NEW.assessment_id AND NEW.decided_by_id = s.assessor_id
            ) THEN
                RAISE EXCEPTION 'the worker and the assessor do not decide'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'authorisation_by_neither';
            END IF;
            IF NOT EXISTS (
                SELECT FROM reviews_assessment s
                WHERE s.id = NEW.assessment_id AND s.application_id = NEW.application_id
                    AND s.signed_at IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'a decision is on a signed assessment of its own application'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'authorisation_of_signed_assessment';
            END IF;
            RETURN NEW;
        END $$;

        CREATE TRIGGER reviews_authorisation_neutral BEFORE INSERT ON reviews_authorisation
            FOR EACH ROW EXECUTE FUNCTION reviews_decider_is_neutral();
        ALTER TABLE reviews_authorisation ENABLE ALWAYS TRIGGER reviews_authorisation_neutral;

        CREATE FUNCTION reviews_hearer_is_neutral() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM progression_application a
                WHERE a.id = NEW.application_id AND NEW.heard_by_id IN (a.worker_id, a.assessor_id)
            ) THEN
                RAISE EXCEPTION 'the worker and the assessor do not hear a review'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_heard_by_neither';
            END IF;
            RETURN NEW;
        END $$;

        CREATE TRIGGER reviews_appeal_neutral BEFORE INSERT OR UPDATE ON reviews_appeal
            FOR EACH ROW EXECUTE FUNCTION reviews_hearer_is_neutral();
        ALTER TABLE reviews_appeal ENABLE ALWAYS TRIGGER reviews_appeal_neutral;

        CREATE FUNCTION reviews_appeal_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.decided_at IS NOT NULL
                OR (NEW.application_id, NEW.lodged_at, NEW.grounds)
                    IS DISTINCT FROM (OLD.application_id, OLD.lodged_at, OLD.grounds) THEN
                RAISE EXCEPTION 'review %: what was asked, and what was decided, is fixed', OLD.id
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$;

        CREATE TRIGGER reviews_appeal_fixed BEFORE UPDATE ON reviews_appeal
            FOR EACH ROW EXECUTE FUNCTION reviews_appeal_is_fixed();
        CREATE TRIGGER reviews_appeal_no_delete BEFORE DELETE ON reviews_appeal
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER reviews_appeal_no_truncate BEFORE TRUNCATE ON reviews_appeal
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        ALTER TABLE reviews_appeal ENABLE ALWAYS TRIGGER reviews_appeal_fixed;
        ALTER TABLE reviews_appeal ENABLE ALWAYS TRIGGER reviews_appeal_no_delete;
        ALTER TABLE reviews_appeal ENABLE ALWAYS TRIGGER reviews_appeal_no_truncate;
    """,
    reverse_sql="""
        DROP TRIGGER reviews_appeal_no_truncate ON reviews_appeal;
        DROP TRIGGER reviews_appeal_no_delete ON reviews_appeal;
        DROP TRIGGER reviews_appeal_fixed ON reviews_appeal;
        DROP FUNCTION reviews_appeal_is_fixed();
        DROP TRIGGER reviews_appeal_neutral ON reviews_appeal;
        DROP FUNCTION reviews_hearer_is_neutral();
        DROP TRIGGER reviews_authorisation_neutral ON reviews_authorisation;
        DROP FUNCTION reviews_decider_is_neutral();
    """,
)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_refuse_change"),
        ("progression", "0001_initial"),
        ("reviews", "0003_signed_is_fixed"),
    ]

    operations = [DECIDERS]
