"""A scheme's file out and in again says the same to the letter; what no scheme's file may hold is refused."""

import copy
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from competencies import scheme_file
from competencies.contents import checked, content_of, fingerprint
from competencies.heading_parts import heading
from competencies.scheme_text import yaml_of
from tests.council import scheme_files

CODES = ("medway-2010", "medway-2018", "redbridge-2013")


def read(text):
    return scheme_file.read_sent("file", text.encode(), published=lambda code: None)


def round_trip(file):
    """Demand that `file` comes back as it is; answers its text."""
    text = yaml_of(file)
    back = content_of(read(text))
    assert back == file
    assert fingerprint(back) == fingerprint(file)
    assert yaml_of(back) == text
    return text


def content(code):
    return content_of(scheme_files()[code])


@pytest.mark.parametrize("code", CODES)
def test_each_scheme_comes_back_as_it_went(code):
    round_trip(content(code))


@pytest.mark.parametrize("code", CODES)
def test_fields_stand_in_the_order_that_the_rules_have(code):
    """Whatever order the database gives them back in."""
    file = content(code)
    shuffled = dict(sorted(file.items(), key=lambda item: (len(item[0]), item[0]), reverse=True))
    assert yaml_of(shuffled) == yaml_of(file)
    assert yaml_of(file).startswith(f"code: {code}\ntitle: ")


def test_it_is_a_file_that_people_can_read():
    text = yaml_of(content("medway-2010"))
    for line in (
        "effective_from: 2010-04-01",
        "    33: 27849",
        "  assessed_by: team manager",
        "  lodge_within:",
        "    - Keeps fact apart from professional opinion",
    ):
        assert line in text.splitlines(), line


said = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=300)
lines = said.filter(lambda text: text.strip() and len(text.strip()) <= 200)
AWKWARD = [
    "yes",
    "null",
    "~",
    "1",
    "2010-04-01",
    "- a",
    "a: b",
    "#",
    "'",
    '"',
    "a\nb",
    "\n",
    "*a",
    "!x",
    "%",
    "=",
    "<<",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    code=st.sampled_from(CODES),
    title=st.one_of(lines, st.sampled_from(AWKWARD).filter(str.strip)),
    criteria=st.lists(said.map(str.strip).filter(bool), min_size=1, max_size=6, unique=True),
    source=st.one_of(said, st.sampled_from(AWKWARD)),
    pence=st.decimals("0.01", "999999.99", places=2),
)
def test_whatever_people_write_comes_back(code, title, criteria, source, pence):
    file = content(code)
    file["title"] = title
    file["source"] = source
    file["competencies"][0]["criteria"]["2"] = [f"A{text}" for text in criteria]
    if "pay" in file:
        file["pay"]["salaries"] = {
            point: str(Decimal(int(point) * 1_000) + pence) for point in file["pay"]["salaries"]
        }
    rules, problems = checked(file)
    assume(rules is not None and not problems)
    round_trip(content_of(rules))


def test_salaries_to_the_penny():
    file = content("medway-2010")
    file["pay"]["salaries"]["41"] = "34549.50"
    again = content_of(checked(file)[0])
    assert again["pay"]["salaries"]["41"] == "34549.5"
    round_trip(again)


def wrong(raw):
    with pytest.raises(scheme_file.BadFiles) as bad:
        scheme_file.read_sent("file", raw, published=lambda code: None)
    return [str(problem) for problem in bad.value.problems]


BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (BOMB.encode(), "file:2: an alias (*name) is not allowed: write it out"),
        (b"code: !execute [id]", "file:1: a tag (!execute) is not allowed"),
        (b"code: a\ncode: b\n", "file:2: code: is given twice, first on line 1"),
        ("title: é".encode("latin-1"), "file:1: is not text in UTF-8"),
        (b"x: " + b"y" * 300_001, "file:1: is larger than 300,000 bytes"),
        (b"[" * 5_000, "file:1: is nested too deep"),
        (b"\x00", "file:1: is not YAML: there is a control character"),
        (b"", "file:1: is empty"),
        (b"a: 1\n---\nb: 2", "file:2: holds more than one document (---)"),
    ],
    ids=["bomb", "tag", "twice", "latin-1", "large", "deep", "nul", "empty", "two"],
)  # fmt: skip
def test_hostile_files_are_refused_with_a_sentence(raw, sentence):
    assert sentence in wrong(raw)


def test_a_wrong_field_is_named_by_its_line():
    text = yaml_of(content("medway-2010")).replace("working_days: 10", "working_days: ten", 1)
    line = text.splitlines().index("    working_days: ten") + 1
    assert wrong(text.encode()) == [
        f'file:{line}: appeal > lodge_within > working_days: must be a whole number: here it is "ten"'
    ]


def test_a_scheme_unlike_any_other_comes_back():
    """Fields that none of the three files has together."""
    file = copy.deepcopy(content("medway-2018"))
    file["owners"] = {"overseen_by": "The board", "led_by": "Somebody"}
    file["review"] = {"after_months": 6, "held_by": "The committee"}
    file["decision"]["precis"] = {"required": True}
    heading(file, "knowledge")["evidence_kinds"] = ["training record"]
    rules, problems = checked(file)
    assert problems == []
    round_trip(content_of(rules))
