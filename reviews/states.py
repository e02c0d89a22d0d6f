"""How far a manager has got with one part of an assessment, and the words and colour that say so."""

from dataclasses import dataclass

from django.db.models import TextChoices


class PartStatus(TextChoices):
    NOT_STARTED = "not_started", "Not started"
    PARTLY = "partly", "Partly done"
    LOOK_AGAIN = "look_again", "Evidence changed"
    CARRIED = "carried", "From last time"
    DONE = "done", "Done"


# The design system's tag colours; a part that is done has plain words and no tag.
COLOURS = {
    PartStatus.NOT_STARTED: "blue",
    PartStatus.PARTLY: "light-blue",
    PartStatus.LOOK_AGAIN: "orange",
    PartStatus.CARRIED: "yellow",
    PartStatus.DONE: "",
}


@dataclass(frozen=True)
class Progress:
    """How many of a part's questions are answered, and what the task list says of it."""

    done: int
    asked: int
    status: PartStatus

    @property
    def words(self):
        return f"{self.done} of {self.asked}" if self.status == PartStatus.PARTLY else self.status.label

    @property
    def colour(self):
        return COLOURS[self.status]


def lacks(finding, needs):
    """What a finding still lacks of a scheme's `every_criterion_needs`, in its words. R9.

    One not met needs all of it under every scheme: it is told to the worker, with what is required. R18.
    """
    not_met = finding.met is False
    lacking = []
    if finding.met is None and "finding" in needs:
        lacking.append("finding")
    if not finding.evidence and (not_met or "evidence" in needs):
        lacking.append("evidence")
    if not_met and not (finding.action and finding.action_by):
        lacking.append("agreed action where not met")
    return lacking


def progress(*, done, asked, started, carried=False, look_again=False):
    """Where a part stands with `done` of `asked` questions answered, `started` if any has some answer."""
    if look_again:
        status = PartStatus.LOOK_AGAIN
    elif done < asked:
        status = PartStatus.PARTLY if started else PartStatus.NOT_STARTED
    else:
        status = PartStatus.CARRIED if carried else PartStatus.DONE
    return Progress(done, asked, status)
