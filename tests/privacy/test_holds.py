"""Legal holds: by an administrator of the council, with a reason, until one ends it."""

import pytest
from django.db import DatabaseError, transaction

from people.models import AuditEntry
from people.roles import Role
from progression.models import LegalHold
from tests.council import NOW, organisation, person
from tests.reading import text
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db
HOLDS = "/legal-holds/"


@pytest.fixture
def case():
    return application_at(State.SUBMITTED)


def administrator_of(service):
    made = person(Role.ADMINISTRATOR)
    service.officers.add(made)
    return made


@pytest.fixture
def administrator(case, client):
    made = administrator_of(case.team.service)
    client.force_login(made)
    return made


def elsewhere():
    service = organisation().service
    service.council = "Elsewhere Council"
    service.save()
    return service


def held(case, administrator):
    return LegalHold.objects.create(
        person=case.worker, reason="A claim", placed_at=NOW, placed_by=administrator
    )


def test_on_a_person_or_on_the_worker_of_an_application(case, administrator, client):
    for whom in (case.worker.email, case.reference.lower()):
        assert client.post(HOLDS, {"whom": whom, "reason": "A claim"}).status_code == 302
    holds = LegalHold.objects.filter(person=case.worker, placed_by=administrator)
    assert {one.application_id for one in holds} == {None, case.pk}
    assert "A claim" in text(client.get(HOLDS))
    assert AuditEntry.objects.filter(thing="progression_legalhold", people=[case.worker.pk]).exists()


def test_a_second_on_the_same_is_refused(case, administrator, client):
    held(case, administrator)
    again = client.post(HOLDS, {"whom": case.worker.email, "reason": "Again"})
    assert again.status_code == 409 and "stands already" in text(again)


def test_what_is_missing_is_said(case, administrator, client):
    said = text(client.post(HOLDS, {"whom": "", "reason": ""}))
    assert "Enter an email address or an application number" in said and "Say why it must be kept" in said


def test_ended_once_and_remembered(case, administrator, client):
    hold = held(case, administrator)
    address = f"{HOLDS}{hold.pk}/end/"
    assert "It cannot be brought back" in text(client.get(address))
    assert LegalHold.objects.get().ended_at is None
    assert client.post(address).status_code == 302
    assert LegalHold.objects.get().ended_by == administrator
    assert client.post(address).status_code == 404


def test_another_councils_administrator_neither_sees_places_nor_ends(case, administrator, client):
    hold = held(case, administrator)
    client.force_login(administrator_of(elsewhere()))
    assert "No legal hold stands" in text(client.get(HOLDS))
    for whom in (case.worker.email, case.reference):
        assert "Nobody of your council" in text(client.post(HOLDS, {"whom": whom, "reason": "x"}))
    assert client.post(f"{HOLDS}{hold.pk}/end/").status_code == 404
    assert LegalHold.objects.get().ended_at is None


def test_no_officer_of_the_service_either(case, administrator, client):
    hold = held(case, administrator)
    for officer in (*case.team.service.officers.exclude(role=Role.ADMINISTRATOR), case.team.manager):
        client.force_login(officer)
        assert client.get(HOLDS).status_code == 403, officer.role
        assert client.post(f"{HOLDS}{hold.pk}/end/").status_code == 403, officer.role


def test_postgresql_lets_nobody_change_or_delete_one(case, administrator):
    hold = held(case, administrator)
    for change in ({"reason": "Another"}, {"person": administrator}):
        with pytest.raises(DatabaseError), transaction.atomic():
            LegalHold.objects.filter(pk=hold.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        hold.delete()
