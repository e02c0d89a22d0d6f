"""The reminder sweep at England's size: a million deadlines, 5,000 of them due. How long to pick and queue.

First 5,000 that are due today; then, beyond the bar, 5,000 that are a day late, which is the most work there
is: whoever acts is reminded, the deadline is found to be missed, the case's history says so, and whoever is
above is told.
"""

import datetime
import time

from django.db import connection, transaction
from django.utils import timezone

from competencies import selectors as competencies
from progression import deadlines, selectors, sweep
from tools.bench.seed import scheme_code

DEADLINES, DUE = 1_000_000, 5_000
SERVICES, TEAMS, WORKERS = 150, 6_000, 36_000
GOAL_S = 2.0

PEOPLE = """
    INSERT INTO people_service (council, name, address, contact, case_number_patterns)
    SELECT 'Sweep Council ' || n, 'Children''s Services', '', '', '' FROM generate_series(1, %(services)s) n;
    INSERT INTO people_user (password, is_superuser, email, name, role, is_active, is_staff)
    SELECT '!', false, role || n || '@sweep.example', role || ' ' || n, role, true, false
      FROM (VALUES ('service_manager', 300), ('head_of_service', 150), ('assistant_director', 150),
                   ('payroll', 150), ('team_manager', %(teams)s), ('social_worker', %(workers)s)
           ) r(role, count),
           generate_series(1, r.count) n;
    INSERT INTO people_service_officers (service_id, user_id)
    SELECT s.id, u.id FROM people_service s
      JOIN people_user u ON u.email LIKE '%%@sweep.example'
       AND u.role NOT IN ('team_manager', 'social_worker')
       AND (regexp_replace(u.name, '\\D', '', 'g')::int - 1) %% %(services)s + 1
           = replace(s.council, 'Sweep Council ', '')::int
     WHERE s.council LIKE 'Sweep Council %%';
    INSERT INTO people_team (service_id, name, manager_id, scheme_code, most_workers)
    SELECT s.id, 'Team ' || m.n, m.id, %(scheme_code)s, 6
      FROM (SELECT id, regexp_replace(name, '\\D', '', 'g')::int AS n FROM people_user
             WHERE role = 'team_manager' AND email LIKE '%%@sweep.example') m
      JOIN people_service s ON s.council = 'Sweep Council ' || (m.n - 1) %% %(services)s + 1;
"""
CASES = """
    WITH workers AS (
        SELECT u.id, regexp_replace(u.name, '\\D', '', 'g')::int AS n FROM people_user u
         WHERE u.role = 'social_worker' AND u.email LIKE '%%@sweep.example'
    ), portfolios AS (
        INSERT INTO portfolios_portfolio (worker_id, step_id, is_open, desirables, headings_asked,
                                          headings_shown, follows, created_at)
        SELECT id, %(step)s, false, '[]', 20, 20, '', %(now)s FROM workers RETURNING id, worker_id)
    INSERT INTO progression_application (reference, worker_id, team_id, scheme_id, step_id, portfolio_id,
                                         state, state_since, started_at)
    SELECT 'SWP-2025-' || w.n, w.id, t.id, %(scheme)s, %(step)s, p.id, 'draft', %(now)s, %(now)s
      FROM workers w JOIN portfolios p ON p.worker_id = w.id
      JOIN people_team t ON t.name = 'Team ' || (w.n - 1) %% %(teams)s + 1
      JOIN people_user m ON m.id = t.manager_id AND m.email LIKE '%%@sweep.example';
    UPDATE progression_application SET state = 'submitted' WHERE reference LIKE 'SWP-%%';
    INSERT INTO progression_event (application_id, at, actor_id, verb, from_state, to_state, reason, detail)
    SELECT id, %(now)s, worker_id, 'submitted', 'draft', 'submitted', '', '{}'
      FROM progression_application WHERE reference LIKE 'SWP-%%';
    UPDATE progression_application a
       SET state = 'recommended', assessor_id = t.manager_id, assessed_on = %(now)s
      FROM people_team t WHERE t.id = a.team_id AND a.reference LIKE 'SWP-%%' AND a.id %% 2 = 0;
    INSERT INTO progression_event (application_id, at, actor_id, verb, from_state, to_state, reason, detail)
    SELECT id, %(now)s, assessor_id, 'recommended', 'submitted', 'recommended', '', '{}'
      FROM progression_application WHERE reference LIKE 'SWP-%%' AND state = 'recommended';
"""
WAITING = """
    INSERT INTO progression_deadline (application_id, kind, state, opened_on, due_on, next_reminder,
                                      next_reminder_on)
    SELECT id, 'act', state, %(today)s::date - 14, day, 1, day
      FROM (SELECT id, state,
                   %(today)s::date + CASE WHEN row_number() OVER (ORDER BY md5(reference)) <= %(due)s
                                          THEN 0 ELSE 30 END AS day
              FROM progression_application WHERE reference LIKE 'SWP-%%') a
"""
LATE = """
    UPDATE progression_deadline SET due_on = %(due_on)s, next_reminder = 2, next_reminder_on = %(today)s
     WHERE id IN (SELECT id FROM progression_deadline WHERE closed_on IS NULL AND next_reminder_on > %(today)s
                   ORDER BY md5(id::text) LIMIT %(due)s)
"""
KEPT = """
    INSERT INTO progression_deadline (application_id, kind, state, opened_on, due_on, closed_on,
                                      next_reminder)
    SELECT id, 'act', 'submitted', %(due_on)s::date - 400, %(due_on)s::date - 386, %(due_on)s::date - 390, 4
      FROM progression_application, generate_series(1, %(times)s)
     WHERE reference LIKE 'SWP-%%' LIMIT %(count)s
"""
"""Deadlines kept long ago: what a table of many years is full of."""


def measure():
    """The report of two sweeps, one after the other, on the bench's own database."""
    now = timezone.now()
    today = timezone.localdate(now)
    values = _fill(today, now)
    first, queued = _timed(today, now)
    second, queued_again = _timed(today, now + datetime.timedelta(minutes=15))
    with connection.cursor() as cursor:
        cursor.execute(LATE, values)
    late, told = _timed(today, now + datetime.timedelta(minutes=30))
    return {
        "deadlines": _count("SELECT count(*) FROM progression_deadline"),
        "due": DUE,
        "first_s": round(first, 2),
        "queued": queued,
        "second_s": round(second, 3),
        "queued_again": queued_again,
        "goal_s": GOAL_S,
        "late_s": round(late, 2),
        "told_of_late": told,
    }


def _fill(today, now):
    code = scheme_code()
    step = competencies.step_from(competencies.current_scheme(code, today=today), 2)
    # Late since the working day before today, whatever day it is today.
    due_on = deadlines.working_days_before(today, 2, selectors.bank_holidays())
    values = {
        "services": SERVICES,
        "teams": TEAMS,
        "workers": WORKERS,
        "step": step.pk,
        "scheme": step.scheme_id,
        "scheme_code": code,
        "now": now,
        "today": today,
        "due_on": due_on,
        "due": DUE,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PEOPLE, values)
        cursor.execute(CASES, values)
        cursor.execute(WAITING, values)
    left = DEADLINES - _count("SELECT count(*) FROM progression_deadline")
    with connection.cursor() as cursor:
        cursor.execute(KEPT, values | {"times": left // WORKERS + 1, "count": left})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return values


def _timed(today, now):
    began = time.perf_counter()
    queued = sweep.sweep(today=today, now=now)
    return time.perf_counter() - began, queued


def _count(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]
