"""Signing in and out, and passwords: the few of allauth's pages that are needed, under its own names.

Sign-up, e-mail addresses and every other page of allauth have no address here.
"""

from allauth.account import views
from django.urls import path, re_path

from people.demo_cast import DEMO_CAST, PASSWORD

sign_in = views.LoginView.as_view(extra_context={"demo_cast": DEMO_CAST, "demo_password": PASSWORD})

urlpatterns = [
    path("sign-in/", sign_in, name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
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
]
