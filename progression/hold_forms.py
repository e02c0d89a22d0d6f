"""On whom a legal hold is placed, and why."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from people.models import User
from people.permissions import allowed
from progression.hold_permissions import check_can_hold
from progression.models import Application


class HoldForm(forms.Form):
    """`person` and, where a reference was given, `application`: of the administrator's own council."""

    whom = forms.CharField(
        label="Email address, or application number",
        help_text="Such as APP-2026-0042: then it is about the social worker of that application.",
        max_length=254,
        error_messages={"required": "Enter an email address or an application number"},
    )
    reason = forms.CharField(
        label="Why must it be kept?",
        help_text="Such as a claim, a complaint or an inquiry. Name no child and no family.",
        widget=forms.Textarea,
        max_length=2000,
        error_messages={
            "required": "Say why it must be kept",
            "max_length": "Shorten it to 2,000 characters",
        },
    )

    def __init__(self, *args, administrator, **kwargs):
        super().__init__(*args, **kwargs)
        self.administrator, self.person, self.application = administrator, None, None
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.text("whom"),
            Field.textarea("reason", rows=4),
            Button.primary("place", "Place a legal hold"),
        )

    def clean_whom(self):
        typed = self.cleaned_data["whom"].strip()
        if "@" in typed:
            self.person = User.objects.filter(email=typed.lower()).first()
        else:
            found = Application.objects.filter(reference=typed.upper()).select_related("worker")
            self.application = found.first()
            self.person = self.application and self.application.worker
        if self.person is None or not allowed(check_can_hold, self.administrator, self.person):
            raise forms.ValidationError("Nobody of your council has this email address or application")
        return typed
