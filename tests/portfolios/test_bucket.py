"""Files kept in a bucket that speaks S3, from one setting: all that a folder does, against a real server."""

import io

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
from django.utils import timezone

from config.attachments_url import attachments_kept, scanner_asked
from people.policies import Blocked
from portfolios import attachments, scanning, tasks, transitions
from portfolios.models import Attachment
from portfolios.models.scanned import ScanState
from portfolios.storage import BucketStorage, FolderStorage
from reviews import bundle, bundle_transitions, paper_transitions
from tests import walk
from tests.council import NOW, organisation
from tests.portfolios.bucket import BUCKET, KEY, SECRET, bucket_running
from tests.portfolios.exports import another, exported
from tests.portfolios.makers import pdf_file, piece_of, upload
from tests.portfolios.scanner import scanner_running
from tests.portfolios.sending import sent
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with (tmp_path_factory.mktemp("bucket") / "log").open("wb") as log, bucket_running(log) as running:
        yield running


@pytest.fixture
def bucket(server, settings):
    """The bucket, emptied, as the place where files are kept."""
    address, client = server
    for one in client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        client.delete_object(Bucket=BUCKET, Key=one["Key"])
    settings.STORAGES = settings.STORAGES | {"default": attachments_kept(address, folder=None)}
    assert isinstance(default_storage, BucketStorage)
    return client


@pytest.fixture
def piece():
    return piece_of(organisation().worker)


def attach(piece, words="Notes"):
    return transitions.attach_file(
        piece, worker=piece.worker, upload=upload(pdf_file(words), "notes.pdf"), now=NOW
    )


def keys(bucket):
    return [one["Key"] for one in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", ())]


def test_a_file_is_put_there_given_out_and_deleted(bucket, piece):
    file = attach(piece)
    assert keys(bucket) == [file.stored_as]
    held = bucket.get_object(Bucket=BUCKET, Key=file.stored_as)["Body"].read()
    assert len(held) == file.size
    response = attachments.serve_attachment(file, about=file.evidence.worker_id)
    assert b"".join(response.streaming_content) == held
    assert response["Content-Disposition"] == 'attachment; filename="notes.pdf"'
    attachments.discard(file.stored_as)
    attachments.discard(file.stored_as)
    assert keys(bucket) == []
    with pytest.raises(Http404):
        attachments.serve_attachment(file, about=file.evidence.worker_id)


def test_nobody_else_may_fetch_it(bucket, piece):
    attach(piece)
    (granted,) = bucket.get_object_acl(Bucket=BUCKET, Key=keys(bucket)[0])["Grants"]
    assert granted["Grantee"]["Type"] == "CanonicalUser"


def test_a_file_refused_leaves_nothing_there(bucket, piece):
    with pytest.raises(attachments.Refused):
        transitions.attach_file(
            piece, worker=piece.worker, upload=upload(pdf_file()[:40], "notes.pdf"), now=NOW
        )
    for number in range(transitions.MOST_ATTACHMENTS):
        attach(piece, str(number))
    with pytest.raises(attachments.Refused, match="at most 10 files"):
        attach(piece, "one more")
    assert len(keys(bucket)) == transitions.MOST_ATTACHMENTS


def test_the_sweep_deletes_what_was_taken_off_and_what_no_row_names(bucket, piece, monkeypatch):
    gone, stays = attach(piece, "gone"), attach(piece, "stays")
    default_storage.save("ab/left-behind", ContentFile(b"left behind"))
    transitions.remove_attachments(piece, worker=piece.worker, tokens=[gone.token], now=NOW)
    tasks.sweep_attachments()
    assert sorted(keys(bucket)) == sorted([stays.stored_as, "ab/left-behind"]), "it may belong to a save"
    later = timezone.now() + 2 * tasks.SETTLED
    monkeypatch.setattr("portfolios.tasks.timezone.now", lambda: later)
    tasks.sweep_attachments()
    assert keys(bucket) == [stays.stored_as]


def test_an_export_comes_back_from_there_and_is_scanned(
    bucket, piece, settings, tmp_path, django_capture_on_commit_callbacks
):
    attach(piece)
    path, worker = exported(piece.worker, tmp_path), another(piece.worker.name)
    there = set(keys(bucket))
    row = sent(worker, path)
    assert set(keys(bucket)) - there == {row.stored_as}
    with scanner_running() as scanner:
        settings.CLAMD_URL = scanner.url
        with django_capture_on_commit_callbacks(execute=True):
            tasks.bring_exports_back()
        (file,) = Attachment.objects.filter(evidence__worker=worker)
        assert file.scan == ScanState.CHECKING and set(keys(bucket)) - there == {file.stored_as}
        assert scanning.scan_waiting(now=timezone.now) == 1
        file.refresh_from_db()
        assert file.scan == ScanState.SAFE


def test_it_is_scanned_from_there(bucket, piece, settings):
    with scanner_running() as scanner:
        settings.CLAMD_URL = scanner.url
        file = attach(piece)
        assert scanning.scan_waiting(now=lambda: NOW) == 1
        file.refresh_from_db()
        assert file.scan == ScanState.SAFE and len(scanner.seen[0]) == file.size


def test_the_papers_of_a_review_are_put_together_from_there(bucket):
    application = application_at(State.UNDER_APPEAL)
    walk.heard(application)
    paper_transitions.add_document(
        application, actor=application.worker, title="Report", upload=upload(pdf_file("Report")), now=NOW
    )
    waiting = bundle_transitions.claim(now=NOW)
    content, _ = bundle.make(waiting, now=NOW)
    assert b"could not be put in here" not in content
    assert bundle_transitions.keep(waiting, content, pages=1, now=NOW).made_at


@pytest.fixture
def gone(settings, unused_port):
    """A bucket whose server does not answer."""
    kept = attachments_kept(f"s3+http://a:b@127.0.0.1:{unused_port}/evidence?region=eu-west-2", folder=None)
    settings.STORAGES = settings.STORAGES | {"default": kept}


@pytest.fixture
def unused_port():
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_a_server_that_does_not_answer_is_a_sentence(bucket, piece, settings, request):
    file = attach(piece)
    request.getfixturevalue("gone")
    with pytest.raises(attachments.Refused, match="could not be stored"):
        attach(piece, "Another")
    assert list(piece.attachments.all()) == [file]
    with pytest.raises(Blocked, match="cannot be read just now"):
        attachments.serve_attachment(file, about=file.evidence.worker_id)
    attachments.discard(file.stored_as)


def test_a_key_that_is_wrong_is_a_sentence_too(piece, settings, server):
    address, _ = server
    kept = attachments_kept(address.replace(f"/{BUCKET}", "/nobodys"), folder=None)
    settings.STORAGES = settings.STORAGES | {"default": kept}
    with pytest.raises(attachments.Refused, match="could not be stored"):
        attach(piece)


def options(address):
    return attachments_kept(address, folder=None)["OPTIONS"]


def test_one_setting_says_where():
    assert attachments_kept("", folder="/data")["BACKEND"] == f"portfolios.storage.{FolderStorage.__name__}"
    own = options("s3://keyoftests:secret%2Fof%2Btests@store.council.example:9000/evidence?region=x")
    assert (own["access_key"], own["secret_key"]) == (KEY, SECRET)
    assert (own["endpoint_url"], own["bucket_name"], own["region_name"]) == (
        "https://store.council.example:9000",
        "evidence",
        "x",
    )
    assert (own["default_acl"], own["file_overwrite"]) == (None, False)
    amazon = options("s3:///evidence?region=eu-west-2")
    assert "endpoint_url" not in amazon and "access_key" not in amazon
    assert options("s3+http://a:b@store/evidence")["endpoint_url"] == "http://store"


@pytest.mark.parametrize(
    "address", ["evidence", "https://store/evidence", "s3://store", "s3://a:b@c:x/y", "s3://h/a/b"]
)
def test_an_address_that_is_none_is_said_without_its_secret(address):
    with pytest.raises(ImproperlyConfigured, match="ATTACHMENTS_URL") as refused:
        attachments_kept(address, folder=None)
    assert "a:b" not in str(refused.value)


@pytest.mark.parametrize("address", ["", "tcp://clamd:3310", "tcp://clamd", "unix:/run/clamd.sock"])
def test_an_address_of_a_scanner(address):
    assert scanner_asked(address) == address


@pytest.mark.parametrize("address", ["clamd", "clamd:3310", "http://clamd", "tcp://", "tcp://c:x", "unix:"])
def test_one_of_no_scanner_is_said_when_the_service_starts(address):
    with pytest.raises(ImproperlyConfigured, match="CLAMD_URL"):
        scanner_asked(address)


def test_a_folder_keeps_what_it_is_given_or_nothing(tmp_path):
    storage = FolderStorage(location=tmp_path)

    class Failing(io.BytesIO):
        def chunks(self):
            yield b"half"
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        storage._save("ab/cd", Failing())
    assert list(storage.kept()) == []
    assert storage.save("ab/cd", ContentFile(b"whole")) == "ab/cd"
    assert (tmp_path / "ab" / "cd").stat().st_mode & 0o077 == 0, "for this user alone"
    assert [name for name, _ in storage.kept()] == ["ab/cd"]
