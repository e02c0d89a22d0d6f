"""What auditors read of the audit: their own services' entries, searched; and the chain checked."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people import acting, audit_chain
from people.models import AuditEntry
from people.policies import Blocked
from progression import audit_selectors, audit_transitions
from progression.states import State
from tests.council import NOW, organisation, social_worker
from tests.walk import application_at

pytestmark = pytest.mark.django_db
AUDIT = "/audit/"


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def client(client, place):
    client.force_login(place.auditor)
    return client


def seen(response):
    return " ".join(unescape(response.content.decode()).split())


def rows(response):
    return seen(response).count('data-label="Who"')


class TestNoted:
    """What is read or denied has its entry, with who and by which page."""

    def test_a_case_read_by_another_and_not_by_its_worker(self, client, place):
        application = application_at(State.SUBMITTED, place)
        address = reverse("progression:case", args=[application.reference])
        for reader in (application.worker, place.manager):
            client.force_login(reader)
            assert client.get(address).status_code == 200
        entry = AuditEntry.objects.get(kind="read")
        assert (entry.actor, entry.through) == (place.manager.pk, "progression:case")
        assert (entry.people, entry.applications) == ([application.worker.pk], [application.pk])

    def test_a_case_that_is_not_theirs_is_a_denied_attempt(self, client, place):
        application = application_at(State.SUBMITTED, place)
        client.force_login(place.colleague)
        assert client.get(reverse("progression:case", args=[application.reference])).status_code == 404
        entry = AuditEntry.objects.get(kind="denied")
        assert (entry.actor, entry.words) == (place.colleague.pk, f"404 {application.reference}")

    def test_what_somebody_may_not_do_is_a_denied_attempt(self, client, place):
        application = application_at(State.RECOMMENDED, place)
        client.force_login(place.manager)
        address = reverse("reviews:authorisation", args=[application.reference])
        assert client.post(address, {}).status_code == 403
        entry = AuditEntry.objects.filter(kind="denied").get()
        assert (entry.actor, entry.words) == (place.manager.pk, f"403 {application.reference}")

    @pytest.mark.parametrize(
        "address", ["/audit/", "/data-about-a-person/", "/legal-holds/", "/admin/login/"]
    )
    def test_a_page_of_another_role_is_a_denied_attempt(self, client, place, address):
        client.force_login(place.worker)
        assert client.get(address).status_code == 403
        entry = AuditEntry.objects.get(kind="denied")
        assert (entry.actor, entry.words) == (place.worker.pk, "403")

    def test_supervision_read_by_the_manager_and_not_by_the_worker(self, client, place):
        for reader, address in (
            (place.worker, "/development/"),
            (place.manager, f"/team/{place.worker.pk}/development/"),
        ):
            client.force_login(reader)
            assert client.get(address).status_code == 200
        entry = AuditEntry.objects.get(kind="read")
        assert (entry.actor, entry.people) == (place.manager.pk, [place.worker.pk])

    @pytest.mark.parametrize("page", ["", "ready/", "details/", "meetings/"])
    def test_what_is_kept_of_a_worker_read_by_their_manager(self, client, place, page):
        client.force_login(place.manager)
        assert client.get(f"/team/{place.worker.pk}/{page}").status_code == 200
        entry = AuditEntry.objects.get(kind="read")
        assert (entry.actor, entry.people, entry.thing) == (
            place.manager.pk,
            [place.worker.pk],
            "people_user",
        )

    def test_nothing_typed_into_an_address_gets_in(self, client, place):
        assert client.get("/applications/Wanda%20Weaver/").status_code == 404
        assert AuditEntry.objects.get(kind="denied").words == "404"

    def test_without_the_entry_nothing_is_read(self, client, place):
        application = application_at(State.SUBMITTED, place)
        client.force_login(place.manager)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "ALTER TABLE people_auditentry ADD CONSTRAINT no_room CHECK (kind <> 'read') NOT VALID"
            )
        client.raise_request_exception = False
        response = client.get(reverse("progression:case", args=[application.reference]))
        assert response.status_code == 500
        assert application.worker.name not in seen(response)

    def test_a_page_changes_under_the_name_of_who_sent_it(self, client, place):
        client.force_login(place.colleague)
        client.post(reverse("progression:start_application"))
        entry = AuditEntry.objects.filter(thing="progression_application").first()
        assert (entry.actor, entry.through) == (place.colleague.pk, "progression:start_application")
        assert entry.people == [place.colleague.pk]


class TestPage:
    def test_shows_what_concerns_their_services_and_nothing_else(self, client, place):
        elsewhere = organisation()
        elsewhere.worker.name = "Somebody Elsewhere"
        elsewhere.worker.save()
        page = client.get(AUDIT)
        assert page.status_code == 200
        assert place.worker.name in seen(page) and "Somebody Elsewhere" not in seen(page)
        client.force_login(elsewhere.auditor)
        page = seen(client.get(AUDIT))
        assert "Somebody Elsewhere" in page and place.worker.name not in page

    def test_who_does_not_get_in_is_nobody_and_not_the_service(self, client, place):
        anybody = Client()
        anybody.post(reverse("account_login"), {"login": place.manager.email, "password": "not this one"})
        page = seen(client.get(AUDIT))
        assert "Sign-in failed, wrong password" in page and "Nobody signed in<br>" in page

    def test_a_refused_search_shows_no_answer_to_the_one_before(self, client, place):
        person = {"person": place.worker.name}
        address = client.post(AUDIT, person)["Location"]
        assert "What you searched for" in seen(client.get(address))
        page = seen(client.post(address, {"person": "Nobody at all"}))
        assert "Nobody of your services is called that" in page and "What you searched for" not in page

    def test_a_sign_in_is_told_once(self, client, place):
        anybody = Client()
        anybody.post(reverse("account_login"), {"login": place.worker.email, "password": "progression"})
        assert AuditEntry.objects.filter(thing="people_user", fields=["last_login"]).exists(), "in the chain"
        page = seen(client.get(AUDIT))
        assert "last login" not in page and page.count('"What">Signed in</td>') == 1

    @pytest.mark.parametrize(
        ("through", "words"),
        [
            ("portfolios:add_note", "Evidence and development: add note"),
            ("account_change_password", "Sign-in: change password"),
            ("task progression.tasks.send_notices", "By itself: send notices"),
            ("command migrate", "Typed by an operator: migrate"),
            ("testimony_sent", "Testimony sent"),
            ("start", "Start"),
            ("no page", "No page"),
            ("", ""),
        ],
    )
    def test_says_in_words_how_it_was_done(self, through, words):
        assert audit_selectors._through(through) == words

    @pytest.mark.parametrize(
        "who", ["worker", "manager", "head", "director", "payroll", "psw", "administrator"]
    )
    def test_is_for_auditors(self, client, place, who):
        client.force_login(getattr(place, who))
        assert client.get(AUDIT).status_code == 403
        assert client.post(reverse("progression:check_audit")).status_code == 403

    def test_an_auditor_of_no_service_reads_nothing(self, client, place):
        place.service.officers.remove(place.auditor)
        page = client.get(AUDIT)
        assert page.status_code == 200 and rows(page) <= 1

    def test_asks_as_often_for_many_entries_as_for_few(self, client, place):
        client.get(AUDIT)
        with CaptureQueriesContext(
            connection,
        ) as few:
            client.get(AUDIT)
        for _ in range(20):
            social_worker(place.team)
        with CaptureQueriesContext(connection) as many:
            assert rows(client.get(AUDIT)) == 25
        assert len(many) == len(few) <= 12

    def test_goes_back_page_by_page_without_repeating(self, client, place):
        for _ in range(20):
            social_worker(place.team)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        numbers, address = [], AUDIT
        while address:
            page = seen(client.get(address))
            numbers += re.findall(r"Entry</span> ([\d,]+)</span>", page)
            older = re.search(r'href="([^"]+before=[^"]+)"', page)
            address = older and older[1]
        assert len(numbers) == len(set(numbers)) > 50


class TestSearch:
    def ask(self, client, **said):
        return client.post(AUDIT, {"role": "either", **said}, follow=True)

    def test_no_name_gets_into_an_address(self, client, place):
        response = client.post(AUDIT, {"person": place.worker.name, "role": "about"})
        assert response.url == f"{AUDIT}?person={place.worker.pk}&role=about"

    def test_by_who_did_it_and_whom_it_concerns(self, client, place):
        with acting.acting(acting.Acting("tests", place.manager.pk)):
            place.worker.name = "Changed"
            place.worker.save()
        assert rows(self.ask(client, person=place.manager.email, role="did")) == 1
        about = self.ask(client, person=place.worker.email, role="about")
        assert "Changed user: name" in seen(about)

    def test_by_case_kind_and_day(self, client, place):
        application = application_at(State.SUBMITTED, place)
        page = self.ask(client, reference=application.reference.lower())
        assert rows(page) > 3 and application.reference in seen(page)
        assert rows(self.ask(client, kind="delete", reference=application.reference)) == 0
        assert "No entry fits that" in seen(self.ask(client, kind="alert"))
        days = {
            "since_0": "1",
            "since_1": "1",
            "since_2": "2020",
            "until_0": "2",
            "until_1": "1",
            "until_2": "2020",
        }
        assert "No entry fits that" in seen(self.ask(client, **days))

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"person": "Nobody Known"}, "Nobody of your services is called that"),
            ({"person": "council.example"}, "Nobody of your services is called that"),
            ({"person": "s"}, "More than one person is called that"),
            ({"reference": "APP-1999-0001"}, "Your services have no application with this reference"),
            ({"since_0": "9"}, "must include a month and a year"),
        ],
    )
    def test_what_cannot_be_found_is_said_beside_the_field(self, client, said, sentence):
        page = seen(self.ask(client, **said))
        assert sentence in page and "There is a problem" in page

    def test_another_services_people_and_cases_are_not_found(self, client):
        elsewhere = organisation()
        application = application_at(State.SUBMITTED, elsewhere)
        assert "Nobody of your services" in seen(self.ask(client, person=elsewhere.worker.email))
        assert "no application with this" in seen(self.ask(client, reference=application.reference))

    @pytest.mark.parametrize(
        "query",
        [
            "person=x",
            "person=" + "9" * 40,
            "application=-1",
            "kind=nonsense",
            "since=yesterday",
            "until=0001-01-01",
            "before=",
            "before=²",
            "role=%00",
            "since=9999-12-31&until=9999-12-31",
        ],
    )
    def test_an_address_that_makes_no_sense_shows_what_it_can(self, client, query):
        assert client.get(f"{AUDIT}?{query}").status_code == 200


class TestChain:
    def test_is_checked_when_asked_and_says_what_was_found(self, client, place):
        assert "It has not been checked yet" in seen(client.get(AUDIT))
        page = seen(client.post(reverse("progression:check_audit"), follow=True))
        assert "It is being checked again now" in page and "Check the chain</button>" not in page
        with pytest.raises(Blocked):
            audit_transitions.ask_for_check(actor=place.auditor, now=NOW)
        done = audit_transitions.check_what_is_asked(now=NOW)
        assert (done.asked_by, done.fault) == (place.auditor, "")
        assert "hold, none edited, removed or moved" in seen(client.get(AUDIT))
        assert audit_transitions.check_what_is_asked(now=NOW) is None

    def test_is_checked_once_a_day_by_itself(self):
        assert audit_transitions.check_what_is_asked(now=NOW).asked_by is None
        assert audit_transitions.check_what_is_asked(now=NOW + audit_transitions.EVERY / 2) is None
        assert audit_transitions.check_what_is_asked(now=NOW + audit_transitions.EVERY * 2) is not None

    def test_a_fault_is_shown_and_alerts(self, client, place, settings):
        settings.ADMINS = [("", "operators@council.example")]
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE people_auditentry DISABLE TRIGGER people_auditentry_fixed")
            cursor.execute("UPDATE people_auditentry SET words = 'never said' WHERE number = 2")
        check = audit_transitions.check_what_is_asked(now=NOW)
        assert check.number == 1 and "Entry 2 " in check.fault
        assert "The audit does not hold" in seen(client.get(AUDIT))
        assert AuditEntry.objects.filter(kind="alert").exists()
        assert [message.to for message in mail.outbox] == [["operators@council.example"]]

    @pytest.fixture(autouse=True)
    def _no_heads_left(self):
        yield
        (settings.DATA_DIR / audit_chain.HEADS).unlink(missing_ok=True)
