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
