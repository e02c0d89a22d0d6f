"""The invented people of a demonstration: `seed_demo` makes them, the sign-in page lists them."""

from typing import NamedTuple

from people.roles import Role

PASSWORD = "progression"  # noqa: S105 - published on purpose: these people are invented


class Person(NamedTuple):
    """One of the cast. `about` says on the sign-in page what they are good for."""

    email: str
    name: str
    role: Role
    about: str


DEMO_CAST = (
    Person(
        "worker1@demo.example",
        "Amara Okafor",
        Role.SOCIAL_WORKER,
        "Social worker, Level 2 at point 37, gathering evidence",
    ),
    Person(
        "worker2@demo.example",
        "Ben Whitlock",
        Role.SOCIAL_WORKER,
        "Social worker, newly qualified, at Level 1",
    ),
    Person(
        "worker3@demo.example",
        "Chitra Nair",
        Role.SOCIAL_WORKER,
        "Social worker, Level 2, waiting for an assessment",
    ),
    Person(
        "worker4@demo.example",
        "Dylan Pryce",
        Role.SOCIAL_WORKER,
        "Social worker, Level 1, recommended for Level 2",
    ),
    Person("worker5@demo.example", "Efua Mensima", Role.SOCIAL_WORKER, "Social worker in the 2018 scheme"),
    Person("worker6@demo.example", "Farid Rahmani", Role.SOCIAL_WORKER, "Social worker in another council"),
    Person("manager1@demo.example", "Grace Ellerby", Role.TEAM_MANAGER, "Team manager, assesses"),
    Person("manager2@demo.example", "Huw Tresize", Role.TEAM_MANAGER, "Team manager in another council"),
    Person("service@demo.example", "Imelda Castellan", Role.SERVICE_MANAGER, "Service manager, authorises"),
    Person("head@demo.example", "Jonah Breck", Role.HEAD_OF_SERVICE, "Head of service"),
    Person(
        "director@demo.example",
        "Katarzyna Lisle",
        Role.ASSISTANT_DIRECTOR,
        "Assistant director, hears reviews",
    ),
    Person("payroll@demo.example", "Lewis Amadi", Role.PAYROLL, "HR and payroll, downloads forms"),
    Person(
        "psw@demo.example",
        "Marisol Quigg",
        Role.PRINCIPAL_SOCIAL_WORKER,
        "Principal social worker, edits the schemes",
    ),
    Person("auditor@demo.example", "Nikhil Sarpong", Role.AUDITOR, "Auditor, reads only"),
    Person("admin@demo.example", "Orla Fenn", Role.ADMINISTRATOR, "Administrator, keeps people and teams"),
)
