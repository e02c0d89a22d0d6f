"""The mail server is down: nobody can tell from it who has an account here."""

import pytest
from django.core.mail.backends.smtp import EmailBackend

from people.roles import Role
from people.sign_in_models import AccountLetter
from people.tasks import send_account_letters
from tests.council import person

pytestmark = pytest.mark.django_db


def test_a_forgotten_password_is_answered_the_same_whether_the_address_is_known(client, settings, caplog):
    settings.EMAIL_BACKEND = f"{EmailBackend.__module__}.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    known = person(Role.SOCIAL_WORKER).email
    answers = [
        client.post("/account/password/forgotten/", {"email": email})
        for email in (known, "nobody@council.example")
    ]
    assert {(answer.status_code, answer["location"]) for answer in answers} == {
        (302, "/account/password/forgotten/sent/")
    }
    send_account_letters()
    assert "was not sent: ConnectionRefusedError" in caplog.text
    assert known not in caplog.text
    assert list(AccountLetter.objects.values_list("email", "attempts")) == [(known, 1)]
