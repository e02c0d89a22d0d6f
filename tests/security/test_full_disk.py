"""A disk that fills up at any step of an upload: nothing of the file stays, nothing that was typed is lost.

A limit on the size of any file that this process and its children write stands for the disk: the kernel
refuses the write in the middle of it, as a full disk does.
"""

import resource
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from competencies.rules import EvidenceKind
from portfolios import attachments, transitions
from portfolios.models import Attachment, Evidence
from tests.council import NOW, organisation
from tests.portfolios.corpus import noise, saved
from tests.portfolios.makers import piece_of, upload

pytestmark = pytest.mark.django_db
TYPED = "I met the child alone before the group met."
SOON = 64 * 1024
"""Bytes."""


@contextmanager
def room_for(size):
    """No file grows beyond `size` bytes while the block runs."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch, settings):
    """Folders of the test's own: where files are kept, and where they wait."""
    kept, waiting = tmp_path / "kept", tmp_path / "waiting"
    kept.mkdir()
    waiting.mkdir()
    monkeypatch.setattr(default_storage, "location", str(kept))
    monkeypatch.setattr(tempfile, "tempdir", str(waiting))
    settings.FILE_UPLOAD_TEMP_DIR = str(waiting)
    return tmp_path


def left(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def worker():
    return organisation().worker


def large():
    """A PNG of some three megabytes: more than Django keeps in memory while it arrives."""
    return saved(noise((1100, 1000)), "PNG")


def send(client, content, **more):
    data = {
        "key": "7b0a3c1e-5d27-4f0b-9b6e-2f4c86d6a001",
        "revision": "0",
        "kind": EvidenceKind.PRACTICE_EXAMPLE,
        "title": "A core group that I chaired",
        "what_i_did": TYPED,
        "draft": "draft",
        "files": SimpleUploadedFile("photo.png", content),
    }
    return client.post("/evidence/new/", data | more)


def test_with_room_the_same_file_is_kept(worker, client, folders):
    client.force_login(worker)
    assert len(large()) > 2_621_440
    assert send(client, large()).status_code == 302
    assert len(left(folders)) == 1


@pytest.mark.parametrize("size", [0, SOON, 1_000_000])
def test_a_disk_full_while_it_arrives_keeps_what_was_typed_and_says_so(worker, client, folders, size):
    client.force_login(worker)
    content = large()
    with room_for(size):
        response = send(client, content)
    told = response.content.decode()
    assert response.status_code == 200
    assert "‘photo.png’ could not be stored. Try again later" in told
    assert TYPED in told
    assert Evidence.objects.get(worker=worker).what_i_did == TYPED
    assert not left(folders) and not Attachment.objects.exists()


@pytest.mark.parametrize("size", [0, 20_000])
def test_a_disk_full_while_it_is_read_through_orput_away(worker, folders, size):
    """This one arrives in memory."""
    piece = piece_of(worker)
    content = saved(noise((200, 200)), "PNG")
    assert len(content) > size
    with room_for(size), pytest.raises(attachments.Refused, match="could not be stored"):
        transitions.attach_file(piece, worker=worker, upload=upload(content, "photo.png"), now=NOW)
    assert not left(folders) and not Attachment.objects.exists()


def test_a_disk_full_at_the_last_step_alone(worker, folders, monkeypatch):
    """The reader has room, the folder where files are kept has none."""
    piece = piece_of(worker)
    content = saved(noise((200, 200)), "PNG")
    put_away = attachments.put_away

    def in_no_room(file):
        with room_for(10_000):
            return put_away(file)

    monkeypatch.setattr(attachments, "put_away", in_no_room)
    with pytest.raises(attachments.Refused, match="could not be stored"):
        transitions.attach_file(piece, worker=worker, upload=upload(content, "photo.png"), now=NOW)
    assert not left(folders) and not Attachment.objects.exists()


def _mounted(at):
    """Whether a disk of one megabyte could be made there."""
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(at)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def test_a_disk_that_is_really_full(worker, folders):
    at = folders / "kept"
    if not _mounted(at):
        pytest.skip("This machine lets us make no disk.")
    try:
        piece = piece_of(worker)
        with pytest.raises(attachments.Refused, match="could not be stored"):
            transitions.attach_file(piece, worker=worker, upload=upload(large(), "photo.png"), now=NOW)
        assert not left(Path(at)) and not Attachment.objects.exists()
    finally:
        subprocess.run(["umount", str(at)], check=True)
