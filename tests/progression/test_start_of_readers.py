"""What auditors and administrators come for is on their start page."""

from html import unescape

import pytest
from django.utils import timezone

from progression.models import Notice, NoticeStatus
from progression.standing import standing_of
from progression.states import State
from tests.council import TODAY, organisation
from tests.walk import application_at

pytestmark = pytest.mark.django_db


def test_an_auditor_sees_how_much_there_is_in_their_services_alone(client):
    place = organisation()
    application_at(State.SUBMITTED, place)
    application_at(State.DECLINED, place)
    application_at(State.SUBMITTED)  # the near miss: another service's
    client.force_login(place.auditor)
    page = " ".join(unescape(client.get("/").content.decode()).split())
    assert str(place.service) in page
    assert 'data-label="Applications">2</td>' in page and 'data-label="Going on">1</td>' in page
    for address in ("/applications/", "/workers/", "/figures/", "/framework/your-schemes/"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


def test_an_administrator_is_told_of_e_mails_that_failed(client):
    place = organisation()
    application_at(State.SUBMITTED, place, now=timezone.now())
    client.force_login(place.administrator)
    assert "none has failed" in client.get("/").content.decode()
    notice = Notice.objects.first()
    Notice.objects.filter(pk=notice.pk).update(status=NoticeStatus.FAILED)
    page = client.get("/").content.decode()
    assert "1 email could not be sent" in page
    failed = client.get("/admin/progression/notice/?status__exact=failed")
    assert failed.status_code == 200 and "1 notice" in failed.content.decode()


@pytest.mark.parametrize(
    ("state", "reader", "after"),
    [
        (State.SUBMITTED, "manager", "If you recommend it"),
        (State.RECOMMENDED, "service_manager", "If you authorise it"),
        (State.NOT_RECOMMENDED, "service_manager", "When you confirm it"),
    ],
)
def test_whoever_acts_is_told_what_follows_from_it(state, reader, after):
    """The near misses: the auditor, who reads the same page, and the other of the two who judge."""
    place = organisation()
    application = application_at(state, place)
    for name in ("manager", "service_manager", "auditor", "colleague"):
        said = standing_of(application, getattr(place, name), today=TODAY).after
        assert (after in said) is (name == reader), name
