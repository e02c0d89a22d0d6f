"""What of a child's or a family's must not be in evidence: finds it in text, and says where.

Pure: no Django, no clock, no files; time grows with the length of the text alone. What it takes for what:

- NHS number: ten digits in the usual groups, with a valid check digit.
- Postcode: a full one, of an area that exists ("E8 1AA"); a district alone ("E8") is no finding.
- Address: a house number and a street name; a flat's number before more of the address.
- Phone number: a British number, however spaced; another country's in its international form; or digits
  straight after "tel" or "mobile".
- Date of birth: a date beside "born", "date of birth" or "birthday", in figures or in words, or in brackets
  after a child, a relative or a name to watch: "Child A (04.05.12)"; a month and a year straight beside them,
  or what stands where a form asks: "DOB 2012". Any other date is a date of practice.
- Case number: by the council's own patterns, in which # is a digit and A a letter, whatever stands between
  its parts.
- Name: the worker's own names to watch, as whole words; "Will" alone, which is a word, too, with a capital.

Otherwise letter case makes no difference; nor do accents, typographic signs, full-width digits, invisible
characters and letters of other alphabets that look the same.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from portfolios.family_data_births import births
from portfolios.family_data_numbers import case_numbers as case_numbers_in
from portfolios.family_data_numbers import nhs_numbers, phones
from portfolios.ordinary_words import ORDINARY
from portfolios.plain_text import plain_with_places


class Kind(StrEnum):
    NHS_NUMBER = "nhs number"
    PHONE = "phone number"
    BIRTH = "date of birth"
    POSTCODE = "postcode"
    ADDRESS = "address"
    CASE_NUMBER = "case number"
    NAME = "name"


@dataclass(frozen=True, order=True)
class Found:
    """One passage that should not be there: `text[start:end]`."""

    start: int
    end: int
    kind: Kind


def find(text, *, case_numbers=(), names=()):
    """Every Found in `text`, in its order, none inside another.

    `case_numbers` are the council's patterns, `names` the worker's names to watch, each as it was typed.
    """
    plain, at = plain_with_places(text)
    watched = list(_names(plain, names, text, at))
    seen = [*watched, *_each(Kind.BIRTH, births(plain, [end for _, end, _ in watched]))]
    if _DIGITS.search(plain):  # nothing else is without one, and most of what people write has none
        seen += _each(Kind.CASE_NUMBER, case_numbers_in(plain, case_numbers, text, at))
        seen += _each(Kind.NHS_NUMBER, nhs_numbers(plain))
        seen += _each(Kind.PHONE, phones(plain))
        seen += _each(Kind.POSTCODE, _postcodes(plain, text, at))
        seen += _each(Kind.ADDRESS, _addresses(plain, text, at))
    return _outermost(_in_text(text, at, one) for one in seen)


def _each(kind, spans):
    return ((*span, kind) for span in spans)


def _in_text(text, at, seen):
    start, end, kind = seen
    start, end = at[start], at[end - 1] + 1
    return Found(start, start + len(text[start:end].rstrip(" ,\n\t")), kind)


def said(passage):
    """A passage without what makes no difference: "07700 900123" and "07700-900123", "Kai" and "KAI's"."""
    return "".join(filter(str.isalnum, plain_with_places(passage)[0].removesuffix("'s")))


def names_in(text, names):
    """Those of the `names` to watch that stand in `text`."""
    plain, at = plain_with_places(text)
    run_together = plain.replace("'", "")
    possible = [name for name in names if all(word in run_together for word in words_of_name(name))]
    return {name for name in possible if any(_names(plain, [name], text, at))}


def is_ordinary(name):
    """Whether a name to watch is one word that is also an ordinary one."""
    words = words_of_name(name)
    return len(words) == 1 and words[0] in ORDINARY


def words_of(text):
    """The set of words of a text, each in every form in which a name to watch is looked for."""
    plain, at = plain_with_places(text)
    return {
        form
        for match in _WORD.finditer(plain)
        for form in _forms(match[0])
        if form not in ORDINARY or text[at[match.start()]].isupper()
    }


def words_of_name(name):
    """The words that make up a name to watch, as in `words_of`."""
    return tuple(word.replace("'", "") for word in _WORD.findall(plain_with_places(name)[0]))


def masked(passage):
    """A passage to show where it must not be read: "07••• ••••23", the ends of a word of five or more."""

    def hide(match):
        word = match[0]
        keep = 1 if len(word) > 4 else 0
        return word[:keep] + "•" * (len(word) - 2 * keep) + word[len(word) - keep :]

    return re.sub(r"[^\W_]+", hide, passage)


def _outermost(found):
    """Without what lies inside another, and with overlapping parts of an address as one.

    Of two alike the one whose kind comes first in Kind stays.
    """
    rank = {kind: number for number, kind in enumerate(Kind)}
    kept, reached = [], -1
    for one in sorted(set(found), key=lambda one: (one.start, -one.end, rank[one.kind])):
        if one.end <= reached:
            continue
        if kept and one.start < reached and one.kind == kept[-1].kind == Kind.ADDRESS:
            one = Found(kept.pop().start, one.end, one.kind)
        kept.append(one)
        reached = one.end
    return kept


_DIGITS = re.compile("[0-9]+")

# --- Places ----------------------------------------------------------------------------------------------

_AREAS = (
    "ab al b ba bb bd bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt dy e ec eh en "
    "ex fk fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l la ld le ll ln ls lu m me mk "
    "ml n ne ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm s sa se sg sk sl sm sn so sp sr ss st sw sy ta "
    "td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv yo ze"
)
_POSTCODE = re.compile(
    rf"(?<![a-z0-9])(?:{'|'.join(sorted(_AREAS.split(), key=len, reverse=True))})"
    r"[0-9][0-9a-z]?[\s-]{0,3}([0-9][abd-hjlnp-uw-z]{2})(?![a-z0-9])"
)
_ENDS_LIKE_A_POSTCODE = re.compile(r"[0-9][a-z]{2}(?![a-z0-9])")
# "the M6 2nd", "L2 3hr": what ends a postcode in capitals is an ordinal or a unit in small letters.
_NOT_INWARD = ("st", "nd", "rd", "th", "hr", "yr", "ft", "lb")


def _postcodes(plain, text, at):
    if not _ENDS_LIKE_A_POSTCODE.search(plain):
        return
    for match in _POSTCODE.finditer(plain):
        inward = text[at[match.start(1)] : at[match.end(1) - 1] + 1]
        if not inward.endswith(_NOT_INWARD):
            yield match.span()


_STREET = (
    "street|road|avenue|lane|crescent|terrace|gardens|mews|grove|drive|boulevard|parade|cottages|st|rd|ave|"
    "ln|cres|gdns"
)
# Also words of their own: these need a capital.
_PERHAPS_STREET = "close|court|place|way|square|park|walk|row|green|rise|view|house|hill|vale|wharf|estate"
_NEVER_A_STREET = frozenset(
    "year years month months week weeks day days hour hours minute minutes visit visits child children "
    "section sections january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec mile miles am pm".split()
)
_NO_STREET_IN_SMALL_LETTERS = frozenset(
    "the a an of in on at to and or for with by my our your their his her its this that one two three four "
    "five busy main long quiet care each every".split()
)
_COURTS = frozenset("family crown county high magistrates supreme youth appeal".split())
_HOUSE = r"(?<![\w£$.,/#-])[0-9]{1,4}[a-z]?(?:\s?[-/]\s?[0-9]{1,4}[a-z]?)?,?\s{1,3}"
_ADDRESS = re.compile(
    rf"{_HOUSE}((?:[a-z][a-z'.-]{{0,24}}\s{{1,3}}){{1,3}}?)({_STREET}|{_PERHAPS_STREET})(?![a-z0-9'])"
)
_FLAT = re.compile(
    r"(?<![a-z0-9])(?:flat|apartment|apt|maisonette)\s{1,3}[0-9]{1,4}[a-z]?\s?,?\s{1,3}([a-z0-9])"
)
_STRONG = frozenset(_STREET.split("|"))


def _addresses(plain, text, at):
    for match in _ADDRESS.finditer(plain):
        house = int(_DIGITS.search(match[0])[0])
        words = match[1].split()
        if 1900 <= house <= 2099 or words[0].strip("'.-") in _NEVER_A_STREET:
            continue
        if match[2] == "court" and words[-1] in _COURTS:
            continue
        named = [text[at[match.start(1) + offset.start()]] for offset in re.finditer(r"\S+", match[1])]
        capital = all(initial.isupper() for initial in named)
        street_capital = text[at[match.start(2)]].isupper()
        in_small_letters = (
            match[2] in _STRONG
            and len(match[2]) > 3
            and len(words) == 1
            and words[0] not in _NO_STREET_IN_SMALL_LETTERS
        )
        if capital and (street_capital or match[2] in _STRONG) or in_small_letters:
            yield match.span()
    for match in _FLAT.finditer(plain):
        follows = text[at[match.start(1)]]
        if follows.isupper() or follows.isdigit():
            yield match.start(), match.end(1) - 1


# --- People ----------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_BETWEEN_NAMES = re.compile(r"[\s.'-]{1,3}")


def _names(plain, names, text, at):
    """The names, however they are written: each a row of words, found by its first."""
    starting = {}
    for name in names:
        if words := words_of_name(name):
            starting.setdefault(words[0], set()).add(words)
    if not starting:
        return
    words = [(match.start(), match.end(), _forms(match[0])) for match in _WORD.finditer(plain)]
    joined = [bool(_BETWEEN_NAMES.fullmatch(plain, a[1], b[0])) for a, b in pairwise(words)] + [False]
    for number, (start, _, forms) in enumerate(words):
        longest = 0
        for name in {name for form in forms for name in starting.get(form, ())}:
            if len(name) == 1 and name[0] in ORDINARY and not text[at[start]].isupper():
                continue
            if len(name) > longest and _goes_on(words, joined, number, name):
                longest = len(name)
        if longest:
            yield start, words[number + longest - 1][1], Kind.NAME


def _forms(word):
    """A word as it may be meant: with its apostrophe left out, and without a possessive 's."""
    forms = {word.replace("'", "")}
    if word.endswith("'s"):
        forms.add(word[:-2].replace("'", ""))
    return forms


def _goes_on(words, joined, number, name):
    if number + len(name) > len(words):
        return False
    return all(part in words[number + step][2] for step, part in enumerate(name)) and all(
        joined[number + step] for step in range(len(name) - 1)
    )
