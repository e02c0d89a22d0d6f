"""The directory of teams, and a person's own page."""

import pytest

from people import selectors
from people.models import Service
from people.roles import Role
from tests.council import organisation, person, social_worker, team_of

pytestmark = pytest.mark.django_db

MANAGERS = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR)


def service_of(*officers, council="Testshire Council"):
    service = Service.objects.create(council=council, name="Children")
    service.officers.add(*officers)
    return service


def filled_team(count, *, manager, **fields):
    team = team_of(service_of(), manager)
    type(team).objects.filter(pk=team.pk).update(**fields or {"most_workers": 6})
    for _ in range(count):
        social_worker(team)
    return team


@pytest.mark.parametrize("role", Role)
def test_R39_directory_is_for_team_managers_and_their_seniors(client, role):
    client.force_login(person(role))
    assert client.get("/teams/").status_code == (200 if role in MANAGERS else 404)


@pytest.mark.rule("R39", scheme="medway-2018", page="/teams/")
@pytest.mark.parametrize(("workers", "warned"), [(6, False), (7, True)])
def test_R39_more_than_six_workers_to_a_manager_is_warned_of(client, workers, warned):
    manager = person(Role.TEAM_MANAGER)
    filled_team(workers, manager=manager)
    client.force_login(manager)
    assert ("More than 6" in client.get("/teams/").text) is warned


@pytest.mark.rule("R39", scheme="medway-2018", page="/teams/")
def test_R39_the_limit_is_the_teams_own(client):
    manager = person(Role.TEAM_MANAGER)
    filled_team(5, manager=manager, most_workers=4)
    client.force_login(manager)
    assert "More than 4" in client.get("/teams/").text


def test_R39_people_who_left_do_not_count():
    manager = person(Role.TEAM_MANAGER)
    team = filled_team(6, manager=manager)
    leaver = social_worker(team).pk
    type(manager).objects.filter(pk=leaver).update(is_active=False)
    (seen,) = selectors.teams_seen_by(manager)
    assert (seen.workers, seen.past_most) == (6, False)


def test_a_team_manager_sees_their_own_team_not_the_next():
    manager = person(Role.TEAM_MANAGER)
    service = service_of()
    own = team_of(service, manager)
    team_of(service)
    assert list(selectors.teams_seen_by(manager)) == [own]


@pytest.mark.parametrize("role", MANAGERS[1:])
def test_an_officer_sees_the_teams_of_their_services_and_no_other_councils(role):
    officer = person(role)
    team = team_of(service_of(officer))
    team_of(service_of(person(role), council="Elsewhere"))
    assert list(selectors.teams_seen_by(officer)) == [team]


def test_as_many_queries_for_300_teams_as_for_3(client, django_assert_num_queries):
    officer = person(Role.HEAD_OF_SERVICE)
    service = service_of(officer)
    manager = person(Role.TEAM_MANAGER)
    client.force_login(officer)
    client.get("/teams/")
    for teams in (3, 297):
        for _ in range(teams):
            team_of(service, manager)
        with django_assert_num_queries(3):  # user, count, teams; the session is in Redis
            client.get("/teams/")


def test_your_details_are_yours(client):
    place = organisation()
    client.force_login(place.worker)
    page = client.get("/you/").text
    assert place.worker.post.ern in page and place.manager.name in page
    assert place.colleague.post.ern not in page


def test_somebody_without_a_post_has_details_too(client):
    client.force_login(person(Role.AUDITOR))
    page = client.get("/you/")
    assert page.status_code == 200 and "Your post" not in page.text
