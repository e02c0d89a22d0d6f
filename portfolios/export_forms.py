"""What a worker fills in to bring an export back."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms


class BringBackForm(forms.Form):
    """One ZIP, and by which form it was sent."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    export = forms.FileField(
        label="The export",
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        help_text="The ZIP that you downloaded here or in another service like this one, unchanged.",
        allow_empty_file=True,
        error_messages={"required": "Choose the ZIP of an export"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("key", Field("export"), Button.primary("bring", "Bring it back"))
