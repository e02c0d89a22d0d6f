from django.db import migrations

from people.append_only import append_only

# A form is fixed when it is opened. Afterwards only what happens to it is written, each thing once.
FORM_IS_FIXED = migrations.RunSQL(
    sql="""
        CREATE FUNCTION payroll_payform_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            before jsonb := to_jsonb(OLD);
            field text;
        BEGIN
            FOR field IN
                SELECT after.key FROM jsonb_each(to_jsonb(NEW)) AS after
                WHERE after.value IS DISTINCT FROM before -> after.key
            LOOP
                IF field IN ('attempts', 'try_at', 'last_fault') AND OLD.issued_at IS NULL THEN
                    CONTINUE;
                END IF;
                IF field IN ('issued_at', 'downloaded_at', 'downloaded_by_id', 'in_pay_at', 'in_pay_by_id')
                    AND before -> field = 'null' THEN
                    CONTINUE;
                END IF;
                RAISE EXCEPTION 'payroll_payform: % is fixed', field USING ERRCODE = 'restrict_violation';
            END LOOP;
            RETURN NEW;
        END $$;

        CREATE TRIGGER payroll_payform_fixed BEFORE UPDATE ON payroll_payform
            FOR EACH ROW EXECUTE FUNCTION payroll_payform_is_fixed();
        CREATE TRIGGER payroll_payform_no_delete BEFORE DELETE ON payroll_payform
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER payroll_payform_no_truncate BEFORE TRUNCATE ON payroll_payform
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        ALTER TABLE payroll_payform ENABLE ALWAYS TRIGGER payroll_payform_fixed;
        ALTER TABLE payroll_payform ENABLE ALWAYS TRIGGER payroll_payform_no_delete;
        ALTER TABLE payroll_payform ENABLE ALWAYS TRIGGER payroll_payform_no_truncate;
    """,
    reverse_sql="""
        DROP TRIGGER payroll_payform_no_truncate ON payroll_payform;
        DROP TRIGGER payroll_payform_no_delete ON payroll_payform;
        DROP TRIGGER payroll_payform_fixed ON payroll_payform;
        DROP FUNCTION payroll_payform_is_fixed();
    """,
)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_refuse_change"),
        ("payroll", "0001_initial"),
    ]

    operations = [
        append_only("payroll_issueddocument"),
        append_only("payroll_download"),
        FORM_IS_FIXED,
    ]
