"""Asks ClamAV of each file that waits, over its INSTREAM protocol. Nobody reads one before it answers."""

import logging
import socket
import struct
from datetime import timedelta
from urllib.parse import urlsplit

from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from kombu.exceptions import OperationalError

from portfolios import attachments
from portfolios.models.scanned import Scanned, ScanState

log = logging.getLogger(__name__)

CONNECT_WITHIN = 5
ANSWER_WITHIN = 60
PONG_WITHIN = 1
"""Seconds."""
PIECE = 64 * 1024
LONGEST_ANSWER = 4096
AGAIN_AFTER = timedelta(minutes=1)


class NotScanned(Exception):
    """The scanner did not say of the file whether it is safe."""


class ScannerDown(NotScanned):
    """The scanner cannot be reached: nothing else need be tried just now."""


def first_state(*, now):
    """The fields of a new row of Scanned: to be checked where there is a scanner, else safe."""
    if settings.CLAMD_URL:
        transaction.on_commit(_nudge)
        return {"scan": ScanState.CHECKING, "scan_try_at": now}
    return {"scan": ScanState.SAFE, "scan_settled_at": now}


def scan_waiting(*, now):
    """Ask the scanner of one file after another until none waits. Returns how many were settled.

    Run as often and as many at once as one likes. `now` is called for the time.
    """
    settled = 0
    while settings.CLAMD_URL and (file := claim(now=now())) is not None:
        try:
            with default_storage.open(file.stored_as) as opened:
                content = opened.read()
            settle(file, virus_in(content), now=now())
            settled += 1
        except ScannerDown as down:
            log.warning("The virus scanner is down: %s", down)
            break
        except (NotScanned, OSError) as fault:
            log.error("%s %s was not scanned: %s", type(file).__name__, file.pk, type(fault).__name__)  # noqa: TRY400
    return settled


@transaction.atomic
def claim(*, now):
    """A file that waits for the scanner, for this caller alone for a while; None if none does."""
    for table in _tables():
        file = (
            table.objects.select_for_update(no_key=True, skip_locked=True)
            .filter(scan=ScanState.CHECKING, removed_at=None, scan_try_at__lte=now)
            .order_by("scan_try_at", "pk")
            .first()
        )
        if file is not None:
            file.scan_try_at = now + AGAIN_AFTER
            file.save(update_fields=["scan_try_at"])
            return file
    return None


@transaction.atomic
def settle(file, virus, *, now):
    """Keep what the scanner said, once: the name of a virus, whose file is then deleted, or "" for none."""
    row = type(file).objects.select_for_update(no_key=True).filter(pk=file.pk).first()
    if row is None or row.scan != ScanState.CHECKING:
        return
    row.scan = ScanState.REFUSED if virus else ScanState.SAFE
    row.scan_found = virus[:200]
    row.scan_settled_at = now
    row.save(update_fields=["scan", "scan_found", "scan_settled_at"])
    if virus:
        transaction.on_commit(lambda: attachments.discard(row.stored_as))


def answers():
    """Whether the scanner says that it is there; within two seconds, even where it is silent."""
    try:
        with _connected(PONG_WITHIN, PONG_WITHIN) as scanner:
            scanner.sendall(b"zPING\x00")
            return _answer(scanner) == "PONG"
    except OSError:
        return False


def virus_in(content):
    """What the scanner calls the virus in these bytes; "" if it finds none.

    Raises ScannerDown if it cannot be reached, NotScanned if it says neither.
    """
    try:
        with _connected(CONNECT_WITHIN, ANSWER_WITHIN) as scanner:
            scanner.sendall(b"zINSTREAM\x00")
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                scanner.sendall(struct.pack(">I", len(piece)) + piece)
            scanner.sendall(struct.pack(">I", 0))
            answer = _answer(scanner)
    except OSError as fault:
        raise ScannerDown(type(fault).__name__) from None
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND") or "unnamed"
    raise NotScanned("It answered neither that it is safe nor that it is not.")


def _connected(within, answer_within):
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        scanner = socket.socket(socket.AF_UNIX)
        scanner.settimeout(within)
        try:
            scanner.connect(address.path)
        except OSError:
            scanner.close()
            raise
    else:
        scanner = socket.create_connection((address.hostname, address.port or 3310), within)
    scanner.settimeout(answer_within)
    return scanner


def _answer(scanner):
    said = b""
    while b"\x00" not in said and len(said) < LONGEST_ANSWER and (more := scanner.recv(LONGEST_ANSWER)):
        said += more
    return said.partition(b"\x00")[0].decode("utf-8", "replace").strip()


def _tables():
    return [model for model in apps.get_models() if issubclass(model, Scanned)]


def _nudge():
    """Ask Celery to begin at once. Beat does so within seconds, so a queue that is down does no harm."""
    try:
        current_app.send_task("portfolios.tasks.scan_files", retry=False, expires=10)
    except OperationalError:
        log.info("The queue is down: files are scanned when it is back.")
