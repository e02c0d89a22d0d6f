"""What two of the demonstration's workers and their managers wrote down between applications. R40."""

import datetime

from django.utils import timezone

from config.demo.cases import workday
from portfolios import supervision_selectors as selectors
from portfolios import supervision_transitions as supervision
from portfolios.models import DevelopmentAction
from progression import transitions as progression

NOTES = (
    (
        48,
        ("recording", "care-planning"),
        "We read two of your recordings side by side. The one from the school shows your analysis; the one "
        "from the hospital says what happened and leaves it there. You said that you write up hospital "
        "visits at night. We moved Thursday's duty so that you can write them the same day.",
    ),
    (
        20,
        ("legislation",),
        "You gave evidence last month. You were clear about what you had seen and what you had been told. "
        "You want to be readier for questions about other options: we went through three of them.",
    ),
)
OWN_NOTE = (
    12,
    ("legislation",),
    "I read the note again before I wrote my statement. Setting out the options I had turned down, and why, "
    "made it half a page longer and much easier to speak to.",
)


def make_development(people, *, today):
    """Everything of worker1's. What a refusal asked for: some of it done by colleague1, and where colleague7
    has begun again."""
    _of_somebody_at_work(people["worker1"], today)
    _of_somebody_refused(people["colleague1"], today)
    progression.start(worker=people["colleague7"], now=_at(today, 10), today=_day(today, 10))


def _of_somebody_at_work(worker, today):
    manager = worker.post.team.manager
    headings = {heading.code: heading for heading in selectors.headings_for(worker, today=today)}

    def note(days, codes, text, *, by):
        supervision.write_note(
            worker,
            actor=by,
            held_on=_day(today, days),
            reflection=text,
            competencies=[headings[code] for code in codes],
            now=_at(today, days),
            today=_day(today, days),
        )

    for days, codes, text in NOTES:
        note(days, codes, text, by=manager)
    note(*OWN_NOTE, by=worker)
    supervision.agree_priority(
        worker,
        actor=manager,
        text="Court work: two statements of your own in the next six months, and evidence given on both.",
        review_on=_day(today, -90),
        today=_day(today, 20),
    )
    for text, code, days in (
        ("Shadow your manager at the next final hearing.", "legislation", -25),
        ("Show the duty team the template for hospital visits.", "recording", 6),
    ):
        supervision.plan_action(
            worker,
            actor=manager,
            action=text,
            competency=headings[code],
            by_when=_day(today, days),
            now=_at(today, 48),
            today=_day(today, 48),
        )
    course = supervision.record_training(
        worker,
        actor=worker,
        title="Court skills, two days",
        provider="The council's own",
        taken_on=_day(today, 75),
        learned="To answer the question that was asked, and to stop.",
        applied="In my next hearing I gave short answers and was not drawn into guessing.",
        competencies=[headings["legislation"]],
        now=_at(today, 40),
    )
    supervision.agree_training(course, actor=manager, today=_day(today, 20))
    supervision.record_training(
        worker,
        actor=worker,
        title="Reading drawings of younger children",
        provider="",
        taken_on=_day(today, 8),
        learned="That the first thing drawn is not always the most important.",
        applied="",
        competencies=[],
        now=_at(today, 7),
    )


def _of_somebody_refused(worker, today):
    """The first thing that the refusal asked for is done."""
    first = DevelopmentAction.objects.filter(worker=worker).exclude(from_refusal_of="").first()
    supervision.finish_action(
        first,
        actor=worker,
        done_on=_day(today, 1),
        outcome="I brought the report to supervision. It goes to the fostering panel next month.",
        today=today,
    )


def _day(today, days):
    """`days` days before today; after it, where that is negative. Of a weekend, the Friday."""
    return workday(today, days)


def _at(today, days):
    return timezone.make_aware(datetime.datetime.combine(_day(today, days), datetime.time(15, 40)))
