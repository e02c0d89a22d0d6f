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


def changed(change, html=SEEN):
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

    return changed(add, html)


def turned(angle):
    return changed(lambda _, page: setattr(page, "Rotate", angle))


def cropped():
    """A PDF of which only an empty part of the page is shown."""
    return changed(lambda _, page: setattr(page, "CropBox", [300, 50, 500, 300]))


def in_a_layer(*, off):
    """A PDF whose words are in a layer that is switched on or off."""

    def change(document, page):
        layer = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Layer"))
        page.Resources.Properties = pikepdf.Dictionary(L0=layer)
        page.Contents = document.make_stream(b"/OC /L0 BDC\n" + page.Contents.read_bytes() + b"\nEMC")
        how = pikepdf.Dictionary(OFF=pikepdf.Array([layer] if off else []))
        document.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([layer]), D=how)

    return changed(change)


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


def _field(document, page, *, on_page, **said):
    """A form's field that says this; in a part of the page, or for no page at all."""
    name = pikepdf.Name
    field = document.make_indirect(pikepdf.Dictionary(FT=name.Tx, T=pikepdf.String("f"), **said))
    if on_page:
        area = pikepdf.Array([50, 50, 350, 90])
        shown = document.make_indirect(pikepdf.Dictionary(Type=name.Annot, Subtype=name.Widget, Rect=area))
        field.Kids, shown.Parent, page.Annots = pikepdf.Array([shown]), field, pikepdf.Array([shown])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))


def _drawn(document, page, kind, text):
    """An annotation that shows this and says nothing."""
    name = pikepdf.Name
    font = pikepdf.Dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name.Helvetica)
    look = document.make_stream(
        f"BT /F 12 Tf 10 10 Td ({text}) Tj ET".encode(),
        Type=name.XObject,
        Subtype=name.Form,
        BBox=[0, 0, 300, 40],
        Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font)),
    )
    one = pikepdf.Dictionary(
        Type=name.Annot, Subtype=name(f"/{kind}"), Rect=[50, 50, 350, 90], AP=pikepdf.Dictionary(N=look)
    )
    page.Annots = pikepdf.Array([document.make_indirect(one)])


def _read_out(document, key, text):
    """A part of the document's structure that is read out, or copied, as this."""
    name = pikepdf.Name
    part = pikepdf.Dictionary({"/Type": name.StructElem, "/S": name.Figure, key: pikepdf.String(text)})
    parts = pikepdf.Array([document.make_indirect(part)])
    document.Root.StructTreeRoot = document.make_indirect(
        pikepdf.Dictionary(Type=name.StructTreeRoot, K=parts)
    )


def _link(page, address):
    name = pikepdf.Name
    leads = pikepdf.Dictionary(S=name.URI, URI=pikepdf.String(address))
    one = pikepdf.Dictionary(Type=name.Annot, Subtype=name.Link, Rect=[50, 50, 350, 90], A=leads)
    page.Annots = pikepdf.Array([one])


def _label(document, text):
    label = pikepdf.Dictionary(P=pikepdf.String(text))
    document.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, label]))


def pdfs_saying(text):
    """{where: a PDF that says this in a place that is no part of its page's own words}."""
    said = pikepdf.String(text)
    places = {
        "a field of several parts": lambda pdf, page: _field(pdf, page, on_page=True, V=said),
        "a field of no page": lambda pdf, page: _field(pdf, page, on_page=False, DV=said),
        "a field's choices": lambda pdf, page: _field(pdf, page, on_page=True, Opt=pikepdf.Array([said])),
        "how a field looks": lambda pdf, page: _drawn(pdf, page, "Widget", text),
        "a stamp": lambda pdf, page: _drawn(pdf, page, "Stamp", text),
        "instead of a picture": lambda pdf, page: _read_out(pdf, "/Alt", text),
        "instead of words": lambda pdf, page: _read_out(pdf, "/ActualText", text),
        "behind a link": lambda pdf, page: _link(page, f"tel:{text}"),
        "a page's number": lambda pdf, page: _label(pdf, text),
    }
    return {where: changed(change) for where, change in places.items()}


def words_saying(text):
    """{where: a Word document that says this in a place that is no run of its body}."""
    shape = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    body = _part("document", f"<w:body>{paragraph(run(text))}</w:body>")
    plain = paragraph(run("Seen."))
    link = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship'
        f' Id="r1" Type="hyperlink" Target="tel:{text}" TargetMode="External"/></Relationships>'
    )
    named = {
        "another main part": ("word/real.xml", body),
        "a header by another name": ("word/top.xml", _part("hdr", paragraph(run(text)))),
        "a header without an ending": ("word/top", _part("hdr", paragraph(run(text)))),
        "among the pictures": ("word/media/image1.xml", body),
        "a list's marks": ("word/numbering.xml", _part("numbering", f'<w:lvlText w:val="{text}"/>')),
        "data of somebody's own": ("word/item1.xml", f"<case><number>{text}</number></case>".encode()),
        "no document at all": ("word/notes.txt", text.encode()),
        "behind a link": ("word/_rels/document.xml.rels", link.encode()),
    }
    inside = {
        "instead of a picture": f'<w:p><w:pict><v:shape {shape} alt="{text}"/></w:pict></w:p>',
        "letters as a shape": f'<w:p><w:pict><v:textpath {shape} string="{text}"/></w:pict></w:p>',
        "of a table": f'<w:tbl><w:tblPr><w:tblDescription w:val="{text}"/></w:tblPr></w:tbl>',
        "a list to choose from": f'<w:p><w:ddList><w:listEntry w:val="{text}"/></w:ddList></w:p>',
        "a box to choose from": f'<w:p><w:listItem w:displayText="{text}"/></w:p>',
        "over a link": f'<w:p><w:hyperlink w:tooltip="{text}"/></w:p>',
        "a field's code": f'<w:p><w:fldSimple w:instr="QUOTE {text}"/></w:p>',
        "a bookmark": f'<w:p><w:bookmarkStart w:name="{text}"/></w:p>',
        "signs": "<w:p><w:r>"
        + "".join(f'<w:sym w:char="F{ord(one):03X}"/>' for one in text)
        + "</w:r></w:p>",
    }
    said = {
        where: word_file(text=_part("document", f"<w:body>{plain}</w:body>"), extra=[part])
        for where, part in named.items()
    }
    return said | {where: word_of(plain + content) for where, content in inside.items()}


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
