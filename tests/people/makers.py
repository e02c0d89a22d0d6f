"""People, services, teams and posts for tests, by the models alone: they are where every process starts."""

from datetime import date
from itertools import count

from people.models import Post, Service, Team, User
from people.roles import Role

PASSWORD = "correct horse battery"
_number = count(1)


def make_user(role=Role.SOCIAL_WORKER, *, email=None, name="Sam Tester", **fields):
    """Somebody with PASSWORD. An administrator may use the admin pages."""
    number = next(_number)
    fields.setdefault("is_staff", role == Role.ADMINISTRATOR)
    fields.setdefault("is_superuser", role == Role.ADMINISTRATOR)
    return User.objects.create_user(
        email or f"tester{number}@test.example", PASSWORD, name=name, role=role, **fields
    )


def make_service(*officers, council="Testshire"):
    service = Service.objects.create(council=council, name=f"Children {next(_number)}")
    service.officers.add(*officers)
    return service


def make_team(service=None, manager=None, **fields):
    return Team.objects.create(
        service=service or make_service(),
        manager=manager or make_user(Role.TEAM_MANAGER),
        name=f"Team {next(_number):04}",
        scheme_code="test-scheme",
        **fields,
    )


def make_worker(team, **fields):
    """A social worker in a post in `team`."""
    number = next(_number)
    worker = User.objects.create(
        email=f"worker{number}@test.example", name=f"Worker {number}", role=Role.SOCIAL_WORKER, **fields
    )
    Post.objects.create(
        holder=worker,
        team=team,
        ern=f"E{number}",
        post_number=f"P{number}",
        level=2,
        spinal_point=37,
        service_start=date(2019, 5, 4),
    )
    return worker
