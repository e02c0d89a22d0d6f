"""Binds files into one of the service's own PDFs: each after its title page, a number on every page. R20.

The service's own pages keep their PDF/UA tags, and the number on each page is set aside as no part of the
text. A page of a file is one figure, named in its alternative text: the tags that it may have had are lost.
"""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from payroll.letters import stylesheet
from payroll.pdf import Page, fonts, parsed, press, whole_page

SHEETS = stylesheet("form.css") + (
    ".sheet { break-after: page; height: 6mm } .sheet:last-child { break-after: auto }"
    ".head { font-size: 8.5pt; color: #333; height: 4mm; overflow: hidden; white-space: nowrap }"
)


@dataclass(frozen=True)
class Heading:
    """A heading as its bookmark says it, and the page of `drawn`, from 0, that it is on."""

    title: str
    level: int
    page: int


def pages_of(drawn, laid):
    """On which page of the bound PDF each heading will be: {heading's words: number}, from 1."""
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        headings = _headings(pdf)
    after = dict(zip(_title_pages(headings), (one.pages for one in laid), strict=True))
    return {
        heading.title: heading.page + 1 + sum(count for page, count in after.items() if page < heading.page)
        for heading in reversed(headings)
    }


def bind(drawn, laid, files, out, *, foot):
    """Put the files in, number the pages, write it all to the path `out`. Returns how many pages.

    `foot` stands at the foot of every page, beside its number; a file's name at the head of its pages.
    """
    opened = []
    try:
        with pikepdf.open(io.BytesIO(drawn)) as pdf:
            places = list(zip(_title_pages(_headings(pdf)), laid, files, strict=True))
            title_elements = _headings_by_page(pdf)
            heads = [""] * len(pdf.pages)
            for page, one, file in reversed(places):
                if one.path is None:
                    continue
                source = pikepdf.open(one.path)
                opened.append(source)
                heads[page + 1 : page + 1] = [f"Document {file.number}: {file.name}"] * len(source.pages)
                _put_in(pdf, page, source, file, title_elements)
            _number(pdf, heads, foot)
            # Its number comes from what is in it: the same papers are the same bytes.
            pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
            return len(pdf.pages)
    finally:
        for source in opened:
            source.close()


def _headings(pdf):
    found = []
    with pdf.open_outline() as outline:
        waiting = [(item, 1) for item in reversed(outline.root)]
        while waiting:
            item, level = waiting.pop()
            found.append(Heading(str(item.title), level, _page_of(pdf, item)))
            waiting += [(child, level + 1) for child in reversed(item.children)]
    return found


def _page_of(pdf, item: OutlineItem):
    destination = item.destination if item.destination is not None else item.action.D
    return pikepdf.Page(destination[0]).index


def _title_pages(headings):
    """The pages that name a file to follow, in the files' order."""
    return [heading.page for heading in headings if heading.title.startswith("Document ")]


def _headings_by_page(pdf):
    """The last heading element on each page, by the page's object number."""
    found = {}
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        kind = str(element.get("/S", ""))
        if kind.startswith("/H") and kind[2:].isdigit() and "/Pg" in element:
            found[element.Pg.objgen] = element
        kids = element.get("/K")
        if isinstance(kids, Array):
            waiting += [kid for kid in kids if isinstance(kid, Dictionary) and "/S" in kid]
        elif isinstance(kids, Dictionary) and "/S" in kids:
            waiting.append(kids)
    return found


def _put_in(pdf, after, source, file, title_elements):
    """Put the pages of a file after its title page, each as one figure with words for who cannot see it."""
    title = title_elements.get(pdf.pages[after].obj.objgen)
    figures = []
    for number, page in enumerate(source.pages, 1):
        pdf.pages.insert(after + number, page)
        sheet = pdf.pages[after + number]
        words = f"Page {number} of {len(source.pages)} of {file.name}"
        figures.append(_figure(pdf, sheet, words, title))
    if title is not None and figures:
        siblings = title.P.K
        place = next(index for index, kid in enumerate(siblings) if _is(kid, title))
        title.P.K = Array([*siblings[: place + 1], *figures, *siblings[place + 1 :]])


def _figure(pdf, sheet, words, title):
    tree = pdf.Root.StructTreeRoot
    key = int(tree.get("/ParentTreeNextKey", 0)) or _next_key(tree)
    figure = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Figure,
            P=title.P if title is not None else tree,
            Pg=sheet.obj,
            K=0,
            Alt=String(words),
            A=Dictionary(O=Name.Layout, BBox=Array([0, 0, *sheet.mediabox[2:]])),
        )
    )
    sheet.contents_add(b"/Figure <</MCID 0>> BDC\n", prepend=True)
    sheet.contents_add(b"\nEMC\n")
    sheet.obj.StructParents = key
    sheet.obj.Tabs = Name.S
    tree.ParentTree.Nums.extend([key, pdf.make_indirect(Array([figure]))])
    tree.ParentTreeNextKey = key + 1
    return figure


def _next_key(tree):
    return max((int(key) for key in list(tree.ParentTree.Nums)[::2]), default=-1) + 1


def _is(kid, element):
    return isinstance(kid, Dictionary) and kid.is_indirect and kid.objgen == element.objgen


def _number(pdf, heads, foot):
    """Say on every page which it is of how many, and which file's, aside from what is read out."""
    with pikepdf.open(io.BytesIO(_edges(heads, foot))) as edges:
        for number, (page, edge) in enumerate(zip(pdf.pages, edges.pages, strict=True), 1):
            drawn = pdf.copy_foreign(edge.as_form_xobject())
            # A name of its own on each page: the service's pages share one dictionary of what they draw.
            name = page.add_resource(drawn, Name.XObject, Name(f"/Edge{number}"))
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(
                b"\nQ\n/Artifact <</Type /Pagination /Subtype /Footer>> BDC\n"
                + f"q {name} Do Q\nEMC\n".encode()
            )


def _edges(heads, foot):
    """As many empty pages as there are `heads`, each with its own, and its number at the foot."""
    sheets = "".join(f'<div class="sheet"><p class="head">{escape(head)}</p></div>' for head in heads)
    body = f'<div class="reference" data-footer="{escape(foot)}"></div>{sheets}'
    document = whole_page(body, title="Numbers", lang="en-GB", modified=datetime(2026, 1, 1, tzinfo=UTC))
    with press:
        return Page(document).write_pdf(font_config=fonts, stylesheets=[parsed(SHEETS)])
