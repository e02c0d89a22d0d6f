"""Editing levels and the steps up between them. R1, R5, R22."""

from dataclasses import dataclass

from competencies.questions import Question, Rows, Until

LEAST = 2
"""A scheme has a level to leave and one to reach."""


def levels_of(file):
    return [(level["number"], level["name"]) for level in file["levels"]]


def steps_of(file):
    """The steps up, as choices by the level that each leads to."""
    names = dict(levels_of(file))
    return [(step["to"], f"To {names.get(step['to'], step['to'])}") for step in file["progressions"]]


@dataclass(frozen=True)
class Levels(Rows):
    """Levels are numbered from the lowest; one more comes on top, and only the top one goes."""

    def may_remove(self, number, rows):
        return number == rows - 1 >= LEAST

    def write(self, file, values):
        before = {level["number"] for level in self.read(file)}
        file = super().write(file, values)
        for number, level in enumerate(file["levels"], 1):
            level.setdefault("number", number)
        for gone in before - {level["number"] for level in file["levels"]}:
            _forget(file, gone)
        _pay_only_points_there_are(file)
        return file


def _forget(file, level):
    """Take out of the file the steps from and to a level, and its criteria."""
    file["progressions"] = [step for step in file["progressions"] if level not in (step["from"], step["to"])]
    for step in file["progressions"]:
        step["criteria_of_levels"] = [one for one in step["criteria_of_levels"] if one != level]
    for heading in file["competencies"]:
        heading["criteria"].pop(str(level), None)
        # A heading left with none is kept: what to do with it is for people to say.
        heading["criteria"] = heading["criteria"] or {str(file["levels"][0]["number"]): []}
        if asked := heading.get("evidence_for_levels"):
            heading["evidence_for_levels"] = [one for one in asked if one != level]


def _pay_only_points_there_are(file):
    points = {str(point) for level in file["levels"] for point in level.get("spinal_points") or []}
    pay = file.get("pay") or {}
    for scale in (pay, *(pay.get("awards") or [])):
        if points.intersection(scale.get("salaries", ())):
            scale["salaries"] = {
                point: salary for point, salary in scale["salaries"].items() if point in points
            }


_ = Question
LEVELS = Levels(
    "levels",
    "Levels",
    ("levels",),
    "level",
    (
        _(("name",), "Name"),
        _(("expects",), "What it expects", "words"),
        _(
            ("spinal_points",),
            "Spinal column points",
            "numbers",
            until=Until.FORM_MADE,
        ),
    ),
    until=Until.DECIDED,
    intro="Give spinal column points as numbers with commas between, the lowest first. Leave them empty "
    "if the scheme publishes no pay.",
    goes_with_it=", with its criteria, the step up to it and its salaries",
)
STEPS = Rows(
    "steps",
    "Steps up",
    ("progressions",),
    "step",
    (
        _(("to",), "To", "choice", choices=levels_of),
        _(("from",), "From", "choice", choices=levels_of),
        _(("criteria_of_levels",), "Judged on the criteria of", "choices", choices=levels_of),
    ),
    named="To {}",
    until=Until.DECIDED,
)
