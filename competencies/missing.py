"""What keeps a draft from being published, each with the page that mends it."""

from dataclasses import dataclass

from competencies.contents import checked
from competencies.heading_parts import HEADING, headings
from competencies.parts import PARTS
from competencies.questions import Rows


@dataclass(frozen=True)
class Missing:
    """One thing to mend: where, in the words of the draft's own list of pages, and what."""

    where: str
    sentence: str
    url_name: str
    args: tuple


def missing_in(draft):
    """A Missing for each thing that the draft's file says which does not hold together."""
    return [_missing(draft, where, sentence) for where, sentence in checked(draft.file)[1]]


def _missing(draft, where, sentence):
    if where[0] == HEADING:
        return _of_headings(draft, where, sentence)
    if where[0] == "pay" and where[1:2] != ("increment_day",):
        return Missing("Pay", sentence, "competencies:draft_pay", (draft.code,))
    part = next(part for part in PARTS.values() if part.holds(where))
    said = f"{part.title}{_row(part, draft.file, where)}"
    return Missing(said, sentence, "competencies:draft_part", (draft.code, part.code))


def _of_headings(draft, where, sentence):
    listed = headings(draft.file)
    if len(where) < 2 or where[1] >= len(listed):
        return Missing("Headings", sentence, "competencies:draft_headings", (draft.code,))
    one = listed[where[1]]
    return Missing(one["name"], sentence, "competencies:draft_heading", (draft.code, one["code"]))


def _row(part, file, where):
    """Which row of the part it is about, as far as it is about one."""
    place = where[len(part.path) : len(part.path) + 1] if isinstance(part, Rows) else ()
    rows = part.read(file) if place else []
    return f", {part.called(rows[place[0]], file)}" if place and place[0] < len(rows) else ""
