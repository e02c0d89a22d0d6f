"""PostgreSQL keeps the table of states: which move there is, who may make it, and that its history is written.

A state changes only as `progression_allowed_move` has it; with the change goes, before the transaction ends,
one event that says so, by somebody who may. The table is `STAGES` in SQL: a test says when they differ, and a
later migration changes both its rows and, for a new kind of person, `check_event_of_move`.
"""

from django.db import migrations

from people.append_only import fixed_but

MOVES = {
    ("draft", "submitted"): ["worker"],
    ("draft", "withdrawn"): ["worker"],
    ("submitted", "returned"): ["manager"],
    ("submitted", "recommended"): ["manager"],
    ("submitted", "not_recommended"): ["manager"],
    ("submitted", "withdrawn"): ["worker"],
    ("returned", "submitted"): ["worker"],
    ("returned", "withdrawn"): ["worker"],
    ("recommended", "authorised"): ["authoriser"],
    ("recommended", "declined"): ["authoriser"],
    ("recommended", "withdrawn"): ["worker"],
    ("not_recommended", "refused"): ["authoriser", "manager"],
    ("not_recommended", "withdrawn"): ["worker"],
    ("authorised", "sent_to_payroll"): ["system"],
    ("authorised", "recommended"): ["authoriser"],
    ("declined", "under_appeal"): ["worker", "hearer"],
    ("refused", "under_appeal"): ["worker", "hearer"],
    ("sent_to_payroll", "implemented"): ["payroll"],
    ("sent_to_payroll", "recommended"): ["authoriser"],
    ("sent_to_payroll", "withdrawn"): ["worker"],
    ("implemented", "recommended"): ["authoriser"],
    ("under_appeal", "upheld"): ["hearer"],
    ("under_appeal", "dismissed"): ["hearer"],
    ("under_appeal", "withdrawn"): ["worker"],
    ("upheld", "sent_to_payroll"): ["system"],
}

ALLOWED = """
    CREATE TABLE progression_allowed_move (
        from_state varchar(20) NOT NULL,
        to_state varchar(20) NOT NULL,
        made_by text[] NOT NULL,
        PRIMARY KEY (from_state, to_state)
    );
    COMMENT ON TABLE progression_allowed_move IS
        'The moves of progression/states.py, and in what part somebody may make each: any of made_by.';
"""
FILLED = [
    ("INSERT INTO progression_allowed_move VALUES (%s, %s, %s)", [here, to, made_by])
    for (here, to), made_by in MOVES.items()
]
CLOSED = """
    CREATE TRIGGER progression_allowed_move_fixed BEFORE INSERT OR UPDATE OR DELETE ON progression_allowed_move
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER progression_allowed_move_no_truncate BEFORE TRUNCATE ON progression_allowed_move
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE progression_allowed_move ENABLE ALWAYS TRIGGER progression_allowed_move_fixed;
    ALTER TABLE progression_allowed_move ENABLE ALWAYS TRIGGER progression_allowed_move_no_truncate;
"""

# The state itself. A row begins as a draft; a change of state is one of the table's, at once, and has its
# event by the end of the transaction.
STATE = """
    CREATE FUNCTION check_state_move() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NEW.state <> 'draft' THEN
                RAISE EXCEPTION 'an application begins as a draft, not %', NEW.state
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'application_begins_as_draft';
            END IF;
        ELSIF NOT EXISTS (
            SELECT FROM progression_allowed_move WHERE from_state = OLD.state AND to_state = NEW.state
        ) THEN
            RAISE EXCEPTION 'no move from % to %', OLD.state, NEW.state
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'application_moves_by_the_table';
        END IF;
        RETURN NULL;
    END $$;

    CREATE FUNCTION check_move_has_event() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        says text := (
            SELECT to_state FROM progression_event
            WHERE application_id = NEW.id AND to_state <> '' ORDER BY id DESC LIMIT 1
        );
        is_now text := (SELECT state FROM progression_application WHERE id = NEW.id);
    BEGIN
        IF says IS DISTINCT FROM is_now THEN
            RAISE EXCEPTION 'application % is %, and its history says %', NEW.reference, is_now, says
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'application_move_has_its_event';
        END IF;
        RETURN NULL;
    END $$;

    CREATE TRIGGER progression_application_begins AFTER INSERT ON progression_application
        FOR EACH ROW EXECUTE FUNCTION check_state_move();
    CREATE TRIGGER progression_application_moves AFTER UPDATE ON progression_application
        FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION check_state_move();
    CREATE CONSTRAINT TRIGGER progression_application_has_event AFTER UPDATE ON progression_application
        DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION check_move_has_event();
    ALTER TABLE progression_application ENABLE ALWAYS TRIGGER progression_application_begins;
    ALTER TABLE progression_application ENABLE ALWAYS TRIGGER progression_application_moves;
    ALTER TABLE progression_application ENABLE ALWAYS TRIGGER progression_application_has_event;
"""

# The event of a move. It follows on the one before, tells of the state that the case is in now, and is by
# somebody whose part it is: R9, R14, R15, R19, R23, R29, R32. Ranks are those of the scheme's own version.
EVENT = """
    CREATE FUNCTION rank_of(role text) RETURNS integer LANGUAGE sql IMMUTABLE RETURN array_position(
        ARRAY['social_worker', 'team_manager', 'service_manager', 'head_of_service', 'assistant_director'],
        role
    );

    CREATE FUNCTION check_event_of_move() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        application progression_application%ROWTYPE;
        rules jsonb;
        before text := (
            SELECT to_state FROM progression_event
            WHERE application_id = NEW.application_id AND to_state <> '' AND id < NEW.id
            ORDER BY id DESC LIMIT 1
        );
        parts text[] := (
            SELECT made_by FROM progression_allowed_move
            WHERE from_state = NEW.from_state AND to_state = NEW.to_state
        );
        actors_role text := (SELECT role FROM people_user WHERE id = NEW.actor_id);
        part text;
        theirs boolean;
    BEGIN
        SELECT * INTO application FROM progression_application WHERE id = NEW.application_id;
        IF parts IS NULL OR NEW.from_state <> coalesce(before, 'draft') OR NEW.to_state <> application.state THEN
            RAISE EXCEPTION 'application % did not move from % to %',
                application.reference, NEW.from_state, NEW.to_state
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'event_of_a_move_follows';
        END IF;
        SELECT file INTO rules FROM competencies_schemecontent WHERE scheme_id = application.scheme_id;
        FOREACH part IN ARRAY parts LOOP
            theirs := CASE part
                WHEN 'system' THEN NEW.actor_id IS NULL
                WHEN 'worker' THEN NEW.actor_id = application.worker_id
                WHEN 'payroll' THEN NEW.actor_id <> application.worker_id AND actors_role = 'payroll'
                WHEN 'manager' THEN
                    NEW.actor_id <> application.worker_id
                    AND rank_of(actors_role) >= rank_of('team_manager')
                    AND (NEW.to_state = 'returned' OR NEW.actor_id = application.assessor_id)
                    AND (NEW.to_state <> 'refused'
                         OR rules #> '{decision,if_refused,confirmed_by_authoriser}' = 'false')
                WHEN 'authoriser' THEN
                    NEW.actor_id NOT IN (application.worker_id, application.assessor_id)
                    AND rank_of(actors_role) >= rank_of(rules #>> '{decision,authorised_by}')
                    AND (NEW.to_state <> 'authorised' OR NEW.actor_id = application.authoriser_id)
                WHEN 'hearer' THEN
                    NEW.actor_id NOT IN (application.worker_id, application.assessor_id)
                    AND rank_of(actors_role) >= rank_of(rules #>> '{appeal,heard_by}')
                    AND (NEW.to_state <> 'upheld' OR NEW.actor_id = application.authoriser_id)
            END;
            IF theirs THEN
                RETURN NULL;
            END IF;
        END LOOP;
        RAISE EXCEPTION 'application %: not a move of theirs, from % to %',
            application.reference, NEW.from_state, NEW.to_state
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'event_of_a_move_by_who_may';
    END $$;

    CREATE TRIGGER progression_event_of_move AFTER INSERT ON progression_event
        FOR EACH ROW WHEN (NEW.from_state <> '' OR NEW.to_state <> '') EXECUTE FUNCTION check_event_of_move();
    ALTER TABLE progression_event ENABLE ALWAYS TRIGGER progression_event_of_move;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("competencies", "0003_drafts"),
        ("people", "0004_written_once"),
        ("progression", "0005_written_once"),
    ]

    operations = [
        migrations.RunSQL(ALLOWED, "DROP TABLE progression_allowed_move;"),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.RunSQL(CLOSED, migrations.RunSQL.noop),
        migrations.RunSQL(
            STATE,
            """
            DROP TRIGGER progression_application_has_event ON progression_application;
            DROP TRIGGER progression_application_moves ON progression_application;
            DROP TRIGGER progression_application_begins ON progression_application;
            DROP FUNCTION check_move_has_event();
            DROP FUNCTION check_state_move();
            """,
        ),
        migrations.RunSQL(
            EVENT,
            """
            DROP TRIGGER progression_event_of_move ON progression_event;
            DROP FUNCTION check_event_of_move();
            DROP FUNCTION rank_of(text);
            """,
        ),
        fixed_but(
            "progression_application",
            free=[
                "state",
                "state_since",
                "team_id",
                "assessor_id",
                "assessed_on",
                "authoriser_id",
                "effective_date",
            ],
        ),
    ]
