"""Between applications: what worker and manager write down in supervision, one verb a move. R40.

Each verb reads: lock, who, when, write. Nobody is written to about it: both were in the room. What is sent
twice is there once. `stays` says why passages that look like family data stay, as family_data_words does.
"""

from django.db import transaction

from people.models import Post
from people.policies import Blocked
from portfolios import supervision_permissions as permissions
from portfolios.hold_policies import check_not_held
from portfolios.models import DevelopmentAction, Priority, SupervisionNote, Training


@transaction.atomic
def write_note(worker, *, actor, held_on, reflection, competencies, stays=(), now, today):
    """Keep what was said on a day about work against these headings. It is not changed afterwards. R40."""
    worker = _lock(worker)
    principal = permissions.check_reads_development(actor, worker, today=today)
    note, made = SupervisionNote.objects.get_or_create(
        worker=worker,
        held_on=held_on,
        reflection=reflection,
        written_by=actor,
        defaults={"on_behalf_of": principal, "written_at": now, "stays": list(stays)},
    )
    if made:
        note.competencies.set(competencies)
    return note


@transaction.atomic
def agree_priority(worker, *, actor, text, review_on, stays=(), today):
    """Record what worker and manager agreed to work on. The manager writes it down. R40."""
    worker = _lock(worker)
    principal = permissions.check_supervises(actor, worker, today=today)
    priority, _ = Priority.objects.get_or_create(
        worker=worker,
        text=text,
        review_on=review_on,
        agreed_by=actor,
        agreed_on=today,
        defaults={"on_behalf_of": principal, "stays": list(stays)},
    )
    return priority


@transaction.atomic
def end_priority(priority, *, actor, today):
    """It is met, or no longer what matters most. Raises Blocked if it has ended already."""
    worker = _lock(priority.worker)
    permissions.check_supervises(actor, worker, today=today)
    if not Priority.objects.filter(pk=priority.pk, ended_on=None).update(ended_on=today):
        raise Blocked("This priority has ended already.")


@transaction.atomic
def plan_action(worker, *, actor, action, competency, by_when, stays=(), now, today):
    """Put an action into the personal development plan: what, under which heading if any, by when. R40."""
    worker = _lock(worker)
    permissions.check_reads_development(actor, worker, today=today)
    planned, _ = DevelopmentAction.objects.get_or_create(
        worker=worker,
        action=action,
        competency=competency,
        by_when=by_when,
        done_on=None,
        defaults={"added_by": actor, "added_at": now, "stays": list(stays)},
    )
    return planned


@transaction.atomic
def finish_action(action, *, actor, done_on, outcome, stays=(), today):
    """An action is done, or given up: the day, and what came of it. Raises Blocked if it was finished."""
    worker = _lock(action.worker)
    permissions.check_reads_development(actor, worker, today=today)
    open_one = DevelopmentAction.objects.filter(pk=action.pk, done_on=None)
    if not open_one.update(done_on=done_on, outcome=outcome, stays=[*action.stays, *stays]):
        raise Blocked("This action is done already.")


@transaction.atomic
def record_training(
    worker, *, actor, title, provider, taken_on, learned, applied, competencies, stays=(), now
):
    """The worker says what training they took, and how they applied it if they have. R40."""
    worker = _lock(worker)
    permissions.check_is_own(actor, worker)
    training, made = Training.objects.get_or_create(
        worker=worker,
        title=title,
        provider=provider,
        taken_on=taken_on,
        learned=learned,
        applied=applied,
        defaults={"added_at": now, "stays": list(stays)},
    )
    if made:
        training.competencies.set(competencies)
    return training


@transaction.atomic
def say_how_applied(training, *, actor, learned, applied, stays=()):
    """The worker says what they learned in training and how they applied it in practice. R40."""
    worker = _lock(training.worker)
    permissions.check_is_own(actor, worker)
    kept = Training.objects.get(pk=training.pk)
    if kept.learned not in ("", learned) or kept.applied not in ("", applied):
        check_not_held(worker)
    elsewhere = [one for one in kept.stays if one["place"] not in ("learned", "applied")]
    Training.objects.filter(pk=training.pk).update(
        learned=learned, applied=applied, stays=[*elsewhere, *stays]
    )


@transaction.atomic
def agree_training(training, *, actor, today):
    """The manager says that the training was agreed with them. R5."""
    worker = _lock(training.worker)
    principal = permissions.check_supervises(actor, worker, today=today)
    not_agreed = Training.objects.filter(pk=training.pk, agreed_by=None)
    if not not_agreed.update(agreed_by=actor, on_behalf_of=principal, agreed_on=today):
        raise Blocked("This training is agreed already.")


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


def made_evidence(source, piece):
    """Keep which piece of evidence the worker made of a note, an action or training, unless one is known."""
    kept = source.evidence
    if kept is None or kept.removed_at is not None:
        type(source).objects.filter(pk=source.pk).update(evidence=piece)


def _lock(worker):
    """The worker with their team as it is now, and no other writing about them until this one is done."""
    post = (
        Post.objects.select_for_update(of=("self",))
        .select_related("holder", "team__manager")
        .filter(holder=worker)
        .first()
    )
    return post.holder if post else worker
