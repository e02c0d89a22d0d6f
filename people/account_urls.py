"""Signing in and out, passwords, the second step, sessions: the pages of allauth that are needed, and ours.

Sign-up, e-mail addresses and every other page of allauth have no address here.
"""

from allauth.account import views
from django.urls import path, re_path

from people.views import account_sessions, council, second_step
from people.views.sign_in import SignInView


def before_second_factor(view):
    """For whoever has not taken the second step: to set it up, or to leave."""
    view.before_second_factor = True
    return view


urlpatterns = [
    path("sign-in/", SignInView.as_view(), name="account_login"),
    path("sign-in/code/", second_step.SignInCodeView.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", second_step.sign_in_passkey, name="mfa_login_webauthn"),
    path("sign-in/council/", council.council, name="council"),
    path("sign-in/council/back/", council.council_back, name="council_back"),
    path("sign-out/", before_second_factor(views.logout), name="account_logout"),
    path("again/", before_second_factor(second_step.AgainView.as_view()), name="account_reauthenticate"),
    path("again/code/", before_second_factor(second_step.CodeAgainView.as_view()), name="mfa_reauthenticate"),
    path(
        "again/passkey/",
        before_second_factor(second_step.PasskeyAgainView.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/forgotten/", views.password_reset, name="account_reset_password"),
    path("password/forgotten/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-step/", before_second_factor(second_step.index), name="mfa_index"),
    path(
        "second-step/app/", before_second_factor(second_step.SetUpAppView.as_view()), name="mfa_activate_totp"
    ),
    path("second-step/app/remove/", second_step.RemoveAppView.as_view(), name="mfa_deactivate_totp"),
    path(
        "second-step/passkeys/new/",
        before_second_factor(second_step.AddPasskeyView.as_view()),
        name="mfa_add_webauthn",
    ),
    path(
        "second-step/passkeys/<int:pk>/remove/",
        second_step.RemovePasskeyView.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("second-step/codes/", second_step.new_codes, name="mfa_generate_recovery_codes"),
    path("sessions/", account_sessions.listed, name="sessions"),
    path("sessions/<slug:mark>/end/", account_sessions.end, name="end_session"),
    path("sessions/end-others/", account_sessions.end_others, name="end_other_sessions"),
    path("sessions/time-left/", before_second_factor(account_sessions.time_left), name="time_left"),
    path("sessions/stay/", before_second_factor(account_sessions.stay), name="stay"),
]
