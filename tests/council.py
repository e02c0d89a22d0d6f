"""Services, teams and everybody in them, for tests; and who of them may act on a case.

    place = organisation()                one service and everybody in it, on the 2010 scheme
    worker = social_worker(place.team)    one more, past every gate

Whoever may act is found from the case: `manager_of`, `authoriser_of`, `hearer_of`, `payroll_of`.
"""

import itertools
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.core.management import call_command

from competencies import scheme_file
from competencies.management.commands.load_schemes import SCHEMES
from competencies.models import Scheme
from competencies.transitions import publish
from people.models import PerformanceRating, Post, Service, Team, User
from people.roles import Role
from progression.models import BankHoliday

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=ZoneInfo("Europe/London"))
"""A Tuesday in the weeks in which every scheme takes applications. R34."""
TODAY = NOW.date()

_number = itertools.count(1)


@dataclass(frozen=True)
class Organisation:
    """One service and everybody in it. `other_team` is of the same service, under `other_manager`."""

    service: Service
    team: Team
    other_team: Team
    manager: User
    other_manager: User
    service_manager: User
    head: User
    director: User
    payroll: User
    psw: User
    auditor: User
    administrator: User
    worker: User
    colleague: User

    @property
    def everybody(self):
        """Each person by the name they have here."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


def with_rules(*codes):
    """The schemes of these codes, or all three, published as set-up does, and the bank holidays."""
    files = scheme_files()
    there = set(Scheme.objects.values_list("code", flat=True))
    for code in codes or files:
        if code not in there:
            publish(files[code], now=NOW)
    if not BankHoliday.objects.exists():
        call_command("load_bank_holidays", verbosity=0)


@cache
def scheme_files():
    """What the files say, by code: read once a run, since reading them takes longer than a test."""
    found = scheme_file.read(sorted(SCHEMES.glob("*.yaml")), published=lambda code: None)
    return {rules.code: rules for rules in found}


def person(role, name="", **fields):
    """Somebody who can sign in with the password `progression`."""
    number = next(_number)
    user = User(
        email=f"person{number}@council.example",
        name=name or f"{Role(role).label} {number}",
        role=role,
        is_staff=role == Role.ADMINISTRATOR,
        is_superuser=role == Role.ADMINISTRATOR,
        **fields,
    )
    user.set_password("progression")
    user.save()
    return user


def social_worker(team, name="", **post):
    """A social worker in `team`, past every gate of every scheme unless `post` says not."""
    worker = person(Role.SOCIAL_WORKER, name)
    number = next(_number)
    held = {
        "ern": f"E{number:05d}",
        "post_number": f"P{number:05d}",
        "level": 1 if team.scheme_code == "medway-2018" else 2,
        "spinal_point": 37 if team.scheme_code == "medway-2010" else None,
        "service_start": date(2020, 9, 1),
        "probation_ends_on": date(2021, 3, 1),
        "probation_completed": True,
        "performance_rating": PerformanceRating.ACHIEVING,
    }
    Post.objects.create(holder=worker, team=team, **held | post)
    return worker


def team_of(service, manager=None, *, scheme="medway-2010", name=""):
    manager = manager or person(Role.TEAM_MANAGER)
    return Team.objects.create(
        service=service, manager=manager, scheme_code=scheme, name=name or f"Team {next(_number)}"
    )


def organisation(scheme="medway-2010"):
    """A service of its own with two teams and an officer of every kind."""
    with_rules(scheme)
    service = Service.objects.create(council="Testshire Council", name=f"Children's Services {next(_number)}")
    team = team_of(service, scheme=scheme)
    other_team = team_of(service, scheme=scheme)
    officers = {
        "service_manager": person(Role.SERVICE_MANAGER),
        "head": person(Role.HEAD_OF_SERVICE),
        "director": person(Role.ASSISTANT_DIRECTOR),
        "payroll": person(Role.PAYROLL),
        "psw": person(Role.PRINCIPAL_SOCIAL_WORKER),
        "auditor": person(Role.AUDITOR),
    }
    service.officers.set(officers.values())
    return Organisation(
        service=service,
        team=team,
        other_team=other_team,
        manager=team.manager,
        other_manager=other_team.manager,
        administrator=person(Role.ADMINISTRATOR),
        worker=social_worker(team),
        colleague=social_worker(team),
        **officers,
    )


def officer_of(application, role):
    """The first officer of the application's service in this role who has not judged it yet."""
    officers = application.team.service.officers.filter(role=role, is_active=True)
    return officers.exclude(pk=application.assessor_id).order_by("pk").first()


def manager_of(application):
    return application.team.manager


def authoriser_of(application):
    return officer_of(application, application.scheme.rules.decision.authorised_by)


def hearer_of(application):
    return officer_of(application, application.scheme.rules.appeal.heard_by)


def payroll_of(application):
    return officer_of(application, Role.PAYROLL)
