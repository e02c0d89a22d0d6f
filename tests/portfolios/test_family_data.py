"""What is found in text that must not be there, and what is left alone: no page, no database."""

from pathlib import Path

import pytest
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

NAMES = ["Kai", "O'Brien", "Tyler James", "Zoë", "Nguyễn"]
PATTERNS = ["LCS-#######", "AA##/####", "######A", "P ######"]
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
        "+353 87 123 4567",
        "+353 (0)87 123 4567",
        "(+353) 1 234 5678",
        "+353871234567",
        "0033 6 12 34 56 78",
        "00 353 87 123 4567",
        "0048601234567",
        "+1 (212) 555-0123",
        "+1-212-555-0123",
        "+49 30 901820",
        "+92.300.1234567",
        "+7 495 123-45-67",
        "+47 22 12 34 56",
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
        ("born May 2012", "May 2012"),
        ("She was born in May 2012.", "May 2012"),
        ("born in early May, 2012", "May, 2012"),
        ("born at home in May ’12", "May ’12"),
        ("born at Homerton Hospital in May 2012", "May 2012"),
        ("In May 2012 her sister was born", "May 2012"),
        ("May 2012, when he was born", "May 2012"),
        ("born 05/2012", "05/2012"),
        ("DOB 2012", "2012"),
        ("DoB: 2012", "2012"),
        ("(born 2012)", "2012"),
        ("year of birth: 2012", "2012"),
        ("d.o.b. 05/2012", "05/2012"),
        ("date of birth 5.12", "5.12"),
        ("DOB 2012-05", "2012-05"),
        ("date of birth: May 2012", "May 2012"),
        ("Month of birth: May 2012", "May 2012"),
        ("May 2012 is his date of birth", "May 2012"),
        ("05/2012 (DOB)", "05/2012"),
        ("(b. May 2012)", "May 2012"),
        ("(b. 2012)", "2012"),
        ("DOB 3 May", "3 May"),
        ("3rd of May, 2012, his birthday", "3rd of May, 2012"),
        ("born on the third of May 2012", "third of May 2012"),
        ("Her birthday, the twenty-first of May 2012", "twenty-first of May 2012"),
        ("born on the 3rd day of May 2012", "3rd day of May 2012"),
        ("DOB: third May two thousand and twelve", "third May two thousand and twelve"),
        ("born on May the third, twenty twelve", "May the third, twenty twelve"),
        ("born on 3 May nineteen ninety-nine", "3 May nineteen ninety-nine"),
        ("Child A (third of May 2012)", "third of May 2012"),
        ("BORN IN MAY 2012", "MAY 2012"),
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
    "The babies born 2012-2015 were followed up",
    "born 10-15 years apart",
    "born 1.5 hours later",
    "born at 24/40",
    "The baby was born. In May 2026 I visited.",
    "When the baby was born I arranged visits from May 2026",
    "In May 2026 I supported a mother whose baby was born early",
    "unborn baby conference in May 2026",
    "a newborn group began in May 2026",
    "We planned a party for his birthday in May 2026",
    "her birthday, 2 visits later",
    "born into care, the Children Act 1989 applies",
    "Children Act 1989, Care Act 2014, section 20 (2012)",
    "the Births and Deaths Registration Act 1953",
    "DOB is on file. 2026 review to follow",
    "date of birth and 12 other fields",
    "her date of birth was missing from 3 of 12 records",
    "the birth plan of May 2026",
    "in May 2026 I wrote to the father",
    "the third of May 2026 was the review",
    "On the first of June two thousand and twenty-six we met",
    "Child A (2026) and the review (May 2026)",
    "I may be reborn in the second year",
    "APP-2026-0042",
    "+10, +20 and +30",
    "scores rose by +12 345 678",
    "+2 on the scale, +1 at home",
    "+ 20 05 2026 10 30",
    "00 12 34 56",
    "invoice 0012345678",
    "0000123456789",
    "at 10:00 353 871 234 567",
    "budget of £+353871234567",
    "+353 12 34",
    "+999 123 456 789",
    "+353871234567890123",
    "KSS 4.2, PCF 7 and PQS 3.1.2",
    "in 2025, of 123456 people, no 202526",
    "We saw 123456 a day and 123456 p",
    "LCS-123456, LCS-12345678 and XLCS-1234567",
    "LCS is the record; 1234567 is a total",
    "in 25/1234 and of 252026",
    "2019/2020, 2024-25 and 2025 2026",
    "the ACT 1989 2026",
    "Working Together 2018, 2023",
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
        ("LCS 1234567 and LCS1234567", ["LCS 1234567", "LCS1234567"]),
        ("LCS/1234567, lcs: 1234567, LCS – 1234567", ["LCS/1234567", "lcs: 1234567", "LCS – 1234567"]),
        ("LCS no. 1234567, LCS number 1234567", ["LCS no. 1234567", "LCS number 1234567"]),
        ("LCS-123-4567 and LCS 123 4567", ["LCS-123-4567", "LCS 123 4567"]),
        ("LCS\n1234567", ["LCS\n1234567"]),
        ("AB123456, AB-12-3456 and AB 12 3456", ["AB123456", "AB-12-3456", "AB 12 3456"]),
        ("P123456, p.123456, P 123456", ["P123456", "p.123456", "P 123456"]),
        ("lcs‑1234567", ["lcs‑1234567"]),
        ("AB12/3456 and 123456K", ["AB12/3456", "123456K"]),
        ("LCS-12345678 LCS-123456 XLCS-1234567", []),
    ],
)
def test_case_numbers_follow_the_councils_pattern_and_no_more(text, passages):
    assert found(text, case_numbers=PATTERNS) == [(Kind.CASE_NUMBER, one) for one in passages]


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("1234-5678, 12345678 and 1234/5678", ["1234-5678", "12345678", "1234/5678"]),
        ("2024-2025", ["2024-2025"]),  # the council's own shape, to the letter
        ("2024/2025, 20242025, 2025 2026", []),
        ("20260504, 04052026", []),
        ("123 45678 and 12 34 56 78", []),
    ],
)
def test_a_pattern_of_digits_alone_is_no_date_and_no_years_with_other_signs(text, passages):
    assert found(text, case_numbers=["####-####"]) == [(Kind.CASE_NUMBER, one) for one in passages]


def test_a_reference_of_this_service_is_no_case_number():
    patterns = ["AAA-####-####", "####-####", "####"]
    assert found("see APP-2026-0001, APP 2026 0001", case_numbers=patterns) == []
    assert found("see APQ-2026-0001", case_numbers=patterns) == [(Kind.CASE_NUMBER, "APQ-2026-0001")]


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
