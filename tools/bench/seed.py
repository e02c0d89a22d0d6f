"""Fills an empty database with one large service: 500 workers, 2,000 applications, some really walked."""

import datetime
import itertools
from types import SimpleNamespace

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from competencies import selectors as competencies
from competencies.models import Scheme
from config.demo.cases import assess_in_full
from people.models import Post, Service, Team, User
from people.roles import Role
from portfolios.models import Claim, CriterionMark, Evidence, HeadingMark, Portfolio
from progression import transitions as progression
from progression.models import Application, Event
from progression.states import State
from reviews import transitions as reviews

WORKERS = 500
WALKED = 5
LARGE_BANK = 1000
"""Pieces of the worker who has most."""
TEAM_SIZE = 6
PAST = (State.WITHDRAWN, State.WITHDRAWN, State.REFUSED)
NOW_IN = (
    State.DRAFT,
    State.SUBMITTED,
    State.RETURNED,
    State.RECOMMENDED,
    State.NOT_RECOMMENDED,
    State.AUTHORISED,
)
JUDGED = (State.RECOMMENDED, State.NOT_RECOMMENDED)
WAYS = {
    State.DRAFT: (),
    State.WITHDRAWN: (State.WITHDRAWN,),
    State.SUBMITTED: (State.SUBMITTED,),
    State.RETURNED: (State.SUBMITTED, State.RETURNED),
    State.RECOMMENDED: (State.SUBMITTED, State.RECOMMENDED),
    State.NOT_RECOMMENDED: (State.SUBMITTED, State.NOT_RECOMMENDED),
    State.AUTHORISED: (State.SUBMITTED, State.RECOMMENDED, State.AUTHORISED),
    State.REFUSED: (State.SUBMITTED, State.NOT_RECOMMENDED, State.REFUSED),
}
"""The moves that a case of each state has behind it."""
TEXT = "What was done, in the words of somebody who did it and had the time to write it down. " * 8


def fill(pieces=60):
    """Seed the service. Returns the people and cases that the pages are asked for."""
    call_command("load_schemes", verbosity=0)
    call_command("load_bank_holidays", verbosity=0)
    now = timezone.now()
    service = Service.objects.create(council="Benchmark Council", name="Children's Services")
    officers = {
        role: _person(f"{role}@bench.example", role)
        for role in (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR, Role.PAYROLL)
    }
    service.officers.set(officers.values())
    workers = _workers(service, now)
    _applications(workers, officers[Role.SERVICE_MANAGER], now)
    drafting, submitted, recommended, payable, gathering = workers[:WALKED]
    cases = SimpleNamespace(
        draft=_draft(drafting, pieces, now),
        submitted=_submit(_draft(submitted, pieces, now), now),
        recommended=_recommend(_submit(_draft(recommended, pieces, now), now), now),
        payable=_authorise(_recommend(_submit(_draft(payable, pieces, now), now), now), officers, now),
        large=_draft(gathering, LARGE_BANK, now),
    )
    reviews.begin_assessment(cases.submitted, actor=cases.submitted.team.manager, now=now)
    return SimpleNamespace(
        worker=drafting,
        gathering=gathering,
        manager=cases.submitted.team.manager,
        service_manager=officers[Role.SERVICE_MANAGER],
        payroll=officers[Role.PAYROLL],
        cases=cases,
        service=service,
    )


def _person(email, role, password=make_password(None)):  # noqa: B008  one hash serves them all: nobody signs in with it
    return User.objects.create(
        email=email, name=email.split("@")[0].replace("_", " ").title(), role=role, password=password
    )


def scheme_code():
    """Of the scheme with the most headings: its pages have the most to show. One query."""
    found = Scheme.objects.annotate(headings=Count("competencies")).order_by("-headings", "pk")
    return found.values_list("code", flat=True).first()


def _workers(service, now):
    code = scheme_code()
    managers = User.objects.bulk_create(
        User(email=f"manager{n}@bench.example", name=f"Manager {n}", role=Role.TEAM_MANAGER, password="!")
        for n in range(-(-WORKERS // TEAM_SIZE))
    )
    teams = Team.objects.bulk_create(
        Team(service=service, name=f"Team {n}", manager=manager, scheme_code=code)
        for n, manager in enumerate(managers)
    )
    workers = User.objects.bulk_create(
        User(email=f"worker{n}@bench.example", name=f"Worker {n:03}", role=Role.SOCIAL_WORKER, password="!")
        for n in range(WORKERS)
    )
    Post.objects.bulk_create(
        Post(
            holder=worker,
            team=teams[n // TEAM_SIZE],
            ern=f"B{n:06}",
            post_number=f"P{n:05}",
            level=2,
            spinal_point=37,
            service_start=now.date() - datetime.timedelta(days=2000),
        )
        for n, worker in enumerate(workers)
    )
    return list(
        User.objects.filter(pk__in=[worker.pk for worker in workers])
        .select_related("post__team")
        .order_by("pk")
    )


def _applications(workers, authoriser, now):
    """Rows as the transitions would have left them, in bulk: what lists and counts run over."""
    numbers = itertools.count(1)
    for state in PAST:
        _walked_together({worker: state for worker in workers}, authoriser, numbers, now)
    # The first few have their open case walked for real.
    now_in = {worker: NOW_IN[worker.pk % len(NOW_IN)] for worker in workers[WALKED:]}
    _walked_together(now_in, authoriser, numbers, now)


@transaction.atomic
def _walked_together(wanted, authoriser, numbers, now):
    """One application for each worker, taken to the state wanted: all of them a move at a time.

    PostgreSQL lets no other way: a state follows on a state, and each move has its event.
    """
    step = competencies.step_from(competencies.current_scheme(scheme_code(), today=now.date()), 2)
    portfolios = Portfolio.objects.bulk_create(
        Portfolio(
            worker=worker,
            step=step,
            is_open=state == State.DRAFT,
            headings_asked=20,
            headings_shown=12,
            created_at=now,
        )
        for worker, state in wanted.items()
    )
    applications = Application.objects.bulk_create(
        Application(
            reference=f"APP-2025-{next(numbers):04}",
            worker=portfolio.worker,
            team=portfolio.worker.post.team,
            scheme=step.scheme,
            step=step,
            portfolio=portfolio,
            state_since=now,
            started_at=now,
        )
        for portfolio in portfolios
    )
    Event.objects.bulk_create(
        Event(application=application, at=now, actor_id=application.worker_id, verb="started")
        for application in applications
    )
    for number in range(max(map(len, WAYS.values()))):
        moving = [one for one in applications if len(WAYS[wanted[one.worker]]) > number]
        events = [_moved(one, WAYS[wanted[one.worker]][number], authoriser, now) for one in moving]
        Application.objects.bulk_update(
            moving, ["state", "assessor", "assessed_on", "authoriser", "effective_date"]
        )
        Event.objects.bulk_create(events)


def _moved(application, to, authoriser, now):
    """Put `to` on the application, with what goes with it. Returns its Event, unsaved."""
    actor = application.worker
    if to in JUDGED:
        actor = application.assessor = application.team.manager
        application.assessed_on = now.date()
    if to in (State.AUTHORISED, State.REFUSED):
        actor = application.authoriser = authoriser
    if to == State.RETURNED:
        actor = application.team.manager
    if to == State.AUTHORISED:
        application.effective_date = now.date()
    before, application.state = application.state, to
    return Event(
        application=application,
        at=now,
        actor=actor,
        verb=to,
        from_state=before,
        to_state=to,
        reason="" if to in (State.SUBMITTED, State.RECOMMENDED) else "Because.",
    )


def evidence_for(portfolio, pieces, now):
    """Complete pieces, spread over the portfolio's headings; every second one speaks to a criterion."""
    asked = competencies.headings_evidenced(portfolio.step)
    headings = [heading.competency for heading in asked]
    made = Evidence.objects.bulk_create(
        Evidence(
            worker=portfolio.worker,
            title=f"Example {n}",
            practised_on=now.date(),
            what_i_did=TEXT,
            outcome=TEXT,
            what_i_learned=TEXT,
            complete=True,
            created_at=now,
            updated_at=now,
        )
        for n in range(pieces)
    )
    Claim.objects.bulk_create(
        Claim(portfolio=portfolio, evidence=piece, competency=headings[n % len(headings)])
        for n, piece in enumerate(made)
    )
    marks = HeadingMark.objects.filter(evidence__in=made).order_by("evidence")
    criteria = {heading.competency.code: heading.criteria for heading in asked}
    CriterionMark.objects.bulk_create(
        CriterionMark(mark=mark, criterion=criteria[mark.heading][n % len(criteria[mark.heading])])
        for n, mark in enumerate(marks)
        if n % 2
    )


def _draft(worker, pieces, now):
    application = progression.start(worker=worker, today=now.date(), now=now)
    evidence_for(application.portfolio, pieces, now)
    Portfolio.objects.filter(pk=application.portfolio_id).update(headings_shown=min(pieces, 20))
    return application


def _submit(application, now):
    return progression.submit(
        application, actor=application.worker, worked_through_with_manager=True, now=now, today=now.date()
    )


def _recommend(application, now):
    return assess_in_full(
        application, actor=application.team.manager, recommended=True, now=now, today=now.date()
    )


def _authorise(application, officers, now):
    return reviews.authorise(application, actor=officers[Role.SERVICE_MANAGER], now=now, today=now.date())
