"""What a principal social worker fills in to edit a draft.

An answer only has to be of its kind here. Whether it can stand is tried in the draft itself, and what
is wrong comes back beside it.
"""

import re
import unicodedata
from itertools import groupby

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Layout
from django import forms

from competencies.contents import fingerprint
from competencies.pay_parts import points_of, scales
from competencies.questions import Rows, name
from people.form_fields import DateField
from people.two_pages import TwoPageForm

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


class Numbers(Line):
    """Whole numbers in one box; answers a list."""

    def prepare_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value):
        typed = re.split(r"[\s,;]+", super().to_python(value).strip(" ,;"))
        if any(one and not re.fullmatch(r"[0-9]{1,9}", one) for one in typed):
            raise forms.ValidationError(
                f"“{self.label}” must be whole numbers with commas between, such as 1, 5"
            )
        return [int(one) for one in typed if one]


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


def _field(question, file, answer=None):
    """The form's field of a question whose answer so far is `answer`."""
    said = {"label": question.label, "help_text": question.hint, "required": not question.optional}
    said["error_messages"] = {"required": f"“{question.in_full}” is missing"}
    match question.kind:
        case "line":
            return Line(**said)
        case "words":
            return Text(widget=forms.Textarea(attrs={"rows": 3}), **said)
        case "lines":
            return Lines(**said)
        case "number":
            widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"})
            said["error_messages"]["invalid"] = f"“{question.in_full}” must be a whole number"
            return forms.IntegerField(widget=widget, **said)
        case "numbers":
            return Numbers(widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}), **said)
        case "yes":
            return forms.BooleanField(**said)
        case "choice":
            options = _with_what_is_gone(question.options(file), [answer] if answer else [])
            shown = [("", ""), *_choices(options)]
            return forms.TypedChoiceField(
                choices=shown, coerce=_as_written(options), empty_value=None, widget=forms.Select, **said
            )
        case "choices":
            options = _with_what_is_gone(question.options(file), answer or [])
            return forms.TypedMultipleChoiceField(
                choices=_choices(options),
                coerce=_as_written(options),
                widget=forms.CheckboxSelectMultiple,
                **said,
            )
    raise ValueError(question.kind)


def _with_what_is_gone(options, answers):
    """The options, and any answer that is no longer one of them: only people take it away."""
    known = [value for value, _ in options]
    return [*options, *((one, f"{one}: no longer there") for one in answers if one not in known)]


class DraftForm(forms.Form):
    """A form about one part of a draft, which it read when the page was opened."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data, part, file):
        super().__init__(data, initial={"seen": fingerprint(part.read(file))})
        self.part, self.file = part, file

    def say(self, problems):
        """Put each problem beside the field that it is about."""
        values = self.values  # a field with an error has none
        for where, sentence in problems:
            field = self.part.field_at(where, values)
            field = field if field in self.fields else None
            label = f"“{self.fields[field].label}”" if field else "This"
            self.add_error(field, f"{label} {sentence}")

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
            self.fields[name(question.path)] = _field(question, file, question.read(file))

    @property
    def groups(self):
        for under, questions in groupby(self.part.questions, lambda question: question.under):
            yield under, [self[name(question.path)] for question in questions]

    @property
    def values(self):
        return self.cleaned_data


class RowsForm(DraftForm):
    """The questions of one Rows, for every row, and for one more."""

    def __init__(self, data, part, file):
        super().__init__(data, part, file)
        self.rows = list(enumerate(part.read(file)))
        for number, row in [*self.rows, (NEW, {})]:
            for question in part.questions:
                key, answer = f"{number}-{name(question.path)}", question.read(row)
                self.fields[key] = _field(question, file, answer)
                self.initial[key] = answer
            if number != NEW and part.may_remove(number, len(self.rows)):
                label = f"Remove this {part.one}{part.goes_with_it}"
                self.fields[f"{number}-remove"] = forms.BooleanField(label=label, required=False)

    @property
    def groups(self):
        for number, row in [*self.rows, (NEW, {})]:
            legend = f"Add a {self.part.one}" if number == NEW else self.part.called(row, self.file)
            yield legend, [self[key] for key in self.fields if key.startswith(f"{number}-")]

    @property
    def values(self):
        rows = [
            (number, self._answers(number))
            for number, _ in self.rows
            if not self.cleaned_data.get(f"{number}-remove")
        ]
        if any(self._answers(NEW).values()):
            rows.append((None, self._answers(NEW)))
        return rows

    def _answers(self, number):
        return {
            name(question.path): self.cleaned_data.get(f"{number}-{name(question.path)}")
            for question in self.part.questions
        }


def form_for(part, data, file):
    return (RowsForm if isinstance(part, Rows) else PartForm)(data, part, file)


class ScaleForm(DraftForm):
    """The salaries of every spinal column point from a date. R22, R37."""

    effective_from = DateField(label="Paid from", called="the day it is paid from")

    def __init__(self, data, part, file):
        super().__init__(data, part, file)
        found = scales(file)
        latest = found[-1][1] if found else {}
        day, salaries = found[part.number] if part.number < len(found) else (None, latest)
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


class PublishForm(TwoPageForm):
    """When the next version begins."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data=None, *, revision, earliest):
        super().__init__(data, initial={"revision": revision, "effective_from": earliest})
        self.fields["effective_from"] = DateField(
            label="When does it begin?",
            called="the day it begins",
            help_text="Applications begun from this day are judged by it.",
            earliest=earliest,
        )
        self.helper.layout = Layout("revision", "effective_from", Button.primary("check", "Continue"))
