"""Whether somebody may still stand in for somebody else: asked at each act, since people move on."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION people_of_one_council(away bigint, instead bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM people_service here
          JOIN people_service theirs ON theirs.council = here.council
         WHERE here.id IN (
                SELECT service_id FROM people_team WHERE manager_id = instead
                UNION ALL
                SELECT service_id FROM people_service_officers WHERE user_id = instead)
           AND theirs.id IN (
                SELECT service_id FROM people_team WHERE manager_id = away
                UNION ALL
                SELECT service_id FROM people_service_officers WHERE user_id = away
                UNION ALL
                SELECT t.service_id FROM people_post p JOIN people_team t ON t.id = p.team_id
                 WHERE p.holder_id = away));
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0005_what_managers_record")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION people_of_one_council(bigint, bigint);"),
    ]
