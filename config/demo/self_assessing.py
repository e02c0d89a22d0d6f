"""What the demonstration's workers say of themselves before they hand in."""

from competencies import selectors as competencies
from portfolios.models import Stand
from portfolios.self_assessment_transitions import say_where_you_stand

SAID = (
    (Stand.DOING, ""),
    (Stand.GETTING_THERE, "On most weeks. When duty is busy I write up a day late."),
    (Stand.DOING, "I now mark what I was told and what I saw."),
    (Stand.NOT_YET, ""),
)


def say(worker, step, *, now, headings=2):
    """Answers about the first criteria of the first headings of the step."""
    for heading in competencies.headings_judged(step)[:headings]:
        answers = {one.pk: said for one, said in zip(heading.criteria, SAID, strict=False)}
        say_where_you_stand(worker, actor=worker, heading=heading, answers=answers, seen=0, now=now)
