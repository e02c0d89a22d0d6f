"""What each kind of evidence asks, in its own words: the same four things, kept in the same columns.

A practice example or a record is the worker's own account. What others say or saw, or a document, may stand
beside an example under any heading, but is one itself only where the scheme takes it. R7, R27.
"""

from dataclasses import dataclass

from competencies.rules import EvidenceKind as Kind

SUPPORTING = frozenset({Kind.TESTIMONY, Kind.DOCUMENT, Kind.DIRECT_OBSERVATION, Kind.FAMILY_FEEDBACK})
"""The kinds that may go beside the examples of a heading that does not take them as one."""


@dataclass(frozen=True)
class Text:
    """One thing asked: `field` is its column, `lacking` what is said without it, `needed` its name."""

    field: str
    label: str
    hint: str
    lacking: str
    needed: str


@dataclass(frozen=True)
class Asked:
    """All that one kind asks: what it is (`meaning`), its date, and its texts in the order they are told."""

    meaning: str
    dated: Text
    texts: tuple[Text, ...]

    @property
    def all(self):
        return (TITLE, self.dated, *self.texts)

    def told_by(self, piece):
        """(label, what the piece says under it), in order."""
        return [(text.label, getattr(piece, text.field)) for text in self.texts]


TITLE = Text(
    "title", "Title", "A few words that you and your manager will know it by.", "Enter a title", "a title"
)
NO_NAMES = "Do not name children or families."


def _dated(what):
    hint = "The day, or the last day, that it is about. For example, 27 3 2026."
    return Text("practised_on", f"Date of {what}", hint, f"Enter the date of {what}", f"the date of {what}")


def _did(label="What I did", hint=f"Your own practice, not theory. {NO_NAMES}", said="what you did"):
    return Text("what_i_did", label, hint, f"Say {said}", said)


def _came_of_it(
    label="Outcome",
    hint="What changed, and for whom.",
    lacking="Say what the outcome was",
    needed="the outcome",
):
    return Text("outcome", label, hint, lacking, needed)


def _said(label, hint, said):
    return Text("outcome", label, hint, f"Say {said}", said)


def _learned(
    label="What I learned",
    hint="What you would do again, and what you would do differently.",
    said="what you learned",
):
    return Text("what_i_learned", label, hint, f"Say {said}", said)


ASKED = {
    Kind.PRACTICE_EXAMPLE: Asked(
        "A piece of your own work", _dated("practice"), (_did(), _came_of_it(), _learned())
    ),
    Kind.CASE_STUDY: Asked(
        "Your work with one family over time, told so that nobody could know who they are",
        _dated("practice"),
        (
            _did("The case, and what I did", f"Your part in it, step by step. {NO_NAMES}"),
            _came_of_it(),
            _learned(),
        ),
    ),
    Kind.CPD_RECORD: Asked(
        "Learning of any kind: reading, peer reflection, research, a course",
        _dated("the learning"),
        (
            _did(hint=f"What it was, why you chose it, and with whom. {NO_NAMES}"),
            _learned(hint="What you know or can do now that you could not before."),
            _said(
                "How it changed my practice",
                "What you do differently, and what difference it makes.",
                "how it changed your practice",
            ),
        ),
    ),
    Kind.TRAINING_RECORD: Asked(
        "Training you took, and how you used it",
        _dated("the training"),
        (
            _did("How I applied it", f"Where in your practice you used it. {NO_NAMES}", "how you applied it"),
            _came_of_it(),
            _learned(),
        ),
    ),
    Kind.TESTIMONY: Asked(
        "What a colleague or a partner agency said of your work",
        _dated("the testimony"),
        (
            _did(
                "Who said it, and how they know my work",
                f"A colleague’s name and role is enough. {NO_NAMES}",
                "who said it",
            ),
            _said("What they said", "In their own words, as far as you can.", "what they said"),
            _learned("What I take from it", "What you will keep doing, or change.", "what you take from it"),
        ),
    ),
    Kind.DOCUMENT: Asked(
        "A report, plan or other document that you wrote, with what identifies a family taken out",
        _dated("the document"),
        (
            _did("What it is, and my part in it", f"Add the file below. {NO_NAMES}", "what it is"),
            _said("What it shows", "What a reader should look for in it.", "what it shows"),
            _learned(),
        ),
    ),
    Kind.DIRECT_OBSERVATION: Asked(
        "Somebody watched you at work and told you what they saw",
        _dated("the observation"),
        (
            _did(
                "Who observed me, and doing what",
                f"Their name and role, and the work they saw. {NO_NAMES}",
                "who observed you",
            ),
            _said("What they saw", "What they told you, good and less good.", "what they saw"),
            _learned(),
        ),
    ),
    Kind.FAMILY_FEEDBACK: Asked(
        "What children or families told you of your work, summarised",
        _dated("the feedback"),
        (
            _did(
                "How I asked, and about what work",
                "Nothing by which a family could be known: no names, dates of birth or addresses.",
                "how you asked",
            ),
            _said(
                "What they said, summarised",
                "In your words, not a letter or message copied.",
                "what they said",
            ),
            _learned("What I did because of it", "What you kept or changed.", "what you did because of it"),
        ),
    ),
}
"""What each kind asks."""


def with_article(kind):
    """The kind as a sentence names one of it: "a case study", "feedback from families"."""
    return kind.value if kind == Kind.FAMILY_FEEDBACK else f"a {kind.value}"
