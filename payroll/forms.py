"""What workers and payroll fill in about pay."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout, Size
from django import forms

from portfolios.forms import TypedText

LONGEST_REASON = 5_000


class DeclineForm(forms.Form):
    """Why the worker declines the change to their contract. R23."""

    reason = TypedText(
        label="Why do you decline?",
        longest=LONGEST_REASON,
        required=True,
        widget=forms.Textarea,
        help_text="Your manager and payroll can read this.",
        error_messages={"required": "Say why you decline"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.textarea("reason", rows=5, label_size=Size.MEDIUM),
            Button.warning("send", "Decline the new contract"),
        )
