"""The operators' admin: it shows that e-mails go out, says nothing of a case, and moves none."""

import pytest
from django.contrib import admin
from django.urls import reverse

from progression.models import Application, ApplicationGrant, BankHoliday, Deadline, Event, Notice
from progression.states import State
from tests.council import organisation
from tests.walk import application_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Application, ApplicationGrant, Event])
def test_no_case_can_be_opened(model):
    assert not admin.site.is_registered(model)


@pytest.mark.parametrize("model", [Notice, Deadline, BankHoliday])
def test_what_can_be_looked_at_is_read_only_and_names_no_case(client, model):
    place = organisation()
    application = application_at(State.SUBMITTED, worker=place.worker)
    client.force_login(place.administrator)
    name = model._meta.model_name
    page = client.get(reverse(f"admin:progression_{name}_changelist"))
    assert page.status_code == 200
    row = client.get(reverse(f"admin:progression_{name}_change", args=[model.objects.first().pk]))
    assert row.status_code == 200
    for text in (page.text, row.text):
        assert application.reference not in text
        assert place.worker.name not in text
    assert client.get(reverse(f"admin:progression_{name}_add")).status_code == 403
    for action in ("change", "delete"):
        address = reverse(f"admin:progression_{name}_{action}", args=[model.objects.first().pk])
        assert client.post(address, {"post": "yes"}).status_code == 403


def test_an_operator_without_the_role_of_one_stays_outside(client):
    place = organisation()
    client.force_login(place.head)
    assert client.get(reverse("admin:progression_notice_changelist")).status_code in (302, 403)
