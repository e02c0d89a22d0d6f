"""What the service keeps about people, table by table: each package says it in its `privacy.py`.

Every table of the database is declared once, as About or as Nobody: a test fails for one that is not. From it
follow what a person is given when they ask for their own data, and what is erased when they have left.
"""

from dataclasses import dataclass, field
from enum import Enum

from django.apps import apps
from django.db.models import Q


class Kept(Enum):
    """How long a table's rows about a person stay. The scheme's rule of retention has the numbers."""

    MONTHS = "months after leaving: nobody was ever given it to judge"
    YEARS = "years after leaving: what was judged, decided and paid"
    A_WHILE = "days or months, whether or not the person has left: a sweep of its own drops it"
    WHILE_HERE = "while the account is there: it is closed, not erased, when somebody leaves"
    FOR_GOOD = "for good: it holds no content"


@dataclass(frozen=True)
class About:
    """A table whose rows may be about a person.

    A row is about whoever a lookup of `of` names, and they are given all of it. A lookup of `by` names who
    only acted in somebody else's matter: they are given its date (the column `at`) and what they did, never
    the row. A lookup is of the person's number, unless it ends in `=` and another of their fields.
    `called` is what people call the table, in what they are given. `withheld` are columns that nobody is
    given, each with the reason. `file` is the column that holds a file, or names one in the storage.

    When its time (`kept`) has come, a row is deleted where `goes`; otherwise the columns of `emptied` get the
    value that stands there instead, and the row stays, since signatures and figures stand on it: {pk} in it
    is the row's number, {if} says that what was empty stays so, and of JSON only the words go. Rows that
    `sooner` finds do not wait for years, but for months. A row about two people goes with whom `owners`
    names: the first of `of`, unless it says otherwise.

    While a legal hold stands on whose row it is, PostgreSQL keeps what the row's time would erase, and what
    stands in the columns of `overwritten`: a page lets people write over these, and nothing else keeps what
    stood there. `though_held` says of a table why its rows may go all the same.
    """

    model: str
    kept: Kept
    called: str
    of: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    at: str = ""
    withheld: dict[str, str] = field(default_factory=dict)
    file: str = ""
    goes: bool = False
    emptied: dict[str, object] = field(default_factory=dict)
    sooner: Q | None = None
    owners: tuple[str, ...] = ()
    overwritten: tuple[str, ...] = ()
    though_held: str = ""

    @property
    def whose(self):
        """The lookups by which it is said whose row it is to be erased."""
        return self.owners or self.of[:1]

    @property
    def table(self):
        return apps.get_model(self.model)


@dataclass(frozen=True)
class Nobody:
    """A table that is about nobody, and why; `columns` look like a person's and are not."""

    model: str
    why: str
    columns: tuple[str, ...] = ()


DECLARED = []
"""Every declaration of every package; config/apps.py puts them together."""

ERASED = "Erased"
"""What stands where a text was."""

NAMELESS = "Somebody who left"
"""What stands where the name of a person was."""


def about_people():
    """The declarations of tables that may be about a person, in the order in which they are erased."""
    return [one for one in DECLARED if isinstance(one, About)]
