"""Reads a PDF back as a screen reader would: by its tags, its character maps and its artifacts."""

import io
import re
from dataclasses import dataclass, field

import pikepdf

PAINTING = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "Tj", "TJ", "'", '"'}


@dataclass
class Element:
    """One tag of the tree. `text` is its own; `children` come as they are read. It keeps its PDF open."""

    pdf: pikepdf.Pdf
    tag: str
    dictionary: pikepdf.Object
    parent: "Element | None"
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, *tags):
        """Every element below with one of these tags, in reading order."""
        for child in self.children:
            if child.tag in tags:
                yield child
            yield from child.all(*tags)

    def said(self):
        """The words as a screen reader says them: an ActualText stands for everything below it."""
        if "/ActualText" in self.dictionary:
            return str(self.dictionary.ActualText)
        return _spaced([self.text, *(child.said() for child in self.children)])

    def shown(self):
        """The words as they stand on paper."""
        return _spaced([self.text, *(child.shown() for child in self.children)])


@dataclass
class Reading:
    """A PDF opened. `marks` is the text by page and mark; `artifacts` what a screen reader passes over."""

    pdf: pikepdf.Pdf
    root: Element
    marks: dict[tuple[int, int], str]
    artifacts: list[str]
    untagged: list[str]

    @property
    def text(self):
        return self.root.shown()

    def rows(self):
        """What each table row is headed and says: {"Name": "Amara Okafor"}."""
        return {
            " ".join(cell.shown() for cell in row.all("TH")): " ".join(cell.said() for cell in row.all("TD"))
            for row in self.root.all("TR")
        }


def read(content):
    """Open the bytes of a tagged PDF. Fails on content that is nested wrongly or marked twice."""
    pdf = pikepdf.open(io.BytesIO(content))
    marks, artifacts, untagged = {}, [], []
    for number, page in enumerate(pdf.pages):
        _read_page(number, page, marks, artifacts, untagged)
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    tree = pdf.Root.StructTreeRoot
    document = tree.K[0] if isinstance(tree.K, pikepdf.Array) else tree.K
    return Reading(pdf, _element(pdf, document, None, pages, marks), marks, artifacts, untagged)


def _element(pdf, dictionary, parent, pages, marks):
    element = Element(pdf, str(dictionary.S)[1:], dictionary, parent)
    for kid in dictionary.get("/K", []):
        if isinstance(kid, int):
            element.text = _spaced([element.text, marks[pages[dictionary.Pg.objgen], kid]])
        else:
            element.children.append(_element(pdf, kid, element, pages, marks))
    return element


def _read_page(number, page, marks, artifacts, untagged):
    characters = {
        name: _characters(font) for name, font in page.Resources.get("/Font", pikepdf.Dictionary()).items()
    }
    inside, font, text = [], None, ""
    for operands, operator in pikepdf.parse_content_stream(page):
        operator = str(operator)
        if operator in ("BDC", "BMC"):
            assert not inside, "marked content within marked content"
            inside.append(operands)
            text = ""
        elif operator == "EMC":
            tag, *properties = inside.pop()
            if tag == "/Artifact":
                artifacts.append(text)
            else:
                mark = number, int(properties[0].MCID)
                assert mark not in marks, "a mark used twice"
                marks[mark] = text
        elif operator == "Tf":
            font = characters[str(operands[0])]
        elif operator in ("Tj", "TJ"):
            strings = operands[0] if operator == "TJ" else operands
            text += "".join(
                _decoded(bytes(part), font) for part in strings if isinstance(part, pikepdf.String)
            )
        if operator in PAINTING and not inside:
            untagged.append(operator)
    assert not inside, "marked content left open"


def _decoded(glyphs, characters):
    return "".join(characters[glyphs[place : place + 2]] for place in range(0, len(glyphs), 2))


def _characters(font):
    """Letters by glyph number. A glyph that stands for no letter is not in it, and so fails the reading."""
    table = font.ToUnicode.read_bytes().decode("ascii")
    return {
        bytes.fromhex(glyph): bytes.fromhex(letters).decode("utf-16-be")
        for glyph, letters in re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>", table)
    }


def _spaced(parts):
    return " ".join(" ".join(parts).split())
