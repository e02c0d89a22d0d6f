"""The SQL of who may judge which case: written once, read from the case's side and from the person's.

In SQL, because the start page, the sweep of reminders and each guard ask it, of up to all cases at once.
Throughout, `a` is the application, `t` its team, `s` its scheme's content.
"""

import re

AUTHORISED_BY, HEARD_BY = "(s.file #>> '{decision,authorised_by}')", "(s.file #>> '{appeal,heard_by}')"
IN_FORCE = """d.ended_at IS NULL AND d.first_day <= %(today)s AND d.last_day >= %(today)s
         AND people_of_one_council(d.delegator_id, d.delegate_id)"""
"""Whether delegation `d` counts today: an end, or a move to another council, counts from its moment."""


def _at_least(role, rank):
    """Whether `role` is `rank` or senior to it; never for a role outside the line of management."""
    return f"array_position(%(line)s::text[], {role}::text) >= array_position(%(line)s::text[], {rank}::text)"


def _handed_to_rank(capacity):
    """The lowest rank to which a case may be handed."""
    return (
        f"CASE {capacity} WHEN 'assessor' THEN 'team_manager'"
        f" WHEN 'authoriser' THEN {AUTHORISED_BY} ELSE {HEARD_BY} END"
    )


def _bar(person, capacity):
    """What bars `person` from judging the case; empty if they are free. The function is in a migration.

    R15, R19: neither the worker, nor whoever assessed it or had it assessed in their name, nor, where the
    scheme gives the review to another office, whoever refused it. Nor somebody who has stepped back, whom a
    declared conflict ties to the worker, or whose own line manager the worker is.
    """
    return f"progression_bar(a.id, {person}, {capacity})"


def _rights(capacity, overseers="TRUE"):
    """Whoever has a right of their own over the case: by post, by hand-over, or as an overseer."""
    return f"""
    SELECT t.manager_id AS person_id, 'post' AS how, 0 AS handed WHERE {capacity} = 'assessor'
    UNION ALL
    SELECT o.user_id, CASE {capacity} WHEN 'assessor' THEN 'overseer' ELSE 'post' END, 0
      FROM people_service_officers o JOIN people_user ou ON ou.id = o.user_id
     WHERE o.service_id = t.service_id AND ({capacity} <> 'assessor' OR {overseers})
       AND CASE {capacity} WHEN 'payroll' THEN ou.role = 'payroll'
                           WHEN 'hearer' THEN ou.role = {HEARD_BY}
                           ELSE {_at_least("ou.role", AUTHORISED_BY)} END
    UNION ALL
    SELECT r.handed_to_id, 'handed', max(r.id)
      FROM progression_recusal r JOIN people_user hu ON hu.id = r.handed_to_id
     WHERE r.application_id = a.id AND r.capacity = {capacity}
       AND {_at_least("hu.role", _handed_to_rank(capacity))}
     GROUP BY r.handed_to_id
    """  # noqa: S608 - every part is written here


JUDGES = f"""
    SELECT u.*, a.id AS case_id, p.how, p.handed, w.principal_id, {_bar("u.id", "asked.capacity")} AS bar
      FROM unnest(%(ids)s::bigint[], %(capacities)s::text[]) AS asked(id, capacity)
      JOIN progression_application a ON a.id = asked.id
      JOIN people_team t ON t.id = a.team_id
      JOIN competencies_schemecontent s ON s.scheme_id = a.scheme_id
     CROSS JOIN LATERAL ({_rights("asked.capacity", "%(overseers)s")}) p
      JOIN people_user pu ON pu.id = p.person_id AND pu.is_active
     CROSS JOIN LATERAL (
        SELECT p.person_id AS acts_id, NULL::bigint AS principal_id
        UNION ALL
        SELECT d.delegate_id, p.person_id FROM people_delegation d
         WHERE d.delegator_id = p.person_id AND {IN_FORCE}
     ) w
      JOIN people_user u ON u.id = w.acts_id AND u.is_active
     WHERE w.principal_id IS NULL OR {_at_least("u.role", "pu.role")}
     ORDER BY u.name, u.id
"""  # noqa: S608 - every part is written here
"""Everybody with a right over each of the cases `ids`, as its one of `capacities`, or standing in for it."""

FREE = f"""
    SELECT u.* FROM people_user u
      JOIN progression_application a ON a.id = %(case)s
     WHERE u.id = ANY(%(people)s) AND {_bar("u.id", "%(capacity)s")} = ''
     ORDER BY u.name, u.id
"""  # noqa: S608 - every part is written here
"""Those of `people` whom nothing bars from judging the case as `capacity`."""

_WAITING = f"""
    WITH me AS (
        SELECT %(user)s::bigint AS id, %(role)s::text AS role, TRUE AS myself
        UNION ALL
        SELECT pu.id, pu.role, FALSE FROM people_delegation d JOIN people_user pu ON pu.id = d.delegator_id
         WHERE d.delegate_id = %(user)s AND {IN_FORCE} AND pu.is_active AND {_at_least("%(role)s", "pu.role")}
    ), mine AS (
        SELECT a.id, 'assessor' AS capacity, 'post' AS how, me.id AS person_id, me.myself FROM me
          JOIN people_team t ON t.manager_id = me.id
          JOIN progression_application a ON a.team_id = t.id AND a.state = ANY(%(manager)s)
        UNION ALL
        SELECT a.id, 'assessor', 'overseer', me.id, me.myself FROM me
          JOIN people_service_officers o ON o.user_id = me.id
          JOIN people_team t ON t.service_id = o.service_id
          JOIN progression_application a ON a.team_id = t.id AND a.state = ANY(%(manager)s)
          JOIN competencies_schemecontent s ON s.scheme_id = a.scheme_id
         WHERE {_at_least("me.role", AUTHORISED_BY)}
        UNION ALL
        SELECT a.id, 'authoriser', 'post', me.id, me.myself FROM me
          JOIN people_service_officers o ON o.user_id = me.id
          JOIN people_team t ON t.service_id = o.service_id
          JOIN progression_application a ON a.team_id = t.id AND a.state = ANY(%(authoriser)s)
          JOIN competencies_schemecontent s ON s.scheme_id = a.scheme_id
         WHERE {_at_least("me.role", AUTHORISED_BY)}
        UNION ALL
        SELECT a.id, 'hearer', 'post', me.id, me.myself FROM me
          JOIN people_service_officers o ON o.user_id = me.id
          JOIN people_team t ON t.service_id = o.service_id
          JOIN progression_application a ON a.team_id = t.id AND a.state = ANY(%(hearer)s)
          JOIN competencies_schemecontent s ON s.scheme_id = a.scheme_id
         WHERE me.role = {HEARD_BY}
        UNION ALL
        SELECT a.id, r.capacity, 'handed', me.id, me.myself FROM me
          JOIN progression_recusal r ON r.handed_to_id = me.id
          JOIN progression_application a ON a.id = r.application_id
           AND a.state = ANY(CASE r.capacity WHEN 'assessor' THEN %(manager)s
                                             WHEN 'authoriser' THEN %(authoriser)s ELSE %(hearer)s END)
          JOIN competencies_schemecontent s ON s.scheme_id = a.scheme_id
         WHERE {_at_least("me.role", _handed_to_rank("r.capacity"))}
    )
    SELECT a.id FROM progression_application a
     WHERE a.worker_id = %(user)s AND a.state = ANY(%(worker)s)
    UNION ALL
    SELECT a.id FROM mine
      JOIN progression_application a ON a.id = mine.id
     WHERE mine.how <> 'overseer' AND {_bar("mine.person_id", "mine.capacity")} = ''
       AND (mine.myself OR {_bar("%(user)s", "mine.capacity")} = '')
    UNION ALL
    SELECT a.id FROM mine
      JOIN progression_application a ON a.id = mine.id
      JOIN people_team t ON t.id = a.team_id
      JOIN competencies_schemecontent s ON s.scheme_id = a.scheme_id
     WHERE CASE mine.how
             WHEN 'overseer' THEN {_bar("mine.person_id", "mine.capacity")} IN ('', 'recused')
                   AND (mine.myself OR {_bar("%(user)s", "mine.capacity")} IN ('', 'recused'))
             ELSE mine.myself AND {_bar("mine.person_id", "mine.capacity")} = ANY(%(may_pass_on)s) END
       AND NOT EXISTS (
         SELECT FROM ({_rights("mine.capacity")}) p
           JOIN people_user pu ON pu.id = p.person_id AND pu.is_active
          WHERE p.how <> 'overseer' AND {_bar("p.person_id", "mine.capacity")} = '')
    UNION ALL
    SELECT a.id FROM progression_application a
      JOIN people_team t ON t.id = a.team_id
      JOIN people_service_officers o ON o.service_id = t.service_id AND o.user_id = %(user)s
     WHERE a.state = ANY(%(payroll)s) AND %(role)s = 'payroll'
"""  # noqa: S608 - every part is written here
WAITING_VALUES = re.findall(r"%\((\w+)\)s", _WAITING)
WAITING = re.sub(r"%\(\w+\)s", "%s", _WAITING)
"""The ids of the cases that wait for `user`: to act on, or, where nobody may judge them, to hand over."""
