"""What is counted in PostgreSQL: for as long as was asked, by many at once, with nothing personal in it."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from people.roles import Role
from people.sign_in_models import Session, Tally
from people.tasks import forget_old_sessions
from tests.at_once import at_once
from tests.council import person


@pytest.mark.django_db
class TestACache:
    def test_values_come_back_until_their_time_is_up(self):
        cache.set("a", [1.5, 2], 60)
        cache.set("over", True, 0)
        cache.set("for good", True, None)
        assert (cache.get("a"), cache.get("over"), cache.get("for good")) == ([1.5, 2], None, True)
        assert cache.delete("a") and not cache.delete("a")
        assert cache.get("a", "none") == "none"

    def test_what_is_there_is_not_added_and_what_is_over_is(self):
        assert cache.add("a", 1, 60) and not cache.add("a", 2, 60) and cache.get("a") == 1
        cache.set("b", 1, 0)
        assert cache.add("b", 2, 60) and cache.get("b") == 2

    def test_it_can_be_prolonged_only_while_it_is_there(self):
        cache.set("a", 1, 60)
        cache.set("over", 1, 0)
        assert cache.touch("a", 600) and not cache.touch("over", 600)
        cache.clear()
        assert not Tally.objects.exists()

    def test_no_key_says_whose_it_is(self, client):
        client.post("/account/sign-in/", {"login": "nobody@test.example", "password": "wrong"})
        rows = str(list(Tally.objects.values_list("key", "value")))
        assert Tally.objects.count() >= 2 and "nobody" not in rows and "127.0.0.1" not in rows

    def test_what_is_over_goes_and_sessions_with_it(self):
        cache.set("over", 1, 0)
        cache.set("a", 1, 60)
        client = Client()
        client.force_login(person(Role.SOCIAL_WORKER))
        Session.objects.create(session_key="old", session_data="", expire_date=timezone.now())
        forget_old_sessions()
        assert (Tally.objects.count(), Session.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_one_of_many_at_once_adds_it():
    assert sorted(at_once(*[lambda: cache.add("a", 1, 60)] * 4)) == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_once_are_all_counted():
    email = person(Role.SOCIAL_WORKER).email

    def guess():
        sent = {"login": email, "password": "wrong"}
        return [Client().post("/account/sign-in/", sent).status_code for _ in range(3)]

    answers = [status for one in at_once(*[guess] * 4) for status in one]
    assert answers.count(200) <= 5 and set(answers) <= {200, 429}


@pytest.mark.django_db
def test_a_network_that_guesses_at_many_addresses_is_locked_and_another_is_not(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed": "6/5m/ip,5/5m/key"}
    kim = person(Role.SOCIAL_WORKER)

    def tries(address, email, password):
        sent = {"login": email, "password": password}
        return Client(REMOTE_ADDR=address).post("/account/sign-in/", sent).status_code

    for number in range(6):
        assert tries("203.0.113.7", f"nobody{number}@test.example", "wrong") == 200
    assert tries("203.0.113.7", kim.email, "progression") == 429
    assert tries("203.0.113.8", kim.email, "progression") == 302


def test_settings_count_by_address_and_by_network():
    assert settings.ACCOUNT_RATE_LIMITS["login_failed"] == "60/5m/ip,5/5m/key"
    assert settings.CACHES["default"] == {"BACKEND": "people.tallies.Tallies"}
