"""Who may judge a case, whose act it waits for, and who sees it: as functions of PostgreSQL.

In PostgreSQL, because the start page, the sweep of reminders and each guard ask it, of up to all cases at once;
as functions, because these are planned once a connection, not at each question: planning them took longer than
answering. Throughout, `a` is the application, `t` its team, `s` its scheme's content.
"""

from django.db import migrations

IN_FORCE = """d.ended_at IS NULL AND d.first_day <= on_day AND d.last_day >= on_day
         AND people_of_one_council(d.delegator_id, d.delegate_id)"""
"""Whether delegation `d` counts that day: an end, or a move to another council, counts from its moment."""


def at_least(role, rank):
    """Whether `role` is `rank` or senior to it; never for a role outside the line of management."""
    return f"array_position(line, {role}::text) >= array_position(line, {rank}::text)"


def handed_to_rank(part):
    """The lowest rank to which a case may be handed."""
    return f"CASE {part} WHEN 'assessor' THEN 'team_manager' WHEN 'authoriser' THEN s.authorised_by ELSE s.heard_by END"


def bar(person, part, known=None):
    """What bars `person` from judging the case; empty if they are free.

    `known` is a row of KNOWN about them: of most people it says that there is nothing to look for.

    R15, R19: neither the worker, nor whoever assessed it or had it assessed in their name, nor, where the
    scheme gives the review to another office, whoever refused it. Nor somebody who has stepped back, whom a
    declared conflict ties to the worker, or whose own line manager the worker is.
    """

    def where(fact):
        return f"{known}.{fact} AND " if known else ""

    return f"""CASE
      WHEN a.worker_id = {person} THEN 'worker'
      WHEN {part} IN ('authoriser', 'hearer') AND (a.assessor_id = {person} OR {where("acted_for")}EXISTS (
        SELECT FROM progression_event e
         WHERE e.application_id = a.id AND e.on_behalf_of_id = {person}
           AND e.from_state = 'submitted' AND e.to_state IN ('recommended', 'not_recommended'))) THEN 'assessor'
      WHEN {part} = 'hearer' AND s.authorised_by <> s.heard_by AND EXISTS (
        SELECT FROM progression_event e
         WHERE e.application_id = a.id AND {person} IN (e.actor_id, e.on_behalf_of_id)
           AND e.to_state IN ('declined', 'refused')) THEN 'decided'
      WHEN {where("stepped_back")}EXISTS (
        SELECT FROM progression_recusal away
         WHERE away.application_id = a.id AND away.capacity = {part} AND away.person_id = {person}) THEN 'recused'
      WHEN {where("tied")}(EXISTS (
        SELECT FROM people_conflict c WHERE c.ended_at IS NULL AND c.person_id = {person} AND c.other_id = a.worker_id)
        OR EXISTS (
        SELECT FROM people_conflict c WHERE c.ended_at IS NULL AND c.other_id = {person} AND c.person_id = a.worker_id))
        THEN 'conflict'
      WHEN {where("in_post")}EXISTS (
        SELECT FROM people_post held JOIN people_team theirs ON theirs.id = held.team_id
         WHERE held.holder_id = {person} AND theirs.manager_id = a.worker_id) THEN 'line_manager'
      ELSE '' END"""


KNOWN = """
        SELECT who.id,
               EXISTS (SELECT FROM progression_event e WHERE e.on_behalf_of_id = who.id) AS acted_for,
               EXISTS (SELECT FROM progression_recusal away WHERE away.person_id = who.id) AS stepped_back,
               EXISTS (SELECT FROM people_conflict c
                        WHERE c.ended_at IS NULL AND who.id IN (c.person_id, c.other_id)) AS tied,
               EXISTS (SELECT FROM people_post held WHERE held.holder_id = who.id) AS in_post
          FROM (SELECT DISTINCT id FROM me) who"""
"""Of each of `me`, whether there can be anything that bars them: asked once, not of every case."""


def rights(part, overseers="TRUE"):
    """Whoever has a right of their own over the case: by post, by hand-over, or as an overseer."""
    return f"""
        SELECT t.manager_id AS person_id, 'post' AS how, 0::bigint AS handed WHERE {part} = 'assessor'
        UNION ALL
        SELECT o.user_id, CASE {part} WHEN 'assessor' THEN 'overseer' ELSE 'post' END, 0
          FROM people_service_officers o JOIN people_user ou ON ou.id = o.user_id
         WHERE o.service_id = t.service_id AND ({part} <> 'assessor' OR {overseers})
           AND CASE {part} WHEN 'payroll' THEN ou.role = 'payroll'
                           WHEN 'hearer' THEN ou.role = s.heard_by
                           ELSE {at_least("ou.role", "s.authorised_by")} END
        UNION ALL
        SELECT r.handed_to_id, 'handed', max(r.id)
          FROM progression_recusal r JOIN people_user hu ON hu.id = r.handed_to_id
         WHERE r.application_id = a.id AND r.capacity = {part}
           AND {at_least("hu.role", handed_to_rank(part))}
           AND people_of_one_council(t.manager_id, hu.id)
         GROUP BY r.handed_to_id"""


MAY_BE_BARRED = """(
        NOT tm.is_active OR a.worker_id = tm.id
        OR EXISTS (SELECT FROM progression_recusal away WHERE away.application_id = a.id)
        OR a.worker_id IN (SELECT c.person_id FROM people_conflict c WHERE c.ended_at IS NULL
                           UNION ALL SELECT c.other_id FROM people_conflict c WHERE c.ended_at IS NULL)
        OR a.worker_id IN (SELECT manager_id FROM people_team))"""
"""Without one of these nothing keeps the team's manager `tm` from assessing: of most cases quickly said."""


def function(signature, returns, body, rows=None):
    """Two statements: the function planned once and for all values, and its removal."""
    name, arguments = signature.rstrip(")").split("(", 1)
    kinds = ", ".join(argument.split()[1] for argument in arguments.split(","))
    return migrations.RunSQL(
        f"""
CREATE FUNCTION {signature} RETURNS {returns}
LANGUAGE plpgsql STABLE {f"ROWS {rows} " if rows else ""}SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    {body}
END;
$$;
""",
        f"DROP FUNCTION {name}({kinds});",
    )


JUDGES = function(
    "progression_judges(ids bigint[], capacities text[], line text[], on_day date, overseers boolean)",
    "TABLE (case_id bigint, part text, person_id bigint, how text, handed bigint, principal_id bigint, bar text)",
    f"""
    RETURN QUERY
    SELECT a.id, asked.capacity, u.id, p.how, p.handed, w.principal_id, {bar("u.id", "asked.capacity")}
      FROM unnest(ids, capacities) AS asked(id, capacity)
      JOIN progression_application a ON a.id = asked.id
      JOIN people_team t ON t.id = a.team_id
      JOIN competencies_schemecontent s ON s.scheme_id = a.scheme_id
     CROSS JOIN LATERAL ({rights("asked.capacity", "overseers")}) p
      JOIN people_user pu ON pu.id = p.person_id AND pu.is_active
     CROSS JOIN LATERAL (
        SELECT p.person_id AS acts_id, NULL::bigint AS principal_id
        UNION ALL
        SELECT d.delegate_id, p.person_id FROM people_delegation d
         WHERE d.delegator_id = p.person_id AND {IN_FORCE}
     ) w
      JOIN people_user u ON u.id = w.acts_id AND u.is_active
     WHERE w.principal_id IS NULL OR {at_least("u.role", "pu.role")};
    """,
    rows=10,
)

FREE = function(
    "progression_free(asked bigint, part text, people bigint[])",
    "SETOF bigint",
    f"""
    RETURN QUERY
    SELECT u.id FROM people_user u
      JOIN progression_application a ON a.id = asked
      JOIN competencies_schemecontent s ON s.scheme_id = a.scheme_id
     WHERE u.id = ANY(people) AND {bar("u.id", "part")} = '';
    """,
    rows=20,
)

OF_SERVICE = """
          JOIN people_service_officers o ON o.user_id = me.id
          JOIN people_team t ON t.service_id = o.service_id"""
SCHEME = "JOIN competencies_schemecontent s ON s.scheme_id = a.scheme_id"

CASE = "a.id, a.worker_id, a.assessor_id, a.team_id, a.scheme_id"
WAITING = function(
    "progression_waiting(asking bigint, asking_role text, line text[], on_day date, worker text[],"
    " manager text[], authoriser text[], hearer text[], payroll text[], may_pass_on text[])",
    "SETOF bigint",
    f"""
    RETURN QUERY
    WITH me AS (
        SELECT asking AS id, asking_role AS role, TRUE AS myself
        UNION ALL
        SELECT pu.id, pu.role, FALSE FROM people_delegation d JOIN people_user pu ON pu.id = d.delegator_id
         WHERE d.delegate_id = asking AND {IN_FORCE} AND pu.is_active AND {at_least("asking_role", "pu.role")}
    ), mine AS (
        SELECT {CASE}, 'assessor' AS part, 'post' AS how, me.id AS person_id, me.myself FROM me
          JOIN people_team t ON t.manager_id = me.id
          JOIN progression_application a ON a.team_id = t.id AND a.state = ANY(manager)
        UNION ALL
        SELECT {CASE}, 'assessor', 'overseer', me.id, me.myself FROM me {OF_SERVICE}
          JOIN people_user tm ON tm.id = t.manager_id
          JOIN progression_application a ON a.team_id = t.id AND a.state = ANY(manager)
          {SCHEME}
         WHERE {at_least("me.role", "s.authorised_by")} AND {MAY_BE_BARRED}
        UNION ALL
        SELECT {CASE}, 'authoriser', 'post', me.id, me.myself FROM me {OF_SERVICE}
          JOIN progression_application a ON a.team_id = t.id AND a.state = ANY(authoriser)
          {SCHEME}
         WHERE {at_least("me.role", "s.authorised_by")}
        UNION ALL
        SELECT {CASE}, 'hearer', 'post', me.id, me.myself FROM me {OF_SERVICE}
          JOIN progression_application a ON a.team_id = t.id AND a.state = ANY(hearer)
          {SCHEME}
         WHERE me.role = s.heard_by
        UNION ALL
        SELECT {CASE}, r.capacity, 'handed', me.id, me.myself FROM me
          JOIN progression_recusal r ON r.handed_to_id = me.id
          JOIN progression_application a ON a.id = r.application_id
           AND a.state = ANY(CASE r.capacity WHEN 'assessor' THEN manager
                                             WHEN 'authoriser' THEN authoriser ELSE hearer END)
          JOIN people_team t ON t.id = a.team_id
          {SCHEME}
         WHERE {at_least("me.role", handed_to_rank("r.capacity"))}
           AND people_of_one_council(t.manager_id, me.id)
    ), known AS MATERIALIZED ({KNOWN}
    ), judged AS (
        SELECT {CASE}, a.part, a.how, a.myself, {bar("a.person_id", "a.part", "theirs_known")} AS bar,
               CASE WHEN a.myself THEN '' ELSE {bar("asking", "a.part", "my_known")} END AS bars_me
          FROM mine a
          JOIN known theirs_known ON theirs_known.id = a.person_id
          JOIN known my_known ON my_known.id = asking
          {SCHEME}
    )
    SELECT a.id FROM progression_application a WHERE a.worker_id = asking AND a.state = ANY(worker)
    UNION ALL
    SELECT a.id FROM judged a WHERE a.how <> 'overseer' AND a.bar = '' AND a.bars_me = ''
    UNION ALL
    SELECT a.id FROM judged a
      JOIN people_team t ON t.id = a.team_id
      {SCHEME}
     WHERE CASE a.how WHEN 'overseer' THEN a.bar IN ('', 'recused') AND a.bars_me IN ('', 'recused')
                      ELSE a.myself AND a.bar = ANY(may_pass_on) END
       AND NOT EXISTS (
         SELECT FROM ({rights("a.part")}) p
           JOIN people_user pu ON pu.id = p.person_id AND pu.is_active
          WHERE p.how <> 'overseer' AND {bar("p.person_id", "a.part")} = '')
    UNION ALL
    SELECT a.id FROM people_service_officers o
      JOIN people_team t ON t.service_id = o.service_id
      JOIN progression_application a ON a.team_id = t.id AND a.state = ANY(payroll)
     WHERE o.user_id = asking AND asking_role = 'payroll';
    """,
    rows=20,
)

STOOD_IN_FOR = f"""
        SELECT pu.id FROM people_user pu JOIN people_delegation d ON d.delegator_id = pu.id
         WHERE pu.is_active AND d.delegate_id = asking AND pu.role = ANY(up_to) AND {IN_FORCE}"""
"""Those for whom somebody stands in."""

WAYS = [
    "a.worker_id = asking",
    "by_post AND a.team_id IN (SELECT m.id FROM people_team m WHERE m.manager_id = asking)",
    """by_post AND EXISTS (
        SELECT FROM progression_applicationgrant g JOIN auth_permission p ON p.id = g.permission_id
         WHERE g.content_object_id = a.id AND g.user_id = asking AND p.codename = 'view_application')""",
    """whole_service AND a.team_id IN (
        SELECT m.id FROM people_team m JOIN people_service_officers o ON o.service_id = m.service_id
         WHERE o.user_id = asking)""",
    f"a.team_id IN (SELECT t.id FROM people_team t WHERE t.manager_id IN ({STOOD_IN_FOR}))",
    f"""a.team_id IN (
        SELECT t.id FROM people_team t JOIN people_service_officers o ON o.service_id = t.service_id
          JOIN people_user u ON u.id = o.user_id
         WHERE u.role = ANY(seniors) AND u.id IN ({STOOD_IN_FOR}))""",
    f"""EXISTS (
        SELECT FROM progression_recusal r JOIN people_team t ON t.id = a.team_id
         WHERE r.application_id = a.id AND r.handed_to_id IN ({STOOD_IN_FOR})
           AND people_of_one_council(t.manager_id, r.handed_to_id))""",
]
"""The conditions any of which lets somebody see a case: their own, by post, by grant, or standing in."""

ASKING = "asking bigint, by_post boolean, whole_service boolean, seniors text[], up_to text[], on_day date"

SEES = function(
    f"progression_sees({ASKING}, asked bigint)",
    "boolean",
    "RETURN EXISTS (SELECT FROM progression_application a WHERE a.id = asked AND ("
    + " OR ".join(f"({way})" for way in WAYS)
    + "));",
)

VISIBLE = function(
    f"progression_visible({ASKING})",
    "SETOF bigint",
    "RETURN QUERY "
    + " UNION ".join(f"SELECT a.id FROM progression_application a WHERE {way}" for way in WAYS)
    + ";",
    rows=500,
)


class Migration(migrations.Migration):
    dependencies = [
        ("competencies", "0004_who_decides"),
        ("people", "0006_of_one_council"),
        ("progression", "0008_find_failed_notices"),
    ]

    operations = [JUDGES, FREE, WAITING, SEES, VISIBLE]
