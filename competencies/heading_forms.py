"""What a principal social worker fills in to edit a heading of a draft, or to add one."""

from django import forms

from competencies.forms import DraftForm, Line, Lines, Text
from competencies.heading_parts import heading, levels_asked, levels_judged


class HeadingForm(DraftForm):
    """A heading and its criteria: a box each, and an empty one for one more at each level."""

    name = Line(label="Heading", required=False)
    group = forms.ChoiceField(label="Group", required=False)

    def __init__(self, data, part, file):
        super().__init__(data, part, file)
        one = self.one = heading(file, part.code)
        self.fields["group"].choices = [(group["code"], group["name"]) for group in file["groups"]]
        self.initial |= {"name": one["name"], "group": one["group"]}
        self._ask_evidence()
        self.boxes = {}
        for number, _ in levels_asked(file, one):
            texts = one["criteria"].get(str(number), [])
            sent = sum(1 for key in data or () if key.startswith(f"criteria-{number}-"))
            count = max(len(texts) + 1, min(sent, 99))
            self.boxes[number] = [f"criteria-{number}-{place}" for place in range(count)]
            for place, key in enumerate(self.boxes[number]):
                self.fields[key] = Text(
                    label=f"Criterion {place + 1}", required=False, widget=forms.Textarea(attrs={"rows": 2})
                )
                self.initial[key] = texts[place] if place < len(texts) else ""

    def _ask_evidence(self):
        """At which steps the evidence form asks for it, out of those that judge it. R4."""
        judged = [
            step["to"]
            for step in self.file["progressions"]
            if any(self.one["criteria"].get(str(level)) for level in step["criteria_of_levels"])
        ]
        asked = self.one.get("evidence_for_levels")
        self.asked = [level for level in judged if asked is None or level in asked]
        self.as_written = asked is None or set(asked) <= set(judged)
        names = {level["number"]: level["name"] for level in self.file["levels"]}
        self.fields["evidence_for_levels"] = forms.TypedMultipleChoiceField(
            label="The evidence form asks for it at the step to",
            choices=[(str(level), names[level]) for level in judged],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["evidence_kinds"] = forms.MultipleChoiceField(
            label="Kinds of evidence taken",
            help_text="Choose none for every kind that the scheme takes.",
            choices=[(kind, kind.capitalize()) for kind in self.file["evidence"]["kinds"]],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.initial["evidence_for_levels"] = self.asked
        self.initial["evidence_kinds"] = self.one.get("evidence_kinds", [])

    @property
    def asks(self):
        """The questions about the heading itself."""
        return [self[key] for key in ("name", "group", "evidence_for_levels", "evidence_kinds")]

    @property
    def levels(self):
        """(name of the level, its criteria's boxes, which buttons move each) for every level judged."""
        for number, said in levels_asked(self.file, self.one):
            keys = self.boxes[number]
            last = len(self.one["criteria"].get(str(number), [])) - 1
            yield (
                said,
                [(self[key], 0 < place <= last, place < last) for place, key in enumerate(keys)],
            )

    @property
    def values(self):
        said = self.cleaned_data
        asked = said["evidence_for_levels"]
        return {
            "name": said["name"],
            "group": said["group"] or self.one["group"],
            "evidenced": self.one.get("evidence_for_levels")
            if asked == self.asked and self.as_written
            else asked,
            "kinds": said["evidence_kinds"],
            "criteria": {level: self._texts(keys) for level, keys in self.boxes.items()},
        }

    def _texts(self, keys):
        """What the boxes say, with the one whose button was pressed moved a place up or down."""
        texts = [self.cleaned_data[key] for key in keys]
        for move, by in (("up", -1), ("down", 1)):
            pressed = self.data.get(move)
            if pressed in keys and 0 <= keys.index(pressed) + by < len(texts):
                place = keys.index(pressed)
                texts[place], texts[place + by] = texts[place + by], texts[place]
        return [text for text in texts if text]


class NewHeadingForm(DraftForm):
    """A heading to add, with its criteria, one a line."""

    name = Line(label="Heading", required=False)
    group = forms.ChoiceField(label="Group")

    def __init__(self, data, part, file):
        super().__init__(data, part, file)
        self.fields["group"].choices = [(group["code"], group["name"]) for group in file["groups"]]
        self.levels = levels_judged(file)
        for number, said in self.levels:
            self.fields[f"criteria-{number}"] = Lines(
                label=f"Criteria, {said}", help_text="One on each line.", required=False
            )

    @property
    def groups(self):
        return [("", [self[key] for key in self.fields if key != "seen"])]

    @property
    def values(self):
        criteria = {number: self.cleaned_data[f"criteria-{number}"] for number, _ in self.levels}
        return {
            "name": self.cleaned_data["name"],
            "group": self.cleaned_data["group"],
            "criteria": criteria,
        }
