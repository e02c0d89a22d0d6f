"""What bars somebody from judging a case, as a function of PostgreSQL: planned once a connection, not a query.

Written out in each query that asks it, from both sides and in every part, planning took longer than answering.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION progression_bar(case_id bigint, person bigint, part text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    asked record;
    authorised_by text;
    heard_by text;
BEGIN
    SELECT worker_id, assessor_id, scheme_id INTO asked FROM progression_application WHERE id = case_id;
    IF asked.worker_id = person THEN
        RETURN 'worker';
    END IF;
    IF part IN ('authoriser', 'hearer') THEN
        IF asked.assessor_id = person OR EXISTS (
            SELECT FROM progression_event e
             WHERE e.application_id = case_id AND e.on_behalf_of_id = person
               AND e.to_state IN ('recommended', 'not_recommended')) THEN
            RETURN 'assessor';
        END IF;
    END IF;
    IF part = 'hearer' THEN
        SELECT s.file #>> '{decision,authorised_by}', s.file #>> '{appeal,heard_by}'
          INTO authorised_by, heard_by
          FROM competencies_schemecontent s WHERE s.scheme_id = asked.scheme_id;
        IF authorised_by <> heard_by AND EXISTS (
            SELECT FROM progression_event e
             WHERE e.application_id = case_id AND person IN (e.actor_id, e.on_behalf_of_id)
               AND e.to_state IN ('declined', 'refused')) THEN
            RETURN 'decided';
        END IF;
    END IF;
    IF EXISTS (
        SELECT FROM progression_recusal r
         WHERE r.application_id = case_id AND r.capacity = part AND r.person_id = person) THEN
        RETURN 'recused';
    END IF;
    IF EXISTS (
        SELECT FROM people_conflict c
         WHERE c.ended_at IS NULL
           AND (c.person_id, c.other_id) IN ((person, asked.worker_id), (asked.worker_id, person))) THEN
        RETURN 'conflict';
    END IF;
    IF EXISTS (
        SELECT FROM people_post held JOIN people_team theirs ON theirs.id = held.team_id
         WHERE held.holder_id = person AND theirs.manager_id = asked.worker_id) THEN
        RETURN 'line_manager';
    END IF;
    RETURN '';
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("competencies", "0003_drafts"),
        ("people", "0005_what_managers_record"),
        ("progression", "0008_find_failed_notices"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION progression_bar(bigint, bigint, text);"),
    ]
