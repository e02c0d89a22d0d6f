"""What is found in text that must not be there, and what is left alone: no page, no database."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from portfolios.family_data import (
    Kind,
    find,
    is_ordinary,
    masked,
    names_in,
    said,
    words_of,
    words_of_name,
)
from portfolios.forms import LONGEST_TEXT

NAMES = ["Kai", "O'Brien", "Tyler James", "Zoë", "Nguyễn"]
PATTERNS = ["LCS-#######", "AA##/####", "######A"]
DEMO = Path(__file__).parents[2] / "config" / "demo"


def found(text, **options):
    return [(one.kind, text[one.start : one.end]) for one in find(text, **options)]


IS_THERE = {
    Kind.NHS_NUMBER: [
        "943 476 5919",
        "9434765919",
        "943-476-5919",
        "943 | 476 | 5919",
        "943·476·5919",
        "943,476,5919",
        "943    476    5919",
        "943.476.5919",
        "943 476\n5919",
        "94347 65919",
        "9 4 3 4 7 6 5 9 1 9",
        "９４３ ４７６ ５９１９",
        "943\u200b476\u00ad5919",
        "943\u3164476\u28005919",
        "943\u115f476\x9c5919",
        "٩٤٣ ٤٧٦ ٥٩١٩",
        "943\u00a0476\u20135919",
    ],
    Kind.POSTCODE: [
        "E8 1AA",
        "se15 2ab",
        "SW1A1AA",
        "M1 1AE",
        "EC1A 1BB",
        "B33  8TH",
        "CR2 6XH",
        "ｅ８ １ａａ",
        "\u04158 1\u0410\u0410",
    ],
    Kind.ADDRESS: [
        "14 Acacia Avenue",
        "14b acacia avenue",
        "20-22 Mare St",
        "Flat 12B Nelson House",
        "3 St Mary’s Close",
        "221 Upper Clapton Road",
        "26 High Street",
        "26 high street",
        "3 The Avenue",
        "14 Long Lane",
        "9 Main Road",
        "7 Élysée Gardens",
        "flat 3, 20 Mare Street".partition(", ")[2],
    ],
    Kind.PHONE: [
        "07700 900123",
        "07700900123",
        "+44 7700 900 123",
        "+44(0)7700900123",
        "(020) 7946 0958",
        "0044 (0)20 7946 0958",
        "01632 960 983",
        "0161-496-0123",
        "07 70 09 00 12 3",
        "０７７００ ９００１２３",
    ],
}
FOUND = [(kind, passage) for kind, passages in IS_THERE.items() for passage in passages]


@pytest.mark.parametrize(("kind", "passage"), FOUND)
@pytest.mark.parametrize("around", ["{}", "She said {}, then left.", "({})", "Été – “{}”.", "\n{}\n"])
def test_it_is_found_as_it_stands_in_the_text(kind, passage, around):
    assert found(around.format(passage)) == [(kind, passage)]


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("DOB 4/5/2012", "4/5/2012"),
        ("d.o.b. 04-05-12", "04-05-12"),
        ("D.O.B: 040512", "040512"),
        ("Date of birth\n4/5/2012", "4/5/2012"),
        ("She was born on 4 May 2012.", "4 May 2012"),
        ("born at the hospital on the 4th of May 2012", "4th of May 2012"),
        ("his birthday, 4th May ’12", "4th May ’12"),
        ("4 May 2012 is his date of birth", "4 May 2012"),
        ("May 4, 2012 (DOB)", "May 4, 2012"),
        ("2012-05-04 – date of birth", "2012-05-04"),
        ("Child A (04.05.12) and", "04.05.12"),
        ("her brother (4 May 2012)", "4 May 2012"),
        ("(b. 4.5.12)", "4.5.12"),
    ],
)
def test_a_date_of_birth_is_told_from_other_dates_by_the_words_beside_it(text, passage):
    assert found(text) == [(Kind.BIRTH, passage)]


def test_a_date_in_brackets_after_a_name_to_watch_is_a_birth():
    assert found("Kai (4.5.12)", names=["Kai"]) == [(Kind.NAME, "Kai"), (Kind.BIRTH, "4.5.12")]
    assert found("Leo (4.5.12)", names=["Kai"]) == []


LEFT_ALONE = [
    "943 476 5918",  # a wrong check digit
    "1111111111",
    "2025-11-22 10:00",
    "between 09:00 and 17:30",
    "12 11 2025 1030",
    "section 47",
    "s.47, s20 and s 17(10)",
    "the Children Act 1989, schedule 2, paragraph 15",
    "[2019] EWCA Civ 2045",
    "regulation 24 placement",
    "£1,200",
    "£07,000",
    "1,234,567,890 people",
    "SW1 was discussed",
    "the M6 2nd junction",
    "A1 size, B4 paper and E10 batteries",
    "week 3, 2nd visit",
    "on 4 May 2026 Green Lane School wrote",
    "In 2025 Family Court hearings",
    "26 Family Court hearings",
    "2 Crown Court days",
    "3 High Court judges and 1 County Court",
    "on 3 May Court began",
    "2 visits a week on the way home",
    "3 main road accidents",
    "4 children crossing the street",
    "12 months of drive",
    "I saw him on 4 May 2026 at 10.30.",
    "The baby was born. On 4 May 2026 I visited.",
    "birth family contact on 4 May 2026",
    "Strategy meeting (04.05.2026)",
    "born in 2012",
    "APP-2026-0042",
    "0.7770090012",
    "phone call on 12 11 2025",
    "I telephoned 3 times in 10 days",
    "999 and 111 were called",
    "a flat 2 miles away",
    "10/10, 9.5 out of 10",
    "1 in 4, 2 of 3 and 5-6-7",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_ordinary_practice_writing_is_left_alone(text):
    assert found(text, names=NAMES, case_numbers=PATTERNS) == []


def test_nothing_is_found_in_the_demonstrations_writing():
    texts = [
        words
        for file in DEMO.glob("*.yaml")
        for words in _strings(YAML(typ="safe").load(file.read_text(encoding="utf-8")))
    ]
    assert len(texts) > 80
    assert [(text, found(text)) for text in texts if found(text)] == []


def _strings(thing):
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for one in thing.values():
            yield from _strings(one)
    elif isinstance(thing, list):
        for one in thing:
            yield from _strings(one)


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("Kai’s plan", ["Kai’s"]),
        ("KAÏ and kai", ["KAÏ", "kai"]),
        ("K\u200bai", ["K\u200bai"]),
        ("K\u3164ai", ["K\u3164ai"]),
        ("K\u0430i and \u039aai", ["K\u0430i", "\u039aai"]),
        ("Ｋａｉ", ["Ｋａｉ"]),
        ("O’Brien, OBRIEN and o'brien's", ["O’Brien", "OBRIEN", "o'brien's"]),
        ("Tyler-James; tyler  james", ["Tyler-James", "tyler  james"]),
        ("Zoe", ["Zoe"]),
        ("Nguyen", ["Nguyen"]),
        ("Kaisa and Malakai, Tyler alone, James Tyler", []),
        ("Tyler. He met James", []),
    ],
)
def test_names_are_whole_words_however_they_are_written(text, passages):
    assert [passage for _, passage in found(text, names=NAMES)] == passages


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("Will they? I will, in May, and WILL's aunt may", ["Will", "May", "WILL's"]),
        ("willing Mayor, Willing", []),
        ("will grant", ["will grant"]),
    ],
)
def test_a_name_that_is_an_ordinary_word_has_a_capital(text, passages):
    assert [passage for _, passage in found(text, names=["will", "May", "Will Grant"])] == passages
    assert names_in(text, ["Kai"]) == set()


def test_a_file_s_words_hold_an_ordinary_one_only_where_it_has_a_capital():
    assert "will" not in words_of("They will go, and kai may.")
    assert words_of("I met Will’s kai.").issuperset(("will", "kai"))


def test_which_names_stand_in_a_text():
    text = "We met O’Brien’s aunt, zoe and Will; they may come."
    names = ["O'Brien", "Zoë", "will", "May", "Kai"]
    assert names_in(text, names) == {"O'Brien", "Zoë", "will"}
    assert [name for name in names if is_ordinary(name)] == ["will", "May"]
    assert not is_ordinary("Will Grant")


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("LCS-1234567.", ["LCS-1234567"]),
        ("lcs‑1234567", ["lcs‑1234567"]),
        ("AB12/3456 and 123456K", ["AB12/3456", "123456K"]),
        ("LCS-12345678 LCS-123456 XLCS-1234567 LCS 1234567", []),
    ],
)
def test_case_numbers_follow_the_councils_pattern_and_no_more(text, passages):
    assert found(text, case_numbers=PATTERNS) == [(Kind.CASE_NUMBER, one) for one in passages]


def test_a_pattern_is_never_a_regular_expression():
    assert found("LCS-1234567", case_numbers=[".*", "(a+)+$", "[0-9]+", "\\d######", "  "]) == []


def test_one_inside_another_is_one():
    text = "Flat 3 Kai House"
    assert found(text, names=["Kai"]) == [(Kind.ADDRESS, text)]


def test_the_same_passage_is_known_however_it_is_spaced():
    assert said("07700 900123") == said("07700-900 123")
    assert said("Kai") == said("KAI’s")
    assert said("07700 900123") != said("07700 900124")


def test_a_masked_passage_shows_its_shape_alone():
    assert masked("07700 900123") == "0•••0 9••••3"
    assert masked("Kai") == "•••"
    assert masked("14 Acacia Avenue") == "•• A••••a A••••e"


def test_a_files_words_answer_for_every_form_of_a_name():
    there = words_of("We met O’Brien’s aunt and TYLER-JAMES.")
    for name in ("O'Brien", "obrien", "Tyler James"):
        assert there.issuperset(words_of_name(name))
    assert not there.issuperset(words_of_name("Brien Tyler"))


ANYTHING = st.text(max_size=300) | st.text("0123456789 +-()./:,’'\u200bKaiEe8Aborn\n", max_size=300)


@given(ANYTHING)
def test_offsets_are_of_the_text_given_in_order_and_never_one_inside_another(text):
    seen = find(text, names=NAMES, case_numbers=PATTERNS)
    assert all(0 <= one.start < one.end <= len(text) for one in seen)
    assert all(a.start < b.start and a.end < b.end for a, b in zip(seen, seen[1:], strict=False))


def check_digit(nine):
    digit = (
        11 - sum(weight * int(one) for weight, one in zip(range(10, 1, -1), nine, strict=True)) % 11
    ) % 11
    return None if digit == 10 else str(digit)


@given(
    st.text("0123456789", min_size=9, max_size=9).filter(check_digit),
    st.sampled_from(["{}{}{}", "{} {} {}", "{}-{}-{}", "{}. {}. {}"]),
    st.text("abc ,;\n", max_size=30),
    st.text("abc ,;\n", max_size=30),
)
def test_every_valid_nhs_number_is_found_and_no_other_check_digit(nine, shape, before, after):
    number = nine + check_digit(nine)
    if len(set(number)) == 1:
        return
    passage = shape.format(number[:3], number[3:6], number[6:])
    assert (Kind.NHS_NUMBER, passage) in found(f"{before} {passage} {after}")
    wrong = passage[:-1] + str((int(number[-1]) + 1) % 10)
    assert Kind.NHS_NUMBER not in [kind for kind, _ in found(f"{before} {wrong} {after}")]


@given(st.text("07700 900123+44()-", max_size=40), st.text(max_size=40))
def test_what_is_found_is_found_again_whatever_stands_on_other_lines(text, other):
    alone = found(text)
    together = found(f"{other}\n\n\n\n{text}\n\n\n\n{other}")
    assert all(one in together for one in alone)


HOSTILE = [
    "1 ",
    "0",
    "07 ",
    "(0",
    "+44 ",
    "1 a ",
    "1 A b c ",
    "flat 1 ",
    "born ",
    "born 1",
    "4 may ",
    "1/1/",
    "kai ",
    "o'",
    "é",
    "\u200b",
    "tel ",
    "e8 ",
    "1-",
    " ",
    "dob:",
    "﷽",
    "a",
    "AA##/###",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_length_alone(unit):
    def seconds(length):
        text = (unit * length)[:length]
        began = time.process_time()
        find(text, names=["Kai kai kai", *NAMES] * 20, case_numbers=PATTERNS * 3)
        return time.process_time() - began

    seconds(1_000)
    short = min(seconds(LONGEST_TEXT // 4) for _ in range(3))
    long = min(seconds(LONGEST_TEXT) for _ in range(3))
    assert long < max(16 * short, 0.05)


@settings(max_examples=25, deadline=None)
@given(st.text("0149 +()-./aAbornKi’'\n", min_size=5, max_size=40))
def test_no_pattern_repeated_makes_it_slow(unit):
    began = time.process_time()
    find((unit * LONGEST_TEXT)[:LONGEST_TEXT], names=NAMES, case_numbers=PATTERNS)
    assert time.process_time() - began < 2
