"""PDF and Word files made in code: what they say can be seen, or cannot."""

import io

import pikepdf
from PIL import Image, ImageDraw, ImageFont
from weasyprint import HTML

from tests.portfolios.makers import word_file

SEEN = "<p>I met the family twice, ill or not: lIl1.</p>"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf_of(html):
    return HTML(string=html).write_pdf()


def _changed(change, html=SEEN):
    document = pikepdf.open(io.BytesIO(pdf_of(html)))
    change(document, document.pages[0])
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def with_annotation(kind, html=SEEN, **said):
    """A PDF with one annotation over all of its first page's top."""

    def add(document, page):
        width, height = (float(side) for side in page.mediabox[2:])
        area = [0, height - 200, width, height]
        name = pikepdf.Name
        one = pikepdf.Dictionary(Type=name.Annot, Subtype=name(f"/{kind}"), Rect=area, **said)
        page.Annots = document.make_indirect(pikepdf.Array([document.make_indirect(one)]))

    return _changed(add, html)


def turned(angle):
    return _changed(lambda _, page: setattr(page, "Rotate", angle))


def cropped():
    """A PDF of which only an empty part of the page is shown."""
    return _changed(lambda _, page: setattr(page, "CropBox", [300, 50, 500, 300]))


def in_a_layer(*, off):
    """A PDF whose words are in a layer that is switched on or off."""

    def change(document, page):
        layer = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Layer"))
        page.Resources.Properties = pikepdf.Dictionary(L0=layer)
        page.Contents = document.make_stream(b"/OC /L0 BDC\n" + page.Contents.read_bytes() + b"\nEMC")
        how = pikepdf.Dictionary(OFF=pikepdf.Array([layer] if off else []))
        document.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([layer]), D=how)

    return _changed(change)


def scanned(*, blacked_out):
    """A scanned page with the text that makes it searchable; its words blacked out in the picture, or not."""
    picture = Image.new("L", (1200, 1600), 250)
    draw = ImageDraw.Draw(picture)
    draw.text((200, 200), "Scanned secret words", fill=10, font=ImageFont.load_default(60))
    if blacked_out:
        draw.rectangle((180, 190, 900, 290), fill=0)
    content = io.BytesIO()
    picture.save(content, "JPEG")
    document = pikepdf.new()
    document.add_blank_page(page_size=(600, 800))
    name, page = pikepdf.Name, document.pages[0]
    scan = document.make_stream(
        content.getvalue(),
        Type=name.XObject,
        Subtype=name.Image,
        Width=1200,
        Height=1600,
        ColorSpace=name.DeviceGray,
        BitsPerComponent=8,
        Filter=name.DCTDecode,
    )
    font = pikepdf.Dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name.Helvetica)
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=scan), Font=pikepdf.Dictionary(F=font))
    page.Contents = document.make_stream(
        b"q 600 0 0 800 0 0 cm /I Do Q BT 3 Tr /F 30 Tf 100 670 Td (Scanned secret words) Tj ET"
    )
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def word_of(body, *, styles="", **parts):
    """A Word document with this body; `parts` are further ones, by the names of their files."""
    made = {name: _part(name, content) for name, content in parts.items()}
    if styles:
        made["styles"] = _part("styles", styles)
    return word_file(
        text=_part("document", f"<w:body>{body}</w:body>"),
        extra=[(f"word/{name}.xml", content) for name, content in made.items()],
    )


def _part(root, content):
    return f'<?xml version="1.0"?><w:{root} xmlns:w="{WORD}">{content}</w:{root}>'.encode()


def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*runs, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"
