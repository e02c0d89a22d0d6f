"""What differs between two files of one scheme, in the words of the pages that edit it. Pure."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from competencies.heading_parts import headings
from competencies.parts import PARTS
from competencies.pay_parts import scales
from competencies.questions import Rows

ALIKE = 0.5
"""From here on two criteria are one reworded, below two."""
COMPARED = 400
"""Past so many pairs of old and new criteria nobody has reworded them one by one: they are gone, and come."""
APART = ("code", "council", "effective_from", "competencies", "groups")
"""Sections that are compared by themselves, or cannot differ."""


@dataclass(frozen=True)
class Difference:
    """One thing that changes, before and after as people say it; nothing before where it is new."""

    area: str
    what: str
    before: str
    after: str
    steps: frozenset | None = None
    """The levels of the steps up that are judged by it; None for every step."""
    heading: str = ""
    """The code of the heading that it is about, if any."""


def differences(old, new):
    """Every Difference between the files `old` and `new` of one scheme: headings first, then rules."""
    found = [*_headings(old, new)]
    for part in PARTS.values():
        found += _rows(part, old, new) if isinstance(part, Rows) else _questions(part, old, new)
    return [*found, *_pay(old, new), *_others(old, new)]


def _headings(old, new):
    before = {one["code"]: one for one in headings(old)}
    after = {one["code"]: one for one in headings(new)}
    for code, one in before.items():
        if code not in after:
            yield _of_heading(old, one, "Heading removed", one["name"], "")
    for code, one in after.items():
        if code not in before:
            yield _of_heading(new, one, "Heading added", "", one["name"])
            for level, texts in one["criteria"].items():
                for text in texts:
                    yield _of_criterion(new, one, level, "added", "", text)
        else:
            yield from _one_heading(old, new, before[code], one)
    common = [[code for code in listed if code in before and code in after] for listed in (before, after)]
    if common[0] != common[1]:
        moved = [code for code in common[0] if common[0].index(code) != common[1].index(code)]
        listed = [", ".join(after[code]["name"] for code in order if code in moved) for order in common]
        yield Difference("Headings", "Order", *listed, steps=frozenset())


def _one_heading(old, new, was, now):
    groups = {one["code"]: one["name"] for one in [*old["groups"], *new["groups"]]}
    if was["name"] != now["name"]:
        yield _of_heading(old, was, "Heading renamed", was["name"], now["name"])
    if was["group"] != now["group"]:
        yield _of_heading(old, now, "Group", groups[was["group"]], groups[now["group"]])
    for key, what, spoken in (
        ("evidence_for_levels", "Steps at which the evidence form asks for it", _steps),
        ("evidence_kinds", "Kinds of evidence taken", _kinds),
    ):
        if (was.get(key) or None, was.get(key) == []) != (now.get(key) or None, now.get(key) == []):
            yield _of_heading(old, now, what, spoken(was.get(key)), spoken(now.get(key)))
    for level in sorted({*was["criteria"], *now["criteria"]}, key=int):
        yield from _criteria(old, new, now, level, was["criteria"].get(level, []))


def _criteria(old, new, now, level, before):
    after = now["criteria"].get(level, [])
    gone = [text for text in before if text not in after]
    come = [text for text in after if text not in before]
    few = len(gone) * len(come) <= COMPARED
    for text in gone:
        nearest = few and max(come, key=lambda other: _likeness(text, other), default=None)
        if nearest and _likeness(text, nearest) >= ALIKE:
            come.remove(nearest)
            yield _of_criterion(old, now, level, "reworded", text, nearest)
        else:
            yield _of_criterion(old, now, level, "removed", text, "")
    for text in come:
        yield _of_criterion(new, now, level, "added", "", text)
    kept = [[text for text in texts if text in before and text in after] for texts in (before, after)]
    if kept[0] != kept[1]:
        yield _of_criterion(old, now, level, "in another order", " / ".join(kept[0]), " / ".join(kept[1]))


def _likeness(one, other):
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()


def _of_heading(file, one, what, before, after):
    levels = [int(level) for level, texts in one["criteria"].items() if texts]
    return Difference(one["name"], what, before, after, _judged(file, levels), one["code"])


def _of_criterion(file, one, level, what, before, after):
    levels = {entry["number"]: entry["name"] for entry in file["levels"]}
    said = f"Criterion {what}, {levels.get(int(level), f'level {level}')}"
    return Difference(one["name"], said, before, after, _judged(file, [int(level)]), one["code"])


def _judged(file, levels):
    """The steps up that are judged on criteria of these levels. R5."""
    return frozenset(
        step["to"]
        for step in file["progressions"]
        if any(one in step["criteria_of_levels"] for one in levels)
    )


def _steps(levels):
    if levels is None:
        return "Every step"
    return ", ".join(f"To level {level}" for level in levels) or "None"


def _kinds(kinds):
    return ", ".join(kinds) if kinds else "Every kind that the scheme takes"


def _questions(part, old, new):
    for question in part.questions:
        before, after = question.read(old), question.read(new)
        if (before or None) != (after or None):
            yield Difference(
                part.title, question.label, question.spoken(before, old), question.spoken(after, new)
            )


def _rows(part, old, new):
    """Rows are the same by their code where they have one, by what they ask first where not."""
    before, after = (_keyed(part, file) for file in (old, new))
    for key, row in before.items():
        if key not in after:
            yield Difference(part.title, f"{_titled(part.one)} removed", _row(part, row, old), "", _at(row))
    for key, row in after.items():
        if key not in before:
            yield Difference(part.title, f"{_titled(part.one)} added", "", _row(part, row, new), _at(row))
            continue
        for question in part.questions:
            was, now = question.read(before[key]), question.read(row)
            if (was or None) != (now or None):
                what = f"{_row_name(part, before[key], old)}: {question.label.lower().rstrip('…')}"
                said = question.spoken(was, old), question.spoken(now, new)
                yield Difference(part.title, what, *said, _at(before[key], row))
        yield from _not_asked(part, before[key], row, _row_name(part, row, new))


def _not_asked(part, was, now, named):
    """What the file says of a row and no page asks, by the names of its fields."""
    asked = {"code", *(question.path[0] for question in part.questions)}
    for key in sorted({*was, *now} - asked):
        if (was.get(key) or None) != (now.get(key) or None):
            said = [_said(row.get(key)) for row in (was, now)]
            yield Difference(part.title, f"{named}: {key.replace('_', ' ')}", *said, _at(was, now))


def _keyed(part, file):
    keyed = {}
    for row in part.read(file):
        key = row.get("code") or row.get("number") or part.questions[0].read(row)
        key = (key, sum(1 for other, _ in keyed if other == key))
        keyed[key] = row
    return keyed


def _at(*rows):
    """The steps that rows are about; every one where a row names none."""
    steps = set()
    for row in rows:
        named = row.get("progressions") or [row.get("progression_to")]
        if None in named:
            return None
        steps.update(named)
    return frozenset(steps)


def _row(part, row, file):
    """A whole row in a sentence: what it is, and the rest with their labels."""
    first, *others = part.questions
    said = [first.spoken(first.read(row), file)]
    for question in others:
        if answer := question.read(row):
            said.append(f"{question.label.lower()}: {question.spoken(answer, file)}")
    return "; ".join(said)


def _row_name(part, row, file):
    first = part.questions[0]
    return first.spoken(first.read(row), file)


def _titled(words):
    return words[:1].upper() + words[1:]


def _pay(old, new):
    before, after = dict(scales(old)), dict(scales(new))
    for day, salaries in before.items():
        if day not in after:
            yield Difference(
                "Pay", f"Salaries from {_day(day)} removed", _salaries(salaries), "", frozenset()
            )
    for day, salaries in after.items():
        if day not in before:
            yield Difference("Pay", f"Award added, from {_day(day)}", "", _salaries(salaries), frozenset())
            continue
        for point in sorted({*before[day], *salaries}, key=int):
            was, now = before[day].get(point), salaries.get(point)
            if was != now:
                what = f"Point {point}, from {_day(day)}"
                yield Difference("Pay", what, _pounds(was), _pounds(now), frozenset())


def _salaries(salaries):
    return "; ".join(f"point {point}: {_pounds(salaries[point])}" for point in sorted(salaries, key=int))


def _day(day):
    return f"{day.day} {day:%B %Y}"


def _pounds(amount):
    if amount is None:
        return ""
    whole, _, pence = str(amount).partition(".")
    return f"£{int(whole):,}" + (f".{pence:0<2}" if pence else "")


def _others(old, new):
    """What no page asks about and only the file can change: said by the names of its fields."""
    before, after = dict(_leaves(old)), dict(_leaves(new))
    for path in [*before, *(path for path in after if path not in before)]:
        if before.get(path) != after.get(path):
            area, *rest = (str(step).replace("_", " ") for step in path)
            what = ", ".join(rest) or area
            yield Difference(_titled(area), _titled(what), before.get(path, ""), after.get(path, ""))


def _leaves(inside, path=()):
    """(path, value as text) of each field that is compared nowhere else."""
    if path and (path[0] in APART or any(path[: len(covered)] == covered for covered in _COVERED)):
        return
    if isinstance(inside, dict):
        for key, value in inside.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(inside, list) and any(isinstance(item, dict) for item in inside):
        for number, item in enumerate(inside, 1):
            yield from _leaves(item, (*path, f"number {number}"))
    elif inside not in (None, []):
        yield path, _said(inside)


def _said(value):
    if value in (None, []):
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


_COVERED = [path for part in PARTS.values() for path in part.covers]
_COVERED += [("pay", name) for name in ("effective_from", "salaries", "awards")]
