"""A row of the table: what its words mean.

Nobody is told that a page exists which is not theirs: whoever the row does not name gets 404, unless it is a
page of a case that they may know of; then 403. Who is not signed in is sent to do so. A row names the others:

    opens     gets the page (200)
    sent_on   is sent to another page (302)
    refused   may know of the page, but it is not for them (403)
    blocked   might do it, but not with the case in this state (409)
    absent    knows of the case, but there is no such page of it yet (404)

Without `sends` a page takes no POST. With it, whoever opens the page (or `acts`, where that differs) may send
these answers, with the page's own hidden fields, and gets `then`; sending nothing gets `empty`. For
`act_blocked` the page opens, but what they send is answered 409. Everybody else gets for a POST what they got
for the page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from progression.states import State
from tests.access.cast import KNOW_OF, NOBODY, NOT_SIGNED_IN

CASE, PAY = "applications/<str:reference>/", "payroll/forms/<slug:reference>/"


@dataclass(frozen=True)
class Row:
    """One address, with the case in one state."""

    url: str
    case: str = State.DRAFT
    given: Callable = None
    opens: frozenset = NOBODY
    sent_on: frozenset = NOBODY
    refused: frozenset = NOBODY
    blocked: frozenset = NOBODY
    absent: frozenset = NOBODY
    sends: dict | Callable = None
    acts: frozenset = None
    act_blocked: frozenset = NOBODY
    then: int = 302
    empty: int = 200
    post_only: bool = False
    form_on: str = ""
    """The address of the page with the form, where it is another."""
    keeps: bool = True
    """Whether what is sent is written to the database, sessions aside."""
    args: dict | Callable = field(default_factory=dict)
    """The parameters of the address that are not this case's own; of the world, if they must be found."""

    def __str__(self):
        more = f", {self.given.__name__.replace('_', ' ')}" if self.given else ""
        return f"{self.url} ({self.case}{more})"

    @property
    def knows(self):
        """Who may know of the case, where the address is one of a case."""
        return KNOW_OF[self.case] if self.url.startswith(CASE) else NOBODY

    def page(self, who):
        """The status of the page for this persona."""
        for named, status in (
            (self.opens, 200),
            (self.sent_on, 302),
            (self.blocked, 409),
            (self.absent, 404),
            (self.refused | self.knows, 403),
            (NOT_SIGNED_IN, 302),
        ):
            if who in named:
                return status
        return 404

    @property
    def named(self):
        """Everybody whom the row names, and who may know of its case."""
        named = self.opens | self.sent_on | self.refused | self.blocked | self.absent | self.knows
        return named | (self.acts or NOBODY)

    def may_act(self, who):
        return self.sends is not None and who in (self.opens if self.acts is None else self.acts)
