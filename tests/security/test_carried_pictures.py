"""Pictures in a document say no more of who made them and where than pictures by themselves."""

import base64
import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from PIL import Image, ImageChops

from portfolios.inspection import inspect
from tests.portfolios.makers import pdf_file, word_file

MAKER = "Kim Maker of Hill Street"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><by>{MAKER}</by></x:xmpmeta>'.encode()


def about():
    """EXIF with an artist and a place."""
    exif = Image.Exif()
    exif[0x013B] = MAKER
    exif[0x010E] = MAKER
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + MAKER.encode()
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 7.0)})
    return exif


def drawn(kind, **said):
    made = io.BytesIO()
    Image.linear_gradient("L").resize((40, 30)).convert("RGB").save(made, kind, **said)
    return made.getvalue()


def emf():
    words = MAKER.encode("utf-16-le")
    header = bytearray(108)
    struct.pack_into("<II", header, 0, 1, 108 + len(words))
    header[40:44] = b" EMF"
    struct.pack_into("<II", header, 60, len(MAKER), 108)
    return bytes(header) + words


def jp2():
    given = drawn("JPEG2000")
    box = struct.pack(">I4s", 8 + len(XMP), b"xml ") + XMP
    at = given.index(b"jp2c") - 4
    return given[:at] + box + given[at:]


SVG = (
    f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:ink="http://ink.example/"'
    f' ink:from="/home/{MAKER}/x.svg" width="9"><!-- {MAKER} --><metadata>{MAKER}</metadata>'
    f"<ink:view>{MAKER}</ink:view><script>1</script><path d='M0 0'/></svg>"
).encode()

PICTURES = {
    "image1.tiff": lambda: drawn("TIFF", exif=about()),
    "image2.tif": lambda: drawn("TIFF", exif=about(), big_tiff=False, description=MAKER, software=MAKER),
    "image3.webp": lambda: drawn("WEBP", exif=about(), xmp=XMP),
    "image4.gif": lambda: drawn("GIF", comment=MAKER.encode()),
    "image5.jpg": lambda: drawn("JPEG", exif=about(), xmp=XMP),
    "image6.png": lambda: drawn("PNG", exif=about()),
    "image7.jp2": jp2,
    "image8.emf": emf,
    "image9.svg": lambda: SVG,
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_in_a_word_document_says_nothing_of_its_maker(name):
    given = PICTURES[name]()
    assert says(given)
    part = f"word/media/{name}"
    said, kept = inspect("word", word_file(extra=[(part, given)]))
    assert said["verdict"] == "ok"
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        plain = archive.read(part)
    assert not says(plain)
    assert inspect("word", kept)[1] == kept, "it stays as it is"
    if name.endswith(("emf", "svg")):
        return
    with Image.open(io.BytesIO(given)) as before, Image.open(io.BytesIO(plain)) as after:
        assert not after.getexif().get_ifd(0x8825)
        assert not ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox()


def says(content):
    return MAKER.encode() in content or MAKER.encode("utf-16-le") in content


def test_a_drawing_keeps_what_is_drawn():
    _, kept = inspect("word", word_file(extra=[("word/media/image1.svg", SVG)]))
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        plain = archive.read("word/media/image1.svg")
    assert b"M0 0" in plain and b'width="9"' in plain and b"script" not in plain


WRAPPED = {
    "plain": (["DCTDecode"], lambda held: held),
    "packed": (["FlateDecode", "DCTDecode"], zlib.compress),
    "as letters": (["ASCII85Decode", "DCTDecode"], lambda held: base64.a85encode(held) + b"~>"),
    "twice": (
        ["ASCIIHexDecode", "FlateDecode", "DCTDecode"],
        lambda held: zlib.compress(held).hex().encode() + b">",
    ),
}


@pytest.mark.parametrize("how", WRAPPED)
def test_a_picture_in_a_pdf_says_nothing_however_it_is_wrapped(how):
    filters, wrap = WRAPPED[how]
    given = drawn("JPEG", exif=about(), xmp=XMP)
    with pikepdf.open(io.BytesIO(pdf_file("Notes"))) as document:
        picture = document.make_stream(
            b"",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=40,
            Height=30,
            BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceRGB,
        )
        picture.write(wrap(given), filter=pikepdf.Array([pikepdf.Name(f"/{one}") for one in filters]))
        document.pages[0].obj.Resources.XObject = pikepdf.Dictionary(Im1=picture)
        made = io.BytesIO()
        document.save(made)
    said, kept = inspect("pdf", made.getvalue())
    assert said["verdict"] == "ok"
    with pikepdf.open(io.BytesIO(kept)) as document:
        stream = document.pages[0].obj.Resources.XObject.Im1
        assert str(stream.Filter) in ("/DCTDecode", 'pikepdf.Array([ "/DCTDecode" ])')
        plain = stream.read_raw_bytes()
    assert not says(plain)
    with Image.open(io.BytesIO(given)) as before, Image.open(io.BytesIO(plain)) as after:
        assert not ImageChops.difference(before, after).getbbox()
