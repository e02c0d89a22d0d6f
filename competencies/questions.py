"""What makes a page that edits a part of a scheme's file: questions, alone or in rows.

A part reads its answers from a file and writes them into one. The same words name a question on the page and
a difference between two versions.
"""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Question:
    """One field of the file as people are asked for it.

    `kind`: line, words, lines (one a line), number, yes, choice, choices. `choices` is a list, or a function
    of the file. `usual` is what the software takes where the file says nothing. `beside` is what else the
    file must say wherever this is answered; without an answer, all of it goes.
    """

    path: tuple
    label: str
    kind: str = "line"
    hint: str = ""
    choices: object = ()
    usual: object = None
    beside: dict = field(default_factory=dict)
    optional: bool = True

    def read(self, inside):
        for step in self.path:
            inside = inside.get(step) if isinstance(inside, dict) else None
        return self.usual if inside is None else inside

    def write(self, inside, answer):
        """Put the answer where it belongs; what is as it was stays as it was written."""
        if answer in (None, "", []):
            answer = None
        if answer == self.read(inside) or answer is None and not self.read(inside):
            return
        *above, name = self.path
        place, places = inside, []
        for step in above:
            places.append((place, step))
            if not isinstance(place.get(step), dict):
                place[step] = {}
            place = place[step]
        if answer is not None:
            place.update(self.beside)
            place[name] = answer
            return
        place.pop(name, None)
        for other in self.beside:
            place.pop(other, None)
        for above, step in reversed(places):
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
        return str(words.get(answer, answer)) if self.kind == "choice" else str(answer)


@dataclass(frozen=True)
class Part:
    """A page of questions about one section of the scheme."""

    code: str
    title: str
    questions: tuple
    intro: str = ""

    @property
    def covers(self):
        return [question.path for question in self.questions]

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
    more: bool = True
    """Whether rows can be added and removed here."""
    new: dict = field(default_factory=dict)
    """What a new row says beside the answers."""
    intro: str = ""

    @property
    def covers(self):
        return [self.path]

    def read(self, file):
        for step in self.path:
            file = file.get(step) or {}
        return file or []

    def write(self, file, values):
        """`values`: a list of (number of the row it was, or None for a new one; its answers)."""
        rows, written = self.read(file), []
        for number, answers in values:
            row = rows[number] if number is not None and number < len(rows) else dict(self.new)
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
