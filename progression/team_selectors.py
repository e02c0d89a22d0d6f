"""A manager's own team: each worker, their application, when they can apply, what is planned with them."""

from dataclasses import dataclass

from portfolios.progress_selectors import TeamLine, team_lines
from progression import registers
from progression.models import Meeting
from progression.readiness import Readiness, ahead_of_all, applications_of_all
from progression.registers import Line
from progression.states import BEING_BUILT, OPEN, STAGES

_BEING_JUDGED = [STAGES[state] for state in OPEN if state not in BEING_BUILT]


@dataclass(frozen=True)
class Member:
    """One worker of the team, with how far they are between applications."""

    line: Line
    ready: Readiness | None
    meeting: Meeting | None
    progress: TeamLine

    @property
    def being_judged(self):
        """Whether an application of theirs is past their hands and not decided: no other can be begun. R1."""
        return self.line.stage in _BEING_JUDGED


def members_of(manager, *, today):
    """Everybody in the teams of `manager`, by team and name, as Members. Five queries."""
    posts = registers.team_posts(manager)
    workers = [post.holder_id for post in posts]
    made = applications_of_all(workers)
    ahead = ahead_of_all(posts, made, today=today)
    progress = team_lines(workers, manager, today=today)
    return [
        Member(
            registers.line_of(post, _shown(made.get(post.holder_id, []), manager)),
            ahead[post.holder_id].ready,
            ahead[post.holder_id].meeting,
            progress[post.holder_id],
        )
        for post in posts
    ]


def _shown(made, manager):
    """Of a worker's applications the first that is the manager's: made in another's team it stays there."""
    return next((one for one in made if one.team.manager_id == manager.pk), None)
