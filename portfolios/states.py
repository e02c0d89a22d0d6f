"""How far a worker has got with one heading of a portfolio, and the words and colour that say so."""

from django.db.models import TextChoices


class HeadingStatus(TextChoices):
    NOT_STARTED = "not_started", "Not started"
    DRAFT_ONLY = "draft_only", "Draft only"
    STARTED = "started", "Could add more"
    DONE = "done", "Done"


# The design system's tag colours; a heading that is done has plain words and no tag.
COLOURS = {
    HeadingStatus.NOT_STARTED: "blue",
    HeadingStatus.DRAFT_ONLY: "yellow",
    HeadingStatus.STARTED: "turquoise",
    HeadingStatus.DONE: "",
}


def heading_status(*, examples, drafts, wanted):
    """The status of a heading with `examples` finished and `drafts` unfinished, of about `wanted`. R7."""
    if examples >= wanted:
        return HeadingStatus.DONE
    if examples:
        return HeadingStatus.STARTED
    return HeadingStatus.DRAFT_ONLY if drafts else HeadingStatus.NOT_STARTED
