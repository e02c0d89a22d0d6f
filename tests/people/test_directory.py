"""The directory of teams, and a person's own page."""

import pytest

from people import selectors
from people.roles import Role
from tests.people.makers import make_service, make_team, make_user, make_worker

pytestmark = pytest.mark.django_db

MANAGERS = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR)


def team_of(count, *, manager=None, service=None, **fields):
    team = make_team(service=service, manager=manager, **fields)
    for _ in range(count):
        make_worker(team)
    return team


@pytest.mark.parametrize("role", Role)
def test_R39_directory_is_for_team_managers_and_their_seniors(client, role):
    client.force_login(make_user(role))
    assert client.get("/teams/").status_code == (200 if role in MANAGERS else 404)


@pytest.mark.parametrize(("workers", "warned"), [(6, False), (7, True)])
def test_R39_more_than_six_workers_to_a_manager_is_warned_of(client, workers, warned):
    manager = make_user(Role.TEAM_MANAGER)
    team_of(workers, manager=manager)
    client.force_login(manager)
    assert ("More than 6" in client.get("/teams/").text) is warned


def test_R39_the_limit_is_the_teams_own(client):
    manager = make_user(Role.TEAM_MANAGER)
    team_of(5, manager=manager, most_workers=4)
    client.force_login(manager)
    assert "More than 4" in client.get("/teams/").text


def test_R39_people_who_left_do_not_count():
    manager = make_user(Role.TEAM_MANAGER)
    team = team_of(6, manager=manager)
    make_worker(team, is_active=False)
    (seen,) = selectors.teams_seen_by(manager)
    assert (seen.workers, seen.past_most) == (6, False)


def test_a_team_manager_sees_their_own_team_not_the_next():
    manager = make_user(Role.TEAM_MANAGER)
    service = make_service()
    own = make_team(service, manager)
    make_team(service)
    assert list(selectors.teams_seen_by(manager)) == [own]


@pytest.mark.parametrize("role", MANAGERS[1:])
def test_an_officer_sees_the_teams_of_their_services_and_no_other_councils(role):
    officer = make_user(role)
    team = make_team(make_service(officer))
    make_team(make_service(make_user(role), council="Elsewhere"))
    assert list(selectors.teams_seen_by(officer)) == [team]


def test_as_many_queries_for_300_teams_as_for_3(client, django_assert_num_queries):
    officer = make_user(Role.HEAD_OF_SERVICE)
    service = make_service(officer)
    manager = make_user(Role.TEAM_MANAGER)
    client.force_login(officer)
    client.get("/teams/")
    for teams in (3, 297):
        for _ in range(teams):
            make_team(service, manager)
        with django_assert_num_queries(3):  # user, count, teams; the session is in Redis
            client.get("/teams/")


def test_your_details_are_yours(client):
    team = make_team()
    worker, other = make_worker(team), make_worker(team)
    client.force_login(worker)
    page = client.get("/you/").text
    assert worker.post.ern in page and team.manager.name in page
    assert other.post.ern not in page


def test_somebody_without_a_post_has_details_too(client):
    client.force_login(make_user(Role.AUDITOR))
    page = client.get("/you/")
    assert page.status_code == 200 and "Your post" not in page.text
