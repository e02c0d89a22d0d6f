"""The operators' admin: for administrators, about people only."""

import pytest
from django.contrib import admin

from people.models import Post, Service, Team, User
from people.roles import Role
from tests.people.makers import PASSWORD, make_service, make_team, make_user, make_worker

pytestmark = pytest.mark.django_db


def test_only_people_services_teams_and_posts_are_there():
    assert set(admin.site._registry) == {User, Service, Team, Post}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_gets_in(client, role):
    client.force_login(make_user(role))
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/people/user/", follow=True).status_code == 403


def test_there_is_one_way_to_sign_in(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/sign-in/?next=")


@pytest.fixture
def operator(client):
    """An administrator, signed in; not a superuser, whom Django's own permissions would never refuse."""
    user = make_user(Role.ADMINISTRATOR, is_superuser=False)
    client.force_login(user)
    return user


@pytest.mark.parametrize("model", ["user", "service", "team", "post"])
def test_each_page_opens(client, operator, model):
    team = make_team(make_service())
    worker = make_worker(team)
    known = {"user": worker, "service": team.service, "team": team, "post": worker.post}[model]
    for path in ("", "add/", f"{known.pk}/change/", "?q=a"):
        assert client.get(f"/admin/people/{model}/{path}").status_code == 200


def test_a_new_person_is_kept_in_lower_case_and_can_sign_in(client, operator):
    answer = client.post(
        "/admin/people/user/add/",
        {
            "email": "New.Person@Test.example",
            "name": "New Person",
            "role": Role.SOCIAL_WORKER,
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    assert answer.status_code == 302
    client.logout()
    client.post("/account/sign-in/", {"login": "new.person@test.example", "password": PASSWORD})
    assert client.get("/you/").status_code == 200


def test_people_are_never_deleted(client, operator):
    other = make_user()
    assert client.post(f"/admin/people/user/{other.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=other.pk).exists()


def test_nothing_in_it_breaks_the_content_security_policy(page, transactional_db):
    make_user(Role.ADMINISTRATOR, email="admin@test.example")
    team = make_team(make_service())
    page.goto("/admin/")
    page.get_by_label("Email address").fill("admin@test.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    for path in ("", "people/user/", "people/user/add/", f"people/team/{team.pk}/change/"):
        page.goto(f"/admin/{path}")
    page.locator(".select2-selection").first.click()
    page.locator(".select2-results__option").first.wait_for()
