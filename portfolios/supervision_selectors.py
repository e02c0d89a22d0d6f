"""Every read of supervision and development that a page needs, each in a fixed number of queries. R40."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.core.paginator import Paginator
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast

from competencies import selectors as competencies
from competencies.models import Competency, Scheme
from competencies.rules import EvidenceKind
from people.models import User
from people.written import Written, given
from portfolios import policies
from portfolios.models import DevelopmentAction, Priority, SupervisionNote, Training

LATEST = 3
A_PAGE = 20
MOST_OFFERED = 10
NOT_USED = Q(evidence__isnull=True) | Q(evidence__removed_at__isnull=False)
"""No piece of evidence in the bank was made of it."""


@dataclass(frozen=True)
class Some:
    """The first few of a list, and whether there are more."""

    rows: list
    more: bool


@dataclass(frozen=True)
class Development:
    """What matters now between a worker and their manager: the latest of each kind."""

    priorities: list[Priority]
    plan: list[DevelopmentAction]
    notes: Some
    training: Some


def worker_with_manager(pk):
    """The person with this id with their post, team and its manager, or None. One query."""
    return User.objects.filter(pk=pk).select_related("post__team__manager").first()


def development_of(worker):
    """The Development of a worker. Six queries."""
    return Development(
        priorities=list(_priorities(worker).filter(ended_on=None)),
        plan=list(_plan(worker).filter(done_on=None)),
        notes=_some(_notes(worker)),
        training=_some(_training(worker)),
    )


def agreed_with(worker):
    """The worker's priorities and the actions of their plan that are open now, as two lists. Two queries."""
    return list(_priorities(worker).filter(ended_on=None)), list(_plan(worker).filter(done_on=None))


def _priorities(worker):
    return Priority.objects.filter(worker=worker).select_related("agreed_by", "on_behalf_of")


def _plan(worker):
    """Open ones first, those due soonest before, and those without a date last."""
    found = DevelopmentAction.objects.filter(worker=worker).select_related("competency", "evidence")
    return found.order_by(F("done_on").desc(nulls_first=True), F("by_when").asc(nulls_last=True), "id")


def _notes(worker):
    found = SupervisionNote.objects.filter(worker=worker).select_related(
        "written_by", "on_behalf_of", "evidence"
    )
    return found.prefetch_related("competencies")


def _training(worker):
    found = Training.objects.filter(worker=worker).select_related("agreed_by", "on_behalf_of", "evidence")
    return found.prefetch_related("competencies")


def _some(found):
    rows = list(found[: LATEST + 1])
    return Some(rows[:LATEST], more=len(rows) > LATEST)


PARTS = {"notes": _notes, "plan": _plan, "priorities": _priorities, "training": _training}
"""The kinds of thing that are kept, by what their address says."""


def part_of(worker, part, *, page):
    """A page of everything of one kind, by its name in PARTS. Two queries, or three."""
    return Paginator(PARTS[part](worker), A_PAGE).get_page(page)


def one_of(worker, model, pk):
    """The worker's Priority, DevelopmentAction or Training with this id, or None."""
    return model.objects.filter(worker=worker, pk=pk).select_related("worker").first()


def training_of(worker):
    """All the training that a worker has recorded, latest first, for whoever assesses them. R5. One query."""
    return list(Training.objects.filter(worker=worker).select_related("agreed_by", "on_behalf_of"))


def headings_for(worker, *, today):
    """The headings of the worker's scheme today; none where no scheme has begun. Two queries."""
    try:
        scheme = competencies.current_scheme(worker.post.team.scheme_code, today=today)
    except Scheme.DoesNotExist:
        return []
    return list(Competency.objects.filter(scheme=scheme).order_by("position"))


@dataclass(frozen=True)
class Source:
    """What a piece of evidence may be made of: `reference` is how an address and a form name it."""

    reference: str
    of: object
    kind: EvidenceKind
    headings: list[str]
    fields: dict

    @property
    def piece(self):
        """The piece of the bank that was made of it already, or None."""
        made = self.of.evidence
        return made if made is not None and made.removed_at is None else None


SOURCES = {"note": SupervisionNote, "action": DevelopmentAction, "training": Training}
_SAID = {
    "note": lambda note: {
        "title": f"Supervision on {_day(note.held_on)}",
        "practised_on": note.held_on,
        "what_i_did": note.reflection,
    },
    "action": lambda action: {
        "title": action.action[:100],
        "practised_on": action.done_on,
        "what_i_did": action.action,
        "outcome": action.outcome,
    },
    "training": lambda training: {
        "title": training.title,
        "practised_on": training.taken_on,
        "what_i_did": training.applied,
        "what_i_learned": training.learned,
    },
}


def source_of_evidence(worker, reference, portfolio):
    """The worker's note, finished action or training that `reference` names, such as "note-12", or None.

    It becomes training record or practice example, whichever of them all its headings in `portfolio` take,
    or else whatever the first of them takes. R27.
    """
    name, _, number = reference.partition("-")
    if name not in SOURCES or not number.isascii() or not number.isdecimal() or len(number) > 18:
        return None
    found = SOURCES[name].objects.filter(worker=worker, pk=int(number)).select_related("evidence")
    if name == "action":
        found = found.filter(done_on__isnull=False)
    of = found.first()
    if of is None:
        return None
    tagged = [of.competency] if name == "action" else of.competencies.all()
    codes = {competency.code for competency in tagged if competency}
    asked = policies.asked(portfolio).evidenced if portfolio else ()
    headings = [heading.competency for heading in asked if heading.competency.code in codes]
    wanted = EvidenceKind.TRAINING_RECORD if name == "training" else EvidenceKind.PRACTICE_EXAMPLE
    return Source(
        reference=f"{name}-{of.pk}",
        of=of,
        kind=_kind(portfolio, headings, wanted),
        headings=[heading.code for heading in headings],
        fields=_SAID[name](of),
    )


def _kind(portfolio, headings, wanted):
    taken = [policies.kinds_for(portfolio, heading) for heading in headings]
    taken = taken or [policies.kinds_allowed(portfolio)]
    return wanted if all(wanted in kinds for kinds in taken) else taken[0][0]


@dataclass(frozen=True)
class Offer:
    """Something from the worker's development that may show a heading: how to use it, what it is, of when."""

    reference: str
    words: str
    day: date


def offered_for(worker, code):
    """What the worker has under the heading `code` and made no evidence of yet, latest first. One query."""
    return [
        Offer(f"{kind}-{pk}", words or "Supervision", day)
        for kind, pk, words, day in _offers("note", worker, code, "held_on", Value("", CharField()))
        .union(
            _offers("action", worker, code, "done_on", Cast("action", CharField())),
            _offers("training", worker, code, "taken_on", Cast("title", CharField())),
            all=True,
        )
        .order_by("-day", "kind", "pk")[:MOST_OFFERED]
    ]


def _offers(kind, worker, code, day, words):
    heading = {"competency__code": code} if kind == "action" else {"competencies__code": code}
    return (
        SOURCES[kind]
        .objects.filter(NOT_USED, worker=worker, **{f"{day}__isnull": False}, **heading)
        .order_by()
        .annotate(kind=Value(kind, CharField()), words=words, day=F(day))
        .values_list("kind", "pk", "words", "day")
    )


@dataclass(frozen=True)
class Checklist:
    """What the worker's last application, refused, asked of them: all of it, or under one heading. R18."""

    reference: str
    actions: list[DevelopmentAction]

    @property
    def done(self):
        return sum(action.done_on is not None for action in self.actions)

    def under(self, code):
        """What is asked under the heading with this code."""
        return [action for action in self.actions if action.competency and action.competency.code == code]


def checklist_of(portfolio):
    """The Checklist that a portfolio starts from, or None where it follows no refusal. R18.

    In the order of the headings; what is asked beyond them comes last. It warns and never blocks. One query
    at most.
    """
    if not portfolio.follows:
        return None
    actions = (
        DevelopmentAction.objects.filter(worker=portfolio.worker_id, from_refusal_of=portfolio.follows)
        .select_related("competency")
        .order_by(F("competency__position").asc(nulls_last=True), "id")
    )
    return Checklist(portfolio.follows, list(actions))


def how_much_of_checklist(portfolio):
    """(how much of its Checklist is done, how much there is), or None without one. One query at most. R18."""
    if not portfolio.follows:
        return None
    days = [day for (day,) in _of_checklist().rows(worker=portfolio.worker_id, reference=portfolio.follows)]
    return sum(day is not None for day in days), len(days)


@cache
def _of_checklist():
    actions = DevelopmentAction.objects.filter(worker=given("worker"), from_refusal_of=given("reference"))
    return Written(actions.order_by().values_list("done_on"))


def _day(day):
    return f"{day.day} {day:%B %Y}"
