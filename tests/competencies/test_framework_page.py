"""The framework, as people read it."""

import re

import pytest
from django.urls import reverse

from people.roles import Role
from tests.council import organisation, person, social_worker, team_of, with_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db):
    with_rules()
    return organisation()


def read(client, user, path="/framework/"):
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def headings(page):
    return re.findall(r'<section class="app-heading" aria-labelledby="([a-z-]+)"', page)


@pytest.mark.rule("R2", scheme="medway-2010", page="/framework/")
@pytest.mark.rule("R6", scheme="medway-2010", page="/framework/")
@pytest.mark.rule("R22", scheme="medway-2010", page="/framework/")
def test_a_worker_reads_what_the_next_level_asks(client, place):
    """R2, R4, R5, R6, R22."""
    page = read(client, place.worker)
    said = words(page)
    assert "Framework for Level 3 Social Worker" in said
    assert "judged on 110 criteria under 21 headings" in said
    assert "evidence for 20 headings, about 3 examples for each" in said
    assert len(headings(page)) == 21
    for code in headings(page):
        assert f'href="#{code}"' in page
        assert page.count(f'id="{code}"') == 1
    assert said.count("Nothing more is asked at this level.") == 2, "R3"
    assert said.count("The evidence form does not ask for it.") == 1, "R4"
    assert "Practice teaching qualification" in said
    assert "is committed to their own development through training agreed with the manager" in said
    assert "starts at point 41" in said
    assert "41 £34,549 42 £35,430 43 £36,313" in said


def test_every_criterion_is_there(client, place):
    page = read(client, place.worker)
    lists = "".join(re.findall(r'<section class="app-heading".*?</section>', page, re.DOTALL))
    assert lists.count("<li>") == 110


@pytest.mark.rule("R1", page="/framework/")
def test_a_level_1_worker_reads_level_2(client, place):
    """R1: the next level, no other."""
    page = words(read(client, social_worker(place.team, level=1, spinal_point=33)))
    assert "Framework for Level 2 Social Worker" in page
    assert "judged on 66 criteria under 21 headings" in page
    assert page.count("The evidence form does not ask for it.") == 2, "R4"
    assert "Level 3" not in page.split("Contents")[1]


def test_a_worker_of_another_scheme_reads_their_own(client, place):
    team = team_of(place.service, scheme="redbridge-2013")
    said = words(read(client, social_worker(team, level=1)))
    assert "Framework for Level 2" in said
    assert "judged on 8 criteria under 8 headings" in said
    assert "at least 1 example for each" in said
    assert "Pay" not in said.split("Contents")[1]


def test_a_worker_at_the_top_is_told_so(client, place):
    """R1: and may read the schemes all the same."""
    said = words(read(client, social_worker(place.team, level=3, spinal_point=41)))
    assert "You are at level 3. No step of your team’s scheme" in said
    assert "Level 1 Social Worker to Level 2 Social Worker" in said


def test_a_worker_without_a_post_is_told_so(client, place):
    assert "Your post is not recorded here yet" in words(read(client, person(Role.SOCIAL_WORKER)))


def test_a_team_without_a_scheme_is_told_so(client, place):
    worker = social_worker(team_of(place.service, scheme="not-loaded"))
    assert "No scheme is in force for your team yet." in words(read(client, worker))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SOCIAL_WORKER])
def test_everybody_else_chooses_a_step(client, place, role):
    page = read(client, person(role))
    links = re.findall(r'href="(/framework/[^"]+level-\d/)"', page)
    assert sorted(links) == [
        "/framework/medway-2010/level-2/",
        "/framework/medway-2010/level-3/",
        "/framework/medway-2018/level-2/",
        "/framework/redbridge-2013/level-2/",
        "/framework/redbridge-2013/level-3/",
    ]
    for link in links:
        read(client, client.get("/you/").wsgi_request.user, link)


def test_an_older_version_keeps_its_page(client, place):
    path = reverse("competencies:step_of_version", args=["medway-2010", 1, 3])
    assert path == "/framework/medway-2010/version-1/level-3/"
    assert "judged on 110 criteria" in words(read(client, place.worker, path))


@pytest.mark.parametrize(
    "path",
    [
        "/framework/medway-2010/level-1/",
        "/framework/medway-2010/level-4/",
        "/framework/no-such/level-2/",
        "/framework/medway-2010/version-9/level-2/",
        "/framework/medway-2010/version-99999999999999999999/level-99999999999999999999/",
    ],
)
def test_what_is_not_there(client, place, path):
    client.force_login(place.worker)
    assert client.get(path).status_code == 404


def test_nobody_reads_it_without_signing_in(client, place):
    for name in ("framework", "schemes"):
        response = client.get(reverse(f"competencies:{name}"))
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


def test_it_is_for_reading_only(client, place):
    client.force_login(place.worker)
    for method in (client.post, client.put, client.delete):
        assert method("/framework/").status_code == 405


@pytest.mark.parametrize(
    ("path", "queries"),
    [("/framework/", 4), ("/framework/medway-2010/level-3/", 4), ("/framework/schemes/", 5)],
)
def test_queries_are_few(client, place, django_assert_num_queries, path, queries):
    """The signed-in user among them; what the step asks is kept by the process."""
    read(client, place.worker, path)
    with django_assert_num_queries(queries):
        client.get(path)
