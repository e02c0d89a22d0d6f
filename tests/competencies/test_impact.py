"""Which open applications a draft's changes would have touched, and by what: those, and no others."""

import pytest

from competencies import transitions
from competencies.differences import differences
from competencies.heading_parts import OneHeading, heading
from competencies.parts import PARTS
from progression import scheme_impact
from progression.states import OPEN, State
from tests.council import NOW, organisation, social_worker, team_of
from tests.drafting import sent
from tests.reading import text
from tests.walk import application_at

pytestmark = pytest.mark.django_db

DRAFT = "/framework/medway-2010/draft/"


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def draft(place, client):
    client.force_login(place.psw)
    return transitions.begin_draft("medway-2010", actor=place.psw, now=NOW)


def save(draft, part, **answers):
    values = PARTS[part].read(draft.file) | answers
    return transitions.save_draft(draft, part=PARTS[part], values=values, actor=draft.begun_by, now=NOW)


def reword(draft, level, code="recording"):
    one = heading(draft.file, code)
    criteria = {int(number): list(texts) for number, texts in one["criteria"].items()}
    criteria[level][0] += ", always"
    values = {
        "name": one["name"],
        "group": one["group"],
        "evidenced": one.get("evidence_for_levels"),
        "kinds": [],
        "criteria": criteria,
    }
    return transitions.save_draft(draft, part=OneHeading(code), values=values, actor=draft.begun_by, now=NOW)


def touched(place, draft):
    found = differences(draft.based_on.content.file, draft.file)
    return scheme_impact.touched(place.psw, draft, found)


def test_the_page_names_them_and_says_by_what(client, place, draft):
    """By reference, of the reader's own services; the worker is named nowhere, and others are a figure."""
    first = application_at(State.DRAFT, worker=social_worker(place.team, level=1, spinal_point=35))
    second = application_at(State.SUBMITTED, place)
    application_at(State.WITHDRAWN, place)
    elsewhere = application_at(State.DRAFT)
    assert "0 of 3 open applications under version 1" in text(client.get(DRAFT + "applications/"))
    draft = reword(draft, 3)
    page = text(client.get(DRAFT + "applications/"))
    assert "2 of 3 open applications under version 1 would have been touched" in page
    assert f"{second.reference} {place.team.name} To Level 3 Social Worker To be assessed 1 criterion" in page
    assert "1 more is in teams of other services" in page
    assert "Recording: Criterion reworded, Level 3 Social Worker 2" in page
    assert first.reference not in page, "its step is not judged on it"
    save(draft, "appeal", **{"appeal-lodge_within-working_days": 15})
    page = text(client.get(DRAFT + "applications/"))
    assert "3 of 3 open applications" in page
    assert (
        f"{second.reference} {place.team.name} To Level 3 Social Worker To be assessed 1 criterion, 1 rule"
        in page
    )
    assert first.reference in page and elsewhere.reference not in page
    for case in (first, second, elsewhere):
        assert case.worker.name not in page


def test_a_reference_leads_to_the_case_for_those_who_may_open_it(client, place, draft):
    """The principal social worker reads figures and references; an auditor of the service sees its cases."""
    case = application_at(State.SUBMITTED, place)
    reword(draft, 2)
    link = f'href="/applications/{case.reference}/"'
    assert link not in client.get(DRAFT + "applications/").text
    client.force_login(place.auditor)
    assert link in client.get(DRAFT + "applications/").text
    assert client.get(f"/applications/{case.reference}/").status_code == 200


UNDECIDED = {State.DRAFT, State.RETURNED, State.SUBMITTED, State.RECOMMENDED, State.NOT_RECOMMENDED}


@pytest.mark.parametrize(
    ("change", "states"),
    [
        (lambda draft: reword(draft, 2), UNDECIDED),
        (lambda draft: save(draft, "evidence", **{"evidence-examples_per_competency": 4}),
         {State.DRAFT, State.RETURNED}),
        (lambda draft: save(draft, "decision", **{"decision-every_criterion_needs": ["finding"]}),
         {State.DRAFT, State.RETURNED, State.SUBMITTED}),
        (lambda draft: save(draft, "decision", **{"decision-authorised_by": "head_of_service"}), UNDECIDED),
        (lambda draft: save(draft, "appeal", **{"appeal-decide_within-working_days": 15}),
         UNDECIDED | {State.UNDER_APPEAL}),
        (lambda draft: save(draft, "appeal", **{"appeal-lodge_within-working_days": 15}), UNDECIDED),
        (lambda draft: save(draft, "document", **{"document-title": "Another form"}),
         UNDECIDED | {State.AUTHORISED, State.UNDER_APPEAL, State.UPHELD}),
        (lambda draft: save(draft, "reminders", **{"reminders-answer_query-before": [3]}), set(OPEN)),
        (lambda draft: save(draft, "wording", title="Another title"), set()),
    ],
    ids=["criterion", "evidence", "findings", "authoriser", "review", "asking", "form", "queries", "title"],
)  # fmt: skip
def test_a_change_touches_only_what_has_not_come_further(place, draft, change, states):
    """Near misses: what is decided, or with payroll, is touched by no criterion any more."""
    for state in OPEN:
        application_at(state, place, worker=social_worker(place.team))
    found = touched(place, change(draft))
    assert found.on_version == len(OPEN)
    assert {place.state for place in found.places} == states
    assert found.touched == len(states)


def test_a_rule_for_newly_qualified_workers_touches_them_alone(place, draft):
    new = social_worker(place.team, level=1, spinal_point=33, newly_qualified=True)
    application_at(State.DRAFT, worker=new)
    application_at(State.DRAFT, worker=social_worker(place.team, level=1, spinal_point=33))
    gates = PARTS["gates"].read(draft.file)
    values = [
        (number, {q.path[0]: q.read(row) for q in PARTS["gates"].questions})
        for number, row in enumerate(gates)
    ]
    values[1][1]["months"] = 18
    draft = transitions.save_draft(draft, part=PARTS["gates"], values=values, actor=place.psw, now=NOW)
    assert touched(place, draft).touched == 1
    values[1][1]["applies_to"] = None
    draft = transitions.save_draft(draft, part=PARTS["gates"], values=values, actor=place.psw, now=NOW)
    assert touched(place, draft).touched == 2


def test_what_the_evidence_form_asks_touches_the_steps_at_which_it_asks_otherwise(client, place, draft):
    application_at(State.DRAFT, worker=social_worker(place.team, level=1, spinal_point=35))
    application_at(State.DRAFT, place)
    sent(client, DRAFT + "headings/recording/", evidence_for_levels=["3"])
    draft.refresh_from_db()
    assert touched(place, draft).touched == 1


def test_only_those_on_the_version_compared_with_are_counted(client, place, draft):
    application_at(State.DRAFT, place)
    draft = save(draft, "wording", title="Another")
    transitions.publish_draft(
        draft,
        effective_from=NOW.date(),
        actor=place.psw,
        base_revision=draft.revision,
        now=NOW,
        today=NOW.date(),
    )
    save(
        transitions.begin_draft("medway-2010", actor=place.psw, now=NOW), "appeal", **{"appeal-final": False}
    )
    page = text(client.get(DRAFT + "applications/"))
    assert "0 of 0 open applications under version 2 would have been touched" in page
    assert "1 more is open under earlier versions" in page


@pytest.mark.parametrize("count", [3, 60])
def test_the_page_costs_as_many_queries_however_many_there_are(
    client, place, draft, count, django_assert_num_queries
):
    for number in range(3):
        team = team_of(place.service, name=f"Team {number} of many")
        for _ in range(count // 3):
            application_at(State.DRAFT, worker=social_worker(team))
    draft = reword(draft, 2)
    found = differences(draft.based_on.content.file, draft.file)
    with django_assert_num_queries(2):
        counted = scheme_impact.touched(place.psw, draft, found)
    assert counted.touched == count
    with django_assert_num_queries(3):
        page = scheme_impact.page_of(place.psw, draft, found, counted, 1)
    assert len(page.object_list) == min(count, scheme_impact.A_PAGE)
