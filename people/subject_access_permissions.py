"""Who may have everything about a person: they themselves, or an administrator of their council."""

from people.permissions import NotAllowed
from people.roles import Role
from people.selectors import councils_of


def check_exports_for_others(user):
    if user.role != Role.ADMINISTRATOR:
        raise NotAllowed("Only an administrator asks for somebody else’s data.")


def check_can_export(user, person):
    """Everybody their own; an administrator that of people of a council whose services they act for."""
    if user.pk == person.pk:
        return
    check_exports_for_others(user)
    if not councils_of(user) & councils_of(person):
        raise NotAllowed("You can only ask for the data of people of your own council.")


def check_can_download(user, export):
    """Only whoever asked for it, while they may."""
    if user.pk != export.asked_by_id:
        raise NotAllowed("Only the person who asked for this can have it.")
    check_can_export(user, export.person)
