"""*When* a thing may be done: the exception every package's policy raises."""


class Blocked(Exception):
    """Not now: something is missing or out of turn. Carries every sentence, not the first alone."""

    def __init__(self, sentences):
        self.sentences = [sentences] if isinstance(sentences, str) else list(sentences)
        super().__init__(" ".join(self.sentences))
