from django.db import migrations

# What a worker counts for a heading they say it shows, whoever writes the claim and however many at once; a claim
# taken back is a mark taken back, with what was said of the heading's criteria.
MARKED = migrations.RunSQL(
    sql="""
        CREATE FUNCTION portfolios_claim_is_marked() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            shown record;
        BEGIN
            SELECT scheme.code AS scheme, competency.code AS heading INTO shown
            FROM competencies_competency competency JOIN competencies_scheme scheme ON scheme.id = competency.scheme_id
            WHERE competency.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.competency_id ELSE OLD.competency_id END;
            IF TG_OP = 'INSERT' THEN
                INSERT INTO portfolios_headingmark (evidence_id, scheme, heading)
                VALUES (NEW.evidence_id, shown.scheme, shown.heading) ON CONFLICT DO NOTHING;
            ELSE
                DELETE FROM portfolios_criterionmark WHERE mark_id IN (
                    SELECT id FROM portfolios_headingmark
                    WHERE evidence_id = OLD.evidence_id AND scheme = shown.scheme AND heading = shown.heading
                );
                DELETE FROM portfolios_headingmark
                WHERE evidence_id = OLD.evidence_id AND scheme = shown.scheme AND heading = shown.heading;
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER portfolios_claim_marked AFTER INSERT OR DELETE ON portfolios_claim
            FOR EACH ROW EXECUTE FUNCTION portfolios_claim_is_marked();
    """,
    reverse_sql="""
        DROP TRIGGER portfolios_claim_marked ON portfolios_claim;
        DROP FUNCTION portfolios_claim_is_marked();
    """,
)


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0010_files_are_scanned")]

    operations = [MARKED]
