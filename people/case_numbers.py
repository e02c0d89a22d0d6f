"""A council's case numbers, as patterns anybody can write: # a digit, A a letter, the rest as it stands."""

import re

from django.core.exceptions import ValidationError

MOST_PATTERNS = 10
LONGEST_PATTERN = 40
FEWEST_DIGITS = 4
"""Fewer would mark every year and every time of day."""

_SIGNS = re.compile(r"[A-Za-z0-9#/._ -]+")


def patterns(text):
    """The patterns in `text`, one a line, without empty lines."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def check_patterns(text):
    """Raise ValidationError with a sentence for each line that is no pattern."""
    found = patterns(text)
    wrong = [sentence for line in found if (sentence := _wrong_with(line))]
    if len(found) > MOST_PATTERNS:
        wrong.append(f"Enter at most {MOST_PATTERNS} patterns")
    if wrong:
        raise ValidationError(wrong)


def _wrong_with(line):
    if len(line) > LONGEST_PATTERN:
        return f"“{line[:20]}…” must be {LONGEST_PATTERN} characters or fewer"
    if not _SIGNS.fullmatch(line):
        return f"“{line}” must be letters, digits, #, spaces and - / . _ only"
    if len(re.findall("#", line)) < FEWEST_DIGITS:
        return f"“{line}” must have at least {FEWEST_DIGITS} digits that differ, each written as #"
    return ""
