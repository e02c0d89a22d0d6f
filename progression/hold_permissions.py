"""Who may place or end a legal hold: an administrator, for people of their council."""

from people.permissions import NotAllowed
from people.roles import Role
from people.selectors import councils_of


def check_places_holds(user):
    if user.role != Role.ADMINISTRATOR:
        raise NotAllowed("Only an administrator places legal holds.")


def check_can_hold(user, person):
    check_places_holds(user)
    if not councils_of(user) & councils_of(person):
        raise NotAllowed("You can only do this for people of your own council.")
