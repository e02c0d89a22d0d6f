from django.db import migrations

from people.append_only import fixed_but


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_written_once"),
        ("payroll", "0003_letters_variations_queries"),
    ]

    operations = [
        fixed_but("payroll_letter", once=("issued_at",), free=("attempts", "try_at", "last_fault")),
        fixed_but("payroll_variation", once=("answered_at", "accepted", "reason")),
        fixed_but("payroll_payquery", once=("answered_at", "answered_by_id", "answer")),
        migrations.RunSQL(
            sql="""
                CREATE OR REPLACE FUNCTION payroll_payform_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
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
                        IF field IN (
                            'issued_at', 'downloaded_at', 'downloaded_by_id', 'in_pay_at', 'in_pay_by_id',
                            'stopped_at', 'stopped_because'
                        ) AND before -> field IN ('null', '""') THEN
                            CONTINUE;
                        END IF;
                        RAISE EXCEPTION 'payroll_payform: % is fixed', field
                            USING ERRCODE = 'restrict_violation';
                    END LOOP;
                    RETURN NEW;
                END $$;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
