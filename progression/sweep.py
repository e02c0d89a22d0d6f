"""The sweep: queues the reminders that are due, each once, and records which deadlines were missed.

It decides nothing: a case moves only by a person's hand.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from competencies.models import Scheme
from people.models import Team, User
from people.roles import LINE_OF_MANAGEMENT, Role
from portfolios.models import Evidence
from progression import judges, ladder, notifications, outbox, selectors
from progression.deadlines import Holidays
from progression.models import CouncilClosure, Deadline, DeadlineKind
from progression.states import BEING_BUILT, Owner

log = logging.getLogger(__name__)

A_BATCH = 1000
OWED_TO_WORKER = (DeadlineKind.DECIDE_REVIEW, DeadlineKind.DECIDE_LATE_REQUEST)
"""What the worker has asked for, and is told of when it is late. R21."""
MISSED = "deadline missed"


def sweep(*, today, now):
    """Queue a notice for every reminder due by `today`, once a person, whatever restarts. Returns how many.

    Two sweeps at once share the work: each passes over what the other has locked. A deadline that cannot be
    worked out is left for the next sweep, and the log says which.
    """
    queued, last_id, rungs_of = 0, 0, _Rungs()
    while True:
        with transaction.atomic():
            batch = _take(today, after=last_id)
            if not batch:
                return queued
            last_id = batch[-1].pk
            try:
                with transaction.atomic():
                    queued += _remind(batch, rungs_of, today=today, now=now)
            except Exception:  # one of them: find out which, and do the others
                queued += _remind_each(batch, rungs_of, today=today, now=now)


def _take(today, *, after):
    """The next deadlines with something due, locked with their cases."""
    found = Deadline.objects.filter(closed_on=None, next_reminder_on__lte=today, pk__gt=after)
    batch = list(
        found.select_related("application")
        .select_for_update(of=("self", "application"), skip_locked=True)
        .order_by("pk")[:A_BATCH]
    )
    schemes, teams = {}, {}
    for deadline in batch:
        schemes[deadline.application.scheme_id] = teams[deadline.application.team_id] = None
    schemes = Scheme.objects.in_bulk(schemes)
    teams = Team.objects.in_bulk(teams)
    for deadline in batch:
        application = deadline.application
        application.scheme, application.team = schemes[application.scheme_id], teams[application.team_id]
    return batch


def _remind_each(batch, rungs_of, *, today, now):
    queued = 0
    for deadline in batch:
        try:
            with transaction.atomic():
                queued += _remind([deadline], rungs_of, today=today, now=now)
        except Exception:
            log.exception("Deadline %s could not be swept", deadline.pk)
    return queued


def _remind(batch, rungs_of, *, today, now):
    """Queue what is due of these deadlines, record those missed, and set when to look again."""
    plans = _plans(batch, rungs_of, today)
    told = [plan for plan in plans if plan.step is not None or plan.missed]
    acting = _who_acts([plan.deadline for plan in told])
    above = _Above({plan.deadline.application.team.service_id for plan in told})
    notices = _reminders(plans, acting, above) + _record_missed(plans, acting, above, now=now)
    _write(plans, today)
    return outbox.put_in(notices, now=now)


@dataclass
class _Plan:
    """What is due of one deadline: reminder `step`, or None, and whether it is found to be missed."""

    deadline: Deadline
    step: int | None
    to_manager: bool
    missed: bool
    next_reminder: int
    next_look: date | None


def _plans(batch, rungs_of, today):
    """A plan for each deadline: only the latest reminder that is due is sent, however late the sweep."""
    saved = _last_saved([one for one in batch if one.state in BEING_BUILT])
    plans = []
    for deadline in batch:
        since = max(deadline.opened_on, saved.get(deadline.application.worker_id, deadline.opened_on))
        rungs, missed_from = rungs_of(deadline, since)
        due = [n for n, rung in enumerate(rungs) if n >= deadline.next_reminder and rung.day <= today]
        missed_from = missed_from if deadline.missed_on is None else None
        missed = missed_from is not None and missed_from <= today
        number = due[-1] + 1 if due else deadline.next_reminder
        plans.append(
            _Plan(
                deadline=deadline,
                step=due[-1] if due else None,
                to_manager=bool(due) and rungs[due[-1]].to_manager,
                missed=missed,
                next_reminder=number,
                next_look=ladder.next_look(rungs, number, None if missed else missed_from),
            )
        )
    return plans


class _Rungs:
    """The ladder of a deadline, worked out once for all that were opened on the same days. Two queries."""

    def __init__(self):
        self._found, self._everywhere = {}, selectors.bank_holidays()
        closed = defaultdict(set)
        for service, day in CouncilClosure.objects.order_by().values_list("service", "day"):
            closed[service].add(day)
        self._of_service = {
            service: Holidays(self._everywhere.days | days, self._everywhere.known_until)
            for service, days in closed.items()
        }

    def __call__(self, deadline, since):
        application = deadline.application
        service = application.team.service_id
        service = service if service in self._of_service else None
        key = (deadline.kind, deadline.state, since, deadline.due_on, application.scheme_id, service)
        if key not in self._found:
            holidays = self._of_service.get(service, self._everywhere)
            rungs = ladder.rungs(
                deadline.kind,
                deadline.state,
                since=since,
                due_on=deadline.due_on,
                reminders=application.scheme.rules.reminders,
                holidays=holidays,
            )
            self._found[key] = rungs, ladder.missed_from(deadline.kind, deadline.due_on, holidays)
        return self._found[key]


def _last_saved(being_built):
    """{worker's id: the day of the last save}: a draft is idle only from its worker's last. One query."""
    if not being_built:
        return {}
    workers = {deadline.application.worker_id for deadline in being_built}
    latest = Evidence.objects.filter(worker__in=workers, removed_at=None).order_by().values("worker")
    found = latest.annotate(at=Max("updated_at")).values_list("worker", "at")
    return {worker: timezone.localdate(at) for worker, at in found}


def _who_acts(found):
    """{deadline's id: the ids of those who act by it}, as it stands now. A query for each part."""
    acting, asked = {}, defaultdict(dict)
    for deadline in found:
        owner = ladder.owner_of(deadline.kind, deadline.state)
        if owner == Owner.WORKER:
            acting[deadline.pk] = [deadline.application.worker_id]
            continue
        part = judges.PAYROLL if owner == Owner.PAYROLL else judges.CAPACITY_OF_OWNER[owner]
        asked[part][deadline.application_id] = deadline.pk
    for part, deadline_of in asked.items():
        for application, people in judges.who_is_asked_in(dict.fromkeys(deadline_of, part)).items():
            acting[deadline_of[application]] = [person.pk for person in people]
    return acting


class _Above:
    """Who manages those who act: the next rank up of the service that there is. One query."""

    def __init__(self, services):
        self._officers = defaultdict(lambda: defaultdict(list))
        officers = User.objects.filter(
            services__in=services, is_active=True, role__in=LINE_OF_MANAGEMENT
        ).values_list("services", "role", "pk")
        for service, role, pk in officers:
            self._officers[service][role].append(pk)

    def __call__(self, deadline, acting):
        """The ids of the managers of `acting`, in the case's service; none of them its worker."""
        officers = self._officers[deadline.application.team.service_id]
        owner = ladder.owner_of(deadline.kind, deadline.state)
        rank = LINE_OF_MANAGEMENT.index(Role.TEAM_MANAGER)
        if owner == Owner.PAYROLL:
            rank = LINE_OF_MANAGEMENT.index(Role.SERVICE_MANAGER)  # a head of service, or whoever is above
        elif owner != Owner.MANAGER:
            held = [rank for rank, role in enumerate(LINE_OF_MANAGEMENT) if set(officers[role]) & set(acting)]
            rank = max(held, default=rank)
        for role in LINE_OF_MANAGEMENT[rank + 1 :]:
            if found := [
                pk for pk in officers[role] if pk not in acting and pk != deadline.application.worker_id
            ]:
                return found
        return []


def _reminders(plans, acting, above):
    notices = []
    for plan in plans:
        if plan.step is None:
            continue
        deadline = plan.deadline
        told = dict.fromkeys(acting.get(deadline.pk, ()), notifications.reminder_of(deadline))
        if plan.to_manager:
            managers = above(deadline, told)
            told |= {pk: notifications.RemindManager for pk in managers if pk not in told}
        notices += [
            outbox.Telling(
                application_id=deadline.application_id,
                recipient_id=pk,
                kind=message.kind,
                deadline_id=deadline.pk,
                step=plan.step,
            )
            for pk, message in told.items()
        ]
    return notices


def _record_missed(plans, acting, above, *, now):
    """Write into each case's history that a deadline of it was missed. Returns whom to tell, as notices."""
    missed = [plan.deadline for plan in plans if plan.missed]
    events, notices = _events(missed, now=now), []
    for deadline in missed:
        event = events[deadline.pk]
        told = dict.fromkeys(above(deadline, acting.get(deadline.pk, ())), notifications.DeadlineMissed)
        if deadline.kind in OWED_TO_WORKER:
            told[deadline.application.worker_id] = notifications.DecisionLate
        notices += [
            outbox.Telling(
                application_id=deadline.application_id, recipient_id=pk, kind=message.kind, event_id=event
            )
            for pk, message in told.items()
        ]
    return notices


_EVENTS = """
    WITH written AS (
        INSERT INTO progression_event (application_id, at, verb, from_state, to_state, reason, detail)
        SELECT d.application_id, %s, %s, '', '', '',
               jsonb_build_object('kind', d.kind, 'due_on', d.due_on, 'deadline', d.id)
          FROM progression_deadline d WHERE d.id = ANY(%s) ORDER BY d.id
        RETURNING id, detail)
    SELECT (detail ->> 'deadline')::bigint, id FROM written
"""


def _events(missed, *, now):
    """Write an event for each of these deadlines. Returns {deadline's id: the event's}. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [now, MISSED, [deadline.pk for deadline in missed]])
        return dict(cursor.fetchall())


def _write(plans, today):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE progression_deadline d SET next_reminder = p.number, next_reminder_on = p.day,"
            " missed_on = CASE WHEN p.missed THEN %s ELSE d.missed_on END"
            " FROM unnest(%s::bigint[], %s::smallint[], %s::date[], %s::boolean[])"
            " AS p(id, number, day, missed)"
            " WHERE d.id = p.id",
            [
                today,
                [plan.deadline.pk for plan in plans],
                [plan.next_reminder for plan in plans],
                [plan.next_look for plan in plans],
                [plan.missed for plan in plans],
            ],
        )
