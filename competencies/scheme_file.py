"""Reading scheme files: strict YAML in UTF-8, and every problem in plain words with its file, line and field.

A file is written by a person outside the project, so nothing in it is trusted: no aliases (a few lines can
stand for gigabytes), no tags (they can name code), no depth or size beyond what a scheme needs.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, DocumentStartEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from competencies.policies import problems_in
from competencies.rules import SchemeRules

MOST_BYTES = 300_000
DEEPEST = 20
LARGEST = 10**18
"""No number of a scheme comes near it; far larger ones Python refuses to write down."""
BORROWED = ("document", "appeal")
"""The fields that may say `as: another-scheme` instead of repeating what that scheme says."""

WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a field that a scheme file has",
    "string_type": "must be text",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "must be small letters and digits, with hyphens between words",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "date_type": "must be a date such as 2010-04-01",
    "list_type": "must be a list",
    "dict_type": "must be fields with values",
    "model_type": "must be fields with values",
    "decimal_type": "must be an amount of money in pounds",
    "is_instance_of": "must be an amount of money in pounds",
    "finite_number": "must be an amount of money in pounds",
    "decimal_max_places": "must have no fractions of a penny",
    "decimal_max_digits": "is too large",
    "decimal_whole_digits": "is too large",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "too_short": "must have at least {min_length}",
    "value_error": "{error}",
}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with one file. `field` is its path: `levels > item 2 > name`."""

    file: str
    line: int
    field: str
    sentence: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.field}{': ' if self.field else ''}{self.sentence}"


class BadFiles(Exception):
    """What was read cannot be published. Carries every Problem, not the first alone."""

    def __init__(self, problems):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def read(paths, *, published):
    """The rules in the files at `paths`, in their order.

    `published` gives the content last published of a scheme by its code, or None: what a file may borrow from
    beside the other files. Raises BadFiles with everything wrong in all of them.
    """
    return _rules_of([SchemeFile(path) for path in paths], published)


def read_sent(name, raw, *, published):
    """The rules in a file that somebody sent: its name and its bytes. Raises BadFiles."""
    (rules,) = _rules_of([SchemeFile(name, raw)], published)
    return rules


def _rules_of(files, published):
    codes = Counter(file.code for file in files if file.code)
    for file in files:
        if codes[file.code] > 1:
            file.complain(("code",), f'"{file.code}" is the code of another file too')
    beside = {file.code: file.data for file in files if file.code}
    for file in files:
        file.borrow(lambda code: beside.get(code) or published(code))
    found = [file.rules() for file in files]
    if problems := [problem for file in files for problem in file.problems]:
        raise BadFiles(problems)
    return found


class SchemeFile:
    """One file: its data in plain Python, the line of every field, and what is wrong with it so far."""

    def __init__(self, path, raw=None):
        """`raw`: its bytes, where they are not to be read from the disk."""
        self.path = str(path)
        self.problems = []
        self.data = None
        self._lines = {(): 1}
        self._yaml = YAML(typ="safe", pure=True)
        text = self._text(Path(path), raw)
        try:
            self._refuse_dangers(text)
            if not self.problems:
                self.data = self._plain(self._yaml.compose(text), ())
        except YAMLError as error:
            self._not_yaml(error, text)
        except (ValueError, OverflowError):  # "\U00110000"
            self.complain((), "is not YAML: it names a character that there is not")

    @property
    def code(self):
        code = self.data.get("code") if isinstance(self.data, dict) else None
        return code if isinstance(code, str) else None

    def complain(self, where, sentence, *, line=None):
        """Note a problem with the field at `where`: on its line, or that of the nearest field round it."""
        known = where
        while known not in self._lines:
            known = known[:-1]
        self.problems.append(Problem(self.path, line or self._lines[known], self._spoken(where), sentence))

    def _spoken(self, where):
        """A path as people say it, who count from one; a number is an item only where it is one of a list."""
        words, inside = [], self.data
        for step in where:
            words.append(f"item {step + 1}" if isinstance(inside, list) else str(step))
            try:
                inside = inside[step]
            except (KeyError, IndexError, TypeError):
                inside = None
        return " > ".join(words)

    def _text(self, path, raw):
        try:
            raw = path.read_bytes() if raw is None else raw
        except OSError as error:
            self.complain((), f"cannot be read: {error.strerror}")
            return ""
        if len(raw) > MOST_BYTES:
            self.complain((), f"is larger than {MOST_BYTES:,} bytes")
            return ""
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.complain((), "is not text in UTF-8", line=raw[: error.start].count(b"\n") + 1)
            return ""

    def _refuse_dangers(self, text):
        """What YAML allows and a scheme never needs, found before anything is built from it."""
        if self.problems:
            return
        depth, documents = 0, []
        for event in self._yaml.parse(text):
            line = event.start_mark.line + 1
            if isinstance(event, DocumentStartEvent):
                documents.append(line)
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if isinstance(event, AliasEvent):
                self.complain((), "an alias (*name) is not allowed: write it out", line=line)
            elif getattr(event, "tag", None):
                self.complain((), f"a tag ({event.tag}) is not allowed", line=line)
            if depth > DEEPEST:
                self.complain((), "is nested too deep", line=line)
                return
        if not documents:
            self.complain((), "is empty")
        for line in documents[1:]:
            self.complain((), "holds more than one document (---)", line=line)

    def _not_yaml(self, error, text):
        line, said = None, " ".join(str(error).split())
        if isinstance(error, ReaderError):
            line, said = text[: error.position].count("\n") + 1, "there is a control character"
        elif isinstance(error, MarkedYAMLError):
            mark = error.problem_mark or error.context_mark
            line, said = mark.line + 1, error.problem or error.context
        if "'\\t'" in said:
            said = "there is a tab where YAML takes only spaces"
        self.complain((), f"is not YAML: {said}", line=line)

    def _plain(self, node, where):
        """A node of YAML as plain Python, noting the line of each field on the way."""
        if isinstance(node, MappingNode):
            return self._mapping(node, where)
        if isinstance(node, SequenceNode):
            items = []
            for index, item in enumerate(node.value):
                self._lines[*where, index] = item.start_mark.line + 1
                items.append(self._plain(item, (*where, index)))
            return items
        return self._scalar(node, where)

    def _mapping(self, node, where):
        fields = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self._scalar(key_node, where) if isinstance(key_node, ScalarNode) else None
            if not isinstance(key, str | int) or isinstance(key, bool):
                self.complain(where, "the name of a field must be a word or a whole number", line=line)
            elif key in fields:
                first = self._lines[*where, key]
                self.complain((*where, key), f"is given twice, first on line {first}", line=line)
            else:
                self._lines[*where, key] = line
                fields[key] = self._plain(value_node, (*where, key))
        return fields

    def _scalar(self, node, where):
        if node.tag.endswith(":merge"):
            return node.value
        try:
            value = self._yaml.constructor.construct_object(node)
            real = not isinstance(value, int) or abs(value) <= LARGEST
        except (ValueError, OverflowError):
            real = False
        if not real:
            self.complain(where, f'"{shortened(node.value)}" is no real date or number')
            return None
        if isinstance(value, str) and any(
            unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in value
        ):
            self.complain(where, "holds a control character")
            return None
        return value

    def borrow(self, find):
        """Put what another scheme says in place of `as: its-code`; `find` gives a scheme's data by code."""
        if not isinstance(self.data, dict):
            return
        for field in BORROWED:
            if not isinstance(self.data.get(field), dict) or "as" not in self.data[field]:
                continue
            if len(self.data[field]) > 1:
                self.complain((field, "as"), "stands alone, or not at all")
                continue
            code = self.data[field]["as"]
            lender = find(code) if isinstance(code, str) and code != self.code else None
            lent = lender.get(field) if isinstance(lender, dict) else None
            if not isinstance(lent, dict) or "as" in lent:
                self.complain((field, "as"), f'"{code}" is not another scheme that says this itself')
            else:
                self.data[field] = lent

    def rules(self):
        """The file as SchemeRules; None, and problems noted, where it cannot be."""
        if self.problems:
            return None
        try:
            rules = SchemeRules.model_validate(self.data, strict=True)
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                where = tuple(step for step in error["loc"] if step != "[key]")
                self.complain(where, sentence(error))
            return None
        for where, said in problems_in(rules):
            self.complain(where, said)
        return rules


def sentence(error):
    """One of pydantic's errors in plain words, with the value it is about."""
    said = WORDS.get(error["type"], error["msg"].lower()).format(**error.get("ctx", {}))
    given = error["input"]
    shown = error["type"] not in ("missing", "extra_forbidden", "string_too_short") and isinstance(
        given, str | int | float | Decimal
    )
    return f'{said}: here it is "{shortened(given)}"' if shown else said


def shortened(value):
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
