"""An export as a worker sends it to be brought back."""

import uuid

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portfolios import bringing_transitions
from portfolios.models import BringingBack


def zip_of(path):
    return SimpleUploadedFile("export.zip", path.read_bytes())


def sent(worker, path, *, key=None):
    bringing_transitions.ask_for(worker, export=zip_of(path), key=key or uuid.uuid4(), now=timezone.now())
    return BringingBack.objects.get(asked_by=worker)


def kept():
    """The names of all files in the storage."""
    return {name for name, _ in default_storage.kept()}
