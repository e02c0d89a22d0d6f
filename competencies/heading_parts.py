"""Editing the headings of a scheme: one heading with its criteria, a new one, their order, its removal."""

from dataclasses import dataclass

from competencies.questions import unused_code

HEADING = "competencies"


def headings(file):
    return file[HEADING]


def heading(file, code):
    """The heading of this code in a file, or None."""
    return next((one for one in headings(file) if one["code"] == code), None)


def levels_judged(file):
    """(number, name) of each level whose criteria some step is judged on. R5."""
    judged = {number for step in file["progressions"] for number in step["criteria_of_levels"]}
    return [(level["number"], level["name"]) for level in file["levels"] if level["number"] in judged]


def levels_asked(file, one):
    """The same, and every other level that the heading has criteria at: they are to be moved or removed."""
    judged, names = levels_judged(file), {level["number"]: level["name"] for level in file["levels"]}
    left = sorted({int(level) for level, texts in one["criteria"].items() if texts} - dict(judged).keys())
    return judged + [(level, f"{names.get(level, f'level {level}')}, which no step asks") for level in left]


class OfHeadings:
    """What a problem among the headings is about, for every part here."""

    def holds(self, where):
        return where[:1] == (HEADING,)

    def field_at(self, where, values):
        """The name of the form's field for a problem at `where`: ("competencies", 3, "criteria", 2, 0)."""
        if len(where) < 3:
            return None
        return "-".join(str(step) for step in where[2:])


@dataclass(frozen=True)
class OneHeading(OfHeadings):
    """A heading's name, group, criteria by level, and what the evidence form asks. R2, R4."""

    code: str

    def read(self, file):
        return heading(file, self.code)

    def write(self, file, values):
        """`values`: name, group, evidenced (levels, or None for all), kinds, criteria {level: [text]}."""
        one = heading(file, self.code)
        one["name"], one["group"] = values["name"], values["group"]
        if values["evidenced"] is None:
            one.pop("evidence_for_levels", None)
        else:
            one["evidence_for_levels"] = values["evidenced"]
        if values["kinds"] or "evidence_kinds" in one:
            one["evidence_kinds"] = values["kinds"]
        for level, texts in values["criteria"].items():
            if texts or str(level) in one["criteria"]:
                one["criteria"][str(level)] = texts
        return file


class NewHeading(OfHeadings):
    """A heading that is not there yet, at the end of its group."""

    def read(self, file):
        return [one["code"] for one in headings(file)]

    def write(self, file, values):
        """`values`: name, group, criteria {level: [text]}."""
        taken = self.read(file)
        one = {
            "code": unused_code(values["name"], taken),
            "name": values["name"],
            "group": values["group"],
            "criteria": {str(level): texts for level, texts in values["criteria"].items() if texts},
        }
        same = [place for place, other in enumerate(headings(file)) if other["group"] == one["group"]]
        headings(file).insert(same[-1] + 1 if same else len(headings(file)), one)
        return file


@dataclass(frozen=True)
class HeadingsOrder(OfHeadings):
    """One heading a place up or down, or out."""

    code: str

    def read(self, file):
        return heading(file, self.code)

    def write(self, file, values):
        """`values`: "up", "down" or "remove". At the end of the list there is no further to go."""
        listed = headings(file)
        place = next((place for place, one in enumerate(listed) if one["code"] == self.code), None)
        if place is None:
            return file
        one = listed.pop(place)
        if values != "remove":
            listed.insert(max(place - 1, 0) if values == "up" else place + 1, one)
        return file
