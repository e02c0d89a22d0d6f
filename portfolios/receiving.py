"""Takes files in as they arrive, before anything is known of them. FILE_UPLOAD_HANDLERS names these."""

import logging
from contextlib import suppress

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from portfolios.models import LARGEST_ATTACHMENT

log = logging.getLogger(__name__)

LARGEST_EXPORT = 100 * 1024**2
LARGER = {"portfolios:bring_back": LARGEST_EXPORT}
"""Bytes, of the pages that take something larger than an attachment in."""


class StopAtLimit(FileUploadHandler):
    """Lets no more of a file through than shows that it is too large, so that none fills the disk.

    First of FILE_UPLOAD_HANDLERS: those after it keep what it passes on.
    """

    def receive_data_chunk(self, raw_data, start):
        return raw_data if start <= self._limit() else None

    def _limit(self):
        page = getattr(self.request, "resolver_match", None)
        return LARGER.get(page.view_name if page else "", LARGEST_ATTACHMENT)

    def file_complete(self, file_size):
        return None


class NotReceived(SimpleUploadedFile):
    """A file that there was no room for while it arrived. The rest of its form is here all the same."""

    def __init__(self, name):
        super().__init__(name, b"")


class ReceiveOnDisk(TemporaryFileUploadHandler):
    """As Django's own; on a full disk the file is given up, and what was typed beside it is not."""

    def new_file(self, *args, **kwargs):
        self.lost = False
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._give_up()

    def receive_data_chunk(self, raw_data, start):
        if not self.lost:
            try:
                self.file.write(raw_data)
            except OSError:
                self._give_up()

    def file_complete(self, file_size):
        if not self.lost:
            try:
                return super().file_complete(file_size)
            except OSError:
                self._give_up()
        return NotReceived(self.file_name)

    def upload_interrupted(self):
        if not self.lost:
            super().upload_interrupted()

    def _give_up(self):
        log.exception("A file could not be received")
        self.lost = True
        if (file := self.__dict__.pop("file", None)) is not None:
            with suppress(OSError):
                file.close()
