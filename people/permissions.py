"""*Who* may: the exception every package's permission check raises."""

from people.roles import Role, at_least


class NotAllowed(Exception):
    """This person may not do this. Carries the sentence for the screen."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


def allowed(check, *args):
    """Whether `check(*args)` passes: what a button asks, so that it agrees with the guard."""
    try:
        check(*args)
    except NotAllowed:
        return False
    return True


def check_can_see_teams(user):
    """The directory is for those who manage a team or act over one in the line of management."""
    if not at_least(user.role, Role.TEAM_MANAGER):
        raise NotAllowed("The directory of teams is for managers.")


def check_can_delegate(user):
    """Whoever judges: a team manager or somebody senior."""
    if not at_least(user.role, Role.TEAM_MANAGER):
        raise NotAllowed("Only managers have somebody stand in for them.")


def check_can_arrange_for_others(user):
    """An administrator, for somebody who is away without having arranged it."""
    if user.role != Role.ADMINISTRATOR:
        raise NotAllowed("You can only arrange who stands in for yourself.")


def check_can_end_delegation(user, delegation):
    """Whoever is away, or an administrator for them."""
    if user.pk != delegation.delegator_id and user.role != Role.ADMINISTRATOR:
        raise NotAllowed("Only the person who is away can end this.")


def check_can_declare_conflict(user, person):
    """Everybody for themselves, and an administrator for anybody."""
    if user.pk != person.pk and user.role != Role.ADMINISTRATOR:
        raise NotAllowed("You can only declare a conflict of your own.")


def check_can_end_conflict(user, conflict):
    """Whoever it was declared for, or an administrator: never the other side of it."""
    if user.pk != conflict.person_id and user.role != Role.ADMINISTRATOR:
        raise NotAllowed("Only the person who declared this can end it.")
