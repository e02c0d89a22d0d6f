"""*When* somebody may be asked about a piece: what can be confirmed, and how many may be asked."""

from datetime import timedelta

from django.db.models import Q

from competencies.rules import EvidenceKind as Kind
from people.policies import Blocked
from portfolios import family_data_selectors as family_data
from portfolios.models import ObserverLink, ObserverRequest, Testimony

WAIT_FOR_OTHERS = frozenset({Kind.TESTIMONY, Kind.DIRECT_OBSERVATION})
"""What others say or saw: they are asked before it is finished."""
CONFIRMED_WHEN_FINISHED = frozenset({Kind.PRACTICE_EXAMPLE, Kind.CASE_STUDY})

MOST_OPEN = 5
"""Requests about one piece that wait for an answer at once."""
MOST_ASKED = 30
"""Requests about one piece, ever."""
MOST_A_DAY = 20
"""Links of one worker in 24 hours, those sent again among them."""
A_DAY = timedelta(days=1)


def blocks_on_asking(piece, looked):
    """Sentences, each a reason why nobody can be asked about this piece, `looked` through, as it stands."""
    kind = Kind(piece.kind)
    if kind not in WAIT_FOR_OTHERS | CONFIRMED_WHEN_FINISHED:
        return ["Others confirm a practice example or a case study, or add to a testimony or an observation."]
    if kind in CONFIRMED_WHEN_FINISHED and not piece.complete:
        return ["Finish this first: then somebody can confirm what you wrote."]
    if not piece.title:
        return ["Give it a title first: whoever you ask sees it."]
    if looked.unanswered:
        return ["Look at what may be family data in it first: it would go to somebody outside."]
    return []


def check_can_be_asked_about(piece):
    """Raise Blocked unless somebody may be asked about this piece as it stands."""
    if blocks := blocks_on_asking(piece, family_data.looked_through(piece)):
        raise Blocked(blocks)


def may_be_asked_about(piece, looked):
    """Whether somebody may be, of a piece that was `looked` through. No query."""
    return not blocks_on_asking(piece, looked)


def check_somebody_else(worker, email):
    """Raise Blocked where the worker would be their own observer, under whatever name of their mailbox."""
    if _mailbox(email) == _mailbox(worker.email):
        raise Blocked("This is your own email address. Ask somebody else.")


def _mailbox(email):
    """Where it arrives: "Kim+x@council.example" and '"kim"@council.example' are Kim's own."""
    name, _, domain = email.strip().casefold().rpartition("@")
    return name.strip('"').partition("+")[0], domain


def check_answered_by_another(user, piece):
    """Raise Blocked for the worker themselves, who has got hold of a link."""
    if user.pk == piece.worker_id:
        raise Blocked("Somebody else must answer this: it is your own work.")


def check_room_to_ask(piece, *, now):
    """Raise Blocked once enough people are asked about this piece."""
    asked = ObserverRequest.objects.filter(evidence=piece)
    if asked.filter(waiting(now=now)).count() >= MOST_OPEN:
        raise Blocked(f"{MOST_OPEN} people have not answered yet about this. Wait for one, or take one back.")
    if asked.count() >= MOST_ASKED:
        raise Blocked(f"You have asked {MOST_ASKED} people about this. Nobody else can be asked.")


def check_room_to_send(worker, *, now):
    """Raise Blocked once the worker has had enough links sent in a day."""
    sent = ObserverLink.objects.filter(request__evidence__worker=worker, made_at__gt=now - A_DAY)
    if sent.count() >= MOST_A_DAY:
        raise Blocked(f"You have sent {MOST_A_DAY} links since this time yesterday. Send more tomorrow.")


def check_not_settled(request):
    """Raise Blocked for a request that was answered, or that the worker took back."""
    if Testimony.objects.filter(request=request).exists():
        raise Blocked(f"{request.name} has answered: the link has been used.")
    if request.ended_at is not None:
        raise Blocked("You took this back. Ask again from the piece of evidence.")


def waiting(*, now):
    """Over requests, as Q: the link still works."""
    return Q(
        ended_at=None, testimony=None, links__ended_at=None, links__used_at=None, links__expires_at__gt=now
    )
