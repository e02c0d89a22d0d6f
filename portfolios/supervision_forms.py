"""What worker and manager fill in between applications. R40."""

from datetime import timedelta

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Field, Layout
from django import forms

from people.form_fields import DateField
from portfolios.family_data_forms import MayStay
from portfolios.forms import EARLIEST, LONGEST_TEXT, LONGEST_TITLE, TypedText

NO_NAMES = "Do not name children or families."
LONGEST_PLAN = timedelta(days=5 * 366)


class SupervisionForm(MayStay, forms.Form):
    """A form whose fields stand one under another, then one button. `button` is its text.

    `written` is what its texts are looked through for, once they are sent.
    """

    button = "Save"

    def __init__(self, *args, today, written=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.written = today, written
        self.ask()
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.shown(), Button.primary("save", self.button))

    def ask(self):
        """Add the fields that depend on the day or the worker."""

    def shown(self):
        return [self._field(name) for name in self.fields]

    def _field(self, name):
        widget = self.fields[name].widget
        if isinstance(widget, forms.Textarea):
            return Field.textarea(name, rows=6)
        if isinstance(widget, forms.Select):
            return Field.select(name)
        if isinstance(widget, forms.TextInput):
            return Field.text(name)
        return Field(name)


class AboutHeadings(SupervisionForm):
    """The same, with the headings of the worker's scheme to tick, by their group."""

    def __init__(self, *args, headings, **kwargs):
        self.headings = headings
        super().__init__(*args, **kwargs)

    def ask(self):
        groups = {}
        for heading in self.headings:
            groups.setdefault(heading.group, []).append(heading)
        self.groups = []
        for number, (group, headings) in enumerate(groups.items()):
            self.groups.append(f"headings_{number}")
            self.fields[f"headings_{number}"] = forms.MultipleChoiceField(
                label=group,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(heading.code, heading.name) for heading in headings],
            )

    def shown(self):
        asked = [self._field(name) for name in self.fields if name not in self.groups]
        if self.groups:
            asked.append(HTML('<h2 class="govuk-heading-m">Headings it is about</h2>'))
        return asked + [Field.checkboxes(name, small=True) for name in self.groups]

    def answers(self):
        """What was filled in, with `competencies` in place of the boxes that were ticked."""
        ticked = {code for name in self.groups for code in self.cleaned_data[name]}
        said = {name: value for name, value in self.cleaned_data.items() if name not in self.groups}
        return said | {"competencies": [heading for heading in self.headings if heading.code in ticked]}


class NoteForm(AboutHeadings):
    """A note of supervision: it is not changed once it is saved."""

    reflection = TypedText(
        label="What you talked about",
        longest=LONGEST_TEXT,
        required=True,
        widget=forms.Textarea,
        help_text=f"The work you looked at, and what you made of it. {NO_NAMES}",
        error_messages={"required": "Say what you talked about"},
    )
    button = "Save the note"
    looked_through = {"reflection": ""}

    def ask(self):
        super().ask()
        self.fields["held_on"] = DateField(
            label="Date of supervision",
            called="the date of supervision",
            earliest=EARLIEST,
            latest=self.today,
            help_text="For example, 27 3 2026.",
        )
        self.order_fields(["held_on", "reflection"])


class PriorityForm(SupervisionForm):
    """What worker and manager agreed to work on."""

    text = TypedText(
        label="What have you agreed to work on?",
        longest=LONGEST_TEXT,
        required=True,
        widget=forms.Textarea,
        help_text=NO_NAMES,
        error_messages={"required": "Say what you have agreed to work on"},
    )
    button = "Save the priority"
    looked_through = {"text": "What you agreed to work on"}

    def ask(self):
        self.fields["review_on"] = DateField(
            label="When will you look at it again?",
            called="the day you look at it again",
            required=False,
            earliest=self.today,
            latest=self.today + LONGEST_PLAN,
            help_text="You can leave this empty. For example, 27 9 2026.",
        )


class ActionForm(SupervisionForm):
    """One line of the development plan: what, under which heading if any, by when."""

    action = TypedText(
        label="What will be done?",
        longest=LONGEST_TEXT,
        required=True,
        widget=forms.Textarea,
        help_text=f"One thing that can be finished. {NO_NAMES}",
        error_messages={"required": "Say what will be done"},
    )
    heading = forms.ChoiceField(label="Heading it is for (optional)", required=False)
    button = "Add it to the plan"
    looked_through = {"action": "What will be done"}

    def __init__(self, *args, headings, **kwargs):
        self.headings = {heading.code: heading for heading in headings}
        super().__init__(*args, **kwargs)

    def ask(self):
        names = [(code, heading.name) for code, heading in self.headings.items()]
        self.fields["heading"].choices = [("", "No heading"), *names]
        self.fields["by_when"] = DateField(
            label="By when?",
            called="the day by which it is done",
            earliest=self.today,
            latest=self.today + LONGEST_PLAN,
            help_text="For example, 27 9 2026.",
        )

    def answers(self):
        return {
            "action": self.cleaned_data["action"],
            "competency": self.headings.get(self.cleaned_data["heading"]),
            "by_when": self.cleaned_data["by_when"],
        }


class DoneForm(SupervisionForm):
    """An action is done, or given up."""

    outcome = TypedText(
        label="What came of it?",
        longest=LONGEST_TEXT,
        required=True,
        widget=forms.Textarea,
        help_text=f"If it is no longer needed, say why. {NO_NAMES}",
        error_messages={"required": "Say what came of it"},
    )
    looked_through = {"outcome": "What came of it"}

    def ask(self):
        self.fields["done_on"] = DateField(
            label="When was it done?",
            called="the day it was done",
            earliest=EARLIEST,
            latest=self.today,
            help_text="For example, 27 3 2026.",
        )
        self.order_fields(["done_on"])


class AppliedForm(SupervisionForm):
    """What training taught, and how it was used."""

    learned = TypedText(label="What you learned (optional)", longest=LONGEST_TEXT, widget=forms.Textarea)
    applied = TypedText(
        label="How you applied it in practice (optional)",
        longest=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text=f"You can say this later. {NO_NAMES}",
    )
    looked_through = {"learned": "", "applied": ""}


class TrainingForm(AboutHeadings, AppliedForm):
    """Training that the worker took."""

    title = TypedText(
        label="What was the training?",
        longest=LONGEST_TITLE,
        required=True,
        error_messages={"required": "Say what the training was"},
    )
    provider = TypedText(label="Who gave it? (optional)", longest=LONGEST_TITLE)
    button = "Save the training"
    looked_through = {
        "title": "What the training was",
        "provider": "Who gave it",
        "learned": "",
        "applied": "",
    }

    def ask(self):
        super().ask()
        self.fields["taken_on"] = DateField(
            label="Date of the training",
            called="the date of the training",
            earliest=EARLIEST,
            latest=self.today,
            help_text="The day, or the last day. For example, 27 3 2026.",
        )
        self.order_fields(["title", "provider", "taken_on", "learned", "applied"])
