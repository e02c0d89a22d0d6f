"""What PostgreSQL itself holds over every table: the audit's triggers, and what the application may do.

Put in place after each migrate, by the role that owns the tables, so that no table can be forgotten. The
application signs in as another role (settings.DATABASE_ROLE), which is given rows and nothing else: it cannot
alter a table, switch a trigger off, or change what is written once.
"""

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from people.personal import Kept, about_people

NOT_AUDITED = {
    "django_migrations": "Written by the owner's migrations alone.",
    "django_content_type": "Django's list of models.",
    "auth_permission": "Django's list of what could be permitted.",
    "django_session": "Empty: sessions are in people_session.",
    "people_session": "Comes and goes with each request; signing in and out is noted.",
    "people_tally": "Counts tries and used codes for minutes; whoever is locked out is noted.",
    "people_accountletter": "What waits to be sent about an account; the change that it tells of is audited.",
    "people_auditentry": "The audit itself.",
    "portfolios_bringingback": "How far the bringing back of an export is; whatever it adds is audited.",
    "portfolios_pack": "How far the making of a copy is; gone in a week. Each download is noted.",
    "progression_allowed_move": "Written by the owner's migrations alone.",
    "progression_notice": "Each step of a notice is a row that nothing changes: progression_noticehistory.",
    "progression_noticehistory": "Written once, a row for each step of a notice.",
    "progression_referencecounter": "Counts references; the application that takes one is audited.",
}
"""Tables without an audit trigger, each with its reason."""

ENTRY = "kind, thing, things, count, fields, people, applications, on_behalf_of, words, hash"

MOST = 50
"""How many rows, people and applications one entry names; `count` says how many there were."""

MIGRATED = ("django_migrations", "progression_allowed_move", "people_erasure")
"""Tables that nobody but the owner writes."""

ACTORS = ("_by", "on_behalf_of", "actor")
"""How fields end that say who did it, not whom it concerns."""

GRANTS = """
    DO $$
    BEGIN
        IF has_database_privilege('{role}', current_database(), 'TEMPORARY') THEN
            EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, {role}', current_database());
        END IF;
    END $$;
    GRANT USAGE ON SCHEMA public TO {role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
    REVOKE INSERT, UPDATE, DELETE ON {migrated} FROM {role};
    REVOKE UPDATE, DELETE ON people_auditentry FROM {role};
    DO $$
    DECLARE fixed record;
    BEGIN
        FOR fixed IN SELECT tgrelid::regclass AS name, tgname LIKE '%\\_no\\_change' AS wholly FROM pg_trigger
                      WHERE tgname IN (tgrelid::regclass || '_no_change', tgrelid::regclass || '_no_delete')
        LOOP
            EXECUTE format('REVOKE %s DELETE ON %s FROM {role}',
                           CASE WHEN fixed.wholly THEN 'UPDATE,' ELSE '' END, fixed.name);
        END LOOP;
    END $$;
"""

BOUND = """
    DO $$
    DECLARE one record;
    BEGIN
        FOR one IN
            SELECT p.oid::regprocedure AS name FROM pg_proc p
             WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND p.prosqlbody IS NULL
               AND pg_has_role(p.proowner, 'USAGE')
               AND NOT EXISTS (SELECT FROM unnest(p.proconfig) said WHERE said LIKE 'search_path=%')
               AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        LOOP
            EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', one.name);
        END LOOP;
    END $$;
"""
"""What guards looks at our own tables: else a session's temporary one of the same name comes first."""


def bind_functions(using=DEFAULT_DB_ALIAS, **_):
    """Receives post_migrate, the last of all: whatever made a function, no session says what it looks at."""
    with connections[using].cursor() as cursor:
        cursor.execute(BOUND)


def put_in_place(using=DEFAULT_DB_ALIAS, **_):
    """Receives post_migrate. Every time anew: a table or a column may have come since."""
    with connections[using].cursor() as cursor:
        cursor.execute("".join(_audit(model._meta) for model in audited_models()))
        cursor.execute("".join(_held(one) for one in held_tables()))
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND rolname <> current_user)",
            [settings.DATABASE_ROLE],
        )
        if cursor.fetchone()[0]:
            cursor.execute(GRANTS.format(role=settings.DATABASE_ROLE, migrated=", ".join(MIGRATED)))


def audited_models():
    """Every model with a table of its own that the audit watches, those between two models among them."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in NOT_AUDITED
    ]


def held_tables():
    """The declarations of every table of which nothing goes while a legal hold stands on whose row it is."""
    return [
        one
        for one in about_people()
        if one.kept in (Kept.MONTHS, Kept.YEARS) and (one.goes or one.emptied) and not one.though_held
    ]


def _held(one):
    """SQL: the function that asks whether a hold stands on whom a row is about, and what calls it."""
    meta = one.table._meta
    table = meta.db_table
    paths = [_forward(meta, lookup) for lookup in one.whose]
    people = _ids(meta, "people.user", paths, "(SELECT OLD.*) r", "")
    changed = " OR ".join(
        f"coalesce(OLD.{name}::text, '') <> '' AND NEW.{name} IS DISTINCT FROM OLD.{name}"
        for name in one.overwritten
    )
    return f"""
        CREATE OR REPLACE FUNCTION held_{table}() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $held$
        BEGIN
            IF EXISTS (SELECT FROM progression_legalhold
                        WHERE ended_at IS NULL AND person_id = ANY ({people})) THEN
                RAISE EXCEPTION '{table}: % refused, a legal hold stands', TG_OP
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN coalesce(NEW, OLD);
        END $held$;
    """ + "".join(  # noqa: S608
        f"""
        CREATE OR REPLACE TRIGGER {table}_held_{act} BEFORE {act} ON {table}
            FOR EACH ROW {when} EXECUTE FUNCTION held_{table}();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_held_{act};
        """
        for act, when in (("delete", ""), ("update", changed and f"WHEN ({changed})"))
        if act == "delete" or when
    )


def _audit(meta):
    """SQL: the function that writes the entries of one table, and the triggers that call it."""
    table, key = meta.db_table, meta.pk.column
    columns = [field.column for field in meta.local_concrete_fields]
    changed = ", ".join(
        f"CASE WHEN bool_or(o.{column} IS DISTINCT FROM r.{column}) THEN '{column}' END" for column in columns
    )
    principal = "max(r.on_behalf_of_id)" if "on_behalf_of_id" in columns else "NULL::bigint"
    # Every name in it is one of our own tables' or columns'.
    paths = _paths_to_people(meta)

    def entry(rows, fields="'{}'::text[]", only=""):
        people = _ids(meta, "people.user", paths, rows, only)
        cases = _ids(meta, "progression.application", paths, rows, only)
        return (
            f"'{table}', (array_agg({key}::text))[1:{MOST}], count(*), {fields}, {people}, {cases},"
            f" {principal}, '', ''"
        )

    made, gone = entry("rows_new r"), entry("rows_old r")
    altered = entry(
        f"rows_new r LEFT JOIN rows_old o USING ({key})",
        f"array_remove(ARRAY[{changed}], NULL)",
        "WHERE o IS DISTINCT FROM r",
    )
    return f"""
        CREATE OR REPLACE FUNCTION audit_{table}() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $audit$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO people_auditentry ({ENTRY})
                SELECT 'insert', {made} FROM rows_new r HAVING count(*) > 0;
            ELSIF TG_OP = 'DELETE' THEN
                INSERT INTO people_auditentry ({ENTRY})
                SELECT 'delete', {gone} FROM rows_old r HAVING count(*) > 0;
            ELSE
                INSERT INTO people_auditentry ({ENTRY})
                SELECT 'update', {altered}
                  FROM rows_new r FULL JOIN rows_old o USING ({key})
                 WHERE o IS DISTINCT FROM r HAVING count(*) > 0;
            END IF;
            RETURN NULL;
        END $audit$;
    """ + "".join(  # noqa: S608
        f"""
        CREATE OR REPLACE TRIGGER {table}_audit_{act} AFTER {act} ON {table}
            REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION audit_{table}();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_audit_{act};
        """
        for act, rows in (
            ("insert", "NEW TABLE AS rows_new"),
            ("update", "NEW TABLE AS rows_new OLD TABLE AS rows_old"),
            ("delete", "OLD TABLE AS rows_old"),
        )
    )


def _paths_to_people(meta):
    """How the rows of a table lead to whom they concern, each as the foreign keys on the way.

    Its own columns, but for those of who did it; and what its package declares in its `privacy.py` of a table
    that leads to a person by way of another.
    """
    paths = [
        [field]
        for field in meta.local_concrete_fields
        if field.is_relation
        and field.related_model._meta.label_lower in ("people.user", "progression.application")
        and not field.name.endswith(ACTORS)
    ]
    for about in about_people():
        if about.table is meta.model:
            paths += [path for lookup in about.of if (path := _forward(meta, lookup)) and path not in paths]
    return paths


def _forward(meta, lookup):
    """The foreign keys of a lookup such as "evidence__worker"; None where it goes another way."""
    path = []
    for name in lookup.split("__"):
        field = next((field for field in meta.local_concrete_fields if field.name == name), None)
        if field is None or not field.is_relation:
            return None
        path.append(field)
        meta = field.related_model._meta
    return path


def _ids(meta, label, paths, rows, only):
    """SQL: the ids of the people, or applications, that the rows concern.

    A path through an application says both. `rows` are the changed ones, named r, `only` what picks them out.
    """
    if meta.label_lower == label:
        paths = [[meta.pk]]
    parts = []
    for path in paths:
        joins, of = "", "r"
        for at, field in enumerate(path):
            to = field.related_model._meta if field.is_relation else meta
            if to.label_lower == label:
                parts.append(f"SELECT {of}.{field.column} AS id FROM {rows}{joins} {only}")  # noqa: S608
                break
            joins += f" JOIN {to.db_table} j{at} ON j{at}.{to.pk.column} = {of}.{field.column}"
            of = f"j{at}"
    if not parts:
        return "'{}'::bigint[]"
    found = " UNION ".join(dict.fromkeys(parts))
    return f"(ARRAY(SELECT id FROM ({found}) f WHERE id IS NOT NULL ORDER BY id))[1:{MOST}]::bigint[]"  # noqa: S608
