"""*Who* says on which days a service's offices are shut."""

from people.models import Service
from people.permissions import NotAllowed
from people.roles import Role


def services_closed_by(user):
    """The services whose closures this person keeps: an administrator all, a head of service their own."""
    if user.role == Role.ADMINISTRATOR:
        return Service.objects.all()
    if user.role == Role.HEAD_OF_SERVICE:
        return Service.objects.filter(officers=user)
    return Service.objects.none()


def check_keeps_closures(user):
    """An administrator, or a head of service."""
    if user.role not in (Role.ADMINISTRATOR, Role.HEAD_OF_SERVICE):
        raise NotAllowed("Only a head of service or an administrator says when offices are shut.")


def check_keeps_closures_of(user, service):
    """An administrator, or the head of that service."""
    if not services_closed_by(user).filter(pk=service.pk).exists():
        raise NotAllowed("Only the head of this service or an administrator says when its offices are shut.")
