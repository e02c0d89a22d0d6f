"""What somebody fills in to have somebody else judge a case."""

from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from people.two_pages import TwoPageForm


class StepBackForm(TwoPageForm):
    """To whom, and why. `capacity` is the part it is about: the page may have been open for long."""

    capacity = forms.CharField(widget=forms.HiddenInput)
    handed_to = forms.ChoiceField(
        label="Who takes it over?",
        help_text="Everybody here is of your council, senior enough, and not known to have a conflict.",
        error_messages={
            "required": "Choose who takes it over",
            "invalid_choice": "Choose somebody from the list",
        },
    )
    reason = forms.CharField(
        label="Why must somebody else judge it?",
        widget=forms.Textarea,
        max_length=5000,
        error_messages={
            "required": "Say why somebody else must judge it",
            "max_length": "Shorten your reason to 5,000 characters",
        },
    )

    def __init__(self, data=None, *, application, capacity, people):
        super().__init__(data, initial={"capacity": capacity})
        self.people = {str(person.pk): person for person in people}
        self.fields["reason"].help_text = (
            f"{application.worker.name} is told who judges the application now, and never why. Whoever else "
            "sees the application can read it."
        )
        self.fields["handed_to"].choices = [
            ("", "Choose somebody"),
            *((key, f"{one.name}, {one.get_role_display().lower()}") for key, one in self.people.items()),
        ]
        self.helper.layout = Layout(
            "capacity",
            Field.select("handed_to"),
            Field.textarea("reason", rows=6),
            Button.primary("check", "Continue"),
        )

    def answers(self):
        """As `recuse` takes them."""
        return self.cleaned_data | {"handed_to": self.people[self.cleaned_data["handed_to"]]}
