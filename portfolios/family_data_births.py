"""Dates of birth in text: a date says nothing by itself, only the words beside it do.

- A full date, in figures or in words, in the same sentence as "born", "date of birth" or "birthday", or in
  brackets after a child, a relative or a name to watch.
- A month and a year straight beside "born" or "date of birth", with nothing between but a place or "early".
- A year alone, a month in figures or a day without a year where it can be nothing else: "DOB 2012".

Pure, and each expression is of bounded length: time grows with the length of the text alone.
"""

import re

_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_BELOW_A_HUNDRED = rf"(?:{_TEENS}|(?:{_TENS})(?:[\s-]{{1,2}}(?:{_ONES}))?)"
_YEAR_IN_WORDS = (
    rf"(?:two\s{{1,2}}thousand(?:\s{{1,2}}(?:and\s{{1,2}})?(?:{_BELOW_A_HUNDRED}|{_ONES}))?|"
    rf"(?:twenty|nineteen)[\s-]{{1,2}}{_BELOW_A_HUNDRED})(?![a-z])"
)
_FULL_YEAR = "(?:19|20)[0-9]{2}"
_YEAR = rf"(?:'?(?:{_FULL_YEAR}|[0-9]{{2}})|{_YEAR_IN_WORDS})"
_DAY_IN_WORDS = (
    "(?:(?:twenty|thirty)[\\s-]{1,2}(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first|"
    "second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|"
    "fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_DAY_AND_MONTH = (
    rf"(?:(?<![0-9])[0-3]?[0-9](?:st|nd|rd|th)?|(?<![a-z]){_DAY_IN_WORDS})"
    rf"[\s.,/-]{{0,3}}(?:day\s)?(?:of\s)?{_MONTH}"
)
_DATE = (
    rf"(?:{_DAY_AND_MONTH}[\s.,/-]{{0,3}}{_YEAR}|"
    rf"(?<![a-z]){_MONTH}\.?\s(?:the\s)?(?:[0-3]?[0-9](?:st|nd|rd|th)?|{_DAY_IN_WORDS}),?\s{{1,2}}{_YEAR}|"
    rf"(?<![0-9])(?:[0-3]?[0-9]\s?[./-]\s?[01]?[0-9]\s?[./-]\s?{_YEAR}|[0-3]?[0-9]\s[01]?[0-9]\s{_YEAR}|"
    rf"{_FULL_YEAR}[./-][01]?[0-9][./-][0-3]?[0-9])"
    r")(?![0-9])"
)
# "May 12" is as well the twelfth of May: a year of two figures has its apostrophe.
_MONTH_AND_YEAR = (
    rf"(?<![a-z]){_MONTH}\.?,?[\s/-]{{0,2}}(?:of\s)?(?:{_FULL_YEAR}|'[0-9]{{2}}|{_YEAR_IN_WORDS})(?![0-9])"
)
# Neither a part of a longer date or number, nor the first of two years.
_ALONE = r"(?![0-9]|\s?[./:-]\s?[0-9]|\s(?:to|and)\s[0-9])"
_MONTH_IN_FIGURES = rf"(?<![0-9])(?:0?[1-9]|1[0-2])\s?[./-]\s?{_FULL_YEAR}{_ALONE}"
_PART_IN_A_FORM = (
    rf"(?:{_FULL_YEAR}(?:[./-](?:0?[1-9]|1[0-2]))?{_ALONE}|(?:0?[1-9]|1[0-2])[./-][0-9]{{2}}{_ALONE}|"
    rf"{_DAY_AND_MONTH}(?![a-z])|{_MONTH}[\s./-]{{1,2}}[0-9]{{2}}(?![0-9]))"
)

_LABEL = (
    r"(?<![a-z])(?:d\.?\s?o\.?\s?b\b\.?|(?:date|month|year)\s{1,3}of\s{1,3}birth|birth\s?-?\s?date)(?![a-z])"
)
_BIRTH = rf"(?:{_LABEL}|(?<![a-z])(?:born|birthday)(?![a-z]))"
_DOB = re.compile(r"d\.?\s?o\.?\s?b")
_SAME_SENTENCE = r"(?:[^.!?;\n]|\.(?=[a-z0-9])){0,40}?"
_PLACE = r"(?:(?:in|at)\s(?:the\s)?[a-z0-9'-]{1,20}(?:\s[a-z0-9'-]{1,20})?,?\s)?"
_ABOUT = r"(?:(?:in|around|about|early|mid|late|sometime|the|month|of|back)[\s-]){0,4}"
_HE_OR_SHE = r"(?:[a-z']{1,20}\s){1,3}"

_BESIDE_BIRTH = [
    re.compile(expression)
    for expression in (
        rf"{_BIRTH}(?:[\s:.-]{{0,6}}|{_SAME_SENTENCE})({_DATE})",
        rf"({_DATE})[^.!?;\n]{{0,25}}?{_BIRTH}",
        rf"{_BIRTH}[\s:.-]{{0,6}}([0-9]{{8}}|[0-9]{{6}})(?![0-9])",
        rf"(?:{_LABEL}[\s:.,-]{{0,6}}|(?<![a-z])born(?![a-z])[\s:,-]{{0,3}}){_PLACE}{_ABOUT}"
        rf"({_MONTH_AND_YEAR}|{_MONTH_IN_FIGURES})",
        rf"({_MONTH_AND_YEAR}|{_MONTH_IN_FIGURES})[\s(,:-]{{0,3}}(?:(?:is|was|as)\s)?"
        rf"(?:(?:his|her|their|the)\s)?{_LABEL}",
        rf"({_MONTH_AND_YEAR})(?:,\s|\s)(?:when\s)?{_HE_OR_SHE}(?:was|were)\sborn(?![a-z])",
        rf"{_LABEL}[\s:.-]{{0,6}}({_PART_IN_A_FORM})",
        rf"(?<![a-z])born\s({_FULL_YEAR}){_ALONE}",
    )
]
_PERSON = (
    "child|baby|boy|girl|infant|toddler|son|daughter|sibling|brother|sister|twin|mum|mother|mam|dad|father|"
    "parent|carer|aunt|uncle|cousin|nan|gran|grandmother|grandfather|yp|young\\sperson"
)
_DATE_IN_BRACKETS = re.compile(rf"\s?[(\[]\s?({_DATE})\s?[)\]]")
_IN_BRACKETS = [
    re.compile(rf"[(\[]b\.?\s?({_DATE}|{_MONTH_AND_YEAR}|{_FULL_YEAR})[)\]]"),
    re.compile(rf"(?<![a-z])(?:{_PERSON})(?:'s|\s[a-z]{{1,2}})?{_DATE_IN_BRACKETS.pattern}"),
]


def births(plain, ends_of_names):
    """(start, end) of every date of birth in `plain`; `ends_of_names` is where each name to watch ends."""
    wanted = _BESIDE_BIRTH if "birth" in plain or "born" in plain or _DOB.search(plain) else []
    if "(" in plain or "[" in plain:
        wanted = [*wanted, *_IN_BRACKETS]
        for end in ends_of_names:
            if match := _DATE_IN_BRACKETS.match(plain, end):
                yield match.span(1)
    for expression in wanted:
        for match in expression.finditer(plain):
            yield match.span(1)
