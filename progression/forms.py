"""What a worker says when they hand in or withdraw."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Field, Layout
from django import forms

from portfolios.family_data_fields import check_of_no_family


class SubmitForm(forms.Form):
    """The statement of R8, and what the scheme holds desirable. R6."""

    worked_through = forms.BooleanField(
        error_messages={"required": "Confirm that you have worked through each heading with your manager"}
    )
    desirables = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Which of these do you have?",
        help_text="They are good to have. None of them is required.",
    )

    def __init__(self, *args, manager, desirables, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["worked_through"].label = f"I have worked through each heading with {manager.name}"
        if desirables:
            self.fields["desirables"].choices = [(item.code, item.label) for item in desirables]
        else:
            del self.fields["desirables"]
        asked = [Field.checkboxes("desirables")] if desirables else []
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *asked,
            HTML('<h2 class="govuk-heading-s">What you confirm</h2>'),
            Field("worked_through"),
            Button.primary("send", "Submit your application"),
        )


class WithdrawForm(forms.Form):
    """Why, if the worker wants to say."""

    reason = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        label="Why do you withdraw? (optional)",
        help_text="Your manager can read this.",
        error_messages={"max_length": "Shorten your reason to 2,000 characters"},
    )

    def __init__(self, *args, watched=None, **kwargs):
        """`watched` is what the reason is looked through for, once it is sent."""
        super().__init__(*args, **kwargs)
        self.watched = watched
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.textarea("reason", rows=4),
            Button.warning("send", "Withdraw your application"),
        )

    def clean_reason(self):
        if self.watched is not None:
            check_of_no_family(self.cleaned_data["reason"], self.watched)
        return self.cleaned_data["reason"]
