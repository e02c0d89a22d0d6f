"""Two councils' services with everybody in them: the published cast, and colleagues to fill their teams."""

import datetime

from django.utils import timezone

from people import transitions as standing_in
from people.demo_cast import DEMO_CAST, PASSWORD, Person
from people.models import PerformanceRating, Post, Service, Team, User
from people.roles import Role

COLLEAGUES = tuple(
    Person(f"colleague{number}@demo.example", name, Role.SOCIAL_WORKER, "")
    for number, name in enumerate(
        (
            "Tamsin Orchard",
            "Yusuf Demir",
            "Rhiannon Blake",
            "Mateus Silveira",
            "Precious Adeyemi",
            "Callum Frayne",
            "Ingrid Solheim",
            "Devika Menon",
            "Oscar Lindley",
            "Nadia Belkacem",
            "Theo Marchbank",
        ),
        start=1,
    )
)
MORE_MANAGERS = (
    Person("manager3@demo.example", "Sunita Varley", Role.TEAM_MANAGER, ""),
    Person("manager4@demo.example", "Piers Okonkwo", Role.TEAM_MANAGER, ""),
)
MEDWAY_OFFICERS = ("service", "head", "director", "payroll", "psw", "auditor", "admin")
REDBRIDGE_OFFICERS = ("head", "payroll", "psw", "auditor", "admin")


def make_people(*, today):
    """Everybody of the demonstration. Returns {the part of their e-mail address before the @: User}."""
    people = {
        person.email.split("@")[0]: _make(person) for person in (*DEMO_CAST, *COLLEAGUES, *MORE_MANAGERS)
    }
    medway = Service.objects.create(
        council="Medway Council",
        name="Children and Families",
        address="Demonstration House\n1 Example Quay\nExampleton\nEX1 1AA",
        contact="progression@medway.demo.example",
    )
    redbridge = Service.objects.create(
        council="London Borough of Redbridge",
        name="Children's Services",
        address="Specimen Hall\n24 Example Road\nSampleford\nEX2 2BB",
        contact="01632 960 123",
    )
    medway.officers.set(people[name] for name in MEDWAY_OFFICERS)
    redbridge.officers.set(people[name] for name in REDBRIDGE_OFFICERS)

    def team(name, service, manager, scheme):
        return Team.objects.create(name=name, service=service, manager=people[manager], scheme_code=scheme)

    assessment = team("Assessment team", medway, "manager1", "medway-2010")
    in_care = team("Children in care team", medway, "manager3", "medway-2010")
    pod = team("Pod 4", medway, "manager4", "medway-2018")
    family_support = team("Family support team", redbridge, "manager2", "redbridge-2013")

    number = 0

    def post(name, team, level, point, years=4, **more):
        nonlocal number
        number += 1
        Post.objects.create(
            holder=people[name],
            team=team,
            ern=f"{700100 + number * 37}",
            post_number=f"CF{2400 + number}",
            level=level,
            spinal_point=point,
            service_start=today - datetime.timedelta(days=int(years * 365)),
            **more,
        )

    post("worker1", assessment, 2, 37)
    post(
        "worker2",
        assessment,
        1,
        33,
        years=0.6,
        newly_qualified=True,
        induction_completed_on=today - datetime.timedelta(days=60),
    )
    post("worker3", assessment, 2, 39, years=6)
    post("worker4", assessment, 1, 35, years=3)
    post("worker5", pod, 1, None, probation_completed=True, performance_rating=PerformanceRating.ACHIEVING)
    post("worker6", family_support, 2, None)
    for place, colleague in enumerate(COLLEAGUES):
        post(
            colleague.email.split("@")[0],
            assessment if place < 3 else in_care,
            2,
            37 + place % 4,
            years=3 + place % 5,
        )
    # On leave for a few days: what waits for one manager waits for the other too.
    standing_in.delegate(
        people["manager3"],
        to=people["manager1"],
        first_day=today,
        last_day=today + datetime.timedelta(days=4),
        actor=people["manager3"],
        now=timezone.make_aware(datetime.datetime.combine(today, datetime.time.min)),
    )
    return people


def _make(person):
    return User.objects.create_user(
        person.email,
        PASSWORD,
        name=person.name,
        role=person.role,
        is_staff=person.role == Role.ADMINISTRATOR,
        is_superuser=person.role == Role.ADMINISTRATOR,
    )
