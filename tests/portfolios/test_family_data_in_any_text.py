"""What holds for any text, and for text that is written to make the search slow: no page, no database."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolios.family_data import Kind, find
from portfolios.forms import LONGEST_TEXT
from tests.portfolios.test_family_data import NAMES, PATTERNS, found

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
    "+",
    "+353 ",
    "00 ",
    "0033",
    "born in may ",
    "born in ",
    "born at a b in ",
    "may 2012 the a b ",
    "dob 5/",
    "third of may ",
    "twenty-",
    "two thousand and ",
    "lcs ",
    "lcs no. ",
    "lcs-1 2",
    "ab ",
    "1 2",
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


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hundred_thousand_characters_are_looked_through_in_a_moment(unit):
    text = (unit * 100_000)[:100_000]
    began = time.process_time()
    find(text, names=NAMES, case_numbers=PATTERNS)
    assert time.process_time() - began < 5


@settings(max_examples=25, deadline=None)
@given(st.text("0149 +()-./aAbornKi’'\n", min_size=5, max_size=40))
def test_no_pattern_repeated_makes_it_slow(unit):
    began = time.process_time()
    find((unit * LONGEST_TEXT)[:LONGEST_TEXT], names=NAMES, case_numbers=PATTERNS)
    assert time.process_time() - began < 2
