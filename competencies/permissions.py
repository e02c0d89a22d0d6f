"""*Who* looks after a scheme: the principal social worker of a service that works by it."""

from django.db.models import Exists, OuterRef, Q

from competencies.models import Scheme
from people.models import Service, Team
from people.permissions import NotAllowed, allowed
from people.roles import Role


def check_can_keep(user, code):
    """The principal social worker of a service with a team on the scheme, or of the scheme's own council."""
    if user.role != Role.PRINCIPAL_SOCIAL_WORKER:
        raise NotAllowed("Only the principal social worker changes a scheme.")
    if not of_their_services(user).filter(code=code).exists():
        raise NotAllowed("Only a principal social worker whose service works by this scheme changes it.")


def check_can_read_drafts(user, code):
    """Whoever may change the scheme, and the auditors of the same services."""
    if user.role not in (Role.PRINCIPAL_SOCIAL_WORKER, Role.AUDITOR):
        raise NotAllowed("Only the principal social worker and auditors read a scheme’s drafts.")
    if not of_their_services(user).filter(code=code).exists():
        raise NotAllowed("None of your services works by this scheme.")


def of_their_services(user):
    """Every version of the schemes that a service `user` acts for works by, or whose council it is."""
    services = Service.objects.filter(officers=user)
    teams = Team.objects.filter(service__in=services, scheme_code=OuterRef("code"))
    return Scheme.objects.filter(Q(Exists(teams)) | Q(council__in=services.values("council")))


def can_keep(user, code):
    return allowed(check_can_keep, user, code)


def can_read_drafts(user, code):
    return allowed(check_can_read_drafts, user, code)
