"""What a manager records of a worker's post, on which the gates rest. Each change is kept."""

from django.db import transaction

from people.models import Post, PostChange
from people.policies import Blocked
from progression.meeting_permissions import check_arranges_meetings

RECORDED = {
    "newly_qualified": "Newly qualified",
    "induction_completed_on": "Induction completed",
    "probation_ends_on": "Probation ends",
    "probation_completed": "Probation completed",
    "performance_rating": "Last performance rating",
    "under_formal_process": "Formal capability or disciplinary process",
}
"""What may be recorded, by the post's field, and what it is called."""


@transaction.atomic
def record_details(worker, *, actor, details, now):
    """Keep `details`, {a field of RECORDED: its value}. Returns a PostChange for each that is new."""
    post = Post.objects.select_for_update(of=("self",)).get(holder=worker)
    principal = check_arranges_meetings(actor, worker)
    if unknown := set(details) - set(RECORDED):
        raise ValueError(f"No manager records {', '.join(sorted(unknown))}.")
    completed = details.get("induction_completed_on")
    if completed and completed < post.service_start:
        raise Blocked("Induction cannot have been completed before the worker started with the council.")
    before = {name: said(post, name) for name in details}
    for name, value in details.items():
        setattr(post, name, value)
    changes = [
        PostChange(
            post=post,
            field=name,
            was=before[name],
            became=said(post, name),
            at=now,
            by=actor,
            on_behalf_of=principal,
        )
        for name in details
        if said(post, name) != before[name]
    ]
    post.save(update_fields=list(details))
    return PostChange.objects.bulk_create(changes)


def said(post, name):
    """What the post says of one field, as text."""
    value = getattr(post, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
