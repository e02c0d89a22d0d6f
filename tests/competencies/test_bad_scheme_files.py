"""A bad scheme file is refused with its line, its field and what is wrong, and nothing is loaded."""

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from competencies.management.commands.load_schemes import SCHEMES
from competencies.models import Scheme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_published")]

KINDS = (
    "must be one of: practice example, case study, CPD record, training record, testimony, document,"
    " direct observation, feedback from families"
)
MANAGERS = "must be one of: line manager, team manager, service manager, head of service, assistant director"
MONEY = "must be an amount of money in pounds"
SALARY = "pay > salaries > 41"
WHOLE = "must be a whole number"

SPOILT = [
    # Replaced, by what; words on the line to be named; its field; what is said, and of which value.
    ("council: Medway Council\n", "", "# Medway Council, ", "council", "is missing", None),
    (
        "authorised_by: service",
        "authorized_by: service",
        "decision:",
        "decision > authorised_by",
        "is missing",
        None,
    ),
    ("held_at: p", "hold_at: p", "hold_at", "cycle > hold_at", "is not a field that a scheme file has", None),
    ("by: service manager", "by: big boss", "big boss", "decision > authorised_by", MANAGERS, "big boss"),
    (
        "authorised_by: service manager",
        "authorised_by: line manager",
        "authorised_by: line",
        "decision > authorised_by",
        "must be senior to who assesses",
        None,
    ),
    ("41: 34549", "41: -34549", "41: -", SALARY, "must be more than 0", "-34549"),
    ("41: 34549", "41: 0", "41: 0", SALARY, "must be more than 0", "0"),
    ("41: 34549", "41: .nan", "41: .nan", SALARY, MONEY, "NaN"),
    ("41: 34549", "41: lots", "41: lots", SALARY, MONEY, "lots"),
    ("41: 34549", "41: true", "41: true", SALARY, MONEY, "True"),
    ("41: 34549", "41: 34549.123", "34549.123", SALARY, "must have no fractions of a penny", "34549.123"),
    ("41: 34549", "41: 345490000", "345490000", SALARY, "is too large", "345490000"),
    ("41: 34549", "41: 100", "41: 100", SALARY, "point 41 is paid less than point 40", None),
    (", 41: 34549", "", "salaries: ", "pay > salaries", "point 41 has no salary", None),
    ("43: 36313", "43: 36313, 44: 40000", "44: 40000", "pay > salaries > 44", "no level has point 44", None),
    (
        "[41, 42, 43]",
        "[40, 41, 42, 43]",
        "[40, 41",
        "levels > item 3 > spinal_points > item 1",
        "point 40 does not come after point 40",
        None,
    ),
    ("{number: 3", "{number: three", "number: three", "levels > item 3 > number", WHOLE, "three"),
    (
        "{number: 3",
        "{number: 4",
        "number: 4",
        "levels > item 3 > number",
        "levels run 1, 2, 3 and so on: this one should be 3",
        None,
    ),
    (
        "{from: 2, to: 3",
        "{from: 1, to: 3",
        "from: 1, to: 3",
        "progressions > item 2 > to",
        "a step goes up one level, never more",
        None,
    ),
    (
        "criteria_of_levels: [2, 3]",
        "criteria_of_levels: [2, 4]",
        "[2, 4]",
        "progressions > item 2 > criteria_of_levels > item 2",
        "there is no level 4",
        None,
    ),
    (
        "criteria_of_levels: [2, 3]",
        "criteria_of_levels: []",
        "of_levels: []",
        "progressions > item 2 > criteria_of_levels",
        "must have at least 1",
        None,
    ),
    (
        "code: recording",
        "code: technology",
        None,
        "competencies > item 11 > code",
        '"technology" is used twice',
        None,
    ),
    (
        "code: recording",
        "code: Recording!",
        "Recording!",
        "competencies > item 1 > code",
        "must be small letters and digits, with hyphens between words",
        "Recording!",
    ),
    ("name: Recording\n", "name: ''\n", "name: ''", "competencies > item 1 > name", "is empty", None),
    (
        "name: Technology\n    group: skills",
        "name: Technology\n    group: talents",
        "talents",
        "competencies > item 11 > group",
        'there is no group "talents"',
        None,
    ),
    (
        "3: [Uses technology",
        "5: [Uses technology",
        "5: [Uses",
        "competencies > item 11 > criteria > 5",
        "there is no level 5",
        None,
    ),
    (
        "3: [Uses technology",
        "1: [Uses technology",
        "1: [Uses",
        "competencies > item 11 > criteria > 1",
        "no step is judged on level 1",
        None,
    ),
    (
        "3: [Uses technology",
        "x: [Uses technology",
        "x: [U",
        "competencies > item 11 > criteria > x",
        WHOLE,
        "x",
    ),
    (
        "Attends to detail,",
        "Takes care in completing work,",
        None,
        "competencies > item 13 > criteria > 2 > item 2",
        "is there twice",
        None,
    ),
    (
        '"Meets difficult or unplanned situations in a planned, systematic and calm way"',
        "Meets difficult situations in a planned, systematic and calm way",
        "Meets difficult",
        "competencies > item 14 > criteria > 3 > item 3",
        "starts with a small letter: quote text with commas",
        None,
    ),
    (
        "evidence_for_levels: [3]",
        "evidence_for_levels: [4]",
        "levels: [4]",
        "competencies > item 20 > evidence_for_levels > item 1",
        "nothing is judged here at the step to level 4",
        None,
    ),
    (": 2010-04-01", ": soon", "soon", "effective_from", "must be a date such as 2010-04-01", "soon"),
    (
        ": 2010-04-01",
        ": 2010-04-31",
        "2010-04-31",
        "effective_from",
        '"2010-04-31" is no real date or number',
        None,
    ),
    (
        ": 2010-04-01",
        ": 2010-04-01 09:00:00",
        "09:00",
        "effective_from",
        "must be a date such as 2010-04-01",
        None,
    ),
    ("competency: 3 ", 'competency: "3" ', '"3"', "evidence > examples_per_competency", WHOLE, "3"),
    ("competency: 3 ", "competency: 3.5 ", "3.5", "evidence > examples_per_competency", WHOLE, "3.5"),
    ("kinds: [practice example]", "kinds: [poem]", "poem", "evidence > kinds > item 1", KINDS, "poem"),
    ("kinds: [practice example]", "kinds: poem", "poem", "evidence > kinds", "must be a list", "poem"),
    (
        "evidence:\n",
        "evidence: some\nx:\n",
        "evidence: some",
        "evidence",
        "must be fields with values",
        "some",
    ),
    ("months: 12, ", "", "minimum_service", "eligibility > item 2", "must give months", None),
    (
        "form: PAY002",
        "form: PAY999",
        "PAY999",
        "document > form",
        "must be 'PAY002' or 'appointment-form-service-area'",
        "PAY999",
    ),
    (
        "effective_date: manager_signature",
        "effective_date: whenever",
        "whenever",
        "decision > effective_date",
        "must be 'manager_signature' or 'meeting_date'",
        "whenever",
    ),
    (
        "code: practice-teaching",
        "code: student-placement",
        "At least one student",
        "desirables > item 4 > code",
        '"student-placement" is used twice',
        None,
    ),
    (
        "qualification, progression_to: 3",
        "qualification, progression_to: 1",
        "progression_to: 1",
        "desirables > item 3 > progression_to",
        "there is no step to level 1",
        None,
    ),
    (
        "opens: null",
        "opens: {from: {month: 2, day: 30}, to: {month: 3, last_day: true}}",
        "day: 30",
        "cycle > opens > from > day",
        "month 2 has no day 30 every year",
        None,
    ),
    (
        "opens: null",
        "opens: {from: {month: 2, day: 1}, to: {month: 3}}",
        "day: 1",
        "cycle > opens > to",
        "must give either day or last_day: true",
        None,
    ),
    ("final: true", "final: perhaps", "perhaps", "appeal > final", "must be true or false", "perhaps"),
    (
        "awards: []",
        "awards: [{effective_from: 2009-04-01, salaries: {33: 1}}]",
        "2009",
        "pay > awards > item 1 > effective_from",
        "must be after 2010-04-01, the scale before it",
        None,
    ),
    (
        "service: Ch",
        "service: Ad\nservice: Ch",
        "service: Ch",
        "service",
        "is given twice, first on line 8",
        None,
    ),
    (": Medway Council\n", ': "A\\0B"\n', "\\0", "council", "holds a control character", None),
    (": Medway Council\n", ': "A\\uD800"\n', "\\uD800", "council", "holds a control character", None),
    (
        ": Medway Council\n",
        ": *council\n",
        "*council",
        "",
        "an alias (*name) is not allowed: write it out",
        None,
    ),
    (": Medway Council\n", ": !!python/name:os.system\n", "!!python", "", None, None),
    ("pay:\n", "pay:\n\tcurrency: GBP\n", "\tcurrency", "", None, None),
    ("groups:\n", "groups: [\n", None, "", "is not YAML", None),
    ("groups:\n", "---\ngroups:\n", None, "", "holds more than one document (---)", None),
]


@pytest.fixture
def medway(tmp_path):
    """A copy of the scheme file, to spoil."""
    return Path(shutil.copy(SCHEMES / "medway-2010.yaml", tmp_path))


def problems(*paths):
    """What is said of the files, after checking that nothing was loaded."""
    with pytest.raises(CommandError) as error:
        call_command("load_schemes", *map(str, paths), verbosity=0)
    assert not Scheme.objects.exists()
    first, *said = str(error.value).splitlines()
    assert first == "Nothing was loaded."
    return said


@pytest.mark.parametrize(("old", "new", "on_line", "field", "sentence", "value"), SPOILT)
def test_a_spoilt_file(medway, old, new, on_line, field, sentence, value):
    text = medway.read_text(encoding="utf-8")
    assert text.count(old) == 1
    medway.write_text(text.replace(old, new), encoding="utf-8")
    said = problems(medway)
    if on_line:
        said = [problem for problem in said if problem.startswith(f"{medway}:{line_of(medway, on_line)}: ")]
    expected = sentence or ""
    if value is not None:
        expected += f': here it is "{value}"'
    assert any(
        f": {field}: {expected}" in problem or (not field and expected in problem) for problem in said
    ), said
    assert not any("pydantic" in problem or "validation" in problem for problem in said)


RAW = [
    (b"", 1, "is empty"),
    (b"# Only a remark.\n", 1, "is empty"),
    (b"- code: a\n- code: b\n", 1, "must be fields with values"),
    (b"hello", 1, 'must be fields with values: here it is "hello"'),
    (b"code: a\ntitle: \xff\n", 2, "is not text in UTF-8"),
    ("code: café".encode("utf-16"), 1, "is not text in UTF-8"),
    (b"code: a\ntitle: b\x01\n", 2, "is not YAML: there is a control character"),
    (b"code: a\n\ttitle: b\n", 2, "is not YAML: there is a tab where YAML takes only spaces"),
    (b"a: &a [1]\nb: &b [*a,*a]\nc: [*b,*b]\n", 3, "an alias (*name) is not allowed: write it out"),
    (b"a: " + b"[" * 5000, 1, "is nested too deep"),
    (b"a: " + b"9" * 5000 + b"\n", 1, f'a: "{"9" * 60}…" is no real date or number'),
    (b"code: 0x" + b"f" * 5000 + b"\n", 1, f'code: "0x{"f" * 58}…" is no real date or number'),
    (b"code: a\n? 0x" + b"f" * 5000 + b"\n: 1\n", 2, "the name of a field must be a word or a whole number"),
    (b'code: a\ntitle: "\\U00110000"\n', 1, "is not YAML: it names a character that there is not"),
    (b'code: a\ntitle: "\\UFFFFFFFF"\n', 1, "is not YAML: it names a character that there is not"),
    (b"a" * 400_000, 1, "is larger than 300,000 bytes"),
    (b"a: 1\n---\nb: 2\n", 2, "holds more than one document (---)"),
    (b"? [a]\n: b\n", 1, "the name of a field must be a word or a whole number"),
    (b"a: 1\nnull: 2\n", 2, "the name of a field must be a word or a whole number"),
    (b"<<: {code: a}\n", 1, "<<: is not a field that a scheme file has"),
]


@pytest.mark.parametrize(("content", "line", "said"), RAW, ids=range(len(RAW)))
def test_a_file_that_is_no_scheme(tmp_path, content, line, said):
    file = tmp_path / "raw.yaml"
    file.write_bytes(content)
    assert f"{file}:{line}: {said}" in problems(file)


def test_a_file_that_is_not_there(tmp_path):
    assert problems(tmp_path / "no.yaml") == [
        f"{tmp_path}/no.yaml:1: cannot be read: No such file or directory"
    ]


def test_every_problem_is_said_at_once(medway):
    """Line by line, not the first alone."""
    text = medway.read_text(encoding="utf-8")
    medway.write_text(text.replace("41: 34549", "41: -1").replace("final: true\n", ""), encoding="utf-8")
    assert [problem.rsplit("yaml:")[1] for problem in problems(medway)] == [
        '24: pay > salaries > 41: must be more than 0: here it is "-1"',
        f"{line_of(medway, 'appeal:')}: appeal > final: is missing",
    ]


def test_a_bad_file_keeps_good_ones_out_too(medway):
    """All of them, or none."""
    medway.write_text("code: [", encoding="utf-8")
    problems(SCHEMES / "redbridge-2013.yaml", medway)


def test_two_files_of_one_code(medway):
    assert problems(SCHEMES / "medway-2010.yaml", medway) == [
        f'{file}:5: code: "medway-2010" is the code of another file too'
        for file in sorted(map(str, (SCHEMES / "medway-2010.yaml", medway)))
    ]


def line_of(file, words):
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)
