"""Reads of many cases and many workers: the lists and the figures, each in a fixed number of queries."""

from dataclasses import dataclass
from functools import cache

from django.core.paginator import Paginator
from django.db.models import (
    Avg,
    BooleanField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import JSONObject

from people.models import Post
from people.selectors import teams_overseen
from people.written import Written, given
from progression import access
from progression.lateness import missed
from progression.models import Application, Notice, NoticeStatus
from progression.states import CONTRACT_DECLINED, OPEN, STAGES, Stage, State, stage_of

A_PAGE = 50
NO_APPLICATION = "none"
"""In place of a state: workers who have never applied."""


@dataclass(frozen=True)
class Line:
    """One worker on a list, with the stage of their open application, or else of the latest, if any."""

    worker: int
    name: str
    team: str
    level: int
    point: int | None
    reference: str = ""
    stage: Stage | None = None
    shown: int = 0
    asked: int = 0
    late: bool = False


def workers(user, *, page, search="", state=""):
    """A page of the workers in the services that `user` acts for, by name, as Lines. One query.

    `search` is part of a name; `state` a State, NO_APPLICATION, or "" for all.
    """
    seen = {"team__in": teams_overseen(user)}
    found = _posts(seen)
    if search:
        found = found.filter(holder__name__icontains=search)
    if state:
        found = found.annotate(state=Subquery(_application(seen).values("state")[:1]))
        found = found.filter(state=None) if state == NO_APPLICATION else found.filter(state=state)
    # Counted beside the rows: as a query of its own it took longer than the rows themselves.
    rows = _rows(found.annotate(count=Window(Count("pk"))), seen, "count")
    number = max(int(page), 1) if str(page).isdecimal() and len(str(page)) < 6 else 1
    shown = list(rows[(number - 1) * A_PAGE : number * A_PAGE])
    if not shown and number > 1:
        return workers(user, page=1, search=search, state=state)
    page = Paginator(range(shown[0][-1] if shown else 0), A_PAGE).page(number)
    page.object_list = [_line(*row[:-1]) for row in shown]
    return page


def team_posts(manager):
    """The posts in the teams of `manager`, by team and name, each with its team and holder. One query."""
    posts = _posts({"team__manager": manager}).select_related("team", "holder")
    return list(posts.order_by("team__name", "holder__name", "pk"))


def line_of(post, application):
    """What a list says of the holder of this post, and of this application of theirs, or None."""
    of = (post.holder_id, post.holder.name, post.team.name, post.level, post.spinal_point)
    if application is None:
        return Line(*of)
    portfolio = application.portfolio
    shown, asked = portfolio.headings_shown, portfolio.headings_asked
    return Line(*of, application.reference, application.stage, shown, asked)


def team_size(manager):
    """How many people are in the teams of `manager`. One query."""
    return _posts_of_manager().count(manager=manager.pk)


@cache
def _posts_of_manager():
    return Written(_posts({"team__manager": given("manager")}).order_by().values("pk"))


def applications(user, *, page, search="", state=""):
    """A page of the applications that `user` sees, latest first. `search` is part of a name, or a number.

    Three queries: what else a line shows is read for the page's own lines, not for all that were sorted.
    """
    found = access.visible_to(user)
    if search:
        found = found.filter(Q(worker__name__icontains=search) | Q(reference__iexact=search))
    if state:
        found = found.filter(state=state)
    page = Paginator(found.order_by("-started_at", "-id").values_list("pk", flat=True), A_PAGE).get_page(page)
    late = Exists(missed().filter(application=OuterRef("pk")))
    lines = Application.objects.select_related("worker", "team", "step__to_level").annotate(late=late)
    lines = lines.in_bulk(page.object_list)
    page.object_list = [lines[pk] for pk in page.object_list]
    return page


@dataclass(frozen=True)
class Figure:
    """How many applications of one service are in one state; if it is open, the days waited, on average."""

    label: str
    count: int
    days: int | None


def figures(user, *, now):
    """For each service that `user` acts for, by its name, a Figure for every state. Two queries."""
    waited = ExpressionWrapper(Value(now) - F("state_since"), output_field=DurationField())
    found = (
        Application.objects.filter(team__service__officers=user)
        .order_by()
        .values("team__service__council", "team__service__name", "state")
        .annotate(count=Count("pk"), waited=Avg(waited))
    )
    services = {str(service): {} for service in user.services.all()}
    for row in found:
        service = f"{row['team__service__council']}, {row['team__service__name']}"
        services[service][row["state"]] = (row["count"], row["waited"].days)
    return {
        service: [_figure(state, counted.get(state)) for state in State]
        for service, counted in services.items()
    }


def totals(user):
    """[(service, its applications, how many are going on)] of the services of `user`. One query."""
    counted = Count("teams__applications")
    going_on = Count("teams__applications", filter=Q(teams__applications__state__in=OPEN))
    found = user.services.annotate(counted=counted, going_on=going_on)
    return [(str(service), service.counted, service.going_on) for service in found]


def failed_notices():
    """How many e-mails were given up, of everybody's. One query."""
    return Notice.objects.filter(status=NoticeStatus.FAILED).count()


_STAGES = (*STAGES.values(), CONTRACT_DECLINED)


def counted_by_state(lines):
    """(label, how many) for each state that some of these Lines are in, in the order of the process."""
    stages = [line.stage for line in lines]
    return [(stage.staff_see, stages.count(stage)) for stage in _STAGES if stage in stages]


def _figure(state, counted):
    count, days = counted or (0, None)
    return Figure(STAGES[state].staff_see, count, days if state in OPEN else None)


def _posts(seen):
    """The posts of people who work here, in the teams that `seen` picks out."""
    return Post.objects.filter(holder__is_active=True, **seen).order_by("holder__name", "pk")


def _application(seen):
    """The application of a post's holder in the teams `seen` picks out: the open one, or else the latest.

    An application made in another manager's team stays with that team.
    """
    theirs = Application.objects.filter(worker=OuterRef("holder"), **seen)
    going_on = ExpressionWrapper(Q(state__in=OPEN), output_field=BooleanField())
    return theirs.annotate(going_on=going_on).order_by("-going_on", "-started_at", "-id")


def _rows(posts, seen, *more):
    """What a Line shows of each post, and then `more`."""
    about = JSONObject(
        reference="reference",
        state="state",
        awarded_by="authoriser",
        shown="portfolio__headings_shown",
        asked="portfolio__headings_asked",
        late=Exists(missed().filter(application=OuterRef("pk"))),
    )
    posts = posts.annotate(application=Subquery(_application(seen).values_list(about)[:1]))
    shown = ("holder", "holder__name", "team__name", "level", "spinal_point", "application")
    return posts.values_list(*shown, *more)


def _line(worker, name, team, level, point, application):
    if application is None:
        return Line(worker, name, team, level, point)
    stage = stage_of(application.pop("state"), awarded=application.pop("awarded_by") is not None)
    return Line(worker, name, team, level, point, stage=stage, **application)
