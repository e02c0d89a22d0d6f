"""Messages about accounts: asked for at once, sent by a worker, tried again, given up in the end."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import account_letters
from people.roles import Role
from people.second_factor import steps_of
from people.sign_in_models import AccountLetter, Letter
from tests.council import person
from tests.people.codes import app_of, secret_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def kim():
    return person(Role.SOCIAL_WORKER, "Kim O'Hara")


@pytest.fixture
def no_mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1


@pytest.mark.parametrize("kind", [kind for kind in Letter if kind != Letter.NEW_ADDRESS])
def test_each_reads_well_and_goes_once(kim, mailoutbox, kind):
    account_letters.ask_for(kind, kim.email.upper(), now=NOW)
    assert account_letters.send_due() == 1 and account_letters.send_due() == 0
    (message,) = mailoutbox
    assert message.to == [kim.email] and message.body.startswith("Hello Kim O'Hara\n\n")
    page = "you/data/" if kind == Letter.DATA_ASKED_FOR else "account/password/"
    assert f"http://localhost:8000/{page}" in message.body


def test_the_address_before_is_told_that_there_is_another_and_not_which(client, kim, mailoutbox):
    """Whoever has the new one can ask for a new password: the person hears of it where they always did."""
    before = kim.email
    client.force_login(person(Role.ADMINISTRATOR))
    changed = {"email": "taken@test.example", "name": kim.name, "role": kim.role, "is_active": "on"}
    assert client.post(f"/admin/people/user/{kim.pk}/change/", changed).status_code == 302
    assert client.post(f"/admin/people/user/{kim.pk}/change/", changed | {"name": "Kim"}).status_code == 302
    assert account_letters.send_due() == 1
    (message,) = mailoutbox
    assert message.to == [before] and message.subject == "Your account has another e-mail address"
    assert "taken@" not in message.body and "tell the administrator now" in message.body


@pytest.mark.parametrize("who", ["nobody", "leaver"])
def test_nobody_and_a_leaver_get_none_and_it_is_done_with(mailoutbox, who):
    leaver = person(Role.SOCIAL_WORKER, is_active=False)
    account_letters.ask_for(Letter.FORGOTTEN, leaver.email if who == "leaver" else "no@test.example", now=NOW)
    assert account_letters.send_due() == 1
    assert not mailoutbox and not AccountLetter.objects.exists()


def test_it_is_tried_again_a_minute_later_and_given_up_after_three_hours(kim, no_mail):
    account_letters.ask_for(Letter.FORGOTTEN, kim.email, now=NOW)
    account_letters.send_due(clock=lambda: NOW)
    assert AccountLetter.objects.get().attempts == 1
    account_letters.send_due(clock=lambda: NOW + timedelta(seconds=59))
    assert AccountLetter.objects.get().attempts == 1
    account_letters.send_due(clock=lambda: NOW + timedelta(seconds=61))
    assert AccountLetter.objects.get().attempts == 2
    account_letters.send_due(clock=lambda: NOW + timedelta(hours=3, minutes=2))
    assert not AccountLetter.objects.exists()


def test_asking_takes_as_many_queries_whether_the_address_is_known(client, kim):
    counts = []
    for email in (kim.email, "nobody@test.example"):
        with CaptureQueriesContext(connection) as asked:
            client.post("/account/password/forgotten/", {"email": email})
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_secret_outlasts_a_new_key_that_names_the_old_one(kim, settings):
    secret = app_of(kim)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 8
    settings.SECRET_KEY_FALLBACKS = [old]
    assert secret_of(kim) == secret
    app, passkeys, codes = steps_of(kim)
    assert secret not in str(app.data) and not passkeys and codes is None
