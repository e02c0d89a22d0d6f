"""Every read of a scheme, in a fixed number of queries.

What a step asks is read once a process, in four queries, and kept: a published scheme cannot change.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby

from competencies.models import Competency, Criterion, Scheme, SchemeContent, SchemeDraft, SpinalPoint, Step
from competencies.permissions import of_their_services


@dataclass(frozen=True)
class Heading:
    """A heading of the framework with the criteria that one step is judged on, lower level first. R2, R5."""

    competency: Competency
    criteria: tuple[Criterion, ...]

    def at(self, level):
        """The criteria of one level; none where the heading asks nothing more there. R3."""
        return [criterion for criterion in self.criteria if criterion.level_id == level.pk]


@dataclass(frozen=True)
class Asked:
    """All that one step asks."""

    step: Step
    judged: tuple[Heading, ...]
    evidenced: tuple[Heading, ...]

    @property
    def levels(self):
        """The levels whose criteria are judged, lowest first. R5."""
        found = {
            criterion.level_id: criterion.level for heading in self.judged for criterion in heading.criteria
        }
        return sorted(found.values(), key=lambda level: level.number)

    @property
    def groups(self):
        """The headings as the scheme groups them: (name of the group, its headings)."""
        return [
            (name, list(found))
            for name, found in groupby(self.judged, lambda heading: heading.competency.group)
        ]

    @property
    def criteria_count(self):
        return sum(len(heading.criteria) for heading in self.judged)


@cache
def asked_by(step_id):
    """What the step with this id asks, its scheme and levels with it. Readers share it."""
    step = Step.objects.select_related("scheme", "from_level", "to_level").get(pk=step_id)
    criteria = {}
    for criterion in (
        Criterion.objects.filter(steps=step)
        .select_related("competency", "level")
        .order_by("competency__position", "level__number", "position")
    ):
        criteria.setdefault(criterion.competency_id, []).append(criterion)
    judged = tuple(Heading(found[0].competency, tuple(found)) for found in criteria.values())
    on_form = set(Competency.objects.filter(steps_evidenced=step).values_list("pk", flat=True))
    return Asked(step, judged, tuple(heading for heading in judged if heading.competency.pk in on_form))


def put_at_hand(applications):
    """Have each of these, read without its step, hold the one that this process keeps, with its scheme.

    A published version never changes, and joined to each row it is most of what a query reads. Returns them.
    """
    for one in applications:
        one.step = asked_by(one.step_id).step
        one.scheme = one.step.scheme
    return applications


def current_scheme(code, *, today):
    """The version of scheme `code` that an application begun `today` falls under.

    Raises Scheme.DoesNotExist where none has taken effect.
    """
    found = Scheme.objects.filter(code=code, effective_from__lte=today).order_by("-version").first()
    if found is None:
        raise Scheme.DoesNotExist(f"No version of {code} has taken effect by {today}.")
    return found


def current_schemes(*, today):
    """The version in effect `today` of every scheme, by council, each with its steps: four queries."""
    return (
        Scheme.objects.filter(
            pk__in=Scheme.objects.filter(effective_from__lte=today)
            .order_by("code", "-version")
            .distinct("code")
            .values("pk")
        )
        .prefetch_related("steps__from_level", "steps__to_level")
        .order_by("council", "effective_from", "title")
    )


def current_steps(codes, *, today):
    """{code: (the version in effect `today`, {level number: the step up from it})}. One query."""
    schemes = Scheme.objects.filter(code__in=codes, effective_from__lte=today)
    schemes = schemes.order_by("code", "-version").distinct("code").values("pk")
    steps = Step.objects.filter(scheme__in=schemes).select_related("scheme", "from_level", "to_level")
    found = {}
    for step in steps:
        found.setdefault(step.scheme.code, (step.scheme, {}))[1][step.from_level.number] = step
    return found


def published_content(code):
    """The content last published under `code`, or None: what another file may borrow from."""
    newest = SchemeContent.objects.filter(scheme__code=code).order_by("-scheme__version").first()
    return newest.file if newest else None


def step_from(scheme, level_number):
    """The step up from level `level_number`, or None at the top. One query the first time. R1."""
    step = _steps_up(scheme.pk).get(level_number)
    return asked_by(step).step if step else None


@cache
def _steps_up(scheme_id):
    """{level's number: the id of the step up from it}: a published version never changes."""
    steps = Step.objects.filter(scheme=scheme_id)
    return dict(steps.order_by().values_list("from_level__number", "pk"))


def step_of_version(code, version, to_level):
    """The step up to level `to_level` in that version of a scheme, or None."""
    return (
        Step.objects.filter(scheme__code=code, scheme__version=version, to_level__number=to_level)
        .select_related("scheme", "from_level", "to_level")
        .first()
    )


def next_step(post, *, today):
    """The step that the holder of `post` may bid for next, and why there is none: one of the two is None."""
    if post is None:
        return None, "Your post is not recorded here yet, so your level is not known."
    try:
        scheme = current_scheme(post.team.scheme_code, today=today)
    except Scheme.DoesNotExist:
        return None, "No scheme is in force for your team yet."
    step = step_from(scheme, post.level)
    if step is None:
        return (
            None,
            f"You are at level {post.level}. No step of your team’s scheme, {scheme.title}, leads further.",
        )
    return step, None


def step_in_view(post, *, today):
    """The step that the holder of `post` gathers evidence for: the next one; at the top, the one behind them.

    None without a scheme in force, or without a step.
    """
    try:
        scheme = current_scheme(post.team.scheme_code, today=today)
    except Scheme.DoesNotExist:
        return None
    below = [level for level in _steps_up(scheme.pk) if level < post.level]
    return step_from(scheme, post.level) or (step_from(scheme, max(below)) if below else None)


def headings_judged(step):
    """The headings the manager judges, each with this step's criteria. R2, R5."""
    return asked_by(step.pk).judged


def headings_evidenced(step):
    """The headings the evidence form asks the worker for. R4."""
    return asked_by(step.pk).evidenced


def declarations_for(step):
    """What the manager declares at this step, as rules.DeclarationRule. R5, R13."""
    step = asked_by(step.pk).step
    return [
        declaration
        for declaration in step.rules.decision.declarations
        if declaration.progressions is None or step.to_level.number in declaration.progressions
    ]


def desirables_for(step):
    """What is desirable at this step, as rules.Desirable; it never blocks. R6."""
    step = asked_by(step.pk).step
    return [item for item in step.rules.desirables if item.progression_to == step.to_level.number]


def points_on(scheme, numbers, *, on):
    """Spinal column points by number with the annual salary paid on the date `on`; those with none left out.

    A cost-of-living award reaches every application of the scheme, whichever version it began under: the
    newest version that has a scale for that day is read. R37. One query.
    """
    newest = {}
    for point in SpinalPoint.objects.filter(
        scale__scheme__code=scheme.code, scale__effective_from__lte=on, number__in=numbers
    ).order_by("-scale__scheme__version", "-scale__effective_from"):
        newest.setdefault(point.number, point)
    return {number: newest[number] for number in numbers if number in newest}


def point_on(scheme, number, *, on):
    """One spinal column point as paid on the date `on`, or None where the scheme has none. R22, R37."""
    return points_on(scheme, [number], on=on).get(number)


def points_of_new_level(step, *, on):
    """The spinal column points of the level this step leads to, lowest first, as paid on `on`. R22."""
    step = asked_by(step.pk).step
    numbers = sorted(step.rules.level(step.to_level.number).spinal_points)
    return list(points_on(step.scheme, numbers, on=on).values()) if numbers else []


def lowest_point(step, *, on):
    """Where a step up starts on the new level's pay, or None where the scheme publishes no pay. R22."""
    return next(iter(points_of_new_level(step, on=on)), None)


def versions(code):
    """Every published version of a scheme, newest first, with who published it. One query."""
    return list(Scheme.objects.filter(code=code).select_related("published_by").order_by("-version"))


def version(code, number):
    """That version of a scheme, or None."""
    return Scheme.objects.filter(code=code, version=number).select_related("published_by").first()


def latest_draft(code):
    """The draft begun last of the scheme's next version, open or over, or None. One query."""
    return (
        SchemeDraft.objects.filter(code=code)
        .select_related("based_on__content", "begun_by", "saved_by", "published_as__published_by")
        .first()
    )


def open_draft(code):
    """The draft of the scheme's next version that is being worked on, or None. One query."""
    draft = latest_draft(code)
    return draft if draft and draft.is_open else None


@dataclass(frozen=True)
class Kept:
    """A scheme that somebody looks after: its versions, newest first, and the draft of the next, if any."""

    versions: list[Scheme]
    draft: SchemeDraft | None

    @property
    def newest(self):
        return self.versions[0]


def kept_by(user):
    """The schemes that `user` looks after, or audits, by title: two queries."""
    found = {}
    for scheme in of_their_services(user).order_by("code", "-version"):
        found.setdefault(scheme.code, []).append(scheme)
    drafts = SchemeDraft.objects.open().filter(code__in=found).select_related("saved_by")
    by_code = {draft.code: draft for draft in drafts}
    kept = [Kept(versions, by_code.get(code)) for code, versions in found.items()]
    return sorted(kept, key=lambda one: (one.newest.council, one.newest.title, one.newest.code))


def in_force(found, *, today):
    """Which of these versions, newest first, an application begun `today` falls under, or None."""
    return next((scheme for scheme in found if scheme.effective_from <= today), None)


@dataclass(frozen=True)
class ReviewDue:
    """How the scheme has worked is looked at on `due`, by `held_by`: the months since it `began`. R24."""

    began: date
    due: date
    held_by: str


def review_due(found):
    """The ReviewDue of a scheme by its versions, newest first, or None where it names no review. R24."""
    review = found[0].rules.review
    began = found[-1].effective_from
    return review and ReviewDue(began, review.due(began), review.held_by)


def kinds_of_team(code):
    """The kinds of team, with their sizes, that the newest version of a scheme gives: rules.TeamRule. R39."""
    newest = Scheme.objects.filter(code=code).order_by("-version").first()
    return newest.rules.teams if newest else []
