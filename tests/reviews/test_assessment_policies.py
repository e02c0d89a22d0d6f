"""What stands between a manager and the signature: one list for the page, the guard and the message."""

from datetime import date
from types import SimpleNamespace

import pytest

from competencies import selectors as competencies
from people.policies import Blocked
from progression.states import State
from reviews import policies, transitions
from tests.built_once import built_once
from tests.council import NOW, TODAY, manager_of, organisation, social_worker
from tests.walk import application_at, assessed

pytestmark = pytest.mark.django_db


def build():
    application = application_at(State.SUBMITTED)
    return SimpleNamespace(application=application, ready=assessed(application))


built, cases = built_once(build)


@pytest.fixture
def application(cases):
    return cases.application


@pytest.fixture
def ready(cases):
    return cases.ready


def sentences(assessment):
    return [item.sentence for item in policies.missing_before_signing(assessment, today=TODAY)]


def change(assessment, code, **answer):
    """Give the first criterion of a heading this answer."""
    application = assessment.application
    heading = next(
        one for one in competencies.headings_judged(application.step) if one.competency.code == code
    )
    return transitions.save_heading(
        assessment,
        heading.competency,
        actor=manager_of(application),
        base_revision=assessment.revision_of(code),
        findings={heading.criteria[0].pk: answer},
        now=NOW,
    )


def recommend(assessment, recommended, **answers):
    assessment.refresh_from_db()
    return transitions.save_recommendation(
        assessment,
        actor=manager_of(assessment.application),
        base_revision=assessment.revision_of("recommendation"),
        recommended=recommended,
        now=NOW,
        **answers,
    )


def declare(assessment, **shown):
    assessment.refresh_from_db()
    return transitions.save_declarations(
        assessment,
        actor=manager_of(assessment.application),
        base_revision=assessment.revision_of("declarations"),
        shown=shown,
        now=NOW,
    )


def test_everything_there_lacks_nothing(ready):
    assert sentences(ready) == []


@pytest.mark.rule("R9")
@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"met": None}, "Recording: say met or not met, with your evidence, for 1 criterion."),
        ({"evidence": ""}, "Recording: give your evidence for 1 criterion."),
        (
            {"met": False, "action": "", "action_by": None},
            "Recording: give the agreed action and its date for 1 criterion.",
        ),
        (
            {"met": False, "action": "Same-day records.", "action_by": None},
            "Recording: give the agreed action and its date for 1 criterion.",
        ),
        (
            {"met": False, "action": "", "action_by": date(2026, 6, 1)},
            "Recording: give the agreed action and its date for 1 criterion.",
        ),
    ],
)
def test_each_criterion_has_finding_evidence_and_action(ready, answer, sentence):
    """R9: met or not met, and the evidence; each not met also an agreed action: what, by when."""
    changed = change(recommend(ready, False, reasons="Late records."), "recording", **answer)
    assert sentences(changed) == [sentence]
    link = policies.missing_before_signing(changed, today=TODAY)[0].link
    assert link == f"/applications/{ready.application.reference}/assessment/recording/"


def test_every_declaration_is_answered(ready):
    """R13: have or have not."""
    assert sentences(declare(ready, attendance=None)) == ["Answer every declaration."]


def test_a_recommendation_is_made(ready):
    assert sentences(recommend(ready, None)) == ["Say whether you recommend progression."]


@pytest.mark.rule("R14")
def test_not_recommending_has_full_reasons(ready):
    """R14."""
    assert sentences(recommend(ready, False)) == ["Give your full reasons for not recommending progression."]
    assert sentences(recommend(ready, False, reasons="Late records.")) == []


@pytest.mark.rule("R5")
def test_recommending_with_a_criterion_not_met_is_blocked(ready):
    """R5: progression is judged on all criteria."""
    answer = {"met": False, "action": "Same-day records.", "action_by": date(2026, 6, 1)}
    assert sentences(change(ready, "recording", **answer)) == [
        "You cannot recommend progression while 1 criterion is not met: the scheme asks for every one."
    ]
    assert sentences(recommend(ready, False, reasons="Late records.")) == []


def test_recommending_with_a_declaration_not_shown_is_blocked(ready):
    """R13: what has not been shown goes on the form as not shown, and is no ground to progress."""
    ready = declare(ready, punctuality=False)
    assert sentences(ready) == ["You cannot recommend progression while a declaration is answered no."]
    assert sentences(recommend(ready, False, reasons="Often late.")) == []


def test_not_recommending_with_everything_met_is_allowed_with_reasons(ready):
    """R14: the form has the reasons, whatever was found."""
    assert sentences(recommend(ready, False, reasons="The post has changed.")) == []


def newly_qualified(service_start):
    place = organisation()
    worker = social_worker(
        place.team,
        level=1,
        spinal_point=33,
        newly_qualified=True,
        service_start=service_start,
        induction_completed_on=date(2025, 12, 1),
    )
    return assessed(application_at(State.SUBMITTED, worker=worker))


@pytest.mark.rule("R11", scheme="medway-2010")
def test_under_a_year_the_manager_says_why_to_go_on():
    """R11: a year's service is expected of the newly qualified; the manager gives a reason to go on."""
    ready = newly_qualified(date(2025, 6, 1))
    assert sentences(ready) == [
        "Say why the application should go on. 12 months’ service is expected before an application for "
        "Level 2 Social Worker. Earliest day: 1 June 2026."
    ]
    assert sentences(recommend(ready, True, short_service_reason="Two years as a student here.")) == []


def test_under_a_year_nothing_need_go_on_where_it_is_not_recommended():
    """R11: there is nothing to give a reason for."""
    ready = recommend(newly_qualified(date(2025, 6, 1)), False, reasons="Too soon.")
    assert sentences(ready) == []


@pytest.mark.rule("R11", scheme="medway-2010")
def test_after_a_year_no_reason_is_asked():
    """R11, near miss: a year to the day."""
    assert sentences(newly_qualified(date(2025, 3, 10))) == []


@pytest.mark.rule("R28", scheme="redbridge-2013")
def test_a_precis_is_asked_where_the_scheme_asks_for_one():
    """R28: a précis of the evidence."""
    ready = assessed(application_at(State.SUBMITTED, scheme="redbridge-2013"))
    assert sentences(ready) == []
    without = recommend(ready, True, precis="", objectives="Both met.", feedback="Clear records.")
    assert sentences(without) == ["Write your summary of the evidence."]


def test_the_guard_says_what_the_list_says(application, ready):
    ready = recommend(ready, None)
    with pytest.raises(Blocked) as blocked:
        transitions.sign(application, actor=manager_of(application), now=NOW, today=TODAY)
    assert blocked.value.sentences == sentences(ready)
