"""How much one worker's bank of evidence holds, in bytes of files."""

from django.db.models import Sum

from people.models import User
from portfolios.attachments import Refused
from portfolios.models import Attachment
from portfolios.models.scanned import ScanState

MOST_BYTES = 500 * 1024**2
"""About a thousand photographs, or ten thousand pages."""


def bytes_in_bank(worker):
    """The size of all files on the worker's pieces but those that the scanner refused. One query."""
    kept = Attachment.objects.filter(evidence__worker=worker, removed_at=None).exclude(scan=ScanState.REFUSED)
    return kept.aggregate(size=Sum("size"))["size"] or 0


def check_room(worker, stored):
    """Raise Refused unless the bank has room for one more file, as attachments.Stored.

    The worker's row stays locked until the transaction ends, so that no two uploads fill the same room.
    """
    User.objects.select_for_update(no_key=True).only("pk").get(pk=worker.pk)
    if bytes_in_bank(worker) + stored.size > MOST_BYTES:
        raise Refused(
            f"‘{stored.name}’ was not added: your evidence holds at most {MOST_BYTES // 1024**2} MB of "
            "files. Take off some that you no longer need"
        )
