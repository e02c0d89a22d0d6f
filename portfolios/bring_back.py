"""A worker brings an export back into their own bank: what is there already stays, nothing is doubled.

Its files come in by the same door as any upload. All of it is written in one transaction, or nothing is: the
files that were stored meanwhile are then deleted again.
"""

from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import localdate

from portfolios import attachments, family_data, permissions
from portfolios.bringing_rows import Bringing
from portfolios.export_format import Part
from portfolios.export_reading import LISTS, NotTaken
from portfolios.models import Evidence

ANOTHERS = (
    "This export is somebody else’s: neither its name nor its email address is yours. If it is yours under "
    "another name, ask whoever looks after the service to bring it back"
)
MAY_BE_AHEAD = {"by_when", "year_ends_on"}


class Watched:
    """Whoever brings an export back is told of it here. By itself this tells nobody."""

    def checked(self, done, total):
        """So many of its new files are checked and stored."""

    def writes(self):
        """The transaction has begun in which all of it is written."""

    def wrote(self, came):
        """All is written, and counts unless this raises: a BroughtBack."""


def bring_back(worker, export, *, now, watched=None, whosever=False):
    """Add what the export_reading.Export holds to the worker's bank. Returns a BroughtBack.

    Raises NotTaken with the sentence for the screen; then nothing was kept. An export that names somebody
    else is not taken, unless `whosever`: the caller knows that it is the worker's.
    """
    watched = watched or Watched()
    permissions.check_keeps_evidence(worker)
    if not whosever:
        check_is_theirs(export.owner(), worker)
    for part in (*export.pieces(), *(row for name in LISTS for row in export.rows(name))):
        _check_has_been(part, now)
    there = set(Evidence.objects.filter(worker=worker, removed_at=None).values_list("key", flat=True))
    total = sum(len(piece.files) for piece in export.pieces() if piece.key not in there)
    stored, done = {}, 0
    try:
        for piece in export.pieces():
            if piece.key not in there:
                stored[piece.key] = []
                for file in piece.files:
                    watched.checked(done, total)
                    stored[piece.key].append(_take_in(export, file))
                    done += 1
        watched.checked(done, total)
        with transaction.atomic():
            watched.writes()
            came = Bringing(worker, export, stored, now).everything()
            watched.wrote(came)
            return came
    except attachments.Refused as refused:
        _discard(stored)
        raise NotTaken(refused.sentence) from None
    except BaseException:
        _discard(stored)
        raise


def check_is_theirs(owner, worker):
    """Raise NotTaken unless the export_format.Owner has the worker's name, or their e-mail address.

    Either will do: an address stays behind with a council, and a name may change.
    """
    same_name = family_data.said(owner.name) == family_data.said(worker.name) != ""
    if not same_name and owner.email.strip().casefold() != worker.email.casefold():
        raise NotTaken(ANOTHERS)


def _check_has_been(part, now):
    """Raise NotTaken for a day to come: what was said last stands, so nobody says it as of next year."""
    for name, value in part:
        if isinstance(value, datetime):
            ahead = value > now
        elif isinstance(value, date):
            ahead = name not in MAY_BE_AHEAD and value > localdate(now)
        else:
            ahead = False
            for inside in value if isinstance(value, list) else ():
                if isinstance(inside, Part):
                    _check_has_been(inside, now)
        if ahead:
            raise NotTaken("Something in this export is of a day that has not come yet")


def _take_in(export, file):
    with export.open(file.entry) as opened:
        return attachments.take_in(UploadedFile(opened, file.name, size=file.size))


def _discard(stored):
    for files in stored.values():
        for one in files:
            attachments.discard(one.stored_as)
