"""What a principal social worker fills in to edit a draft.

An answer only has to be of its kind here. Whether it can stand is tried in the draft itself, and what
is wrong comes back beside it.
"""

import unicodedata

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Layout
from django import forms

from competencies.contents import fingerprint
from competencies.heading_parts import heading, levels_judged
from competencies.pay_parts import points_of, scales
from competencies.questions import Rows, name
from people.form_fields import DateField

NEW = "new"


class Text(forms.CharField):
    """Text without what cannot be shown, in plain new lines."""

    def to_python(self, value):
        value = (value or "").replace("\r\n", "\n").replace("\r", "\n")
        return super().to_python("".join(one for one in value if one == "\n" or _shown(one)))


def _shown(character):
    return unicodedata.category(character) not in ("Cc", "Cs")


class Line(Text):
    def to_python(self, value):
        return " ".join(super().to_python(value).split("\n"))


class Lines(Text):
    """One text a line; answers a list."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).split("\n") if line.strip()]


def _choices(options):
    return [(str(value), label) for value, label in options]


def _as_written(options):
    """From what a browser sends back to the value that the file has."""
    return {str(value): value for value, _ in options}.__getitem__


def _field(question, file):
    said = {"label": question.label, "help_text": question.hint, "required": False}
    match question.kind:
        case "line":
            return Line(**said)
        case "words":
            return Text(widget=forms.Textarea(attrs={"rows": 3}), **said)
        case "lines":
            return Lines(**said)
        case "number":
            widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"})
            wrong = {"invalid": f"“{question.label}” must be a whole number"}
            return forms.IntegerField(widget=widget, error_messages=wrong, **said)
        case "yes":
            return forms.BooleanField(**said)
        case "choice":
            options = question.options(file)
            shown = [("", ""), *_choices(options)]
            return forms.TypedChoiceField(
                choices=shown, coerce=_as_written(options), empty_value=None, widget=forms.Select, **said
            )
        case "choices":
            options = question.options(file)
            return forms.TypedMultipleChoiceField(
                choices=_choices(options),
                coerce=_as_written(options),
                widget=forms.CheckboxSelectMultiple,
                **said,
            )
    raise ValueError(question.kind)


class DraftForm(forms.Form):
    """A form about one part of a draft, which it read when the page was opened."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data, part, file):
        super().__init__(data, initial={"seen": fingerprint(part.read(file))})
        self.part, self.file = part, file

    def say(self, problems):
        """Put each problem beside the field that it is about."""
        for where, sentence in problems:
            field = self.part.field_at(where, self.values)
            field = field if field in self.fields else None
            label = f"“{self.fields[field].label}” " if field else "This "
            self.add_error(field, label + sentence)

    def write_over(self, draft):
        """Say that the part is now as `draft` has it: sent again, these answers take its place."""
        self.data = self.data.copy()
        self.data["seen"] = fingerprint(self.part.read(draft.file))
        self.add_error(None, "Check what was saved elsewhere before you save this page")


class PartForm(DraftForm):
    """The questions of one Part."""

    def __init__(self, data, part, file):
        super().__init__(data, part, file)
        self.initial |= part.read(file)
        for question in part.questions:
            self.fields[name(question.path)] = _field(question, file)

    @property
    def groups(self):
        return [("", [self[name(question.path)] for question in self.part.questions])]

    @property
    def values(self):
        return self.cleaned_data


class RowsForm(DraftForm):
    """The questions of one Rows, for every row, and for one more."""

    def __init__(self, data, part, file):
        super().__init__(data, part, file)
        self.rows = list(enumerate(part.read(file)))
        for number, row in [*self.rows, *([(NEW, {})] if part.more else [])]:
            for question in part.questions:
                key = f"{number}-{name(question.path)}"
                self.fields[key] = _field(question, file)
                self.initial[key] = question.read(row)
            if number != NEW and part.more:
                label = f"Remove this {part.one}"
                self.fields[f"{number}-remove"] = forms.BooleanField(label=label, required=False)

    @property
    def groups(self):
        for number, row in self.rows:
            first = self.part.questions[0]
            legend = first.spoken(first.read(row), self.file)
            yield legend, [self[key] for key in self.fields if key.startswith(f"{number}-")]
        if self.part.more:
            new = [self[key] for key in self.fields if key.startswith(f"{NEW}-")]
            yield f"Add a {self.part.one}", new

    @property
    def values(self):
        rows = [
            (number, self._answers(number))
            for number, _ in self.rows
            if not self.cleaned_data.get(f"{number}-remove")
        ]
        if self.part.more and any(self._answers(NEW).values()):
            rows.append((None, self._answers(NEW)))
        return rows

    def _answers(self, number):
        return {
            name(question.path): self.cleaned_data.get(f"{number}-{name(question.path)}")
            for question in self.part.questions
        }


def form_for(part, data, file):
    return (RowsForm if isinstance(part, Rows) else PartForm)(data, part, file)


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
        for number, _ in levels_judged(file):
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
        for number, said in levels_judged(self.file):
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
            "group": said["group"],
            "evidenced": self.one.get("evidence_for_levels") if asked == self.asked else asked,
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


class ScaleForm(DraftForm):
    """The salaries of every spinal column point from a date. R22, R37."""

    effective_from = DateField(label="Paid from")

    def __init__(self, data, part, file):
        super().__init__(data, part, file)
        found = scales(file)
        day, salaries = found[part.number] if part.number < len(found) else (None, found[-1][1])
        self.initial["effective_from"] = day
        self.points = points_of(file)
        for point, level in self.points:
            key = f"point-{point}"
            widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-10"})
            self.fields[key] = forms.DecimalField(
                label=f"Point {point}, {level}",
                widget=widget,
                min_value=0,
                max_digits=9,
                decimal_places=2,
                error_messages={
                    "required": f"Enter the salary of point {point}",
                    "invalid": f"The salary of point {point} must be an amount in pounds, such as 34549",
                },
            )
            self.initial[key] = salaries.get(str(point))

    @property
    def groups(self):
        return [("", [self["effective_from"]]), ("Salary a year, in pounds", self._salaries())]

    def _salaries(self):
        return [self[f"point-{point}"] for point, _ in self.points]

    @property
    def values(self):
        said = self.cleaned_data
        salaries = {str(point): str(said[f"point-{point}"]) for point, _ in self.points}
        return said["effective_from"], salaries


class FileForm(forms.Form):
    """The scheme's file, to take the place of what the draft says."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    file = forms.FileField(
        label="The scheme’s file",
        help_text="A YAML file, in the form that “Download the file” gives.",
        widget=forms.FileInput,
        error_messages={"required": "Choose the scheme’s file", "empty": "The file you chose is empty"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("revision", "file", Button.primary("read", "Read the file"))


class PublishForm(forms.Form):
    """When the next version begins, and that what is shown is what is meant."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data=None, *, revision, earliest):
        super().__init__(data, initial={"revision": revision, "effective_from": earliest})
        self.fields["effective_from"] = DateField(
            label="When does it begin?",
            help_text="Applications begun from this day are judged by it.",
            earliest=earliest,
        )
        self.helper = FormHelper()
        self.helper.layout = Layout("revision", "effective_from", Button.primary("publish", "Publish it"))
