"""Family data in what is written about a worker elsewhere than in evidence: what is there, what may stay.

Each row keeps with its texts why passages stay in them: {place, where, kind, reason, digest} of each. The
place is the field, and the digest knows the passage again. ADR 0023.
"""

from dataclasses import dataclass, replace

from portfolios import family_data
from portfolios.document_text import PAGE_BREAK
from portfolios.family_data_selectors import Passage, Watched, digest_in, passages_in, watched_by
from portfolios.models import DevelopmentAction, SelfAssessment, Training

WHERE = {
    SelfAssessment: {"words": "Why"},
    Training: {
        "title": "What the training was",
        "provider": "Who gave it",
        "learned": "What you learned",
        "applied": "How you applied it in practice",
    },
    DevelopmentAction: {"action": "What will be done", "outcome": "What came of it"},
}
"""The texts that an export brings back, by their fields, and what each is called."""


@dataclass(frozen=True)
class Wording:
    """What somebody writes about a worker.

    `about` is the same wherever the same passage is to be known again, `watched` what is looked for. What
    `stay`, kept with a row as above, has a reason already.
    """

    about: str
    watched: Watched
    stay: tuple = ()

    def passages(self, texts):
        """{digest: Passage} of texts, each of them (its field, what the page calls it, text). No query."""
        texts = [(place, where, text) for place, where, text in texts if text]
        return {one.digest: one for one in passages_in(self.about, texts, self.watched)}

    def passages_of_file(self, name, text, *, paged):
        """The same of a file's name, and of the text in it, of which a shape alone is shown."""
        spaced = [("files", f"the name of the file ‘{name}’", name.replace("_", " "))]
        passages = self.passages(spaced)
        for found in family_data.find(text, case_numbers=self.watched.case_numbers, names=self.watched.names):
            passage = text[found.start : found.end]
            digest = digest_in(self.about, found.kind, passage)
            page = f", page {text.count(PAGE_BREAK, 0, found.start) + 1}" if paged else ""
            where = f"the file ‘{name}’{page}"
            shape = Passage("files", where, found.kind, digest, family_data.masked(passage), shape=True)
            passages.setdefault(digest, shape)
        return passages

    def finds(self, text):
        """Whether anything in a text looks like family data."""
        return bool(self.passages([("", "", text)]))

    @property
    def answered(self):
        """{digest: reason} of what stays already."""
        return {one["digest"]: one["reason"] for one in self.stay}


def written_about(worker, *, by, about, stay=()):
    """A Wording, of somebody's words about this worker, whose names to watch are told to nobody else."""
    watched = watched_by(worker)
    return Wording(about, watched if by.pk == worker.pk else replace(watched, names=()), tuple(stay))


def self_of(worker):
    """What a worker says of themselves, as a Wording is `about` it."""
    return f"self {worker.pk}"


def development_of(worker):
    """What is written in a worker's supervision and development, likewise."""
    return f"development {worker.pk}"


def stays_in(passages, reasons):
    """What a row keeps of these passages, by digest, and their reasons, likewise."""
    return [
        {
            "place": one.place,
            "where": one.where,
            "kind": str(one.kind),
            "reason": reasons[digest],
            "digest": digest,
        }
        for digest, one in passages.items()
        if digest in reasons
    ]
