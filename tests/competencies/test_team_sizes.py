"""How many workers a manager has: as many as the team's scheme says, or the directory warns. R39."""

import pytest

from competencies import transitions
from competencies.admin import TeamForm
from competencies.parts import PARTS
from competencies.questions import name
from people.models import Team
from people.selectors import teams_seen_by
from tests.council import NOW, TODAY, organisation, social_worker

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R39", scheme="medway-2018", page="/teams/")]


@pytest.fixture
def place():
    return organisation("medway-2018")


def chosen(team, most):
    form = TeamForm(
        {
            "service": team.service_id,
            "name": team.name,
            "manager": team.manager_id,
            "scheme_code": team.scheme_code,
            "most_workers": most,
        },
        instance=team,
    )
    return form.errors.get("most_workers", [])


@pytest.mark.parametrize("size", [6, 4, 5])
def test_a_team_is_of_a_size_that_its_scheme_gives(place, size):
    assert chosen(place.team, size) == []


def test_another_size_is_refused_with_those_there_are(place):
    assert chosen(place.team, 7) == [
        "The scheme gives these sizes. children's social work: 6; pod (2018): 4; first response pod (2018): 5."  # noqa: E501
    ]


def test_a_scheme_that_gives_none_takes_any():
    assert chosen(organisation("medway-2010").team, 7) == []


def test_the_directory_warns_past_a_pods_four(place):
    Team.objects.filter(pk=place.team.pk).update(most_workers=4)
    for _ in range(2):
        social_worker(place.team)
    assert warned(place) == {place.team: False, place.other_team: False}
    social_worker(place.team)
    assert warned(place) == {place.team: True, place.other_team: False}


def warned(place):
    return {team: team.past_most for team in teams_seen_by(place.head)}


def test_a_size_that_a_new_version_changes_is_the_teams_too(place):
    Team.objects.filter(pk=place.team.pk).update(most_workers=4)
    act = {"actor": place.psw, "now": NOW}
    draft = transitions.begin_draft("medway-2018", **act)
    teams = PARTS["teams"]
    rows = []
    for number, row in enumerate(teams.read(draft.file)):
        answers = {name(question.path): question.read(row) for question in teams.questions}
        if answers["social_workers"] == 4:
            answers["social_workers"] = 3
        rows.append((number, answers))
    draft = transitions.save_draft(draft, part=teams, values=rows, **act)
    transitions.publish_draft(draft, effective_from=TODAY, base_revision=draft.revision, today=TODAY, **act)
    sizes = dict(Team.objects.values_list("pk", "most_workers"))
    assert sizes == {place.team.pk: 3, place.other_team.pk: 6}
