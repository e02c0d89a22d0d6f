"""What an operator does in the admin, by mistake or on purpose, breaks no case and moves none."""

import pytest

from people.models import Post
from tests.council import authoriser_of, organisation
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RECOMMENDED, State.SENT_TO_PAYROLL])
def test_a_post_is_never_deleted(client, state):
    """Its holder's case stands on it: pay and gates are read from it."""
    application = application_at(state)
    post = application.worker.post
    client.force_login(organisation().administrator)
    client.post(f"/admin/people/post/{post.pk}/delete/", {"post": "yes"})
    client.post(
        "/admin/people/post/",
        {"action": "delete_selected", "_selected_action": post.pk, "post": "yes"},
    )
    assert Post.objects.filter(pk=post.pk).exists()
    client.force_login(authoriser_of(application))
    assert client.get(f"/applications/{application.reference}/").status_code == 200


def test_a_post_stays_with_its_holder(client):
    application = application_at(State.SUBMITTED)
    post, place = application.worker.post, organisation()
    client.force_login(place.administrator)
    said = {name: getattr(post, name) or "" for name in ("ern", "post_number", "job_title", "level")}
    said |= {"team": post.team_id, "service_start": post.service_start, "holder": place.manager.pk}
    answer = client.post(f"/admin/people/post/{post.pk}/change/", said)
    assert answer.status_code == 302
    post.refresh_from_db()
    assert post.holder == application.worker


def test_a_team_is_only_put_on_a_scheme_that_there_is(client):
    place = organisation()
    client.force_login(place.administrator)
    answer = client.post(
        f"/admin/people/team/{place.team.pk}/change/",
        {
            "service": place.service.pk,
            "name": place.team.name,
            "manager": place.manager.pk,
            "scheme_code": "medway-2110",
            "most_workers": 6,
        },
    )
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    place.team.refresh_from_db()
    assert place.team.scheme_code == "medway-2010"


@pytest.mark.parametrize(
    "address",
    [
        "/admin/people/user/?role__exact=%00",
        "/admin/progression/notice/?status__exact=%00",
        "/admin/progression/deadline/?state__exact=%00",
    ],
)
def test_the_admin_does_not_break_on_filters_that_its_pages_never_send(client, address):
    client.force_login(organisation().administrator)
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("sent", [{"team": "\x00"}, {"team": "x"}, {"holder": "9" * 30, "team": "x"}])
def test_nor_on_forms(client, sent):
    client.force_login(organisation().administrator)
    answer = client.post("/admin/people/post/add/", sent)
    assert answer.status_code == 200 and "errorlist" in answer.text
    sent = {"action": "delete_selected", "_selected_action": "x"}
    assert client.post("/admin/people/team/", sent).status_code == 400
