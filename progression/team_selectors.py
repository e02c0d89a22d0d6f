"""A manager's own team: each worker, their application, when they can apply, what is planned with them."""

from dataclasses import dataclass

from people.models import Post
from portfolios.supervision_selectors import open_actions
from progression import registers
from progression.models import Meeting
from progression.readiness import Readiness, ahead_of_all
from progression.registers import Line
from progression.states import BEING_BUILT, OPEN, STAGES

_BEING_JUDGED = [STAGES[state] for state in OPEN if state not in BEING_BUILT]


@dataclass(frozen=True)
class Member:
    """One worker of the team. `actions` of their plan are not done; `late` of those are overdue."""

    line: Line
    ready: Readiness | None
    meeting: Meeting | None
    actions: int
    late: int

    @property
    def being_judged(self):
        """Whether an application of theirs is past their hands and not decided: no other can be begun. R1."""
        return self.line.stage in _BEING_JUDGED


def members_of(manager, *, today):
    """Everybody in the teams of `manager`, by team and name, as Members. Six queries."""
    lines = registers.team_of(manager)
    workers = [line.worker for line in lines]
    posts = Post.objects.filter(holder__in=workers).select_related("team")
    ahead = ahead_of_all(list(posts), today=today)
    plans = open_actions(workers, today=today)
    return [
        Member(line, ahead[line.worker].ready, ahead[line.worker].meeting, *plans.get(line.worker, (0, 0)))
        for line in lines
    ]
