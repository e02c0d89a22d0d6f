"""Relations that arise while a case goes on: `given` of a row."""

from payroll import letters
from payroll import transitions as payroll
from payroll.models import LetterKind
from people.roles import Role


def worker_has_a_letter(world, case):
    payroll.issue_letter(_letter(case, to=case.worker, now=world.now), now=world.now)


def worker_has_a_letter_being_made(world, case):
    _letter(case, to=case.worker, now=world.now)


def manager_has_a_letter(world, case):
    payroll.issue_letter(_letter(case, to=case.team.manager, now=world.now), now=world.now)


def _letter(case, *, to, now):
    content = letters.LetterContent(
        **letters.head(case),
        to_name=to.name,
        subject="Your application",
        reference=case.reference,
        dated=now.date(),
        blocks=[("text", "It is decided.")],
        signed_by=(),
    )
    return payroll.open_letter(case, kind=LetterKind.OUTCOME, to=to, content=content, now=now)


def worker_now_manages_the_team(world, case):
    """Promoted in the middle of their own application."""
    _promote(case.worker, Role.TEAM_MANAGER)
    case.team.manager = case.worker
    case.team.save()


def worker_now_heads_the_service(world, case):
    _promote(case.worker, Role.HEAD_OF_SERVICE)
    world.place.service.officers.add(case.worker)


def worker_now_directs_the_service(world, case):
    _promote(case.worker, Role.ASSISTANT_DIRECTOR)
    world.place.service.officers.add(case.worker)


def worker_now_payroll(world, case):
    _promote(case.worker, Role.PAYROLL)
    world.place.service.officers.add(case.worker)


def assessor_now_service_manager(world, case):
    """Whoever assessed the case is promoted before it is decided."""
    _promote(case.assessor, Role.SERVICE_MANAGER)
    world.place.service.officers.add(case.assessor)


def assessor_now_director(world, case):
    _promote(case.assessor, Role.ASSISTANT_DIRECTOR)
    world.place.service.officers.add(case.assessor)


def _promote(user, role):
    user.role = role
    user.save()
