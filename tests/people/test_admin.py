"""The operators' admin: for administrators, about people only."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from people.models import AuditEntry, Conflict, Delegation, Post, Service, Team, User
from people.roles import Role
from progression.models import Application, Event
from tests.at_a_browser import sit_down
from tests.council import organisation, person
from tests.reading import text
from tests.standing_in import tied

pytestmark = pytest.mark.django_db


PEOPLE = {User, Service, Team, Post, Delegation, Conflict}
CASES = {Application, Event}


def test_only_people_services_teams_and_posts_can_be_changed(rf, operator):
    request = rf.get("/admin/")
    request.user = operator
    for model, its_admin in admin.site._registry.items():
        assert its_admin.has_view_permission(request)
        if model not in PEOPLE:
            assert not any(
                may(request)
                for may in (
                    its_admin.has_add_permission,
                    its_admin.has_change_permission,
                    its_admin.has_delete_permission,
                )
            )


def test_no_case_can_be_opened_there():
    shown = set(admin.site._registry)
    assert shown >= PEOPLE and not shown & CASES
    assert {model._meta.app_label for model in shown} <= {"people", "progression"}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_gets_in(client, role):
    client.force_login(person(role))
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/people/user/", follow=True).status_code == 403


def test_there_is_one_way_to_sign_in(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/sign-in/?next=")


@pytest.fixture
def operator(client):
    """An administrator, signed in; not a superuser, whom Django's own permissions would never refuse."""
    user = person(Role.ADMINISTRATOR)
    user.is_superuser = False
    user.save()
    client.force_login(user)
    return user


@pytest.mark.parametrize("model", ["user", "service", "team", "post"])
def test_each_page_opens(client, operator, model):
    place = organisation()
    team, post = place.team, place.worker.post
    known = {"user": place.worker, "service": place.service, "team": team, "post": post}[model]
    for path in ("", "add/", f"{known.pk}/change/", "?q=a"):
        assert client.get(f"/admin/people/{model}/{path}").status_code == 200


class TestSearch:
    LIST = "/admin/people/user/"

    def looking_for(self, client, words, to=LIST):
        return client.post(to, {"look_for": words})

    def test_finds_by_name_and_keeps_the_name_out_of_the_address(self, client, operator):
        found, other = person(Role.PAYROLL), person(Role.PAYROLL)
        User.objects.filter(pk=found.pk).update(name="Zebulonka Ade")
        answer = self.looking_for(client, " zebulonka ", self.LIST + "?is_active__exact=1&p=2")
        assert answer.status_code == 302 and "ebulonka" not in answer["Location"]
        assert "is_active__exact=1" in answer["Location"] and "p=2" not in answer["Location"]
        page = client.get(answer["Location"]).text
        assert f"{self.LIST}{found.pk}/change/" in page and f"{self.LIST}{other.pk}/change/" not in page
        assert 'value="zebulonka"' in page and "1 found" in page
        links = re.findall(r'(?:href|action)="([^"]*)"', page)
        assert links and not any("ebulonka" in one for one in links)

    def test_words_typed_into_an_address_find_nobody(self, client, operator):
        known = person(Role.PAYROLL)
        page = client.get(f"{self.LIST}?q={known.email}").text
        assert "This search has ended" in page and f"{self.LIST}{known.pk}/change/" not in page

    def test_another_s_search_stands_for_nothing_here(self, client, operator):
        address = self.looking_for(client, "a")["Location"]
        client.force_login(person(Role.ADMINISTRATOR))
        assert "This search has ended" in client.get(address).text

    @pytest.mark.parametrize("words", ["", " ", "\x00", "%\x00_" * 90])
    def test_nothing_to_look_for_breaks_nothing(self, client, operator, words):
        answer = self.looking_for(client, words)
        assert client.get(answer["Location"]).status_code == 200

    def test_is_sent_with_the_page_s_own_token_only(self, operator):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(operator)
        assert self.looking_for(strict, "a").status_code == 403


class TestATeamAndItsManager:
    """Who manages a team reads its workers' evidence, by a second step: role and team go together."""

    def changed(self, client, one, **said):
        form = client.get(f"/admin/people/{one._meta.model_name}/{one.pk}/change/").context["adminform"].form
        kept = {name: value for name, value in form.initial.items() if value not in (None, False)}
        answer = client.post(f"/admin/people/{one._meta.model_name}/{one.pk}/change/", kept | said)
        one.refresh_from_db()
        return answer

    def test_a_manager_keeps_the_role_while_a_team_is_theirs(self, client, operator):
        place = organisation()
        answer = self.changed(client, place.manager, role=Role.SOCIAL_WORKER)
        assert f"They manage {place.team.name}. Give that to somebody else first." in text(answer)
        assert place.manager.role == Role.TEAM_MANAGER
        assert self.changed(client, place.manager, role=Role.SERVICE_MANAGER).status_code == 302
        assert self.changed(client, place.team, manager=person(Role.TEAM_MANAGER).pk).status_code == 302
        assert self.changed(client, place.manager, role=Role.SOCIAL_WORKER).status_code == 302
        assert place.manager.role == Role.SOCIAL_WORKER

    def test_nobody_else_is_given_a_team(self, client, operator):
        place = organisation()
        for other in (place.worker, place.payroll, place.auditor):
            answer = self.changed(client, place.team, manager=other.pk)
            assert "is no manager" in text(answer)
        assert place.team.manager == place.manager


def test_two_people_of_one_name_are_told_apart_where_one_is_chosen(client, operator):
    one, other = person(Role.TEAM_MANAGER), person(Role.TEAM_MANAGER)
    User.objects.filter(pk__in=[one.pk, other.pk]).update(name="Ann Twice")
    page = client.get("/admin/people/team/add/").text
    assert f"Ann Twice ({one.email})" in page and f"Ann Twice ({other.email})" in page
    assert "admin/autocomplete" not in page


def test_a_new_person_is_kept_in_lower_case_and_can_sign_in(client, operator):
    answer = client.post(
        "/admin/people/user/add/",
        {
            "email": "New.Person@Test.example",
            "name": "New Person",
            "role": Role.SOCIAL_WORKER,
            "usable_password": "true",
            "password1": "correct horse battery",
            "password2": "correct horse battery",
        },
    )
    assert answer.status_code == 302
    client.logout()
    client.post(
        "/account/sign-in/", {"login": "new.person@test.example", "password": "correct horse battery"}
    )
    assert client.get("/you/").status_code == 200


def test_a_new_person_has_an_address_that_mail_can_be_sent_to(client, operator):
    said = {"name": "New Person", "role": Role.SOCIAL_WORKER, "usable_password": "false"}
    answer = client.post("/admin/people/user/add/", said | {"email": "a@" + "ä" * 60 + ".com"})
    assert answer.status_code == 200 and "Enter an email address like name@example.com" in text(answer)
    assert not User.objects.filter(name="New Person").exists()


def test_people_are_never_deleted(client, operator):
    other = person(Role.SOCIAL_WORKER)
    assert client.post(f"/admin/people/user/{other.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=other.pk).exists()


def test_nothing_in_it_breaks_the_content_security_policy(page, transactional_db):
    place = organisation()
    sit_down(page, place.administrator)
    service = f"people/service/{place.service.pk}/change/"
    for path in ("", "people/user/", "people/user/add/", f"people/team/{place.team.pk}/change/", service):
        page.goto(f"/admin/{path}")
    page.locator("#id_officers_filter_selected_link, #id_officers_to").first.wait_for()


class TestStandingInAndConflicts:
    """Added and ended by an administrator for somebody who cannot; never changed or deleted."""

    def test_somebody_who_fell_ill(self, client, operator):
        place = organisation()
        day = timezone.localdate().isoformat()
        sent = {"delegator": place.manager.pk, "delegate": place.other_manager.pk}
        sent |= {"first_day": day, "last_day": day}
        assert client.post("/admin/people/delegation/add/", sent).status_code == 302
        made = Delegation.objects.get()
        assert (made.delegator, made.delegate, made.made_by) == (place.manager, place.other_manager, operator)
        again = client.post("/admin/people/delegation/add/", sent)
        assert again.status_code == 200 and "already stands in" in again.text

    def test_nobody_of_a_lower_rank_there_either(self, client, operator):
        place = organisation()
        day = timezone.localdate().isoformat()
        sent = {"delegator": place.head.pk, "delegate": place.manager.pk}
        page = client.post("/admin/people/delegation/add/", sent | {"first_day": day, "last_day": day})
        assert "at least as senior" in page.text and not Delegation.objects.exists()

    def test_a_conflict_declared_and_ended(self, client, operator):
        place = organisation()
        sent = {"person": place.worker.pk, "other": place.manager.pk, "tie": "partner", "detail": ""}
        assert client.post("/admin/people/conflict/add/", sent).status_code == 302
        conflict = Conflict.objects.get()
        assert conflict.declared_by == operator
        end = {"action": "end_now", "_selected_action": conflict.pk}
        for words in ("1 ended", "ended already"):
            assert words in client.post("/admin/people/conflict/", end, follow=True).text
        conflict.refresh_from_db()
        assert conflict.ended_by == operator

    def test_opening_one_is_noted(self, client, operator):
        place = organisation()
        conflict = tied(place.worker, place.manager)
        assert client.get(f"/admin/people/conflict/{conflict.pk}/change/").status_code == 200
        entry = AuditEntry.objects.get(kind="read")
        assert (entry.actor, entry.thing, entry.things) == (
            operator.pk,
            "people_conflict",
            [str(conflict.pk)],
        )
        assert set(entry.people) == {place.worker.pk, place.manager.pk}

    def test_nothing_else(self, client, operator):
        place = organisation()
        conflict = tied(place.worker, place.manager)
        address = f"/admin/people/conflict/{conflict.pk}/"
        assert client.post(address + "change/", {"tie": "other"}).status_code == 403
        assert client.post(address + "delete/", {"post": "yes"}).status_code == 403
