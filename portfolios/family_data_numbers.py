"""Numbers in text that are somebody's: NHS numbers, telephone numbers and a council's case numbers.

Pure, and each expression is of bounded length: time grows with the length of the text alone.
"""

import re
from functools import lru_cache

from portfolios.plain_text import plain_with_places

_RUN = re.compile(r"[0-9]+(?:[\s._/-]{1,3}[0-9]+)*")
_DIGITS, _DIGIT = re.compile("[0-9]+"), re.compile("[0-9]")
# How people group the ten digits. Other groupings are more likely a date and a time.
_NHS_GROUPS = set("10 334 343 433 37 73 64 46 55 22222 3322 1111111111".split())
_MOST_GROUPS = 10
# In its own three groups it is one whatever stands between them.
_NHS_APART = re.compile(r"(?<![0-9])([0-9]{3})[^\w\n]{1,6}([0-9]{3})[^\w\n]{1,6}([0-9]{4})(?![0-9])")


def nhs_numbers(plain):
    """(start, end) of every NHS number."""
    for match in _NHS_APART.finditer(plain):
        if _checks("".join(match.groups())):
            yield match.span()
    for run in _RUN.finditer(plain):
        groups = [match.span() for match in _DIGITS.finditer(plain, *run.span())]
        first = 0
        while first < len(groups):
            last = _nhs_number_from(plain, groups, first)
            if last is not None:
                yield groups[first][0], groups[last][1]
                first = last
            first += 1


def _nhs_number_from(plain, groups, first):
    """The last of the groups that make an NHS number from `first` on, or None."""
    digits, sizes = "", ""
    for last in range(first, min(first + _MOST_GROUPS, len(groups))):
        start, end = groups[last]
        if len(digits) + end - start > 10:
            return None
        digits += plain[start:end]
        sizes += str(end - start)
        if len(digits) == 10:
            return last if sizes in _NHS_GROUPS and _checks(digits) else None
    return None


def _checks(digits):
    """Whether the last of ten digits is the check digit, modulus 11, of the nine before it."""
    if len(set(digits)) == 1:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=False))
    return (11 - total % 11) % 11 == int(digits[9])


_GAP = r"[\s.()/-]{0,3}"
_PHONE = re.compile(
    # From abroad or with the trunk 0, an area or mobile code that exists, and nine or ten digits in all.
    r"(?<![0-9])(?<![0-9][.,/-])"
    r"(?:\(?\+[\s(]?44\)?|\(?0044\)?)?" + _GAP + r"(?:\(?0\)?)?" + _GAP + r"[1-357-9]"
    r"(?:" + _GAP + r"[0-9]){8,9}(?![0-9])(?!\.[0-9]|,[0-9]{3})"
)
# The codes of countries, of which 44 is looked for above; on one line, and no more digits than E.164 allows.
_CODE = (
    "1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|"
    "(?:2[1-69]|3[578]|42|5[09]|6[7-9]|8[0578]|9[67])[0-9]|99[2-68]"
)
_FROM_ABROAD = re.compile(
    r"(?<![\w+£$€])(?<![0-9][.,:/-])\(?(?:\+[ (]{0,2}|00[ -]?)(?!44)"
    rf"(?P<code>{_CODE})\)?(?:[ .()/-]{{0,3}}[0-9]){{6,14}}(?![0-9])"
)
_DIGITS_WITH_CODE = {"1": (11, 11), "7": (11, 11)}
_ANY_DIGITS = {True: (9, 15), False: (10, 15)}
"""By whether it begins with a plus: two noughts begin other numbers as well."""
_STARTS_WITH_A_DAY = re.compile(
    r"(?:0?[1-9]|[12][0-9]|3[01])[\s./-]+(?:0?[1-9]|1[0-2])[\s./-]+(?:19|20)[0-9]{2}\b"
)
_SAID_TO_BE_A_PHONE = re.compile(
    r"\b(?:tel|telephone|phone|mobile|mob|landline|whatsapp)(?:\s(?:number|no))?\b[.:]?\s{0,3}"
    r"((?:\+\s?)?[0-9](?:[\s-]?[0-9]){5,12})(?![0-9])"
)
_AS_MANY_DIGITS_AS_A_PHONE = re.compile(r"[0-9](?:[\s.()/-]{0,5}[0-9]){5}")
_STARTS_LIKE_A_DATE = re.compile(
    r"(?:0?[1-9]|[12][0-9]|3[01])[\s./-]+(?:0?[1-9]|1[0-2])[\s./-]+(?:(?:19|20)[0-9]{2}\b|[0-9]{2}\b)"
)


def phones(plain):
    """(start, end) of every telephone number, of this country or of another in its international form."""
    if not _AS_MANY_DIGITS_AS_A_PHONE.search(plain):
        return
    for match in _PHONE.finditer(plain):
        digits = re.sub(r"[^0-9+]", "", match[0])
        start = match.start() + len(match[0]) - len(match[0].lstrip(" \t\n\r\f\v.-/)"))
        start += plain.count("(", start, match.end()) - plain.count(")", start, match.end())
        national = re.sub(r"^(?:\+44|0044)0?", "0", digits)
        if national[0] != "0" or plain.startswith("0.", start) or _STARTS_LIKE_A_DATE.match(plain, start):
            continue
        if len(national) == 11 or national.startswith(("01", "0500", "0800")) and len(national) == 10:
            yield start, match.end()
    for match in _FROM_ABROAD.finditer(plain):
        # The trunk 0 that some write in brackets is not dialled from abroad.
        digits = len(_DIGIT.findall(plain, match.start("code"), match.end())) - ("(0)" in match[0])
        fewest, most = _DIGITS_WITH_CODE.get(match["code"], _ANY_DIGITS["+" in match[0]])
        if fewest <= digits <= most and not _STARTS_WITH_A_DAY.match(plain, match.start("code")):
            yield match.start() + max(0, match[0].count("(") - match[0].count(")")), match.end()
    for match in _SAID_TO_BE_A_PHONE.finditer(plain):
        if not _STARTS_LIKE_A_DATE.match(plain, match.start(1)):
            yield match.span(1)


def case_numbers(plain, patterns, text, at):
    """(start, end) of every number by one of the council's patterns, whatever stands between its parts.

    Written otherwise than its pattern, it is one only where it can hardly be anything else. The references of
    this service are none. `text[at[n]]` is what `plain[n]` came from.
    """
    plain = _OURS.sub(lambda match: "!" * len(match[0]), plain)
    for exact, loose, by_its_letters, open_letters in filter(None, map(_expressions, patterns)):
        for match in exact.finditer(plain):
            yield match.span()
        for match in loose.finditer(plain):
            written = text[at[match.start()] : at[match.end() - 1] + 1]
            if by_its_letters or not _may_be_something_else(match[0], written, open_letters):
                yield match.span()


_OURS = re.compile(r"(?<![a-z0-9])app[\s-]?20[0-9]{2}[\s-]?[0-9]{4}(?![0-9])")
_PARTS = re.compile(r"(?P<figures>[#0-9]+)|(?P<letters>[a-z]+)|[^#a-z0-9]+", re.IGNORECASE)
_BETWEEN = r"[\s._/:#()-]{0,3}"
_CALLED = r"(?:\s?(?:no|number|nr|id|ref|reference)(?![a-z]))?"
_YEARS = re.compile(r"(?:19|20)[0-9]{2}(?:(?:19|20)?[0-9]{2})?")
_DAY_IN_FIGURES = re.compile(
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|"
    r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)[0-9]{2}|[0-9]{2})"
)


@lru_cache(maxsize=1_000)
def _expressions(pattern):
    """How a pattern is looked for, or None if it says nothing.

    (as it stands, with any signs between its parts, whether two letters or more in it are always the same,
    how many may be any letter). Both expressions have a fixed number of parts: they cannot run away.
    """
    pattern = pattern.strip()
    open_letters = pattern.count("A")
    by_its_letters = sum(map(str.isalpha, pattern)) - open_letters > 1
    exact, loose, before = "", [], ""
    for part in _PARTS.finditer(pattern):
        signs = [_sign(sign) for sign in part[0]]
        exact += "".join(signs)
        if part["figures"]:
            called = _CALLED if by_its_letters and before == "letters" else ""
            loose.append(called + _BETWEEN if loose else "")
            loose.append((r"[\s./-]?" if by_its_letters else "").join(signs))
        elif part["letters"]:
            loose.append(_BETWEEN if loose else "")
            loose.append("".join(signs))
        before = part.lastgroup or before
    if not exact:
        return None
    whole = [rf"(?<![a-z0-9]){one}(?![a-z0-9])" for one in (exact, "".join(loose))]
    return *map(re.compile, whole), by_its_letters, open_letters


def _sign(sign):
    if sign in _WILDCARDS:
        return _WILDCARDS[sign]
    return r"\s" if sign.isspace() else re.escape(plain_with_places(sign)[0])


_WILDCARDS = {"#": "[0-9]", "A": "[a-z]"}


def _may_be_something_else(plain, written, open_letters):
    """Whether a number written otherwise than its pattern is a date or years, or "in 2025" and the like."""
    figures = "".join(_DIGIT.findall(plain))
    if _YEARS.fullmatch(figures) or _DAY_IN_FIGURES.fullmatch(figures):
        return True
    if open_letters and not "".join(filter(str.isalpha, written)).isupper():
        return True
    return open_letters == 1 and any(map(str.isspace, plain))
