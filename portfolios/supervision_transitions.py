"""Between applications: what worker and manager write down in supervision, one verb a move. R40.

Each verb reads: lock, who, when, write. Nothing is told: both were in the room.
"""

from django.db import transaction

from portfolios.models import DevelopmentAction


@transaction.atomic
def plan_from_refusal(worker, *, reference, actions, actor, now):
    """Put what a refusal, or a review of it, asks of the worker into their development plan. R18.

    `reference` is the refused application's. `actions` are (Competency or None, text, day it is due or None).
    However often it is sent, an action is there once for each heading.
    """
    DevelopmentAction.objects.bulk_create(
        [
            DevelopmentAction(
                worker=worker,
                action=text.strip(),
                competency=competency,
                by_when=by_when,
                from_refusal_of=reference,
                added_at=now,
                added_by=actor,
            )
            for competency, text, by_when in actions
            if text.strip()
        ],
        ignore_conflicts=True,
    )
