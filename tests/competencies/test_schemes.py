"""The three schemes as published: the numbers in RULES.md, counted in the database."""

from datetime import date
from functools import cache

import pytest
from django.core.management import call_command

from competencies import models, selectors
from competencies.models import Competency, Criterion, Scheme
from people.roles import Role

TODAY = date(2026, 3, 10)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _schemes(db):
    call_command("load_schemes", verbosity=0)


def scheme(code):
    return selectors.current_scheme(code, today=TODAY)


def step(code, from_level):
    return selectors.step_from(scheme(code), from_level)


def codes(headings):
    return [heading.competency.code for heading in headings]


def criteria(headings):
    return [criterion for heading in headings for criterion in heading.criteria]


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    ("code", "steps"),
    [
        ("medway-2010", [(1, 2), (2, 3)]),
        ("redbridge-2013", [(1, 2), (2, 3)]),
        ("medway-2018", [(1, 2)]),
    ],
)
def test_each_step_goes_up_one_level(code, steps):
    """R1, R25, R34."""
    found = [(step.from_level.number, step.to_level.number) for step in scheme(code).steps.all()]
    assert found == steps


@pytest.mark.rule("R36", scheme="medway-2018")
def test_no_step_from_the_top():
    """R1, R36: the scheme ends at its highest level."""
    assert step("medway-2010", 3) is None
    assert step("medway-2018", 2) is None


@pytest.mark.rule("R2", scheme="medway-2010")
def test_twenty_one_headings_and_their_criteria():
    """R2."""
    headings = Competency.objects.filter(scheme=scheme("medway-2010"))
    assert [headings.filter(group=group).count() for group in ("Core skills", "Core competencies")] == [
        11,
        10,
    ]
    found = Criterion.objects.filter(competency__in=headings)
    assert [found.filter(level__number=number).count() for number in (1, 2, 3)] == [0, 66, 44]


@pytest.mark.rule("R3", scheme="medway-2010")
def test_two_headings_have_nothing_at_level_3():
    """R3."""
    headings = Competency.objects.filter(scheme=scheme("medway-2010"))
    without = headings.exclude(criteria__level__number=3).values_list("code", flat=True)
    assert sorted(without) == ["confidentiality", "looked-after-children"]


@pytest.mark.rule("R4", scheme="medway-2010")
def test_evidence_form_asks_for_twenty_headings_at_level_3():
    """R4: not Diversity and equality."""
    asked = codes(selectors.headings_evidenced(step("medway-2010", 2)))
    assert len(asked) == 20
    assert "diversity-and-equality" not in asked
    assert {"influence-and-impact", "confidentiality", "looked-after-children"} <= set(asked)


@pytest.mark.rule("R4", scheme="medway-2010")
def test_evidence_form_asks_for_nineteen_headings_at_level_2():
    """R4: nor Influence and impact, which is judged all the same."""
    first = step("medway-2010", 1)
    asked = codes(selectors.headings_evidenced(first))
    assert len(asked) == 19
    assert "influence-and-impact" not in asked
    assert "influence-and-impact" in codes(selectors.headings_judged(first))


@pytest.mark.rule("R5", scheme="medway-2010")
def test_step_to_level_2_is_judged_on_all_level_2_criteria():
    """R5."""
    judged = criteria(selectors.headings_judged(step("medway-2010", 1)))
    assert [criterion.level.number for criterion in judged] == [2] * 66


@pytest.mark.rule("R5", scheme="medway-2010")
def test_step_to_level_3_is_judged_on_both_levels():
    """R5."""
    headings = selectors.headings_judged(step("medway-2010", 2))
    assert len(headings) == 21
    levels = [criterion.level.number for criterion in criteria(headings)]
    assert (levels.count(2), levels.count(3)) == (66, 44)
    for heading in headings:
        order = [(criterion.level.number, criterion.position) for criterion in heading.criteria]
        assert order == sorted(order)


def test_commitment_to_development_is_declared_for_level_3_alone():
    """R5, R13."""
    to_2, to_3 = (
        [declaration.code for declaration in selectors.declarations_for(step("medway-2010", number))]
        for number in (1, 2)
    )
    assert to_2 == ["attendance", "punctuality", "diversity"]
    assert to_3 == [*to_2, "development"]


@pytest.mark.rule("R6", scheme="medway-2010")
def test_desirables():
    """R6."""
    to_2, to_3 = ([d.code for d in selectors.desirables_for(step("medway-2010", n))] for n in (1, 2))
    assert to_2 == ["consolidation-award"]
    assert to_3 == ["post-qualifying-training", "practice-teaching", "student-placement"]


@pytest.mark.rule("R22", scheme="medway-2010")
def test_pay():
    """R22."""
    points = {
        level.number: [(point.number, point.salary) for point in level.points.order_by("number")]
        for level in scheme("medway-2010").levels.all()
    }
    assert points == {
        1: [(33, 27849), (34, 28636), (35, 29236)],
        2: [(36, 30011), (37, 30851), (38, 31754), (39, 32800), (40, 33661)],
        3: [(41, 34549), (42, 35430), (43, 36313)],
    }
    lowest = selectors.lowest_point(step("medway-2010", 2), on=TODAY)
    assert (lowest.number, lowest.salary) == (41, 34549)
    assert selectors.lowest_point(step("medway-2010", 1), on=TODAY).number == 36
    assert selectors.point_on(scheme("medway-2010"), 37, on=TODAY).salary == 30851
    assert selectors.point_on(scheme("medway-2010"), 44, on=TODAY) is None


def test_a_scheme_without_published_pay_has_no_points():
    assert selectors.lowest_point(step("medway-2018", 1), on=TODAY) is None
    assert selectors.point_on(scheme("redbridge-2013"), 37, on=TODAY) is None


def test_who_judges_and_decides_is_the_schemes_to_say():
    """R15, R17, R19, R21, R29, R31, R32 and the table of differences."""
    rules = {code: scheme(code).rules for code in ("medway-2010", "medway-2018", "redbridge-2013")}
    for code in ("medway-2010", "medway-2018"):
        decision, appeal = rules[code].decision, rules[code].appeal
        assert decision.assessed_by == Role.TEAM_MANAGER
        assert decision.authorised_by == Role.SERVICE_MANAGER
        assert decision.effective_date == "manager_signature"
        assert decision.refusal_confirmed_by_authoriser
        assert not decision.precis_required
        assert rules[code].document.form == "PAY002"
        assert rules[code].document.sent_to.name == "Payroll Services"
        assert (appeal.name, appeal.heard_by, appeal.final) == ("Review", Role.ASSISTANT_DIRECTOR, True)
        assert (appeal.lodge_within.working_days, appeal.decide_within.working_days) == (10, 10)
        assert appeal.hearing.representative_allowed
    decision, appeal = rules["redbridge-2013"].decision, rules["redbridge-2013"].appeal
    assert decision.assessed_by == Role.TEAM_MANAGER
    assert decision.authorised_by == Role.HEAD_OF_SERVICE
    assert decision.effective_date == "meeting_date"
    assert not decision.refusal_confirmed_by_authoriser
    assert decision.precis_required
    assert rules["redbridge-2013"].document.form == "appointment-form-service-area"
    assert (appeal.name, appeal.heard_by, appeal.final) == ("Appeal", Role.HEAD_OF_SERVICE, False)
    assert appeal.lodge_within is None
    assert len(appeal.tests) == 2


@pytest.mark.rule("R27", scheme="redbridge-2013")
def test_what_is_asked_before_submitting():
    """R7, R10, R11, R27, R35."""
    medway = scheme("medway-2010").rules
    assert medway.evidence.examples_per_competency == 3
    assert [(g.rule, g.kind, g.applies_to, g.progression_to, g.months) for g in medway.eligibility] == [
        ("induction_completed", "must", "newly qualified", 2, None),
        ("minimum_service", "expected", "newly qualified", 2, 12),
    ]
    later = scheme("medway-2018").rules
    assert [(g.rule, g.kind, g.rating) for g in later.eligibility] == [
        ("performance_rating_at_least", "must", "achieving"),
        ("no_formal_capability_or_disciplinary", "must", None),
        ("probation_completed", "must", None),
    ]
    redbridge = scheme("redbridge-2013").rules
    assert redbridge.eligibility == []
    assert redbridge.evidence.examples_per_competency == 1
    assert len(redbridge.competencies) == 8


@pytest.mark.rule("R34", scheme="medway-2018")
@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2026, 1, 31), False),
        (date(2026, 2, 1), True),
        (date(2028, 2, 29), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_assessed_in_february_and_march(day, inside):
    """R34."""
    assert scheme("medway-2018").rules.cycle.opens.contains(day) is inside


@pytest.mark.rule("R25", scheme="redbridge-2013")
@pytest.mark.rule("R26", scheme="redbridge-2013")
def test_when_other_schemes_assess():
    """R25, R26."""
    cycle = scheme("redbridge-2013").rules.cycle
    assert (cycle.every_months, cycle.notice_days, cycle.opens) == (6, 7, None)
    assert scheme("medway-2010").rules.cycle.opens is None


@pytest.mark.rule("R24")
def test_a_scheme_is_current_from_the_day_it_takes_effect():
    """R24."""
    assert selectors.current_scheme("medway-2010", today=date(2010, 4, 1)).version == 1
    with pytest.raises(Scheme.DoesNotExist):
        selectors.current_scheme("medway-2010", today=date(2010, 3, 31))
    with pytest.raises(Scheme.DoesNotExist):
        selectors.current_scheme("no-such-scheme", today=TODAY)


def test_what_a_step_asks_is_read_once(django_assert_num_queries, monkeypatch):
    published = scheme("medway-2010")
    # A process that has read nothing yet; what the others have read stays.
    for kept in ("asked_by", "_steps_up"):
        monkeypatch.setattr(selectors, kept, cache(getattr(selectors, kept).__wrapped__))
    monkeypatch.setattr(models, "rules_of", cache(models.rules_of.__wrapped__))
    with django_assert_num_queries(4):  # which steps there are, and three of what this one asks
        second = selectors.step_from(published, 2)
    with django_assert_num_queries(0):
        assert selectors.step_from(published, 2) is second
        selectors.headings_judged(second)
        selectors.headings_evidenced(second)
    with django_assert_num_queries(1):
        assert second.rules.code == "medway-2010"
    with django_assert_num_queries(0):
        selectors.declarations_for(second)
        selectors.desirables_for(second)
