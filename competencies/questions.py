"""What makes a page that edits a part of a scheme's file: questions, alone or in rows.

A part reads its answers from a file and writes them into one. The same words name a question on the page and
a difference between two versions.
"""

import calendar
import copy
import re
from dataclasses import dataclass, field
from enum import Enum

MONTHS = [(number, calendar.month_name[number]) for number in range(1, 13)]
"""The months, as choices."""


class Until(Enum):
    """How far an application has come when a change of some rule would no longer have touched it."""

    NEVER_TOUCHED = "never"
    HANDED_IN = "handed in"
    ASSESSED = "assessed"
    DECIDED = "decided"
    ANSWERED = "answered"
    """The challenge of its refusal is decided."""
    FORM_MADE = "form made"
    """Its form has gone to payroll."""
    IN_PAY = "in pay"


@dataclass(frozen=True)
class Question:
    """One field of the file as people are asked for it.

    `kind`: line, words, lines (one a line), number, numbers, yes, choice, choices. `choices` is a list, or a
    function of the file. `usual` is what the software takes where the file says nothing. `beside` is what
    else the file must say wherever this is answered; without an answer, all of it goes.

    `section` is the path of a part of the file that is there whole or not at all, and `otherwise` what the
    software takes for all of it where it is not: written with the first answer that differs. Without
    `otherwise` nothing is written into a section that is not there.
    """

    path: tuple
    label: str
    kind: str = "line"
    hint: str = ""
    choices: object = ()
    usual: object = None
    beside: dict = field(default_factory=dict)
    optional: bool = True
    section: tuple = ()
    otherwise: dict | None = None
    under: str = ""
    """The heading on the page that it stands under with others."""
    until: Until | None = None
    """Where it differs from the part's."""

    @property
    def in_full(self):
        """What is asked, where its heading is not seen."""
        return f"{self.under}: {self.label[:1].lower()}{self.label[1:]}" if self.under else self.label

    def read(self, inside):
        found = _at(inside, self.path)
        if found is None and self.section and _at(inside, self.section) is None:
            found = _at(self.otherwise, self.path[len(self.section) :])
        return self.usual if found is None else found

    def write(self, inside, answer):
        """Put the answer where it belongs; what is as it was stays as it was written."""
        empty = answer in (None, "", [])
        if answer == self.read(inside) or empty and not self.read(inside):
            return
        if self.section and _at(inside, self.section) is None:
            if self.otherwise is None:
                return
            _put(inside, self.section, copy.deepcopy(self.otherwise))
        if not empty:
            for other, said in self.beside.items():
                if _at(inside, (*self.path[:-1], other)) is None:
                    _put(inside, (*self.path[:-1], other), said)
            _put(inside, self.path, answer)
        elif isinstance(self.usual, list):
            _put(inside, self.path, [])
        else:
            self._take_out(inside)

    def _take_out(self, inside):
        """Leave nothing of it, nor of a part of the file that then says nothing."""
        place, places = inside, []
        for step in self.path[:-1]:
            if not isinstance(place.get(step), dict):
                return
            places.append((place, step))
            place = place[step]
        for name in (self.path[-1], *self.beside):
            place.pop(name, None)
        for above, step in places[len(self.section) :][::-1]:
            if not any(value for value in above[step].values()):
                above[step].clear()
                del above[step]

    def options(self, file):
        return self.choices(file) if callable(self.choices) else self.choices

    def spoken(self, answer, file):
        """The answer as people say it."""
        if self.kind == "yes":
            return "Yes" if answer else "No"
        if answer in (None, "", []):
            return "Nothing"
        words = dict(self.options(file))
        if self.kind == "choices":
            return ", ".join(str(words.get(one, one)) for one in answer)
        if self.kind == "lines":
            return "; ".join(answer)
        if self.kind == "numbers":
            return ", ".join(map(str, answer))
        return str(words.get(answer, answer)) if self.kind == "choice" else str(answer)


@dataclass(frozen=True)
class IsThere(Question):
    """A yes or no about a section of the file: it is there, and says `otherwise` at first, or it is not."""

    kind: str = "yes"

    def read(self, inside):
        return _at(inside, self.path) is not None

    def write(self, inside, answer):
        if answer == self.read(inside):
            return
        if answer:
            _put(inside, self.path, copy.deepcopy(self.otherwise))
        else:
            del _at(inside, self.path[:-1])[self.path[-1]]


@dataclass(frozen=True)
class Part:
    """A page of questions about one section of the scheme."""

    code: str
    title: str
    questions: tuple
    intro: str = ""
    until: Until = Until.NEVER_TOUCHED
    needs: str = ""
    """The section of the file without which there is no such page."""

    def read(self, file):
        return {name(question.path): question.read(file) for question in self.questions}

    def write(self, file, values):
        for question in self.questions:
            question.write(file, values[name(question.path)])
        return file

    def holds(self, where):
        return self.question_at(where) is not None

    def question_at(self, where):
        """The question that a problem at `where` is about, or None."""
        for question in self.questions:
            size = min(len(question.path), len(where))
            if [str(step) for step in where[:size]] == list(question.path[:size]):
                return question
        return None

    def field_at(self, where, values):
        """The name of the form's field that a problem at `where` is about, or None."""
        question = self.question_at(where)
        return question and name(question.path)


@dataclass(frozen=True)
class Rows:
    """A list of things asked with the same few questions, one more of which can be added."""

    code: str
    title: str
    path: tuple
    one: str
    """What one row is: "declaration"."""
    questions: tuple
    coded_by: str = ""
    """The question whose answer gives a new row its code, where rows have one."""
    intro: str = ""
    named: str = "{}"
    """What a row is called, by its first answer."""
    until: Until = Until.NEVER_TOUCHED
    goes_with_it: str = ""
    """What else goes when a row is removed: it ends the sentence that says so."""
    needs: str = ""

    def read(self, file):
        for step in self.path:
            file = file.get(step) or {}
        return file or []

    def write(self, file, values):
        """`values`: a list of (number of the row it was, or None for a new one; its answers)."""
        rows, written = self.read(file), []
        for number, answers in values:
            row = rows[number] if number is not None and number < len(rows) else {}
            for question in self.questions:
                question.write(row, answers[name(question.path)])
            if self.coded_by and "code" not in row:
                row["code"] = unused_code(
                    answers[self.coded_by] or "", [one["code"] for one in rows + written]
                )
            written.append(row)
        *above, last = self.path
        for step in above:
            file.setdefault(step, {})
            inside = file[step]
        inside = inside if above else file
        if written or last in inside:
            inside[last] = written
        return file

    def called(self, row, file):
        """What people call a row."""
        first = self.questions[0]
        return self.named.format(first.spoken(first.read(row), file))

    def may_remove(self, number, rows):
        """Whether the page offers to remove this one of so many rows."""
        return True

    def holds(self, where):
        return [str(step) for step in where[: len(self.path)]] == list(self.path)

    def field_at(self, where, values):
        """The name of the form's field that a problem at `where` is about, or None."""
        rest = where[len(self.path) :]
        if not self.holds(where) or len(rest) < 2 or not isinstance(rest[0], int) or rest[0] >= len(values):
            return None
        for question in self.questions:
            size = min(len(question.path), len(rest) - 1)
            if [str(step) for step in rest[1 : 1 + size]] == list(question.path[:size]):
                row = values[rest[0]][0]
                return f"{'new' if row is None else row}-{name(question.path)}"
        return None


def _at(inside, path):
    """What a file says at `path`, or None."""
    for step in path:
        inside = inside.get(step) if isinstance(inside, dict) else None
    return inside


def _put(inside, path, said):
    for step in path[:-1]:
        if not isinstance(inside.get(step), dict):
            inside[step] = {}
        inside = inside[step]
    inside[path[-1]] = said


def name(path):
    return "-".join(path)


def unused_code(words, taken):
    """A code made of `words` that none of `taken` is: what a new row or heading is known by, for good."""
    code = "-".join(re.findall(r"[a-z0-9]+", words.lower()))[:36].strip("-") or "new"
    number, found = 1, code
    while found in taken:
        number += 1
        found = f"{code}-{number}"
    return found
