"""A refusal goes out whole: what was found, what is required, by when, and how to ask again. R14, R18."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from competencies import selectors as competencies
from payroll.letters import LetterContent
from payroll.models import Letter, LetterKind
from people.policies import Blocked
from portfolios.models import DevelopmentAction
from reviews import policies, transitions
from reviews.decision_selectors import what_was_agreed
from tests import walk
from tests.built_once import built_once
from tests.council import NOW, TODAY, manager_of, organisation
from tests.walk import WHY_NOT, State, application_at

pytestmark = pytest.mark.django_db

AGREED = "Shadow a colleague at two visits."


def build():
    place = organisation()
    redbridge = organisation("redbridge-2013")
    return SimpleNamespace(
        place=place,
        recommended=application_at(State.RECOMMENDED, place),
        not_recommended=application_at(State.NOT_RECOMMENDED, place),
        redbridge=application_at(State.SUBMITTED, redbridge),
    )


built, cases = built_once(build)


def letter(application, kind):
    found = Letter.objects.get(application=application, kind=kind)
    return found, LetterContent.from_json(found.content)


def said(content):
    """Everything a letter says, as one text."""
    return " ".join(str(words) for _, words in content.blocks)


@pytest.mark.rule("R18", scheme="medway-2010", page="/applications/<reference>/outcome/")
def test_a_confirmed_refusal_says_of_each_criterion_what_was_found_what_is_required_and_by_when(cases):
    application = walk.refused(cases.not_recommended)
    found, content = letter(application, LetterKind.STATEMENT_OF_REASONS)
    assert (found.to, content.dated) == (application.worker, TODAY)
    text = said(content)
    finding = application.assessments.get().findings.get(met=False)
    for words in (finding.criterion.text, finding.evidence, AGREED, WHY_NOT["reasons"], WHY_NOT["required"]):
        assert words in text
    by = finding.action_by
    assert f"{by.day} {by:%B %Y}" in text
    assert content.signed_by[0] == application.authorisations.get().decided_by.name


@pytest.mark.rule("R19", scheme="medway-2010", page="/applications/<reference>/outcome/")
def test_it_says_whom_to_ask_and_by_which_last_day(cases):
    application = walk.declined(cases.recommended)
    text = said(letter(application, LetterKind.STATEMENT_OF_REASONS)[1])
    due = application.deadlines.get(closed_on=None).due_on
    assert "You can ask for a review" in text and "assistant director" in text
    assert f"The last day is {due.day} {due:%B %Y}" in text


def test_what_the_authoriser_leaves_as_agreed_is_not_said_twice(cases):
    application = cases.not_recommended
    agreed = what_was_agreed(application.assessments.get())
    transitions.confirm_refusal(
        application,
        actor=cases.place.service_manager,
        reasons="As the manager says.",
        required=agreed,
        now=NOW,
    )
    assert said(letter(application, LetterKind.STATEMENT_OF_REASONS)[1]).count(AGREED) == 1
    assert [one.action for one in DevelopmentAction.objects.filter(worker=application.worker)] == [AGREED]


@pytest.mark.rule("R18", page="/applications/<reference>/authorisation/")
def test_what_is_required_is_where_the_next_application_starts(cases):
    application = walk.refused(cases.not_recommended)
    finding = application.assessments.get().findings.get(met=False)
    planned = {one.action: one for one in DevelopmentAction.objects.filter(worker=application.worker)}
    assert set(planned) == {AGREED, WHY_NOT["required"]}
    agreed = planned[AGREED]
    assert (agreed.competency, agreed.by_when) == (finding.criterion.competency, finding.action_by)
    assert {one.from_refusal_of for one in planned.values()} == {application.reference}


@pytest.mark.parametrize("missing", ["reasons", "required"])
@pytest.mark.rule("R18", page="/applications/<reference>/authorisation/")
def test_declining_needs_reasons_and_what_is_required(cases, missing):
    with pytest.raises(Blocked):
        transitions.decline(
            cases.recommended, actor=cases.place.service_manager, **WHY_NOT | {missing: " "}, now=NOW
        )
    assert not Letter.objects.filter(application=cases.recommended).exists()
    assert not DevelopmentAction.objects.filter(worker=cases.recommended.worker).exists()


@pytest.mark.rule("R32", scheme="redbridge-2013")
def test_the_managers_word_that_refuses_has_its_statement_too(cases):
    walk.review_held(cases.redbridge)
    application = walk.not_recommended(cases.redbridge)
    assert application.state == State.REFUSED
    found, content = letter(application, LetterKind.STATEMENT_OF_REASONS)
    assert content.signed_by[0] == manager_of(application).name
    assert AGREED in said(content) and "There is no time limit." in said(content)
    assert "You can ask for an appeal" in said(content)
    assert DevelopmentAction.objects.get(worker=application.worker).action == AGREED


@pytest.mark.rule("R18", scheme="redbridge-2013", page="/applications/<reference>/sign/")
@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"met": None, "evidence": "Seen.", "action": "", "action_by": None}, "say met or not met"),
        ({"met": False, "evidence": "", "action": "x", "action_by": TODAY}, "give your evidence"),
        ({"met": False, "evidence": "x", "action": "", "action_by": None}, "give the agreed action"),
        (
            {"met": False, "evidence": "x", "action": "x", "action_by": None},
            "give the agreed action and its date",
        ),
    ],
)
def test_under_a_scheme_that_asks_nothing_of_findings_a_refusal_does(cases, answer, sentence):
    walk.review_held(cases.redbridge)
    assessment = walk.assessed(cases.redbridge, recommended=False)
    heading = competencies.headings_judged(cases.redbridge.step)[0]
    assert not cases.redbridge.scheme.rules.decision.every_criterion_needs
    assessment = transitions.save_heading(
        assessment,
        heading.competency,
        actor=manager_of(cases.redbridge),
        base_revision=assessment.revision_of(heading.competency.code),
        findings={heading.criteria[0].pk: answer},
        now=NOW,
    )
    missing = [one.sentence for one in policies.missing_before_signing(assessment, today=TODAY)]
    assert [one for one in missing if sentence in one]
    with pytest.raises(Blocked, match=sentence):
        transitions.sign(cases.redbridge, actor=manager_of(cases.redbridge), now=NOW, today=TODAY)


@pytest.mark.rule("R17", scheme="medway-2010")
def test_an_award_has_its_letter_with_the_day_and_the_pay(cases):
    application = walk.authorised(cases.recommended, now=NOW + timedelta(days=3))
    found, content = letter(application, LetterKind.OUTCOME)
    text = said(content)
    assert "10 March 2026" in text, "the day the manager signed"
    assert "From 37 to 41" in text
    assert not Letter.objects.filter(application=application, kind=LetterKind.STATEMENT_OF_REASONS).exists()
