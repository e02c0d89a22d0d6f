"""allauth's forms of the second step in our words."""

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fixed, Layout
from django.core.cache import cache
from django.core.exceptions import ValidationError

KEPT = 180
"""Seconds for which a code that was used is refused: longer than any clock takes it."""

CODE = "Enter the code"
HINT = "The 6 digits that your app shows now, or one of your recovery codes."


def _ask_for_code(form, hint, button):
    field = form.fields["code"]
    field.label, field.help_text = "Code", hint
    field.error_messages["required"] = CODE
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}
    form.helper = FormHelper()
    form.helper.layout = Layout(Field.text("code", field_width=Fixed.TEN), Button.primary("send", button))


class _OnceOnly:
    """A code counts once. allauth forgets a used one after 30 seconds, while the clock still takes it."""

    def clean_code(self):
        code = super().clean_code()
        if not cache.add(f"second-step-used:{self.user.pk}:{normalize_user_code(code)}", 1, KEPT):
            raise ValidationError("This code has been used: wait for the next one")
        return code


class CodeForm(_OnceOnly, base.AuthenticateForm):
    """The code of the app, or a recovery code, when signing in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_code(self, HINT, "Continue")


class CodeAgainForm(_OnceOnly, base.ReauthenticateForm):
    """The same, before something about the account is changed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_code(self, HINT, "Continue")


class SetUpAppForm(_OnceOnly, totp.ActivateTOTPForm):
    """The first code of an app: it shows that the app has the secret."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_code(self, "The 6 digits that the app shows now.", "Set up the app")


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    """A passkey, whose browser has asked for a finger, a face or a PIN."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "What to call it"
        self.fields["name"].help_text = "So that you know it again, such as work laptop."
        self.fields["name"].max_length = 60
        self.fields["name"].widget.attrs["maxlength"] = 60
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Field.text("name"))

    def clean_name(self):
        return super().clean_name()[:60]

    def clean(self):
        self.cleaned_data["passwordless"] = True
        return super().clean()
