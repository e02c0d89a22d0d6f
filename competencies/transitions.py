"""The moves of a scheme: a next version is drafted, and published; it is then fixed."""

import copy

from django.db import connection, transaction
from django.db.models import Case, When

from competencies import permissions, policies
from competencies.contents import checked, content_of, fingerprint
from competencies.models import (
    Competency,
    Criterion,
    Level,
    PayScale,
    Scheme,
    SchemeContent,
    SchemeDraft,
    SpinalPoint,
    Step,
)
from people.models import Team
from people.policies import Blocked


class StaleSave(Exception):
    """What would be written over has changed since the page was opened. Carries the draft as it is now."""

    def __init__(self, draft):
        super().__init__(draft)
        self.draft = draft


class Unsound(Exception):
    """What was filled in cannot stand. Carries what is wrong as [(where in the file, sentence)]."""

    def __init__(self, problems):
        super().__init__(problems)
        self.problems = problems


PUBLISHING = 210_401
"""PostgreSQL's name for the lock under which a version is published or a draft begun."""


@transaction.atomic
def publish(rules, *, now):
    """The scheme version that says what the file of `rules` says, and whether it is new.

    A file that some version says already makes none: servers load their files at each start. Nor does any
    once a version was published in the application: the scheme is then looked after there.
    """
    _one_at_a_time()
    file = content_of(rules)
    versions = Scheme.objects.filter(code=rules.code).order_by("-version")
    same = versions.filter(sha256=fingerprint(file)).first()
    newest = versions.first()
    if same is not None:
        return same, False
    if newest is not None and newest.published_by_id is not None:
        return newest, False
    return _write(rules, file, after=newest, by=None, now=now), True


@transaction.atomic
def begin_draft(code, *, actor, now):
    """A draft of the next version of scheme `code`: a copy of the newest, to change."""
    _one_at_a_time()
    permissions.check_can_keep(actor, code)
    newest = Scheme.objects.filter(code=code).order_by("-version").first()
    policies.check_no_open_draft(SchemeDraft.objects.open().filter(code=code).first())
    return SchemeDraft.objects.create(
        code=code,
        based_on=newest,
        file=_with_pay_dated(content_of(newest.rules)),
        begun_at=now,
        begun_by=actor,
        saved_at=now,
        saved_by=actor,
    )


@transaction.atomic
def save_draft(draft, *, part, values, actor, now, seen=None):
    """Put what `values` say in place of one part of the draft, and nothing else.

    `part` (parts.py) reads and writes the file; `seen` is the fingerprint of the part as the page showed it,
    or None for a move that holds whatever was there. Raises StaleSave or Unsound.
    """
    draft = _lock(draft)
    permissions.check_can_keep(actor, draft.code)
    policies.check_draft_open(draft)
    if seen is not None and fingerprint(part.read(draft.file)) != seen:
        raise StaleSave(draft)
    file = part.write(copy.deepcopy(draft.file), values)
    rules, problems = checked(file)
    known = checked(draft.file)[1]
    problems = [one for one in problems if rules is None or (part.holds(one[0]) and one not in known)]
    if problems:
        raise Unsound(problems)
    return _save(draft, content_of(rules), actor=actor, now=now)


@transaction.atomic
def import_into_draft(draft, *, rules, actor, base_revision, now):
    """Let the draft say what a file says, all of it. Raises StaleSave if it changed since `base_revision`."""
    draft = _lock(draft)
    permissions.check_can_keep(actor, draft.code)
    policies.check_draft_open(draft)
    policies.check_same_scheme(draft.based_on, rules)
    if draft.revision != base_revision:
        raise StaleSave(draft)
    return _save(draft, _with_pay_dated(content_of(rules)), actor=actor, now=now)


@transaction.atomic
def compare_with_newest(draft, *, actor, now):
    """Go on from the version published since the draft began: from now on it is compared with that one."""
    draft = _lock(draft)
    permissions.check_can_keep(actor, draft.code)
    policies.check_draft_open(draft)
    draft.based_on = Scheme.objects.filter(code=draft.code).order_by("-version").first()
    return _save(draft, draft.file, actor=actor, now=now)


@transaction.atomic
def discard(draft, *, actor, now):
    """Give the draft up. Nothing that is published changes."""
    draft = _lock(draft)
    permissions.check_can_keep(actor, draft.code)
    policies.check_draft_open(draft)
    draft.discarded_at = draft.saved_at = now
    draft.saved_by = actor
    draft.save(update_fields=["discarded_at", "saved_at", "saved_by"])
    return draft


@transaction.atomic
def publish_draft(draft, *, effective_from, actor, base_revision, now, today):
    """Make the draft the next version, for applications begun from `effective_from` on.

    Applications begun before stay on their version. Raises StaleSave if the draft has changed since
    `base_revision`, which is what the person who publishes has read. The same person sending the same twice
    gets the version that the first made.
    """
    _one_at_a_time()
    draft = _lock(draft)
    permissions.check_can_keep(actor, draft.code)
    if policies.is_published_so(draft, effective_from, base_revision, by=actor):
        return draft.published_as
    policies.check_draft_open(draft)
    if draft.revision != base_revision:
        raise StaleSave(draft)
    newest = Scheme.objects.filter(code=draft.code).order_by("-version").first()
    policies.check_publishable(draft, newest, effective_from, today=today)
    rules, problems = checked(draft.file | {"effective_from": effective_from.isoformat()})
    if problems:
        raise Blocked([sentence for _, sentence in problems])
    scheme = _write(rules, content_of(rules), after=newest, by=actor, now=now)
    _resize_teams(newest.rules, rules)
    draft.published_as = scheme
    draft.save(update_fields=["published_as"])
    return scheme


def _one_at_a_time():
    """Two servers starting together, or two people, must not both find the next version missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHING])


def _lock(draft):
    return SchemeDraft.objects.select_for_update(of=["self"]).select_related("based_on").get(pk=draft.pk)


def _save(draft, file, *, actor, now):
    draft.file = file
    draft.revision += 1
    draft.saved_at, draft.saved_by = now, actor
    draft.save(update_fields=["based_on", "file", "revision", "saved_at", "saved_by"])
    return draft


def _with_pay_dated(file):
    """The file with the day its first salaries run from: the version's own start will be another. R37."""
    if file.get("pay") and not file["pay"].get("effective_from"):
        file["pay"]["effective_from"] = file["effective_from"]
    return file


def _resize_teams(before, after):
    """Teams of a kind whose size changes are as large as it says now: the directory warns past it. R39."""
    was = {kind.social_workers: kind.kind for kind in before.teams}
    now = {kind.kind: kind.social_workers for kind in after.teams}
    sizes = [(size, now[kind]) for size, kind in was.items() if now.get(kind, size) != size]
    if sizes:
        Team.objects.filter(scheme_code=after.code, most_workers__in=dict(sizes)).update(
            most_workers=Case(*(When(most_workers=old, then=new) for old, new in sizes))
        )


def _write(rules, file, *, after, by, now):
    """The next version, closed by its content, which is written last."""
    scheme = Scheme.objects.create(
        code=rules.code,
        version=after.version + 1 if after else 1,
        title=rules.title,
        council=rules.council,
        service=rules.service,
        effective_from=rules.effective_from,
        source=rules.source or "",
        sha256=fingerprint(file),
        published_at=now,
        published_by=by,
    )
    levels = _write_levels(scheme, rules)
    _write_headings(scheme, rules, levels)
    _write_pay(scheme, rules, levels)
    SchemeContent.objects.create(scheme=scheme, file=file)
    return scheme


def _write_levels(scheme, rules):
    levels = [
        Level(scheme=scheme, number=level.number, name=level.name, expects=level.expects or "")
        for level in rules.levels
    ]
    return {level.number: level for level in Level.objects.bulk_create(levels)}


def _write_headings(scheme, rules, levels):
    """Steps, headings and criteria, with what each step is judged on and asks evidence of. R1, R4, R5."""
    steps = Step.objects.bulk_create(
        Step(scheme=scheme, from_level=levels[step.from_level], to_level=levels[step.to_level])
        for step in rules.progressions
    )
    groups = {group.code: group.name for group in rules.groups}
    headings = Competency.objects.bulk_create(
        Competency(scheme=scheme, code=rule.code, name=rule.name, group=groups[rule.group], position=position)
        for position, rule in enumerate(rules.competencies, 1)
    )
    criteria = Criterion.objects.bulk_create(
        Criterion(competency=heading, level=levels[number], position=position, text=text)
        for heading, rule in zip(headings, rules.competencies, strict=True)
        for number, texts in sorted(rule.criteria.items())
        for position, text in enumerate(texts, 1)
    )
    Criterion.steps.through.objects.bulk_create(
        Criterion.steps.through(criterion=criterion, step=step)
        for step, progression in zip(steps, rules.progressions, strict=True)
        for criterion in criteria
        if criterion.level.number in progression.criteria_of_levels
    )
    Competency.steps_evidenced.through.objects.bulk_create(
        Competency.steps_evidenced.through(competency=heading, step=step)
        for step, progression in zip(steps, rules.progressions, strict=True)
        for heading, rule in zip(headings, rules.competencies, strict=True)
        if rule.evidenced_at(progression)
    )


def _write_pay(scheme, rules, levels):
    """One scale from the day pay begins, and one more for each award since. R22, R37."""
    if rules.pay is None:
        return
    salaries = {rules.pay_from: rules.pay.salaries}
    salaries |= {award.effective_from: award.salaries for award in rules.pay.awards}
    scales = PayScale.objects.bulk_create(PayScale(scheme=scheme, effective_from=day) for day in salaries)
    SpinalPoint.objects.bulk_create(
        SpinalPoint(
            scale=scale,
            level=levels[level.number],
            number=point,
            salary=salaries[scale.effective_from][point],
        )
        for scale in scales
        for level in rules.levels
        for point in level.spinal_points
    )
