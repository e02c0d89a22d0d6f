"""Files mangled by chance: cut, joined, bytes turned over. None stops the service or comes in broken."""

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolios import attachments
from portfolios.inspection import SECONDS, inspect
from portfolios.inspection_verdicts import VERDICTS
from tests.portfolios.corpus import GOOD, MAKER, kind_of, opened_out
from tests.portfolios.hostile import BAD
from tests.portfolios.makers import upload

SMALL = [name for name in GOOD if len(GOOD[name]()) < 200_000]
BEGINNINGS = {kind.reader: kind.begins for kind in attachments.KINDS}
ANY_NUMBER = settings(deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def mangled(draw):
    """(name, bytes) of a file of the corpus that something has happened to, its beginning perhaps spared."""
    name = draw(st.sampled_from(SMALL))
    content = bytearray(GOOD[name]())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        match draw(st.sampled_from(["cut", "turn", "put in", "take out", "join", "copy"])):
            case "cut":
                del content[at:]
            case "turn":
                for place in draw(st.lists(st.integers(0, max(len(content) - 1, 0)), max_size=20)):
                    if content:
                        content[place % len(content)] = draw(st.integers(0, 255))
            case "put in":
                content[at:at] = draw(st.binary(max_size=200))
            case "take out":
                del content[at : at + draw(st.integers(1, 500))]
            case "join":
                content += GOOD[draw(st.sampled_from(SMALL))]()
            case "copy":
                content[at:at] = content[at : at + draw(st.integers(1, 2000))]
    if draw(st.booleans()):
        begins = BEGINNINGS[kind_of(name)]
        content[: len(begins)] = begins
    return name, bytes(content)


@settings(ANY_NUMBER, max_examples=400)
@given(mangled())
def test_whatever_comes_in_is_whole_and_stays_as_it_is(one):
    name, content = one
    said, kept = inspect(kind_of(name), content)
    assert said["verdict"] in VERDICTS
    if said["verdict"] == "ok":
        again, twice = inspect(kind_of(name), kept)
        assert again["verdict"] == "ok"
        if kind_of(name) == "pdf":
            assert b"xpacket" not in opened_out("pdf", kept), (
                "of two keys of one name, which goes first may change"
            )
        else:
            assert twice == kept
        if kind_of(name) in {"jpeg", "png"}:
            assert b"Exif\x00\x00" not in kept and MAKER.encode() not in kept


@settings(ANY_NUMBER, max_examples=300)
@given(st.sampled_from(list(BEGINNINGS)), st.binary(max_size=3000))
def test_bytes_that_only_begin_as_a_file_are_refused(kind, rest):
    said, kept = inspect(kind, BEGINNINGS[kind] + rest)
    assert (said["verdict"] == "ok") == bool(kept)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("kept")


@settings(ANY_NUMBER, max_examples=25)
@given(mangled(), st.sampled_from(["notes.pdf", "notes.docx", "photo.jpg", "photo.png", "x", "a.exe"]))
def test_at_the_real_door_it_is_one_sentence_or_a_whole_file(folder, one, name):
    """Through the process of its own, under any name: Refused with its sentence, or stored."""
    from django.core.files.storage import default_storage

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(default_storage, "location", str(folder))
        try:
            stored = attachments.take_in(upload(one[1], name))
        except attachments.Refused as refused:
            assert refused.sentence.startswith("‘") and "\n" not in refused.sentence
        else:
            kind = next(kind for kind in attachments.KINDS if kind.content_type == stored.content_type)
            kept = default_storage.open(stored.stored_as).read()
            assert inspect(kind.reader, kept)[0]["verdict"] == "ok"
            assert hashlib.sha256(kept).hexdigest() == stored.sha256


def test_one_that_never_ends_is_ended(monkeypatch):
    """A reader that runs on is stopped by its own limit, and that is a sentence too."""
    monkeypatch.setattr(attachments, "SECONDS", 0.01)
    assert SECONDS <= 30
    with pytest.raises(attachments.Refused, match="too big once opened"):
        attachments.take_in(upload(BAD["huge.png"][0](), "photo.png"))
