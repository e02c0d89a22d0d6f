"""*Who* may: the exception every package's permission check raises."""


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
