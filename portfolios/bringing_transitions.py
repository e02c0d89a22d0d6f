"""A worker sends an export; a process brings it back a moment later, all of it or nothing.

How such work is claimed, told of and given up is in `working`. The ZIP is kept under a random name until it
has been read, and nobody is ever given it: what is in it comes in by the door of every upload.
"""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from people import acting
from people.permissions import NotAllowed
from people.policies import Blocked
from portfolios import attachments, export_reading, permissions, working
from portfolios.bring_back import Watched, bring_back
from portfolios.export_reading import NotTaken
from portfolios.models import BringingBack, BringingStage
from portfolios.models.work import WAITS
from portfolios.receiving import NotReceived

READING_TAKES = timedelta(minutes=5)
BRING = "portfolios.tasks.bring_exports_back"
ASKED_ON = "portfolios:bring_back"
NO_ROOM = "This export could not be stored. Try again later"
ANOTHER = "Another export of yours is being brought back. Wait until that is done"


@transaction.atomic
def ask_for(worker, *, export, key, now):
    """Keep an export (UploadedFile) until it is brought back: once, however often its form (`key`) is sent.

    Raises NotAllowed; NotTaken, with the sentence for the screen, if it is none, or while another waits.
    """
    permissions.check_keeps_evidence(worker)
    if _was_sent(worker, key):
        return
    if isinstance(export, NotReceived):
        raise NotTaken(NO_ROOM)
    export_reading.check_looks_like_one(export)
    mine = BringingBack.objects.filter(asked_by=worker)
    if mine.filter(WAITS).exists():
        raise NotTaken(ANOTHER)
    working.drop(mine.exclude(WAITS))
    export.seek(0)
    try:
        stored_as = attachments.put_away(export)
    except OSError:
        raise NotTaken(NO_ROOM) from None
    said = {"asked_by": worker, "key": key, "asked_at": now, "try_at": now, "stored_as": stored_as}
    try:
        with transaction.atomic():
            BringingBack.objects.create(**said, size=export.size)
    except IntegrityError:
        attachments.discard(stored_as)
        if _was_sent(worker, key):
            return
        raise NotTaken(ANOTHER) from None
    except BaseException:
        attachments.discard(stored_as)
        raise
    transaction.on_commit(lambda: working.nudge(BRING))


def _was_sent(worker, key):
    return BringingBack.objects.filter(asked_by=worker, key=key).exists()


def bring(waiting, *, now):
    """Bring one that was claimed back. `now` is called for the time. Raises working.TakenOver.

    What is wrong with the export ends it, with the sentence for its worker; any other fault is raised.
    """
    worker = waiting.asked_by
    working.tell(waiting, BringingStage.READING, done=0, total=0, now=now(), for_so_long=READING_TAKES)
    with acting.acting(acting.Acting(ASKED_ON, worker.pk)), working.working_folder() as folder:
        try:
            # From here on the storage is not asked again: what cannot be read is the export's own fault.
            with (folder / "export.zip").open("w+b") as file:
                with default_storage.open(waiting.stored_as) as kept:
                    for chunk in kept.chunks():
                        file.write(chunk)
                bring_back(worker, export_reading.read(file), now=now(), watched=_Waiting(waiting, now=now))
        except (NotTaken, NotAllowed, Blocked) as refusal:
            _refuse(waiting, str(refusal).rstrip("."), now=now())


class _Waiting(Watched):
    """The worker, who sees on the page how far it is."""

    def __init__(self, row, *, now):
        self.row, self.now, self.files = row, now, 0

    def checked(self, done, total):
        self.files = total
        stage = BringingStage.WRITING if done == total else BringingStage.FILES
        working.tell(self.row, stage, done=done, total=total, now=self.now())

    def writes(self):
        """The row is locked until the transaction ends, however long that is: nobody takes it over."""
        self.checked(self.files, self.files)

    def wrote(self, came):
        working.end(self.row, made_at=self.now(), came=came.sentences, last_fault="")


@transaction.atomic
def _refuse(waiting, sentence, *, now):
    row = working.still_ours(waiting).select_for_update(no_key=True).first()
    if row is None:
        raise working.TakenOver
    working.end(row, failed_at=now, refused=sentence)
