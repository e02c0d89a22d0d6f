"""Where files are kept: a folder of this machine, or a bucket that speaks S3. A file is there or not.

Every other module asks `default_storage`, which settings make one of these two.
"""

import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import FileSystemStorage
from storages.backends.s3 import S3Storage

INCOMING = "incoming"


class FolderStorage(FileSystemStorage):
    """A folder. A file is written under another name, synced, then renamed: never half there."""

    def _save(self, name, content):
        final = Path(self.path(name))
        incoming = Path(self.path(INCOMING))
        for folder in (incoming, final.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=incoming)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.replace(path, final)
            for changed in (final.parent, final.parent.parent):
                _sync(changed)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(path)
            raise
        return name

    def kept(self):
        """Every file here, those that were never renamed among them, as (name, when it last changed)."""
        root = Path(self.location)
        for path in root.glob("*/*"):
            with suppress(FileNotFoundError):
                if path.is_file():
                    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    yield str(path.relative_to(root)), changed


class BucketStorage(S3Storage):
    """A bucket. What goes wrong between here and there is an OSError, as it is with a folder."""

    def _save(self, name, content):
        with _as_os_error():
            return super()._save(name, content)

    def _open(self, name, mode="rb"):
        with _as_os_error():
            file = super()._open(name, mode)
            file.file  # noqa: B018 - it is fetched here, where a missing one is noticed
            return file

    def exists(self, name):
        with _as_os_error():
            return super().exists(name)

    def delete(self, name):
        with _as_os_error():
            super().delete(name)

    def kept(self):
        """Every file here, as (name, when it was put here)."""
        with _as_os_error():
            for one in self.bucket.objects.all():
                yield one.key, one.last_modified


class _as_os_error:
    def __enter__(self):
        return self

    def __exit__(self, _, fault, trace):
        if isinstance(fault, (Boto3Error, BotoCoreError, ClientError)):
            raise OSError(f"The bucket did not answer as it should: {type(fault).__name__}") from fault
        return False


def _sync(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
