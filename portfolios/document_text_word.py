"""What a Word document says, and whether all of it can be seen: changes tracked, comments, hidden words.

White words count as hidden unless something is behind them: a table's style, a shape or the page may be dark.
Text in a dark shape, in a chart or beside a picture is read with the rest.
"""

import re
import zipfile
from xml.parsers import expat

from portfolios.document_text import COMMENTS, COVERED, LONGEST, TRACKED, UNSEEN
from portfolios.inspection_verdicts import Found

ABOUT_ITSELF = {"[content_types].xml", "docprops/core.xml", "docprops/app.xml"}
"""Parts that say nothing to a reader. Any other may: what it is called is its writer's choice."""
XML = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
KNOWN = (
    "schemas.openxmlformats.org/",
    "purl.oclc.org/",
    "schemas.microsoft.com/",
    "urn:schemas-microsoft-com:",
    "www.w3.org/2000/svg",
)
"""Whose words are known. Of a part in any other namespace all of it is taken for words."""
STYLES = "word/styles.xml"
EVERYTHING = "\x00"
"""Stands for what all styles begin from: no style can be called so."""
TEXTS = {"t", "delText", "instrText", "delInstrText", "v", "text", "tspan"}
"""Whose words are text. Of a field's code too: the address or number behind a link."""
ENDS_A_LINE = {"p", "br", "cr", "tr", "tc"}
CHANGES = {"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "delText", "delInstrText"}
SAYING = {"descr", "title", "alt", "string", "tooltip", "displayText", "instr"}
"""Attributes that are read: by whoever points at a picture or opens a list; letters drawn as a shape."""
VALUES = {
    "tblCaption",
    "tblDescription",
    "listEntry",
    "default",
    "helpText",
    "statusText",
    "alias",
    "tag",
    "lvlText",
}
"""Elements whose value is."""
NAMING = {"bookmarkStart", "docPr", "cNvPr"}
"""Elements whose name is somebody's own."""
OFF = {"0", "false", "off"}
LIGHT, DARK = 0xE6, 0x50
SMALLEST = 4
"""Half points: the size of letters that nobody reads."""


def read(file):
    """(text, hidden) as document_reading.read."""
    texts, hidden = [], None
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        styles = _Styles()
        if STYLES in names:
            _parse(archive.read(STYLES), styles)
        for name in sorted(names, key=lambda name: name != "word/document.xml"):
            if name.lower() in ABOUT_ITSELF:
                continue
            content = archive.read(name)
            part = _Part(styles.hiding(), styles.usual, linking=name.lower().endswith(".rels"))
            if content.lstrip().startswith(XML):
                try:
                    _parse(content, part)
                except expat.ExpatError:
                    # A picture's own XML may be as it likes: Word shows what can be read of it, if anything.
                    if name.lower().endswith((".xml", ".rels")):
                        raise
            else:
                part.said.append(_if_text(content))
            texts.append("".join(part.said))
            hidden = hidden or part.hidden
            if sum(map(len, texts)) > LONGEST:
                raise Found("too-big")
    return "\n".join(texts), hidden


def _parse(text, reader):
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.begins
    parser.EndElementHandler = reader.ends
    parser.CharacterDataHandler = reader.words
    parser.EntityDeclHandler = _refuse_entities
    parser.Parse(text, True)


def _refuse_entities(*_):
    """A few lines of them stand for more words than any memory holds."""
    raise Found("too-big")


def _if_text(content):
    """What a part says that is no XML, if it is text at all."""
    try:
        said = content[: LONGEST * 4 + 4].decode()
    except UnicodeDecodeError:
        return ""
    return said if "".join(said.split()).isprintable() else ""


def _local(name):
    return name.rpartition(" ")[2]


def _values(attributes):
    return {_local(name): value for name, value in attributes.items()}


class _Looks:
    """How letters look, as far as it may hide them: a style's or a run's properties."""

    def __init__(self):
        self.vanish = self.white = self.black = self.dark_behind = self.something_behind = self.tiny = False

    def take(self, name, values):
        value = values.get("val", "")
        if name == "vanish" or name == "specVanish":
            self.vanish = value.lower() not in OFF
        elif name == "color":
            self.white, self.black = _shade(value, LIGHT, 0xFF), _shade(value, 0, DARK)
        elif name == "sz" and value.isdecimal():
            self.tiny = int(value) <= SMALLEST
        elif name == "highlight":
            self.something_behind = value not in ("none", "white", "")
            self.dark_behind = value == "black"
        elif name == "shd":
            fill = values.get("fill", "auto")
            self.something_behind = self.something_behind or not _shade(fill, LIGHT, 0xFF) and fill != "auto"
            self.dark_behind = self.dark_behind or self.black and _shade(fill, 0, DARK)


def _shade(colour, least, most):
    """Whether red, green and blue of a colour such as "1A1A1A" are all between these."""
    if not re.fullmatch("[0-9A-Fa-f]{6}", colour):
        return False
    return all(least <= int(colour[at : at + 2], 16) <= most for at in (0, 2, 4))


class _Styles:
    """Reads the styles: which of them hide what is written in them, and which is `usual` in a paragraph."""

    def __init__(self):
        self.looks, self.based_on, self.current = {}, {}, None
        self.usual = ""

    def begins(self, name, attributes):
        name, values = _local(name), _values(attributes)
        if name == "style":
            self.current = values.get("styleId", "")
            self.looks[self.current] = _Looks()
            if values.get("type") == "paragraph" and values.get("default", "0").lower() not in OFF:
                self.usual = self.current
        elif name == "docDefaults":
            self.current = EVERYTHING
            self.looks[self.current] = _Looks()
        elif name == "basedOn":
            self.based_on[self.current] = values.get("val", "")
        elif self.current is not None:
            self.looks[self.current].take(name, values)

    def ends(self, name):
        if _local(name) in ("style", "docDefaults"):
            self.current = None

    def words(self, data):
        pass

    def hiding(self):
        """The ids of styles that hide, by themselves or by one that they are based on."""
        hiding = {style for style, looks in self.looks.items() if looks.vanish or looks.tiny}
        while more := {one for one, base in self.based_on.items() if base in hiding} - hiding:
            hiding |= more
        return hiding | ({self.usual} if EVERYTHING in hiding else set())


class _Part:
    """Reads one part of the document: what it `said`, and the first thing `hidden` in it."""

    def __init__(self, hiding, usual, *, linking):
        self.hiding, self.usual, self.linking, self.foreign = hiding, usual, linking, False
        self.said, self.hidden = [], None
        self.inside = []
        self.looks = self.paragraph = _Looks()
        self.paragraph_hides = self.run_hides = False
        self.behind = 0  # how many things round this place may be dark: cells, tables with a style, shapes

    def begins(self, name, attributes):
        if not self.inside:
            self.foreign = not any(own in name for own in KNOWN)
        name, values = _local(name), _values(attributes)
        parent = self.inside[-1] if self.inside else ""
        self.inside.append(name)
        self._say_what_is_beside(name, values)
        if name in CHANGES:
            self._found(TRACKED)
        elif name in ("comment", "commentReference"):
            self._found(COMMENTS)
        elif name == "p":
            self.paragraph, self.paragraph_hides = _Looks(), self.usual in self.hiding
        elif name == "r":
            self.looks, self.run_hides = _Looks(), False
        elif name in ("pStyle", "rStyle"):
            self._wear(name, values.get("val", ""))
        elif parent == "rPr" and len(self.inside) > 2 and self.inside[-3] == "r":
            self.looks.take(name, values)
        elif name == "shd" and parent == "pPr":
            self.paragraph.take(name, values)
        elif name in ("tbl", "txbxContent", "background", "wsp", "shape"):
            self.behind += 1
        elif name == "tab":
            self.said.append("\t")
        elif name == "noBreakHyphen":
            self.said.append("-")

    def _say_what_is_beside(self, name, values):
        """What stands in attributes, not between them."""
        said = values.values() if self.foreign else [values[key] for key in SAYING & values.keys()]
        said = [*said, *(values.get(key) for key, on in (("val", VALUES), ("name", NAMING)) if name in on)]
        if self.linking and values.get("TargetMode") == "External":
            said.append(values.get("Target"))
        self.said += [f"\n{one}\n" for one in said if one]
        if name == "sym" and re.fullmatch("[0-9A-Fa-f]{4}", code := values.get("char", "")):
            # Letters of a font of signs lie where no letters are, in their order.
            self.said.append(chr(int(code, 16) - (0xF000 if int(code, 16) >= 0xF000 else 0)))

    def _wear(self, name, style):
        if name == "pStyle":
            self.paragraph_hides = style in self.hiding
        else:
            self.run_hides = style in self.hiding

    def ends(self, name):
        name = _local(name)
        self.inside.pop()
        if name in ENDS_A_LINE:
            self.said.append("\n")
        elif name in ("tbl", "txbxContent", "wsp", "shape"):
            self.behind -= 1

    def words(self, data):
        if not self.inside or not self.foreign and self.inside[-1] not in TEXTS:
            return
        self.said.append(data)
        if not any(map(str.isalnum, data)) or self.inside[-1] != "t":
            return
        looks = self.looks
        if looks.dark_behind:
            self._found(COVERED)
        elif looks.vanish or looks.tiny or self.run_hides or self.paragraph_hides:
            self._found(UNSEEN)
        elif looks.white and not (looks.something_behind or self.paragraph.something_behind or self.behind):
            self._found(UNSEEN)

    def _found(self, what):
        self.hidden = self.hidden or what
