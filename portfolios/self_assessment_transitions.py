"""What a worker does in assessing themselves. It is theirs alone until a submission takes a copy of it."""

from django.db import transaction

from people.models import Post
from portfolios import self_assessment_selectors as selectors
from portfolios import supervision_permissions as permissions
from portfolios.models import SelfAssessment


class SaidElsewhere(Exception):
    """The same criteria were answered otherwise since the page was opened; nothing has been written.

    `rows` are the AboutCriterion as they stand now.
    """

    def __init__(self, rows):
        self.rows = rows
        super().__init__(f"{len(rows)} criteria have been answered since.")


@transaction.atomic
def say_where_you_stand(worker, *, actor, heading, answers, seen, now, stays=None):
    """Keep what the worker says of themselves under one heading; what they leave open stays as it was.

    `answers` is {criterion's id: (Stand, words)}, `stays` why passages stay in those words, likewise. `seen`
    is the number of the last row that the page showed, or 0: an answer given elsewhere since, and another
    than this one, raises SaidElsewhere. An answer that is the same as before makes no new row. Returns how
    many rows were written.
    """
    Post.objects.select_for_update(no_key=True, of=("self",)).filter(holder=worker).first()
    permissions.check_is_own(actor, worker)
    rows, stays = selectors.about_heading(worker, heading), stays or {}
    changed = [one for one in rows if one.criterion.pk in answers and not _same(one, answers, stays)]
    if any(one.now and one.now.row > seen for one in changed):
        raise SaidElsewhere(rows)
    SelfAssessment.objects.bulk_create(
        SelfAssessment(
            worker=worker,
            criterion=one.criterion,
            stand=answers[one.criterion.pk][0],
            words=answers[one.criterion.pk][1],
            stays=stays.get(one.criterion.pk, []),
            said_at=now,
        )
        for one in changed
    )
    return len(changed)


def _same(one, answers, stays):
    """The same stand and words as before, with no reason that is not kept with them yet."""
    if one.now is None or (one.now.stand, one.now.words) != answers[one.criterion.pk]:
        return False
    return {told["digest"] for told in stays.get(one.criterion.pk, ())} <= {
        told["digest"] for told in one.now.stays
    }
