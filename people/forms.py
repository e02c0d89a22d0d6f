"""allauth's forms in our words."""

from allauth.account import forms as allauth_forms
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout
from django.utils import timezone

from people import account_letters
from people.sign_in_models import Letter

WIDTH = {"field_width": Fluid.TWO_THIRDS}


def _helper(button, *fields):
    helper = FormHelper()
    helper.layout = Layout(*(Field.text(name, **WIDTH) for name in fields), Button.primary("send", button))
    return helper


def _ask(field, label, hint=""):
    """Label a field, and say what to enter when it is left empty."""
    field.label = label
    field.help_text = hint
    field.error_messages["required"] = f"Enter your {label[0].lower()}{label[1:]}"
    field.error_messages["invalid"] = "Enter an email address like name@example.org"


class SignInForm(allauth_forms.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask(self.fields["login"], "Email address")
        _ask(self.fields["password"], "Password")
        self.helper = _helper("Sign in", "login", "password")


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    """Where to send the link."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask(self.fields["email"], "Email address", "The one you sign in with.")
        self.helper = _helper("Send the link", "email")

    def clean_email(self):
        """Whoever's it is: that is looked up when the link is sent, so that the answer tells nobody."""
        return self.cleaned_data["email"].lower()

    def save(self, request, **kwargs):
        account_letters.ask_for(Letter.FORGOTTEN, self.cleaned_data["email"], now=timezone.now())
        return self.cleaned_data["email"]


PASSWORD_HINT = "At least 10 characters. Three words that nobody would guess are easier to remember than one."  # noqa: S105


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """A new password, for somebody who forgot the old one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask(self.fields["password1"], "New password", PASSWORD_HINT)
        _ask(self.fields["password2"], "New password again")
        self.helper = _helper("Save the new password", "password1", "password2")


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """A new password, for somebody who knows the old one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask(self.fields["oldpassword"], "Current password")
        _ask(self.fields["password1"], "New password", PASSWORD_HINT)
        _ask(self.fields["password2"], "New password again")
        self.helper = _helper("Change the password", "oldpassword", "password1", "password2")


class AgainForm(allauth_forms.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask(self.fields["password"], "Password")
        self.helper = _helper("Continue", "password")
