"""*When* a scheme may be published: what its file says, field by field sound, that cannot hold together; and
when a draft of its next version may be begun, changed and published.
"""

import calendar
from itertools import pairwise

from people.policies import Blocked
from people.roles import at_least


def problems_in(rules):
    """Everything that blocks publishing `rules`, as (where, sentence); `where` is the path of the field."""
    yield from _levels(rules)
    yield from _pay(rules)
    yield from _progressions(rules)
    yield from _step_details(rules)
    yield from _competencies(rules)
    yield from _cycle(rules)
    if not at_least(rules.decision.authorised_by, rules.decision.assessed_by) or (
        rules.decision.authorised_by == rules.decision.assessed_by
    ):
        yield ("decision", "authorised_by"), "must be senior to who assesses"
    for name in ("groups", "competencies", "desirables", "cross_references"):
        yield from _repeated((name,), [item.code for item in getattr(rules, name)])
    yield from _repeated(("decision", "declarations"), [item.code for item in rules.decision.declarations])


def _repeated(where, codes, field="code"):
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield (*where, index, field), f'"{code}" is used twice'


def _unknown(where, numbers, known, what):
    """The numbers that `what` does not have, one problem each, under a list's path."""
    for index, number in enumerate(numbers or []):
        if number not in known:
            yield (*where, index), f"there is no {what} {number}"


def _levels(rules):
    highest = 0
    for index, level in enumerate(rules.levels):
        if level.number != index + 1:
            yield ("levels", index, "number"), f"levels run 1, 2, 3 and so on: this one should be {index + 1}"
        for place, point in enumerate(level.spinal_points):
            if point <= highest:
                yield (
                    ("levels", index, "spinal_points", place),
                    f"point {point} does not come after point {highest}",
                )
            highest = max(highest, point)


def _pay(rules):
    points = [point for level in rules.levels for point in level.spinal_points]
    if rules.pay is None:
        if points:
            yield ("pay",), "is missing, though levels have spinal points"
        return
    if rules.decision.starting_point is None:
        yield ("decision", "starting_point"), "is missing, though the scheme has pay"
    for index, level in enumerate(rules.levels):
        if not level.spinal_points:
            yield ("levels", index, "spinal_points"), "are missing, though the scheme has pay"
    if not _every_year(rules.pay.increment_day):
        yield ("pay", "increment_day", "day"), _no_such_day(rules.pay.increment_day)
    if rules.pay_from > rules.effective_from:
        yield ("pay", "effective_from"), f"must be {rules.effective_from} or earlier, when the scheme begins"
    dates = [rules.pay_from, *(award.effective_from for award in rules.pay.awards)]
    for index, (earlier, later) in enumerate(pairwise(dates)):
        if later <= earlier:
            yield ("pay", "awards", index, "effective_from"), f"must be after {earlier}, the scale before it"
    scales = [(("pay", "salaries"), rules.pay.salaries)]
    scales += [(("pay", "awards", n, "salaries"), award.salaries) for n, award in enumerate(rules.pay.awards)]
    for where, salaries in scales:
        for point in points:
            if point not in salaries:
                yield where, f"point {point} has no salary"
        for point in salaries:
            if point not in points:
                yield (*where, point), f"no level has point {point}"
        for lower, higher in pairwise(sorted(salaries)):
            if salaries[higher] < salaries[lower]:
                yield (*where, higher), f"point {higher} is paid less than point {lower}"


def _progressions(rules):
    known = [level.number for level in rules.levels]
    for index, step in enumerate(rules.progressions):
        where = ("progressions", index)
        if step.to_level != step.from_level + 1:
            yield (*where, "to"), "a step goes up one level, never more"
        for name, number in (("from", step.from_level), ("to", step.to_level)):
            if number not in known:
                yield (*where, name), f"there is no level {number}"
        yield from _unknown((*where, "criteria_of_levels"), step.criteria_of_levels, known, "level")
        if not any(heading.criteria_for(step) for heading in rules.competencies):
            # Where it is mended: a step may be drafted before what it asks.
            yield ("competencies",), f"none has a criterion for the step to level {step.to_level}"
    yield from _repeated(("progressions",), [step.from_level for step in rules.progressions], "from")


def _step_details(rules):
    """What is asked at some steps only names steps that there are."""
    reached = [step.to_level for step in rules.progressions]
    what = "step to level"
    for index, declaration in enumerate(rules.decision.declarations):
        where = ("decision", "declarations", index, "progressions")
        yield from _unknown(where, declaration.progressions, reached, what)
    for index, item in enumerate(rules.desirables):
        if item.progression_to not in reached:
            yield ("desirables", index, "progression_to"), f"there is no {what} {item.progression_to}"
    for index, gate in enumerate(rules.eligibility):
        where = ("eligibility", index)
        if gate.progression_to is not None and gate.progression_to not in reached:
            yield (*where, "progression_to"), f"there is no {what} {gate.progression_to}"
        if gate.rule == "minimum_service" and gate.months is None:
            yield where, "must give months"
        if gate.rule == "performance_rating_at_least" and gate.rating is None:
            yield where, "must give rating"


def _competencies(rules):
    groups = [group.code for group in rules.groups]
    references = [reference.code for reference in rules.cross_references]
    levels = [level.number for level in rules.levels]
    judged = {number for step in rules.progressions for number in step.criteria_of_levels}
    yield from _unknown(("evidence", "mapped_to"), rules.evidence.mapped_to, references, "cross reference")
    for index, heading in enumerate(rules.competencies):
        where = ("competencies", index)
        if heading.group not in groups:
            yield (*where, "group"), f'there is no group "{heading.group}"'
        if not any(heading.criteria.values()):
            yield (*where, "criteria"), "has no criterion at any level"
        for level, criteria in heading.criteria.items():
            if level not in levels:
                yield (*where, "criteria", level), f"there is no level {level}"
            elif criteria and level not in judged:
                yield (*where, "criteria", level), f"no step is judged on level {level}"
            for place, text in enumerate(criteria):
                if text in criteria[:place]:
                    yield (*where, "criteria", level, place), "is there twice"
                if text[0].islower():
                    # A comma splits an unquoted criterion in two, and nobody would notice.
                    yield (
                        (*where, "criteria", level, place),
                        "starts with a small letter: quote text with commas",
                    )
        for place, kind in enumerate(heading.evidence_kinds):
            if kind not in rules.evidence.kinds:
                yield (*where, "evidence_kinds", place), f'"{kind}" is not among the kinds of evidence'
        for place, number in enumerate(heading.evidence_for_levels or []):
            step = next((step for step in rules.progressions if step.to_level == number), None)
            if step is None or not heading.criteria_for(step):
                yield (
                    (*where, "evidence_for_levels", place),
                    f"nothing is judged here at the step to level {number}",
                )


def _cycle(rules):
    window = rules.cycle.opens
    if window is None:
        return
    closing = window.closing
    if closing.last_day == (closing.day is not None):
        yield ("cycle", "opens", "to"), "must give either day or last_day: true"
    for name, end in (("from", window.opening), ("to", closing)):
        if end.day is not None and not _every_year(end):
            yield ("cycle", "opens", name, "day"), _no_such_day(end)


def _every_year(end):
    """Whether each year has that day: 29 February is refused, as most do not."""
    return end.day <= calendar.monthrange(2001, end.month)[1]


def _no_such_day(end):
    return f"month {end.month} has no day {end.day} every year"


def check_no_open_draft(draft):
    """One draft at a time: two would each undo what the other changes."""
    if draft is not None:
        raise Blocked(f"{draft.begun_by.name} has begun a draft of this scheme already. Go on with that one.")


def check_draft_open(draft):
    """A draft that was published or given up is over."""
    if draft.published_as_id is not None:
        published = draft.published_as
        by = published.published_by.name
        raise Blocked(f"{by} has published this draft, as version {published.version} of the scheme.")
    if draft.discarded_at is not None:
        raise Blocked(f"{draft.saved_by.name} has discarded this draft.")


def is_published_so(draft, effective_from, revision, *, by):
    """Whether this person has already published just this draft from just this day."""
    published = draft.published_as
    return (
        published is not None
        and draft.revision == revision
        and (published.published_by_id, published.effective_from) == (by.pk, effective_from)
    )


def check_same_scheme(based_on, rules):
    """A file read into a draft is of that scheme: another council's would take its place."""
    wrong = [
        f"The file’s {field} is “{theirs}”. This scheme’s is “{ours}”: leave it as it is."
        for field, theirs, ours in (
            ("code", rules.code, based_on.code),
            ("council", rules.council, based_on.council),
        )
        if theirs != ours
    ]
    if wrong:
        raise Blocked(wrong)


def made_stale_by(draft, newest):
    """The version published since this draft began, or None."""
    return newest if newest.pk != draft.based_on_id else None


def first_day_for(newest, *, today):
    """The earliest day that a version after `newest` may begin."""
    return max(today, newest.effective_from)


def check_publishable(draft, newest, effective_from, *, today):
    """Nothing published since is undone, something changes, and nothing that has begun is changed by it."""
    if missing := why_not_publishable(draft, newest):
        raise Blocked(missing)
    if effective_from < first_day_for(newest, today=today):
        raise Blocked("The start date must not be past, nor before the version it follows begins.")


def why_not_publishable(draft, newest):
    """What keeps this draft from being published on any day, beside what its file says wrong."""
    if made_stale_by(draft, newest):
        return [
            f"Version {newest.version} was published after this draft was begun. Compare the draft with it."
        ]
    if not is_changed(draft):
        return ["Nothing has been changed: the draft says what the newest version says."]
    return []


def is_changed(draft):
    """Whether the draft says anything new. The day its first salaries run from is only written out."""
    before, after = dict(draft.based_on.content.file), dict(draft.file)
    for file in (before, after):
        began = file.pop("effective_from")
        if file.get("pay"):
            file["pay"] = {"effective_from": began, **file["pay"]}
    return before != after
