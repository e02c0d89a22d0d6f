"""The one move of a scheme: it is published, and is then fixed."""

import hashlib
import json

from django.db import connection, transaction

from competencies.models import (
    Competency,
    Criterion,
    Level,
    PayScale,
    Scheme,
    SchemeContent,
    SpinalPoint,
    Step,
)


@transaction.atomic
def publish(rules, *, now):
    """The scheme version that says what `rules` say, and whether it is new.

    The newest version of the scheme where that already says so, else one after it, which leaves it as it is.
    """
    with connection.cursor() as cursor:
        # Two servers starting together must not both find the version missing.
        cursor.execute("LOCK TABLE competencies_scheme IN SHARE ROW EXCLUSIVE MODE")
    newest = Scheme.objects.filter(code=rules.code).order_by("-version").first()
    file = rules.model_dump(mode="json", by_alias=True, exclude_unset=True)
    sha256 = hashlib.sha256(json.dumps(file, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    if newest is not None and newest.sha256 == sha256:
        return newest, False
    scheme = Scheme.objects.create(
        code=rules.code,
        version=newest.version + 1 if newest else 1,
        title=rules.title,
        council=rules.council,
        service=rules.service,
        effective_from=rules.effective_from,
        source=rules.source or "",
        sha256=sha256,
        published_at=now,
    )
    levels = _write_levels(scheme, rules)
    _write_headings(scheme, rules, levels)
    _write_pay(scheme, rules, levels)
    SchemeContent.objects.create(scheme=scheme, file=file)
    return scheme, True


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
    """One scale from the day the scheme takes effect, and one more for each award since. R22, R37."""
    if rules.pay is None:
        return
    salaries = {rules.effective_from: rules.pay.salaries}
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
