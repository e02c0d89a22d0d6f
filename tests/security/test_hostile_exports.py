"""ZIPs that say they are exports and are not: each refused with one sentence, and nothing of it kept."""

import hashlib
import json
import zipfile

import pytest
from django.core.files.storage import default_storage

from portfolios import export_reading
from portfolios.export_reading import NotTaken
from portfolios.models import CpdRecord, Declaration, Evidence
from tests.portfolios.exports import (
    another,
    brought,
    changed,
    exported,
    inside,
    listed,
    made_once,
    own_folder,
    rewritten,
)
from tests.portfolios.makers import pdf_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(own_folder.__name__)]


built, with_files, application = made_once()


FILE = {
    "name": "plan.pdf",
    "content_type": "application/pdf",
    "size": 10,
    "sha256": "1" * 64,
    "added_at": "2026-01-01T00:00:00Z",
}


def put(**values):
    return lambda piece: piece.update(values)


@pytest.mark.parametrize(
    "change",
    [
        put(title=7),
        put(title=None),
        put(title="x" * 201),
        put(what_i_did="x" * 20_001),
        put(what_i_did="a\x00b"),
        put(what_i_did="a\rb"),
        put(what_i_did="\ud800"),
        put(kind="spell"),
        put(practised_on="2025-13-45"),
        put(practised_on=20250101),
        put(complete="yes"),
        put(complete=True, title=""),
        put(revision=0),
        put(revision=10**30),
        put(key="not one"),
        put(key="00000000-0000-4000-8000-000000000000"),
        put(created_at="yesterday"),
        put(created_at="2025-01-01T00:00:00"),
        put(revisions=[1]),
        put(files=[{}] * 11),
        put(marks="all"),
        put(marks=[{"scheme": "x", "heading": "y", "criteria": []}] * 2),
        put(created_at="9999-12-31T23:59:59-12:00"),
        put(updated_at="0001-01-01T00:00:00+14:00"),
        put(practised_on="0001-01-01"),
        put(worker="somebody else"),
        lambda piece: piece.pop("title"),
        lambda piece: piece["revisions"].append(piece["revisions"][0]),
        lambda piece: (
            [file.update(sha256="0" * 64) for file in piece["files"]] or piece.update(revision=None)
        ),
        lambda piece: (
            [file.update(name="../../x.pdf") for file in piece["files"]] or piece.update(revision=None)
        ),
    ],
)
def test_a_piece_that_says_what_cannot_be(application, tmp_path, change):
    refused_whole(changed(exported(application.worker, tmp_path), change))


def refused_whole(path, worker=None):
    """One sentence, and nothing kept: no row, no file. Returns the sentence."""
    worker = worker or another()
    before, rows = set(default_storage.kept()), Evidence.objects.count()
    with pytest.raises(NotTaken) as refusal:
        brought(worker, path)
    assert set(default_storage.kept()) == before
    assert (Evidence.objects.count(), worker.evidence.count()) == (rows, 0)
    assert refusal.value.sentence and "\n" not in refusal.value.sentence
    return refusal.value.sentence


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "files/../x.pdf",
        "files\\x.pdf",
        "C:x.json",
        "pieces/x.json",
        "for-reading/../pieces.json",
        "pieces/00000000-0000-4000-8000-000000000000.json\x00.md",
        "__MACOSX/x",
        "files/" + "0" * 64 + ".exe",
        "",
    ],
)
def test_names_that_no_export_has(application, tmp_path, name):
    files = listed(inside(exported(application.worker, tmp_path)) | {name or "x": b"{}"})
    refused_whole(rewritten(tmp_path / "export.zip", files.items()))


def test_a_link_a_password_and_two_of_one_name(application, tmp_path):
    path = exported(application.worker, tmp_path)
    files = inside(path)
    link = zipfile.ZipInfo("read-me.md")
    link.external_attr = 0o120777 << 16
    others = [(name, content) for name, content in files.items() if name != "read-me.md"]
    refused_whole(rewritten(path, [*others, (link, b"/etc/passwd")]))
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = rewritten(path, [*files.items(), ("plan.json", b"[]")])
    assert "two files of the same name" in refused_whole(twice)
    locked = bytearray(path.read_bytes())
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    refused_whole(tmp_path / "locked.zip")


def test_a_file_that_is_not_what_the_manifest_says(application, tmp_path):
    path = exported(application.worker, tmp_path)
    files = inside(path)
    files["plan.json"] = b"[]"
    assert "changed since it was made" in refused_whole(rewritten(path, files.items()))
    del files["plan.json"]
    refused_whole(rewritten(path, files.items()))
    files = listed(inside(path))
    files["files/" + "0" * 64 + ".pdf"] = b"%PDF-"
    refused_whole(rewritten(path, files.items()))


def test_bombs_and_sizes_that_lie(application, tmp_path, monkeypatch):
    path = exported(application.worker, tmp_path)
    files = inside(path)
    bomb = listed(files | {"plan.json": b"[" + b" " * 60_000_000 + b"]"})
    assert "larger once opened" in refused_whole(rewritten(path, bomb.items()))
    lying = bytearray(
        rewritten(path, listed(files | {"plan.json": b"[" + b" " * 9_000_000 + b"]"}).items()).read_bytes()
    )
    at = lying.rindex(b"plan.json") - 46
    lying[at + 24 : at + 28] = (2).to_bytes(4, "little")
    (tmp_path / "lying.zip").write_bytes(lying)
    refused_whole(tmp_path / "lying.zip")
    many = rewritten(
        path, [*files.items(), *((f"for-reading/{number}.json", b"{}") for number in range(10_000))]
    )
    assert "more files than" in refused_whole(many)
    monkeypatch.setattr(export_reading, "LARGEST_ONCE_OPENED", 1000)
    assert "larger once opened" in refused_whole(path)


def test_no_zip_at_all_and_another_version(application, tmp_path):
    path = exported(application.worker, tmp_path)
    whole = path.read_bytes()
    for content in (
        b"",
        b"PK",
        b"%PDF-1.7",
        whole[:-1],
        whole[: len(whole) // 2],
        whole + b"x",
        b"\x00" * 100_000,
    ):
        (tmp_path / "none.zip").write_bytes(content)
        refused_whole(tmp_path / "none.zip")
    files = inside(path)
    files["manifest.json"] = files["manifest.json"].replace(b'"format": 1', b'"format": 2')
    assert "version" in refused_whole(rewritten(path, files.items()))
    files["manifest.json"] = b"[" * 100_000
    refused_whole(rewritten(path, files.items()))


def test_a_hostile_file_inside_is_refused_as_an_upload_is(application, tmp_path):
    path = exported(application.worker, tmp_path)
    files = inside(path)
    evil = pdf_file("x").replace(b"/Type", b"/JS 1 /Type", 1)
    sha = hashlib.sha256(evil).hexdigest()
    for name in [name for name in files if name.startswith("pieces/") and name.endswith(".json")]:
        piece = json.loads(files[name])
        for file in piece["files"]:
            if file["name"] == "plan.pdf":
                files.pop(f"files/{file['sha256']}.pdf")
                file.update(sha256=sha, size=len(evil))
        files[name] = json.dumps(piece).encode()
    files[f"files/{sha}.pdf"] = evil
    assert "plan.pdf" in refused_whole(rewritten(path, listed(files).items()))


def test_over_quota_nothing_is_kept(application, tmp_path, monkeypatch):
    monkeypatch.setattr("portfolios.quota.MOST_BYTES", 1000)
    assert "your evidence holds at most" in refused_whole(exported(application.worker, tmp_path))


def with_list(application, tmp_path, name, change):
    """An export of which one list is changed, and the manifest true of it."""
    path = exported(application.worker, tmp_path)
    files = inside(path)
    rows = json.loads(files[name])
    change(rows[0])
    files[name] = json.dumps(rows).encode()
    return rewritten(path, listed(files).items())


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("self-assessment.json", "said_at", "9999-12-31T23:59:59-12:00"),
        ("self-assessment.json", "said_at", "0001-01-01T00:00:00+14:00"),
        ("self-assessment.json", "said_at", "2026-03-12T10:00:00Z"),
        ("training.json", "taken_on", "2026-03-12"),
        ("plan.json", "by_when", "9999-12-31"),
        ("cpd.json", "year_ends_on", "0001-11-30"),
        ("cpd.json", "chosen_at", "2026-03-12T10:00:00Z"),
    ],
)
def test_a_day_that_no_page_can_show_or_that_has_not_come(application, tmp_path, name, field, value):
    """What was said of oneself last stands for good: nothing could be said after it."""
    refused_whole(with_list(application, tmp_path, name, lambda row: row.update({field: value})))


def test_a_piece_of_a_day_that_has_not_come(application, tmp_path):
    path = changed(exported(application.worker, tmp_path), put(updated_at="2026-03-12T10:00:00Z"))
    assert "has not come yet" in refused_whole(path)


def test_family_data_in_what_a_peer_said_is_left_out(application, tmp_path):
    worker = another()
    rang = {"peer_said": "She rang 01634 555555."}
    came = brought(worker, with_list(application, tmp_path, "cpd.json", lambda row: row.update(rang)))
    record = CpdRecord.objects.get(worker=worker)
    assert (came.unknown, record.peer_said, record.peer_on) == (1, "", None)


def test_family_data_in_a_reason_is_no_reason(application, tmp_path):
    def said_again(piece):
        for reason in piece["reasons"]:
            reason["reason"] = "It is hers, 01634 555555."

    worker = another()
    assert brought(worker, changed(exported(application.worker, tmp_path), said_again)).drafts == 1
    assert not Declaration.objects.filter(evidence__worker=worker).exists()


def test_family_data_in_what_can_never_be_changed(application, tmp_path):
    path = exported(application.worker, tmp_path)
    files = inside(path)
    files["self-assessment.json"] = files["self-assessment.json"].replace(
        b"Each week.", b"I rang 01634 555555."
    )
    assert "identify a child" in refused_whole(rewritten(path, listed(files).items()))
