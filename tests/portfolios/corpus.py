"""Files as offices, telephones and scanners write them, each made by code and naming its maker.

GOOD maps a name, which says its kind by its ending, to a function that makes the file.
"""

import functools
import io
import zipfile

import pikepdf
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.portfolios.makers import WORD_RELS, WORD_TEXT, WORD_TYPES, pdf_file, word_file

MAKER = "Kim Maker"
"""Whom the good files name in every place that a program writes a name in."""
PLACE = (51.0, 30.0, 26.0)
DECLARED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def kind_of(name):
    """The reader of a file of this name: pdf, word, jpeg or png."""
    return {"pdf": "pdf", "docx": "word", "jpg": "jpeg", "jpeg": "jpeg", "png": "png"}[
        name.rpartition(".")[2]
    ]


def opened_out(kind, content):
    """All that a reader finds in a file: a document's parts unpacked, a PDF's streams, a picture's words."""
    if kind == "word":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"".join(one.filename.encode() + archive.read(one) for one in archive.infolist())
    if kind == "pdf":
        with pikepdf.open(io.BytesIO(content)) as document:
            streams = [one.read_raw_bytes() for one in document.objects if isinstance(one, pikepdf.Stream)]
            plain = io.BytesIO()
            document.save(
                plain, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, compress_streams=False
            )
            return plain.getvalue() + b"".join(streams)
    with Image.open(io.BytesIO(content)) as picture:
        return content + repr([*picture.info.values(), *picture.getexif().values()]).encode()


def of_pdf(change, **options):
    """A PDF of one page after `change(document)`."""
    document = pikepdf.open(io.BytesIO(pdf_file("Notes")))
    change(document)
    made = io.BytesIO()
    document.save(made, **options)
    return made.getvalue()


def zipped(*parts, stored=False):
    """A ZIP of these (name, content), as they are."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return made.getvalue()


def rels(*those):
    """A part of relationships, each (type's last word, target), outside the document."""
    said = "".join(
        f'<Relationship Id="r{number}" TargetMode="External" Type="{DECLARED}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(those)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="urn:r">{said}</Relationships>'.encode()


def word_of(paragraph):
    """A Word document whose one paragraph is this XML."""
    return word_file(
        text=WORD_TEXT.replace(b"<w:p><w:r><w:t>I met the child alone.</w:t></w:r></w:p>", paragraph)
    )


# What offices write


def exif(turn=1):
    data = Image.Exif()
    data[0x0112] = turn
    data[0x010F] = "Phone of " + MAKER
    data[0x013B] = MAKER
    where = data.get_ifd(0x8825)
    where[1], where[2], where[3], where[4] = "N", PLACE, "W", PLACE
    return data


def noise(size=(320, 200)):
    return Image.effect_noise(size, 60).convert("RGB")


def profile():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(image, form, **options):
    made = io.BytesIO()
    image.save(made, form, **options)
    return made.getvalue()


def photograph(turn=1, **options):
    """A JPEG as a telephone writes it: maker, place, XMP, comment, thumbnail's place, colour profile."""
    options = {"quality": 90, "comment": f"by {MAKER}".encode(), "icc_profile": profile()} | options
    return saved(noise(), "JPEG", exif=exif(turn), xmp=f"<x:xmpmeta>{MAKER}</x:xmpmeta>".encode(), **options)


def drawing():
    said = PngInfo()
    said.add_text("Author", MAKER)
    said.add_text("Comment", MAKER, zip=True)
    said.add_itxt("XML:com.adobe.xmp", MAKER)
    return saved(noise(), "PNG", pnginfo=said, exif=exif(), icc_profile=profile(), dpi=(144, 144))


def report():
    """A PDF as a word processor writes it, with a photograph, a link and a bookmark."""

    def fill(document):
        document.docinfo["/Author"] = MAKER
        document.docinfo["/Producer"] = f"Word of {MAKER}"
        with document.open_metadata() as about:
            about["dc:creator"] = [MAKER]
        page = document.pages[0].obj
        page.PieceInfo = pikepdf.Dictionary(Draw=pikepdf.Dictionary(Private=pikepdf.String(MAKER)))
        page.LastModified = pikepdf.String("D:20260101")
        page.Thumb = document.make_stream(bytes(3), Width=1, Height=1, BitsPerComponent=8)
        image = document.make_stream(
            photograph(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=320,
            Height=200,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
        )
        image.Filter = pikepdf.Name.DCTDecode
        page.Resources.XObject = pikepdf.Dictionary(Im1=image)
        page.Contents = document.make_stream(
            page.Contents.read_bytes() + b" q 200 0 0 120 72 400 cm /Im1 Do Q"
        )
        page.Annots = pikepdf.Array(
            [
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.Link,
                    Rect=[72, 700, 200, 720],
                    T=pikepdf.String(MAKER),
                    A=pikepdf.Dictionary(
                        S=pikepdf.Name.URI, URI=pikepdf.String("https://council.example/JS")
                    ),
                )
            ]
        )
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("About /JS and /Launch", 0))

    return of_pdf(fill)


def _about_elsewhere(document):
    """What a PDF says of its maker, under a name of its own."""
    said = document.make_stream(MAKER.encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    document.Root.OldMetadata = said


def letter():
    """A Word document as Word writes it, with everything in it that says who wrote it."""
    types = WORD_TYPES.replace(
        b"</Types>",
        b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        b'<Override PartName="/docProps/custom.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/>'
        b'<Override PartName="/word/people.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.people+xml"/></Types>',
    )
    top = WORD_RELS.replace(
        b"</Relationships>",
        f'<Relationship Id="r2" Type="{DECLARED}/custom-properties" Target="docProps/custom.xml"/>'
        f'<Relationship Id="r3" Type="{DECLARED}/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>".encode(),
    )
    named = f"<x>{MAKER}</x>".encode()
    return word_file(
        types=types,
        rels=top,
        text=WORD_TEXT.replace(b"<w:p>", b'<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CE">'),
        extra=[
            ("word/_rels/document.xml.rels", _document_rels()),
            (
                "word/_rels/settings.xml.rels",
                rels(("attachedTemplate", f"file:///C:/Users/{MAKER}/Normal.dotm")),
            ),
            ("word/settings.xml", _settings()),
            ("word/people.xml", named),
            ("word/media/image1.jpeg", photograph(6)),
            ("word/media/image2.png", drawing()),
            ("docProps/core.xml", named),
            ("docProps/app.xml", named),
            ("docProps/custom.xml", named),
            ("docProps/thumbnail.jpeg", photograph()),
            ("customXml/item1.xml", named),
        ],
    )


def _document_rels():
    inside = (("people", "people.xml"), ("settings", "settings.xml"), ("image", "media/image1.jpeg"))
    said = "".join(
        f'<Relationship Id="r{number}" Type="{DECLARED}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(inside)
    )
    return (
        f'<?xml version="1.0"?><Relationships xmlns="urn:r">{said}<Relationship Id="r9" '
        f'TargetMode="External" Type="{DECLARED}/hyperlink" Target="https://council.example/"/></Relationships>'
    ).encode()


def _settings():
    return (
        f'<?xml version="1.0"?><w:settings xmlns:w="{NAMES}" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<w:attachedTemplate r:id="r0"/><w:rsids><w:rsidRoot w:val="00AB12CD"/></w:rsids></w:settings>'
    ).encode()


def with_a_film_behind():
    """A JPEG with a film behind it, as some telephones keep one: left out, not refused."""
    return photograph() + b"\x00\x00\x00\x18ftypmp42" + bytes(range(1, 200)) * 20


GOOD = {
    "plain.pdf": functools.cache(lambda: pdf_file("Notes")),
    "report.pdf": functools.cache(report),
    "about elsewhere.pdf": functools.cache(lambda: of_pdf(_about_elsewhere)),
    "blank behind.pdf": functools.cache(lambda: pdf_file("Notes") + b"\r\n\x00\x00\r\n"),
    "plain.docx": functools.cache(word_file),
    "letter.docx": functools.cache(letter),
    "photo.jpg": functools.cache(photograph),
    "in stages.jpg": functools.cache(lambda: photograph(progressive=True)),
    "lying.jpeg": functools.cache(lambda: photograph(6)),
    "mirrored.jpg": functools.cache(lambda: photograph(2, subsampling="4:2:2")),
    "moving.jpg": functools.cache(with_a_film_behind),
    "grey.jpg": functools.cache(lambda: saved(noise().convert("L"), "JPEG", exif=exif(8))),
    "print.jpg": functools.cache(lambda: saved(noise().convert("CMYK"), "JPEG", exif=exif(3))),
    "drawing.png": functools.cache(drawing),
    "palette.png": functools.cache(lambda: saved(noise().quantize(16), "PNG")),
    "see-through.png": functools.cache(lambda: saved(noise().convert("RGBA"), "PNG")),
}
