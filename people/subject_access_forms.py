"""Asking for everything about somebody else."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from people.models import User
from people.permissions import allowed
from people.subject_access_permissions import check_can_export


class ExportForm(forms.Form):
    """`person` is who it is about, once valid: one of the administrator's own council, a leaver too."""

    email = forms.EmailField(
        label="Email address", error_messages={"required": "Enter the person’s email address"}
    )
    why = forms.CharField(
        label="Why you ask",
        help_text="Such as the number of their written request. It is kept.",
        max_length=500,
        error_messages={"required": "Say why you ask", "max_length": "Shorten it to 500 characters"},
    )

    def __init__(self, *args, administrator, **kwargs):
        super().__init__(*args, **kwargs)
        self.administrator, self.person = administrator, None
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.text("email"), Field.text("why"), Button.primary("ask", "Put it together")
        )

    def clean_email(self):
        found = User.objects.filter(email=self.cleaned_data["email"].strip().lower()).first()
        if found is None or not allowed(check_can_export, self.administrator, found):
            raise forms.ValidationError("Nobody of your council has this email address")
        self.person = found
        return found.email
