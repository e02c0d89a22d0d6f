"""Every file of the corpus at the door: what offices write comes in, without its maker; nothing else does."""

import io
import re
import zipfile

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from portfolios import attachments
from portfolios.inspection import inspect
from portfolios.inspection_verdicts import VERDICTS
from tests.portfolios.corpus import GOOD, MAKER, kind_of, opened_out
from tests.portfolios.hostile import BAD
from tests.portfolios.makers import pdf_file

WORD_NAMES = re.compile(rb"rsid|attachedTemplate|C:/Users|people\.xml|custom|thumbnail", re.IGNORECASE)


def taken(name):
    """(the file given, the file kept) of GOOD; fails unless it is taken in."""
    given = GOOD[name]()
    said, kept = inspect(kind_of(name), given)
    assert said["verdict"] == "ok", name
    assert said["hidden"] is None, name
    return given, kept


@pytest.mark.parametrize("name", GOOD)
def test_what_offices_write_comes_in_without_its_maker(name):
    given, kept = taken(name)
    kind = kind_of(name)
    assert MAKER.encode() not in opened_out(kind, kept)
    assert b"Exif\x00" not in opened_out(kind, kept)
    again, twice = inspect(kind, kept)
    assert (again["verdict"], twice) == ("ok", kept), "what is kept is taken again, and stays as it is"


def test_the_corpus_does_name_its_maker():
    named = {name for name in GOOD if MAKER.encode() in opened_out(kind_of(name), GOOD[name]())}
    assert named >= {"report.pdf", "letter.docx", "photo.jpg", "lying.jpeg", "moving.jpg", "drawing.png"}


@pytest.mark.parametrize("name", [name for name in GOOD if kind_of(name) in ("jpeg", "png")])
def test_a_picture_looks_as_it_did(name):
    given, kept = taken(name)
    with Image.open(io.BytesIO(given)) as before, Image.open(io.BytesIO(kept)) as after:
        turned = before.getexif().get(0x0112, 1) != 1
        upright = ImageOps.exif_transpose(before)
        assert (after.size, after.mode) == (upright.size, upright.mode)
        assert not after.getexif()
        assert set(after.info) <= {
            *("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "icc_profile"),
            *("adobe", "adobe_transform", "progressive", "progression", "gamma", "transparency", "srgb"),
        }
        assert ("icc_profile" in before.info) == ("icc_profile" in after.info)
        away = ImageStat.Stat(ImageChops.difference(upright.convert("RGB"), after.convert("RGB"))).mean
        assert max(away) < 1.5 if turned else max(away) == 0


def test_a_pdf_keeps_its_page_its_link_and_its_bookmark():
    _, kept = taken("report.pdf")
    with pikepdf.open(io.BytesIO(kept)) as document:
        assert "/Info" not in document.trailer and "/Metadata" not in document.Root
        with pikepdf.open(io.BytesIO(GOOD["report.pdf"]())) as given:
            assert bytes(document.trailer.ID[0]) != bytes(given.trailer.ID[0])
        page = document.pages[0].obj
        assert not {"/PieceInfo", "/Thumb", "/LastModified"} & set(page.keys())
        assert str(page.Annots[0].A.URI) == "https://council.example/JS"
        assert "/T" not in page.Annots[0]
        assert b"(Notes) Tj" in page.Contents.read_bytes()
        with document.open_outline() as outline:
            assert [one.title for one in outline.root] == ["About /JS and /Launch"]
        picture = Image.open(io.BytesIO(page.Resources.XObject.Im1.read_raw_bytes()))
        assert picture.size == (320, 200)


def with_a_newer_page(older):
    """The PDF `older` with a newer page's words added behind its end, as word processors save."""
    with pikepdf.open(io.BytesIO(older)) as document:
        number = document.pages[0].Contents.objgen[0]
        size, root = document.trailer.Size, document.Root.objgen[0]
    said = b"BT /F1 12 Tf 72 720 Td (A new one) Tj ET"
    body = b"%d 0 obj\n<</Length %d>>\nstream\n%b\nendstream\nendobj\n" % (number, len(said), said)
    before = older.rpartition(b"startxref")[2].split()[0]
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Prev %b/Root %d 0 R>>\n" % (
        *(number, len(older), size, before, root),
    )
    return older + body + table + b"startxref\n%d\n%%%%EOF\n" % (len(older) + len(body))


def test_what_was_struck_out_of_a_pdf_is_gone():
    """It still lies in the file, before what was added when it was saved again."""
    newer = with_a_newer_page(pdf_file("struck out", compress_streams=False))
    assert b"struck out" in newer
    said, kept = inspect("pdf", newer)
    assert said["verdict"] == "ok"
    assert b"A new one" in opened_out("pdf", kept)
    assert b"struck out" not in opened_out("pdf", kept) + kept


def test_a_word_document_keeps_its_words_and_its_pictures():
    given, kept = taken("letter.docx")
    with zipfile.ZipFile(io.BytesIO(given)) as before, zipfile.ZipFile(io.BytesIO(kept)) as after:
        names = after.namelist()
        assert names[:3] == ["[Content_Types].xml", "_rels/.rels", "word/document.xml"]
        assert not {"word/people.xml", "docProps/custom.xml", "docProps/thumbnail.jpeg"} & set(names)
        assert b"I met the child alone." in after.read("word/document.xml")
        assert b"https://council.example/" in after.read("word/_rels/document.xml.rels")
        for name in names:
            if name.endswith((".xml", ".rels")):
                assert not WORD_NAMES.search(after.read(name)), name
        with (
            Image.open(io.BytesIO(before.read("word/media/image1.jpeg"))) as was,
            Image.open(io.BytesIO(after.read("word/media/image1.jpeg"))) as now,
        ):
            assert was.size == now.size, "the document turns it, as it did before"
        assert {one.date_time for one in after.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", BAD)
def test_what_nobody_should_get_in_is_refused(name):
    make, verdict = BAD[name]
    said, kept = inspect(kind_of(name), make())
    assert (said["verdict"], kept) == (verdict, b"")


def test_every_verdict_has_its_sentence():
    assert set(VERDICTS) - {"ok"} <= set(attachments.NOT_OK)
    assert {verdict for _, verdict in BAD.values()} == set(VERDICTS) - {"ok"}
