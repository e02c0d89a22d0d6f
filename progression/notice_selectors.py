"""Reads of what somebody was told."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.lookups import IsNull

from progression.messages import MESSAGES
from progression.models import Notice, NoticeStatus

A_PAGE = 50


@dataclass(frozen=True)
class Told:
    """One line on the list of what somebody was told. `over`: it asked for an act no longer needed."""

    pk: int
    subject: str
    about: str
    at: datetime
    unread: bool
    over: bool


def told(user, *, page):
    """A page of all that this person was told, unread first, then the latest, as Told. Two queries."""
    found = _shown_to(user).alias(is_read=IsNull(F("read_at"), False))
    found = found.order_by("is_read", "-queued_at", "-pk").select_related("application", "event", "deadline")
    page = Paginator(found, A_PAGE).get_page(page)
    page.object_list = [_told(notice) for notice in page.object_list]
    return page


def unread(user):
    """How many this person has not opened yet. One query."""
    return all_unread(user).count()


def all_unread(user):
    """The notices that this person has not opened yet."""
    return _shown_to(user).filter(read_at=None)


def notice_to(user, pk):
    """The notice to this person of that number, or None."""
    return _shown_to(user).filter(pk=pk).select_related("application", "meeting").first()


def _shown_to(user):
    return Notice.objects.filter(recipient=user).exclude(status=NoticeStatus.DROPPED)


def _told(notice):
    return Told(
        pk=notice.pk,
        subject=MESSAGES[notice.kind].subject,
        about=notice.application.reference if notice.application else "",
        at=notice.queued_at,
        unread=notice.read_at is None,
        over=MESSAGES[notice.kind].is_over(notice),
    )
