"""What worker1 of the demonstration shares with their manager, and what the two say about it. R40."""

import datetime
import uuid

from django.utils import timezone

from config.demo.cases import workday
from portfolios import sharing_transitions as sharing

THREAD = (
    (6, "manager", "This shows your own thinking well. What did the school say when you told them?"),
    (5, "worker", "They had seen the same. I will add what they told me, and what changed in the plan."),
    (2, "manager", "Good. Then I would call it finished. We can go through it on Tuesday."),
)


def make_sharing(people, *, today):
    """worker1 shares two pieces with their manager; they talk about one, and the last word is new."""
    worker = people["worker1"]
    for piece in worker.evidence.filter(complete=True).order_by("pk")[:2]:
        sharing.share(piece, actor=worker, now=_at(today, 7))
    actors = {"worker": worker, "manager": worker.post.team.manager}
    first = worker.evidence.filter(complete=True).order_by("pk").first()
    for days, who, text in THREAD:
        sharing.comment(
            first,
            actor=actors[who],
            text=text,
            key=uuid.uuid4(),
            now=_at(today, days),
            today=workday(today, days),
        )


def _at(today, days):
    return timezone.make_aware(datetime.datetime.combine(workday(today, days), datetime.time(16, 10)))
