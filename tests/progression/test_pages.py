"""The case's pages, read by everybody in every state."""

import pytest
from django.urls import reverse

from progression import access
from progression.states import State
from tests.walk import WAYS, application_at, organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [State.DRAFT, *WAYS])
def test_every_reader_finds_the_case_in_every_state(client, state):
    """Who sees a case reads every page of it; everybody else is told that there is none."""
    place = organisation()
    application = application_at(state, worker=place.worker)
    submitted = application.portfolio.submissions.exists()
    for name, reader in place.everybody.items():
        client.force_login(reader)
        sees = access.can_see(reader, application)
        found = client.get(reverse("progression:case", args=[application.reference]))
        assert found.status_code == (200 if sees else 404), (name, state)
        if sees:
            label = application.stage.worker_sees if reader == place.worker else application.stage.staff_see
            assert label in found.text
        portfolio = client.get(reverse("progression:submitted_portfolio", args=[application.reference]))
        assert portfolio.status_code == (200 if sees and submitted else 404), (name, state)


@pytest.mark.parametrize("state", [None, State.DRAFT, *WAYS])
def test_everybody_has_a_start_page(client, state):
    place = organisation()
    if state:
        application_at(state, worker=place.worker)
    for name, reader in place.everybody.items():
        client.force_login(reader)
        found = client.get(reverse("start"))
        assert found.status_code == (302 if name == "payroll" else 200), (name, state)
