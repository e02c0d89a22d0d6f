"""Who may judge a case, in what part: by their own post, by hand-over, or standing in for somebody who may.

One query answers it for any number of cases, and pages, guards, notices and reminders all ask here. What
waits for somebody is asked from the person's side, of all cases at once. Both are functions of PostgreSQL, in
migration 0009, made of the same conditions; a test holds the two together.
"""

from dataclasses import dataclass

from django.db.models.expressions import RawSQL
from django.utils import timezone

from people.models import User
from people.roles import LINE_OF_MANAGEMENT, Role, roles_at_least
from people.selectors import of_councils
from progression.models import Capacity
from progression.states import Owner

CAPACITY_OF_OWNER = {
    Owner.MANAGER: Capacity.ASSESSOR,
    Owner.AUTHORISER: Capacity.AUTHORISER,
    Owner.HEARER: Capacity.HEARER,
}
PAYROLL = "payroll"
"""In place of a Capacity: whose act a case with payroll waits for. Nobody stands in there."""

LINE = [str(role) for role in LINE_OF_MANAGEMENT]

MAY_PASS_ON = ("assessor", "decided", "conflict", "line_manager")
"""Bars that keep somebody from judging a case, but not from handing it to somebody who may."""


@dataclass(frozen=True)
class Judge:
    """Somebody with a right over a case, but for `bar`, which is empty if nothing stands in the way.

    `how` is "post", "handed", or "overseer": the last does not judge, but may hand the case to somebody.
    `stands_in_for` is the User whose right it is, or None for a right of one's own; `bars_principal` says
    that the bar is theirs. `handed` is the number of the hand-over that gave it, or 0.
    """

    person: User
    stands_in_for: User | None
    how: str
    handed: int
    bar: str
    bars_principal: bool = False

    @property
    def is_free(self):
        """Whether they may judge."""
        return self.how != "overseer" and not self.bar

    @property
    def may_hand_over(self):
        """Whether they may have somebody else judge it: barred or free, but never the worker. R15."""
        if self.how == "overseer":
            return self.bar in ("", "recused")
        return not self.bar or (self.bar in MAY_PASS_ON and self.stands_in_for is None)


def ask_once(application):
    """Have this object, read to show or to guard one page, keep the answers of `judges_of`.

    Never one that a transition has locked: what it decides on is asked anew.
    """
    application.judges_kept = {}


def judges_of(application, capacity):
    """Everybody with a right over this case where it waits for `capacity`, as Judges. One query at most."""
    kept = getattr(application, "judges_kept", {})
    if capacity not in kept:
        kept[capacity] = judges_in({application.pk: capacity})[application.pk]
    return kept[capacity]


def ask_once_of_all(asked):
    """`ask_once`, and the answers at hand, for many (application, capacity). One query."""
    found = _judges([(application.pk, str(capacity)) for application, capacity in asked])
    for application, _ in asked:
        ask_once(application)
    for application, capacity in asked:
        application.judges_kept[capacity] = found[application.pk, str(capacity)]


def judges_in(asked, *, overseers=True):
    """The Judges of many cases: {case's id: capacity} gives {case's id: [Judge, …]}. One query.

    Without the overseers it is quicker: they are asked only where nobody else is free.
    """
    found = _judges([(pk, str(capacity)) for pk, capacity in asked.items()], overseers=overseers)
    return {pk: judges for (pk, _), judges in found.items()}


def _judges(asked, *, overseers=True):
    """{(case's id, capacity): [Judge, …]} for each of `asked`."""
    if not asked:
        return {}
    ids, capacities = map(list, zip(*asked, strict=True))
    rows = list(
        User.objects.raw(
            "SELECT u.*, j.* FROM progression_judges(%s::bigint[], %s, %s, %s, %s) j"
            " JOIN people_user u ON u.id = j.person_id ORDER BY u.name, u.id",
            [ids, capacities, LINE, timezone.localdate(), overseers],
        )
    )
    own = {(row.case_id, row.part, row.pk, row.how): row for row in rows if row.principal_id is None}
    found = {one: [] for one in asked}
    for row in rows:
        principal = own.get((row.case_id, row.part, row.principal_id, row.how))
        # Standing in for somebody does not go round what bars them.
        through = bool(principal and principal.bar and not row.bar)
        bar = principal.bar if through else row.bar
        found[row.case_id, row.part].append(Judge(row, principal, row.how, row.handed, bar, through))
    return found


def may_take_over(application, capacity):
    """Everybody to whom the case may be handed to judge as `capacity`, by name. Two queries.

    Of the council, of the rank that the scheme names or senior to it, and with nothing that bars them.
    """
    rules = application.scheme.rules
    rank = {
        Capacity.ASSESSOR: Role.TEAM_MANAGER,
        Capacity.AUTHORISER: rules.decision.authorised_by,
        Capacity.HEARER: rules.appeal.heard_by,
    }[capacity]
    there = of_councils([application.team.service.council], roles_at_least(rank))
    return free_among(list(there.values_list("pk", flat=True)), application, capacity)


def free_among(people, application, capacity):
    """Of the people with these ids, those whom nothing bars from judging it as `capacity`. One query."""
    free = RawSQL("SELECT progression_free(%s, %s, %s::bigint[])", [application.pk, str(capacity), people])  # noqa: S611
    return list(User.objects.filter(pk__in=free).order_by("name", "id"))


def who_is_asked_in(asked):
    """{case's id: the people whose act it waits for}, for any number of cases. One query, or two."""
    found = judges_in(asked, overseers=False)
    stuck = {pk: asked[pk] for pk, judges in found.items() if is_stuck(judges)}
    return {pk: who_is_asked(judges) for pk, judges in (found | judges_in(stuck)).items()}


def is_stuck(judges):
    """Whether nobody may judge the case, so that it waits for somebody to hand it over."""
    return not any(judge.is_free for judge in judges)


def who_is_able(judges):
    """The ids of those for whose act the case waits: to judge it or, where nobody may, to hand it over."""
    stuck = is_stuck(judges)
    return {judge.person.pk for judge in judges if (judge.may_hand_over if stuck else judge.is_free)}


def who_is_asked(judges):
    """Of these Judges of a case, the people whose act it waits for, to name and to remind.

    Whoever it was handed to last, or else those of the lowest rank that is free: not every director is
    written to about every case. Whoever is away has somebody standing in, who is asked in their place. Where
    all are barred, those who may hand it over are asked to, overseers first. R15.
    """
    able = [judge for judge in judges if judge.is_free]
    if not able:
        able = [judge for judge in judges if judge.may_hand_over]
        able = [judge for judge in able if judge.how == "overseer"] or able
    asked = {}
    for first in _first_asked([judge for judge in able if judge.stands_in_for is None]):
        instead = [judge.person for judge in able if judge.stands_in_for == first.person]
        asked |= dict.fromkeys(instead or [first.person])
    return list(asked)


def _first_asked(judges):
    if handed := max((judge.handed for judge in judges), default=0):
        return [judge for judge in judges if judge.handed == handed]
    lowest = min((_rank(judge.person) for judge in judges), default=0)
    return [judge for judge in judges if _rank(judge.person) == lowest]


def _rank(person):
    return LINE_OF_MANAGEMENT.index(person.role) if person.role in LINE_OF_MANAGEMENT else -1
