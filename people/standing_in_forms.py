"""What people fill in before they are away, and to declare a conflict of interest."""

from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from people import policies, selectors
from people.form_fields import DateField
from people.models import Tie
from people.two_pages import TwoPageForm


class AwayForm(TwoPageForm):
    """Who stands in, and on which days."""

    delegate = forms.ModelChoiceField(
        queryset=None,
        label="Who stands in for you?",
        help_text="A manager of your council who is at least as senior as you.",
        empty_label="Choose somebody",
        error_messages={
            "required": "Choose who stands in for you",
            "invalid_choice": "Choose somebody from the list",
        },
    )
    first_day = DateField(label="First day away", called="the first day away", help_text="Today or later.")
    last_day = DateField(
        label="Last day away", called="the last day away", help_text="They stand in to the end of this day."
    )

    def __init__(self, data=None, *, user, today):
        super().__init__(data)
        self.user, self.today = user, today
        self.fields["first_day"].earliest = today
        self.fields["delegate"].queryset = selectors.may_stand_in_for(user)
        self.fields["delegate"].label_from_instance = lambda one: (
            f"{one.name}, {one.get_role_display().lower()}"
        )
        self.helper.layout = Layout(
            Field.select("delegate"),
            Field("first_day"),
            Field("last_day"),
            Button.primary("check", "Continue"),
        )

    def clean(self):
        answers = super().clean()
        if self.errors:
            return answers
        if answers["last_day"] < answers["first_day"]:
            self.add_error("last_day", "The last day away must be the first day or later")
            return answers
        for sentence in policies.blocks_on_delegating(
            self.user,
            answers["delegate"],
            first_day=answers["first_day"],
            last_day=answers["last_day"],
            today=self.today,
        ):
            self.add_error("delegate", sentence.rstrip("."))
        return answers


class ConflictForm(TwoPageForm):
    """With whom, and what ties them."""

    email = forms.EmailField(
        label="Their email address",
        help_text="The one they sign in with. They must work for your council.",
        error_messages={
            "required": "Enter their email address",
            "invalid": "Enter an email address like name@example.org",
        },
    )
    tie = forms.ChoiceField(
        label="What ties you to them?",
        choices=Tie.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what ties you to them"},
    )
    detail = forms.CharField(
        label="Anything else (optional)",
        help_text="Only you and the administrators can read this and what you chose above.",
        widget=forms.Textarea,
        required=False,
        max_length=2000,
        error_messages={"max_length": "Shorten this to 2,000 characters"},
    )

    def __init__(self, data=None, *, user):
        super().__init__(data)
        self.user = user
        self.helper.layout = Layout(
            Field.text("email"),
            Field.radios("tie"),
            Field.textarea("detail", rows=4),
            Button.primary("check", "Continue"),
        )

    @property
    def tie_words(self):
        """The answer in words."""
        return Tie(self.cleaned_data["tie"]).label

    def clean_email(self):
        other = selectors.colleague_with(self.user, self.cleaned_data["email"])
        if other is None:
            raise forms.ValidationError("Enter the email address of somebody else who works for your council")
        for sentence in policies.blocks_on_declaring(self.user, other):
            raise forms.ValidationError(sentence.rstrip("."))
        self.cleaned_data["other"] = other
        return other.email
