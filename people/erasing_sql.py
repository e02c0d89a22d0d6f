"""What PostgreSQL holds of erasing: one function, made of the declarations (people/personal.py).

Put in place after each migrate, by the owner of the tables. It runs as the owner, and it alone gets past the
triggers that let nobody change what is written once: they ask `erasing_now`, which is true for the owner
inside it and for no other role. Before it changes anything it sees for itself that the person has left, long
enough ago by their scheme, and that no legal hold stands.
"""

import json

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models

from people.personal import ERASED, Kept, about_people
from people.privacy_models import Stage

USUAL = 6
"""Months and years where no scheme says otherwise: as in competencies/retention_rules.py."""
LEAST = 1
"""No scheme says less, however its file was written: the same rules have it."""
PERSON = 987654321987
"""Stands for the person in SQL that Django writes."""
STAGES = {Stage.MONTHS: "months_after_leaving", Stage.YEARS: "years_after_leaving"}

ERASING_NOW = """
    CREATE OR REPLACE FUNCTION erasing_now(of_table oid) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = public, pg_temp AS $$
        SELECT current_setting('progression.erasing', true) = 'yes' AND EXISTS (
            SELECT FROM pg_class WHERE oid = of_table AND relname <> 'people_auditentry'
               AND relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user))
    $$;
"""

LET_ERASE = """
    DO $do$
    DECLARE one record;
    BEGIN
        FOR one IN
            SELECT DISTINCT p.oid, p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
             WHERE NOT t.tgisinternal AND p.pronamespace = 'public'::regnamespace
               AND t.tgtype & 1 = 1 AND t.tgtype & 24 <> 0
               AND p.proname NOT LIKE 'audit\\_%' AND p.proname <> 'people_left_on'
               AND p.prosrc NOT LIKE '%erasing_now%'
        LOOP
            EXECUTE regexp_replace(pg_get_functiondef(one.oid), '\\mBEGIN\\M',
                'BEGIN IF erasing_now(TG_RELID) THEN RETURN coalesce(NEW, OLD); END IF;');
        END LOOP;
    END $do$;
"""
"""Every trigger that guards a row's change or going lets the function by, whenever it was made."""

ERASED_WORDS = """
    CREATE OR REPLACE FUNCTION erased_words(said jsonb, called text DEFAULT '') RETURNS jsonb
    LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE jsonb_typeof(said)
            WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(key, erased_words(value, key)), '{}')
                                  FROM jsonb_each(said))
            WHEN 'array' THEN (SELECT coalesce(jsonb_agg(erased_words(value, called)), '[]')
                                 FROM jsonb_array_elements(said))
            WHEN 'string' THEN CASE
                WHEN said #>> '{}' = '' OR called IN ('kind', 'code', 'form', 'scheme', 'state', 'token')
                  OR said #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.+Z-]+)?$'
                  OR said #>> '{}' ~ '^-?[0-9]+\\.[0-9]{2}$'
                THEN said ELSE '"Erased"'::jsonb END
            ELSE said END
    $$;
"""
"""A document whose words are gone and whose shape, dates and figures are still there: pages can read it."""

FUNCTION = """
    CREATE OR REPLACE FUNCTION erase_person(whom bigint, stage text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $erase$
    DECLARE
        left_it date;
        waits interval;
        gone integer;
        total integer := 0;
        from_tables text[] := '{{}}';
    BEGIN
        IF stage NOT IN ('months', 'years') THEN
            RAISE EXCEPTION 'there is no such stage' USING ERRCODE = 'restrict_violation';
        END IF;
        SELECT left_on INTO left_it FROM people_user WHERE id = whom AND NOT is_active FOR NO KEY UPDATE;
        IF left_it IS NULL THEN
            RAISE EXCEPTION 'nothing goes: they have not left' USING ERRCODE = 'restrict_violation';
        END IF;
        IF EXISTS (SELECT FROM progression_legalhold WHERE person_id = whom AND ended_at IS NULL) THEN
            RAISE EXCEPTION 'nothing goes: a legal hold stands' USING ERRCODE = 'restrict_violation';
        END IF;
        waits := erased_after(whom, stage);
        IF (left_it + waits)::date > (clock_timestamp() AT TIME ZONE 'Europe/London')::date THEN
            RAISE EXCEPTION 'nothing goes: it is too early' USING ERRCODE = 'restrict_violation';
        END IF;
        PERFORM set_config('progression.erasing', 'yes', true);
        {statements}
        PERFORM set_config('progression.erasing', '', true);
        INSERT INTO people_erasure (person_id, stage, at, rows)
        VALUES (whom, stage, clock_timestamp(), total);
        INSERT INTO people_auditentry
            (kind, thing, things, count, fields, people, applications, words, hash)
        VALUES ('erased', 'people_user', ARRAY[whom::text], total, from_tables, ARRAY[whom], '{{}}',
            stage || ' after leaving', '');
        RETURN total;
    END $erase$;
    REVOKE ALL ON FUNCTION erase_person(bigint, text) FROM PUBLIC;

    CREATE OR REPLACE FUNCTION erased_after(whom bigint, stage text) RETURNS interval
    LANGUAGE sql STABLE COST 10000 SET search_path = public, pg_temp AS $after$
        WITH newest AS (
            SELECT DISTINCT ON (s.code) s.code, c.file -> 'retention' AS said
              FROM competencies_scheme s JOIN competencies_schemecontent c ON c.scheme_id = s.id
             WHERE s.effective_from <= (clock_timestamp() AT TIME ZONE 'Europe/London')::date
             ORDER BY s.code, s.version DESC
        ), theirs AS (
            SELECT t.scheme_code AS code FROM people_post p JOIN people_team t ON t.id = p.team_id
             WHERE p.holder_id = whom
             UNION SELECT s.code FROM progression_application a
               JOIN competencies_scheme s ON s.id = a.scheme_id WHERE a.worker_id = whom
        )
        SELECT CASE stage
            WHEN 'months' THEN make_interval(months => greatest({least}, coalesce(
                max(coalesce((said ->> 'months_after_leaving')::integer, {usual})), {usual})))
            WHEN 'years' THEN make_interval(years => greatest({least}, coalesce(
                max(coalesce((said ->> 'years_after_leaving')::integer, {usual})), {usual}))) END
          FROM newest JOIN theirs USING (code)
    $after$;
"""

FROM_TABLE = """
        {statement};
        GET DIAGNOSTICS gone = ROW_COUNT;
        IF gone > 0 THEN
            total := total + gone;
            from_tables := from_tables || '{table}'::text;
        END IF;
"""


def put_in_place(using=DEFAULT_DB_ALIAS, **_):
    """Receives post_migrate. Every time anew: a table or a guard may have come since."""
    with connections[using].cursor() as cursor:
        statements = "".join(
            f"IF stage = '{stage}' THEN {''.join(_statements(cursor, stage))} END IF;"
            for stage in Stage.values
        )
        cursor.execute(
            ERASING_NOW + ERASED_WORDS + FUNCTION.format(statements=statements, usual=USUAL, least=LEAST)
        )
        cursor.execute(LET_ERASE)
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [settings.DATABASE_ROLE])
        if cursor.fetchone()[0]:
            cursor.execute(
                f"GRANT EXECUTE ON FUNCTION erase_person(bigint, text) TO {settings.DATABASE_ROLE}"
            )


def _statements(cursor, stage):
    """SQL, a statement for each table of which something goes at this stage."""
    for one in about_people():
        if one.kept not in (Kept.MONTHS, Kept.YEARS) or not (one.goes or one.emptied):
            continue
        if stage == Stage.MONTHS and one.kept == Kept.YEARS and one.sooner is None:
            continue
        meta = one.table._meta
        rows = f"{meta.pk.column} IN ({_rows(cursor, one, stage)})"
        if one.goes:
            statement = f"DELETE FROM {meta.db_table} WHERE {rows}"  # noqa: S608 - of our own names
        else:
            changes = [(meta.get_field(name), value) for name, value in one.emptied.items()]
            emptied = ", ".join(
                f"{field.column} = {_value(cursor, field, value)}" for field, value in changes
            )
            differs = " OR ".join(
                f"{field.column} IS DISTINCT FROM {_value(cursor, field, value)}" for field, value in changes
            )
            statement = f"UPDATE {meta.db_table} SET {emptied} WHERE ({differs}) AND {rows}"  # noqa: S608
        yield FROM_TABLE.format(statement=statement, table=meta.db_table)


def _rows(cursor, one, stage):
    """SQL: the keys of the rows about the person that go at this stage."""
    found = models.Q()
    for lookup in one.whose:
        found |= models.Q(**{lookup: PERSON})
    rows = one.table._base_manager.filter(found)
    if stage == Stage.MONTHS and one.kept == Kept.YEARS:
        rows = rows.filter(one.sooner)
    sql, params = rows.order_by().values("pk").query.sql_with_params()
    return cursor.mogrify(sql, params).decode().replace(str(PERSON), "whom")


def _value(cursor, field, value):
    """SQL for what stands in a column instead. What {pk} and {if} mean is in About."""
    column = field.column
    if isinstance(field, models.JSONField):
        return (
            f"erased_words({column})" if value == ERASED else f"{_quoted(cursor, json.dumps(value))}::jsonb"
        )
    if isinstance(field, models.BinaryField):
        return "''::bytea"
    if value is None:
        return "NULL"
    if value.startswith("{if}"):
        said = _quoted(cursor, value.removeprefix("{if}"))
        return f"CASE WHEN {column} = '' THEN '' ELSE {said} END"
    if "{pk}" in value:
        before, _, after = value.partition("{pk}")
        return f"{_quoted(cursor, before)} || {field.model._meta.pk.column} || {_quoted(cursor, after)}"
    return _quoted(cursor, value)


def _quoted(cursor, text):
    return cursor.mogrify("%s", [text]).decode()
