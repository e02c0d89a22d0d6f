"""Every read of whom a worker asked about a piece, and of what was answered."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.core.paginator import Paginator
from django.db.models import IntegerField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from people.policies import Alarming
from people.written import Written, given, outside
from portfolios.family_data_selectors import Passage, Stay, Watched, passages_in, watched_by
from portfolios.freezing import fingerprint
from portfolios.models import Attachment, LinkMail, ObserverRequest, Testimony
from portfolios.models.scanned import ScanState

A_PAGE = 25
CHANGED = (
    "A testimony is not as it was sent, so it is not shown. The people who look after this service have been "
    "told."
)


@dataclass(frozen=True)
class Said:
    """What an observer answered. Name, role and organisation are what they said of themselves."""

    name: str
    role: str
    organisation: str
    email: str
    observed: bool
    words: str
    stays: tuple[Stay, ...]
    given_at: datetime
    sha256: str

    @property
    def given_on(self):
        """The day, here, on which they sent it."""
        return localdate(self.given_at)

    @property
    def who(self):
        """Name, role and organisation in one line."""
        return ", ".join(part for part in (self.name, self.role, self.organisation) if part)


@dataclass(frozen=True)
class Asked:
    """One request as its worker sees it. `said` is what was answered, or None; `until` when the link ends."""

    request: ObserverRequest
    state: str
    until: datetime
    said: Said | None

    @property
    def waits(self):
        """Whether the worker may still take it back, or send it again."""
        return self.state not in ("answered", "taken back")


def asked_about(piece, *, now):
    """Whom the worker asked about a piece, newest first, as Asked. Two queries."""
    requests = ObserverRequest.objects.filter(evidence=piece).select_related("testimony")
    return [_asked(request, now=now) for request in requests.prefetch_related("links")]


def asked(worker, piece_id, pk, *, now):
    """One of them, of this worker's own piece; or None. Two queries."""
    found = ObserverRequest.objects.filter(
        pk=pk, evidence=piece_id, evidence__worker=worker, evidence__removed_at=None
    )
    request = found.select_related("testimony", "evidence").prefetch_related("links").first()
    return request and _asked(request, now=now)


def asked_by(worker, *, page, now):
    """A page of everybody whom the worker asked, as Asked, the latest news first. Three queries."""
    found = (
        ObserverRequest.objects.filter(evidence__worker=worker, evidence__removed_at=None)
        .select_related("testimony", "evidence")
        .prefetch_related("links")
        .order_by(Coalesce("testimony__given_at", "asked_at").desc(), "-pk")
    )
    page = Paginator(found, A_PAGE).get_page(page)
    page.object_list = [_asked(request, now=now) for request in page.object_list]
    return page


def answered_since(moment):
    """(worker's id, when) of every testimony given from this moment on. One query."""
    found = Testimony.objects.filter(given_at__gte=moment).order_by("pk")
    return found.values_list("request__evidence__worker", "given_at")


def answered_for_row(worker, *, since):
    """How many answered a worker from a moment on.

    A part of a query whose rows have the worker's id in the column `worker`.
    """
    return RawSQL(*_answered_for_row(worker).counted(since=since), output_field=IntegerField())  # noqa: S611


@cache
def _answered_for_row(worker):
    of_worker = Testimony.objects.filter(
        request__evidence__worker=outside(worker), request__evidence__removed_at=None
    )
    return Written(of_worker.filter(given_at__gte=given("since")).order_by().values("pk"))


def said_of(piece):
    """What observers answered about a piece and its worker does not leave out, oldest first. One query."""
    found = Testimony.objects.filter(request__evidence=piece, request__left_out=False).order_by("pk")
    return [_said(one) for one in found]


def thawed(kept):
    """A testimony as a submission holds it, as Said."""
    return Said(
        **{
            **kept,
            "stays": tuple(Stay(**stay) for stay in kept["stays"]),
            "given_at": datetime.fromisoformat(kept["given_at"]),
        }
    )


def file_shown(link, token):
    """The Attachment with this token, if whoever holds the link may read it; else None. One query."""
    if str(token) not in {file["token"] for file in link.request.shown["files"]}:
        return None
    return Attachment.objects.filter(
        token=token, evidence=link.request.evidence, removed_at=None, scan=ScanState.SAFE
    ).first()


def watched_in_testimony(worker):
    """What an observer's words are looked through for: the worker's names to watch are told to nobody."""
    return Watched(watched_by(worker).case_numbers, ())


def passages_of(piece, fields, watched) -> list[Passage]:
    """What looks like family data in (field, its label, what was typed), each passage once."""
    found = {}
    for passage in passages_in(f"{piece.pk}", fields, watched):
        found.setdefault(passage.digest, passage)
    return list(found.values())


def _asked(request, *, now):
    link = next(iter(request.links.all()))
    testimony = getattr(request, "testimony", None)
    if testimony is not None:
        return Asked(request, "answered", link.expires_at, _said(testimony))
    if request.ended_at is not None:
        state = "taken back"
    elif link.mail == LinkMail.FAILED:
        state = "not sent"
    elif link.expires_at <= now:
        state = "expired"
    elif link.mail == LinkMail.WAITING:
        state = "being tried" if link.last_fault else "being sent"
    else:
        state = "waiting"
    return Asked(request, state, link.expires_at, None)


def _said(testimony):
    content = testimony.content
    if fingerprint(content) != testimony.sha256:
        raise Alarming(CHANGED, alert=f"Testimony {testimony.pk} is not as it was sent")
    return Said(
        name=content["name"],
        role=content["role"],
        organisation=content["organisation"],
        email=content["asked"]["email"],
        observed=content["observed"],
        words=content["words"],
        stays=tuple(Stay(**stay) for stay in content["stays"]),
        given_at=testimony.given_at,
        sha256=testimony.sha256,
    )
