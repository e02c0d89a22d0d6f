"""What differs between two files of one scheme, in the words of the pages that edit it. Pure."""

from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from competencies.heading_parts import headings
from competencies.parts import PARTS
from competencies.pay_parts import scales
from competencies.questions import Rows, Until

ALIKE = 0.5
"""From here on two criteria are one reworded, below two."""
COMPARED = 400
"""Past so many pairs of old and new criteria nobody has reworded them one by one: they are gone, and come."""


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
    kind: str = "rule"
    """heading, criterion or rule."""
    until: Until = Until.NEVER_TOUCHED
    """How far an application has come when this would no longer have touched it."""
    newly_qualified: bool = False
    """Whether it is about newly qualified workers only."""


def differences(old, new):
    """Every Difference between the files `old` and `new` of one scheme: headings first, then rules."""
    found = [*_headings(old, new)]
    for part in PARTS.values():
        found += _rows(part, old, new) if isinstance(part, Rows) else _questions(part, old, new)
    return [*found, *_pay(old, new)]


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
        yield Difference("Headings", "Order", *listed, steps=frozenset(), kind="heading")


def _one_heading(old, new, was, now):
    groups = {one["code"]: one["name"] for one in [*old["groups"], *new["groups"]]}
    if was["name"] != now["name"]:
        yield _of_heading(old, was, "Heading renamed", was["name"], now["name"])
    if was["group"] != now["group"]:
        yield _of_heading(old, now, "Group", groups[was["group"]], groups[now["group"]])
    asked = [one.get("evidence_for_levels") for one in (was, now)]
    if asked[0] != asked[1]:
        what = "Steps at which the evidence form asks for it"
        found = _of_heading(old, was, what, *map(_steps, asked), until=Until.HANDED_IN)
        yield replace(found, steps=frozenset(step for step in found.steps if _asks(asked, step)))
    kinds = [one.get("evidence_kinds") or [] for one in (was, now)]
    if kinds[0] != kinds[1]:
        yield _of_heading(old, was, "Kinds of evidence taken", *map(_kinds, kinds), until=Until.HANDED_IN)
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


def _asks(asked, step):
    """Whether the evidence form asks for a heading at a step before or after, and not at both."""
    return len({levels is None or step in levels for levels in asked}) == 2


def _of_heading(file, one, what, before, after, *, until=Until.DECIDED):
    levels = [int(level) for level, texts in one["criteria"].items() if texts]
    return Difference(one["name"], what, before, after, _judged(file, levels), one["code"], "heading", until)


def _of_criterion(file, one, level, what, before, after):
    levels = {entry["number"]: entry["name"] for entry in file["levels"]}
    said = f"Criterion {what}, {levels.get(int(level), f'level {level}')}"
    steps = _judged(file, [int(level)])
    return Difference(one["name"], said, before, after, steps, one["code"], "criterion", Until.DECIDED)


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
            said = question.spoken(before, old), question.spoken(after, new)
            yield Difference(part.title, question.in_full, *said, until=question.until or part.until)


def _rows(part, old, new):
    """Rows are the same by their code where they have one, by what they ask first where not."""
    before, after = (_keyed(part, file) for file in (old, new))
    for key, row in before.items():
        if key not in after:
            yield _of_row(part, f"{_titled(part.one)} removed", _row(part, row, old), "", row)
    for key, row in after.items():
        if key not in before:
            yield _of_row(part, f"{_titled(part.one)} added", "", _row(part, row, new), row)
            continue
        for question in part.questions:
            was, now = question.read(before[key]), question.read(row)
            if (was or None) != (now or None):
                what = f"{part.called(before[key], old)}: {question.label.lower().rstrip('…')}"
                said = question.spoken(was, old), question.spoken(now, new)
                yield _of_row(part, what, *said, before[key], row, until=question.until)


def _of_row(part, what, before, after, *rows, until=None):
    only = all(row.get("applies_to") == "newly qualified" for row in rows)
    return Difference(
        part.title, what, before, after, _at(*rows), until=until or part.until, newly_qualified=only
    )


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
        named = row.get("progressions") or [
            next((row[key] for key in ("progression_to", "to", "number") if key in row), None)
        ]
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
