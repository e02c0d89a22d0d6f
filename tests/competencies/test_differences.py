"""What differs between two versions, in words a principal social worker understands; each part's page."""

import copy
from datetime import date

import pytest

from competencies.contents import checked, content_of
from competencies.differences import Difference, differences
from competencies.heading_parts import HeadingsOrder, NewHeading, OneHeading, heading
from competencies.parts import PARTS
from competencies.pay_parts import Scale
from competencies.questions import Rows, Until
from tests.council import scheme_files

CODES = ("medway-2010", "medway-2018", "redbridge-2013")


@pytest.fixture
def old():
    return content_of(scheme_files()["medway-2010"])


@pytest.fixture
def new(old):
    return copy.deepcopy(old)


def said(old, new):
    return [(one.area, one.what, one.before, one.after) for one in differences(old, new)]


@pytest.mark.parametrize("code", CODES)
def test_a_file_does_not_differ_from_itself(code):
    file = content_of(scheme_files()[code])
    assert differences(file, copy.deepcopy(file)) == []


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part.code)
def test_what_is_saved_unchanged_is_unchanged(code, part):
    """Whatever page is opened and saved, the file says what it said, to the letter."""
    file = content_of(scheme_files()[code])
    read = part.read(file)
    values = [(number, _answers(part, row)) for number, row in enumerate(read)]
    values = values if isinstance(part, Rows) else read
    assert part.write(copy.deepcopy(file), values) == file


def _answers(part, row):
    return {"-".join(question.path): question.read(row) for question in part.questions}


def test_a_heading_renamed(old, new):
    heading(new, "recording")["name"] = "Case recording"
    assert differences(old, new) == [
        Difference(
            "Recording",
            "Heading renamed",
            "Recording",
            "Case recording",
            frozenset({2, 3}),
            "recording",
            "heading",
            Until.DECIDED,
        )
    ]


def test_a_criterion_reworded_added_and_removed(old, new):
    level_3 = heading(new, "recording")["criteria"]["3"]
    was, gone = level_3
    level_3[:] = ["Shows excellent analysis in everything that is recorded", "Teaches"]
    assert was == "Shows excellent analysis in what is recorded"
    level = "Level 3 Social Worker"
    assert said(old, new) == [
        ("Recording", f"Criterion reworded, {level}", was, level_3[0]),
        ("Recording", f"Criterion removed, {level}", gone, ""),
        ("Recording", f"Criterion added, {level}", "", "Teaches"),
    ]
    assert {one.steps for one in differences(old, new)} == {frozenset({3})}


def test_a_level_2_criterion_is_judged_at_both_steps(old, new):
    """R5: the step to Level 3 is judged on Level 2's criteria too."""
    heading(new, "recording")["criteria"]["2"].pop()
    (found,) = differences(old, new)
    assert found.steps == {2, 3}


def test_criteria_in_another_order(old, new):
    heading(new, "recording")["criteria"]["3"].reverse()
    ((area, what, before, after),) = said(old, new)
    assert (area, what) == ("Recording", "Criterion in another order, Level 3 Social Worker")
    assert before != after


def test_headings_added_moved_and_removed(old, new):
    values = {"name": "Use of research", "group": "skills", "criteria": {2: ["Reads"], 3: []}}
    new = NewHeading().write(new, values)
    new = HeadingsOrder("assessments").write(new, "up")
    new = HeadingsOrder("leadership").write(new, "remove")
    assert said(old, new) == [
        ("Leadership and developing others", "Heading removed", "Leadership and developing others", ""),
        ("Use of research", "Heading added", "", "Use of research"),
        ("Use of research", "Criterion added, Level 2 Social Worker", "", "Reads"),
        ("Headings", "Order", "Recording, Assessments", "Assessments, Recording"),
    ]
    assert heading(new, "use-of-research")["group"] == "skills"
    assert [one["code"] for one in new["competencies"]].index("use-of-research") == 11


def test_the_first_goes_no_higher_and_the_last_no_lower(old, new):
    first, last = old["competencies"][0]["code"], old["competencies"][-1]["code"]
    assert HeadingsOrder(first).write(copy.deepcopy(old), "up") == old
    assert HeadingsOrder(last).write(copy.deepcopy(old), "down") == old


@pytest.mark.rule("R4")
def test_what_the_evidence_form_asks(old, new):
    one = heading(new, "influence-and-impact")
    values = {
        "name": one["name"],
        "group": one["group"],
        "evidenced": None,
        "kinds": [],
        "criteria": {int(level): texts for level, texts in one["criteria"].items()},
    }
    new = OneHeading("influence-and-impact").write(new, values)
    what = "Steps at which the evidence form asks for it"
    assert said(old, new) == [("Influence and impact", what, "To level 3", "Every step")]


def test_a_rule_from_one_thing_to_another(old, new):
    new["appeal"]["lodge_within"]["working_days"] = 15
    new["decision"]["authorised_by"] = "head_of_service"
    new["decision"]["if_refused"]["confirmed_by_authoriser"] = False
    assert said(old, new) == [
        ("Decision", "Authorised by", "Service manager", "Head of service"),
        ("Decision", "A refusal is confirmed by the authoriser", "Yes", "No"),
        ("Challenging a refusal", "Working days to ask for it", "10", "15"),
    ]
    assert {one.steps for one in differences(old, new)} == {None}


def test_rules_before_applying(old, new):
    new["eligibility"][1]["months"] = 18
    new["eligibility"].append({"rule": "probation_completed", "kind": "must", "months": 6})
    assert said(old, new) == [
        ("Before applying", "Time in service: months", "12", "18"),
        (
            "Before applying",
            "Rule added",
            "",
            "Probation is complete; if it is missing: Nobody can submit without it; months: 6",
        ),
    ]
    assert [one.steps for one in differences(old, new)] == [frozenset({2}), None]


@pytest.mark.rule("R37")
def test_an_award(old, new):
    salaries = {point: str(int(salary) + 500) for point, salary in old["pay"]["salaries"].items()}
    new = Scale(1).write(new, (date(2011, 4, 1), salaries))
    ((area, what, before, after),) = said(old, new)
    assert (area, what, before) == ("Pay", "Award added, from 1 April 2011", "")
    assert after.startswith("point 33: £28,349; point 34: £29,136")
    assert checked(new)[1] == []
    corrected = copy.deepcopy(new)
    corrected["pay"]["awards"][0]["salaries"]["41"] = "36000.5"
    assert said(new, corrected) == [("Pay", "Point 41, from 1 April 2011", "£35,049", "£36,000.50")]


def test_levels_steps_hearings_increments_and_reminders(old, new):
    new["decision"]["every_criterion_needs"] = ["finding"]
    new["appeal"]["hearing"]["representative_allowed"] = False
    new["levels"][2]["spinal_points"].append(44)
    new["progressions"][1]["criteria_of_levels"] = [3]
    new["pay"]["increment_after_months"] = 12
    new["reminders"] = {"act": {"within": 10, "before": [4], "after": [1, 5], "to_manager_after": 5}}
    act = "When a manager, an authoriser or payroll must act"
    assert said(old, new) == [
        ("Levels", "Level 3 Social Worker: spinal column points", "41, 42, 43", "41, 42, 43, 44"),
        (
            "Steps up",
            "To Level 3 Social Worker: judged on the criteria of",
            "Level 2 Social Worker, Level 3 Social Worker",
            "Level 3 Social Worker",
        ),
        (
            "Decision",
            "What the manager gives for each criterion",
            "Met or not met, The evidence for it, An agreed action, where it is not met",
            "Met or not met",
        ),
        ("Challenging a refusal", "Hearing: somebody may speak for the worker", "Yes", "No"),
        ("Reminders", f"{act}: remind this many working days before", "5", "4"),
        ("Yearly increments", "Months in a new level before the first", "6", "12"),
    ]
    steps = {one.steps for one in differences(old, new) if one.area in ("Levels", "Steps up")}
    assert steps == {frozenset({3})}
