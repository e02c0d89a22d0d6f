"""*When* a thing may be done: the exception every package's policy raises, and what blocks standing in."""

from django.utils.formats import date_format

from people import selectors
from people.models import Conflict


class Blocked(Exception):
    """Not now: something is missing or out of turn. Carries every sentence, not the first alone."""

    def __init__(self, sentences):
        self.sentences = [sentences] if isinstance(sentences, str) else list(sentences)
        super().__init__(" ".join(self.sentences))


class Alarming(Blocked):
    """Blocked because something is wrong that must never be: whoever looks after the service is told at once.

    `alert` says what, with nothing personal in it.
    """

    def __init__(self, sentences, *, alert):
        super().__init__(sentences)
        self.alert = alert


def blocks_on_delegating(delegator, delegate, *, first_day, last_day, today):
    """Sentences, each a reason why `delegate` cannot stand in for `delegator` on these days."""
    if first_day < today:
        return ["The first day must be today or later: nobody can stand in for days that are over."]
    if last_day < first_day:
        return ["The last day must not be before the first day."]
    if not selectors.may_stand_in_for(delegator).filter(pk=delegate.pk).exists():
        return [
            f"{delegate.name} cannot stand in for {delegator.name}: it must be a manager of the same "
            "council who is at least as senior."
        ]
    clashes = selectors.clashes_of(delegator, delegate, first_day=first_day, last_day=last_day)
    return [
        f"{other.delegate.name} already stands in for {other.delegator.name} {days(other)}. "
        + ("End that first." if other.delegator_id == delegator.pk else "Choose somebody who is there.")
        for other in clashes
        if other.delegator_id in (delegator.pk, delegate.pk)
    ]


def warnings_on_delegating(delegator, delegate, *, first_day, last_day):
    """Sentences, each a thing to know first: nobody stands in for somebody through somebody else."""
    clashes = selectors.clashes_of(delegator, delegate, first_day=first_day, last_day=last_day)
    return [
        f"You stand in for {other.delegator.name} {days(other)}. {delegate.name} does not do that in your "
        f"place: {other.delegator.name} should choose somebody else."
        for other in clashes
        if other.delegate_id == delegator.pk and other.delegator_id != delegate.pk
    ]


def check_delegation(delegator, delegate, **about):
    if blocks := blocks_on_delegating(delegator, delegate, **about):
        raise Blocked(blocks)


def check_not_ended(thing):
    """Raise Blocked for a delegation or conflict that somebody has ended already."""
    if thing.ended_at is not None:
        raise Blocked(f"This has ended already: {thing.ended_by.name} ended it.")


def check_not_over(delegation, *, today):
    """Raise Blocked for days that are over."""
    if delegation.last_day < today:
        raise Blocked("These days are over: there is nothing left to end.")


def blocks_on_declaring(person, other):
    """Sentences, each a reason why this conflict cannot be declared. One query."""
    if person.pk == other.pk:
        return ["A conflict of interest is with somebody else."]
    if Conflict.objects.filter(person=person, other=other, ended_at__isnull=True).exists():
        return [f"A conflict of interest with {other.name} is declared already."]
    return []


def check_declarable(person, other):
    if blocks := blocks_on_declaring(person, other):
        raise Blocked(blocks)


def days(delegation):
    """On 4 May 2026; from 4 May 2026 to 8 May 2026."""
    first, last = (date_format(day, "j F Y") for day in (delegation.first_day, delegation.last_day))
    return f"on {first}" if first == last else f"from {first} to {last}"
