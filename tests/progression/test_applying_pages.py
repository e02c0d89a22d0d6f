"""The worker's own pages: starting, checking and submitting, withdrawing. R1, R8, R10."""

import re

import pytest
from django.urls import reverse

from progression.models import Application
from progression.states import State
from tests.council import organisation, social_worker
from tests.walk import application_at, portfolio_filled, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return organisation()


class TestApplying:
    """The worker's own pages, start to end."""

    def post(self, client, page, *args, **fields):
        return client.post(reverse(page, args=args), fields)

    def test_from_start_to_submitted(self, client, place):
        client.force_login(place.worker)
        assert "Start an application" in client.get("/").text
        assert place.manager.name in client.get(reverse("progression:start_application")).text
        self.post(client, "progression:start_application")
        application = Application.objects.get(worker=place.worker)
        checklist = client.get(reverse("progression:submit"), follow=True).text
        assert checklist.count("Add an example for each of these 20 headings") == 1
        assert checklist.count('href="/portfolio/') == 21
        assert "<form" not in re.search(r"<main.*?</main>", checklist, flags=re.S)[0]
        portfolio_filled(application)
        page = client.get(reverse("progression:submit", args=[application.reference])).text
        assert f"I have worked through each heading with {place.manager.name}" in page
        assert "has 1 of about 3 examples" in page
        apart = page.index("What you confirm")
        assert (
            page.index("None of them is required") < apart < page.index("I have worked through each heading")
        )
        answer = self.post(client, "progression:submit", application.reference, worked_through="on")
        assert answer.url == reverse("progression:submitted", args=[application.reference])
        panel = client.get(answer.url).text
        assert "Application submitted" in panel
        assert place.manager.name in panel

    @pytest.mark.rule("R8", scheme="medway-2010", page="/applications/<reference>/submit/")
    def test_without_the_tick_it_says_what_to_do(self, client, place):
        """R8."""
        application = started(place.worker)
        portfolio_filled(application)
        client.force_login(place.worker)
        answer = self.post(client, "progression:submit", application.reference)
        assert "Confirm that you have worked through each heading with your manager" in answer.text
        assert "<title>Error: " in answer.text
        application.refresh_from_db()
        assert application.state == State.DRAFT

    def test_with_something_missing_a_forged_form_changes_nothing(self, client, place):
        application = started(place.worker)
        client.force_login(place.worker)
        answer = self.post(client, "progression:submit", application.reference, worked_through="on")
        assert answer.status_code == 409
        assert not application.portfolio.submissions.exists()

    @pytest.mark.rule("R10", scheme="medway-2010", page="/applications/start/")
    def test_gates_are_told_before_the_start(self, client, place):
        """R10."""
        worker = social_worker(place.team, level=1, newly_qualified=True)
        client.force_login(worker)
        for address in ("/", reverse("progression:start_application")):
            assert "Induction must be completed" in client.get(address).text

    @pytest.mark.rule("R1", page="/applications/start/")
    def test_a_second_start_is_explained(self, client, place):
        """R1."""
        started(place.worker)
        client.force_login(place.worker)
        assert "already have an application open" in client.get(reverse("progression:start_application")).text
        assert self.post(client, "progression:start_application").status_code == 409

    def test_a_second_tab_is_told_who_was_quicker(self, client, place):
        application = application_at(State.SUBMITTED, worker=place.worker)
        client.force_login(place.worker)
        answer = self.post(client, "progression:submit", application.reference, worked_through="on")
        assert answer.status_code == 409
        assert f"{place.worker.name} moved this application" in answer.text

    def test_withdrawing_asks_once_more(self, client, place):
        application = application_at(State.SUBMITTED, worker=place.worker)
        client.force_login(place.worker)
        assert (
            "cannot be undone"
            in client.get(reverse("progression:withdraw", args=[application.reference])).text
        )
        application.refresh_from_db()
        assert application.state == State.SUBMITTED
        answer = self.post(client, "progression:withdraw", application.reference, reason="")
        assert answer.url == reverse("progression:case", args=[application.reference])
        assert "You have withdrawn your application" in client.get(answer.url).text

    @pytest.mark.parametrize("page", ["submit", "withdraw", "submitted"])
    def test_for_the_worker_alone(self, client, place, page):
        """404 to whoever does not see the case, 403 to whoever sees it but is not the worker."""
        application = application_at(State.SUBMITTED, worker=place.worker)
        address = reverse(f"progression:{page}", args=[application.reference])
        for name, status in (("manager", 403), ("auditor", 403), ("colleague", 404), ("payroll", 404)):
            client.force_login(getattr(place, name))
            assert client.get(address).status_code == status
            if page != "submitted":
                assert client.post(address, {"worked_through": "on"}).status_code == status
        application.refresh_from_db()
        assert application.state == State.SUBMITTED

    def test_nothing_to_submit(self, client, place):
        client.force_login(place.worker)
        assert client.get(reverse("progression:submit")).status_code == 404
