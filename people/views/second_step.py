"""Setting up the second step of signing in, using it, and taking it away: allauth's views, with our pages."""

from allauth.account.decorators import reauthentication_required
from allauth.account.views import ReauthenticateView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.internal import flows as totp_flows
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth as webauthn_auth
from allauth.mfa.webauthn.internal import flows as webauthn_flows
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from people import second_factor, sessions

GOING_TO = "going_to"
"""Where somebody was going when they were sent to set up the second step: an address of ours."""

fresh = reauthentication_required(app="allauth.mfa")


@require_safe
def index(request):
    """What is set up, and what may be."""
    going = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(going, allowed_hosts=None):
        request.session[GOING_TO] = going
    app, passkeys, recovery = second_factor.steps_of(request.user)
    shown = {
        "app": app,
        "passkeys": [(one, one.wrap().name) for one in passkeys],
        "codes_left": len(recovery.wrap().get_unused_codes()) if recovery else None,
        "needed": second_factor.must_be_used(request.user) and not second_factor.was_used(request),
        "only_one": len(passkeys) + (app is not None) == 1,
        "required": second_factor.must_be_used(request.user),
    }
    return render(request, "account/second_step/index.html", shown)


class SignInCodeView(base.AuthenticateView):
    """The second step of signing in."""

    template_name = "account/second_step/sign_in.html"

    def get_context_data(self, **kwargs):
        _, passkeys, _ = second_factor.steps_of(self.stage.login.user)
        return super().get_context_data(**kwargs) | {"passkeys": passkeys}

    def post(self, request, *args, **kwargs):
        if "start_again" in request.POST:
            return self.stage.abort()
        return super().post(request, *args, **kwargs)


class SetUpAppView(totp.ActivateTOTPView):
    """Show the secret, and take a first code. The answer shows the recovery codes, this once."""

    template_name = "account/second_step/app.html"

    def form_valid(self, form):
        totp_flows.activate_totp(self.request, form)
        second_factor.note_used(self.request, self.request.user, Authenticator.Type.TOTP)
        return _set_up(self.request, "The app is set up")


class RemoveAppView(totp.DeactivateTOTPView):
    """Ask first, then forget the app's secret."""

    template_name = "account/second_step/remove_app.html"


class AddPasskeyView(webauthn.AddWebAuthnView):
    """Have the browser make a passkey that asks for a finger, a face or a PIN."""

    template_name = "account/second_step/passkey.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        options = webauthn_auth.begin_registration(self.request.user, True)
        return context | kwargs | {"js_data": {"creation_options": options}}

    def form_valid(self, form):
        webauthn_flows.add_authenticator(
            self.request, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"]
        )
        second_factor.note_used(self.request, self.request.user, Authenticator.Type.WEBAUTHN)
        return _set_up(self.request, "The passkey is set up")


class RemovePasskeyView(webauthn.RemoveWebAuthnView):
    """Ask first, then forget the passkey, unless it is the last of what is required."""

    template_name = "account/second_step/remove_passkey.html"
    success_url = reverse_lazy("mfa_index")

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        if not get_adapter().can_delete_authenticator(self.object):
            form.is_bound, form.data = True, {}
            form.add_error(None, get_adapter().error_messages["cannot_delete_authenticator"])
        return form


@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def new_codes(request):
    """Ask first; then make ten new codes, which the answer shows this once, and forget the old ones."""
    if not codes.can_generate_recovery_codes(request.user):
        return redirect("mfa_index")
    if request.method != "POST":
        return render(request, "account/second_step/new_codes.html")
    made = codes.generate_recovery_codes(request).wrap()
    made.mark_as_viewed()
    return _codes_page(request, "Your new recovery codes", made.get_unused_codes())


def _set_up(request, said):
    """The recovery codes, where this was the first step that was set up; else back to the list.

    Wherever else they are signed in, it was without this step: that is over.
    """
    here = request.session.session_key
    sessions.end([one.pk for one in sessions.open_sessions(request.user) if one.pk != here])
    _, _, recovery = second_factor.steps_of(request.user)
    made = recovery.wrap()
    if made.did_view:
        messages.success(request, said)
        return redirect(request.session.pop(GOING_TO, "mfa_index"))
    made.mark_as_viewed()
    return _codes_page(request, said, made.get_unused_codes())


def _codes_page(request, title, shown):
    going = request.session.pop(GOING_TO, "/")
    return render(request, "account/second_step/codes.html", {"title": title, "codes": shown, "going": going})


class AgainView(ReauthenticateView):
    """The password once more, before something about the account is changed."""

    template_name = "account/again.html"


class CodeAgainView(base.ReauthenticateView):
    """A code once more."""

    template_name = "account/again.html"


class PasskeyAgainView(webauthn.ReauthenticateWebAuthnView):
    """The passkey once more."""

    template_name = "account/again_passkey.html"


sign_in_passkey = login_not_required(webauthn.login_webauthn)
