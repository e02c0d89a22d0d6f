"""Reads one Word document through, and writes it anew without what it says of whoever made it. No Django."""

import io
import posixpath
import re
import struct
import zipfile
from contextlib import suppress
from xml.parsers import expat

from lxml import etree

from portfolios.inspection_carried import picture_without_data
from portfolios.inspection_verdicts import OTHER_KINDS, Found, refuse_behind, refuse_pdf_header

MOST_PARTS = 5_000
MOST_BYTES = 300 * 1024**2
TYPES, TOP_RELS, TEXT = "[Content_Types].xml", "_rels/.rels", "word/document.xml"
FIRST = (TYPES, TOP_RELS, TEXT)
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
LOCAL_HEADER = 30
END_HEADER = 22
ENCRYPTED, SIZES_BEHIND = 0x1, 0x8
# How long the sizes are where they stand behind a part instead of before it.
BEHIND = {12, 16, 20, 24}

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# All that may lie outside the document but what a click leads to: on the same disk, as a template does, or
# where a mail program kept it.
CLICKED = "/hyperlink"
ON_A_DISK = re.compile(r"(file:/{0,3})?[a-z]:|(cid|about):|(?![/\\%])[^:]*$")
# Where a field begins, and where the last that lies round it ends: no document can hold these.
BEGINS, ENDS = "\x01", "\x02"
STARTED_FIELD = re.compile(
    r"(^|[\s{\x01\x02])(DDE|DDEAUTO)\b|\bINCLUDE(TEXT|PICTURE)\s+\"?\s*(https?|ftp|file):"
    r"|\x01\s*(INCLUDE(TEXT|PICTURE)?|IMPORT|LINK|DATABASE|RD)\b[^\x02]*?"
    r"([\s\"](\\{2}|//)|\b(https?|ftp|smb|davs?):|\bfile:(?!/{0,3}[a-z]:))",
    re.IGNORECASE,
)
OF_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/",
    "http://purl.oclc.org/ooxml/wordprocessingml/",
)
CARRYING = re.compile(r"/(embeddings|activex|ctrlprops|webextensions)/|/afchunk[^/]*$|oleobject[^/]*\.bin$")
# Beginnings of other kinds that a part of a document has no reason to be; pictures come in many.
CARRIED = tuple(one for one in OTHER_KINDS if not one.startswith(b"<"))

NAMES_TYPES = (
    "custom-properties+xml",
    "wordprocessingml.people+xml",
    "customxmlproperties+xml",
)
NAMES_PLACES = ("customxml/", "docprops/custom", "docprops/thumbnail", "word/people.xml")
CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
PROGRAM = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
DATED = (1980, 1, 1, 0, 0, 0)
LEFT_OUT = [f"{W}{name}" for name in ("rsids", "attachedTemplate", "mailMerge", "docVars")]


def check(content):
    """Raise Found, or whatever zipfile and expat raise, unless it is a Word document and no more than one."""
    refuse_pdf_header(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = [part.filename for part in parts]
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
            raise Found("too-big")
        if len({name.lower() for name in names}) != len(names) or not set(FIRST).issubset(names):
            raise Found("broken")
        if any(part.flag_bits & ENCRYPTED for part in parts):
            raise Found("protected")
        if any(part.compress_type not in READABLE or _leads_out(part.filename) for part in parts):
            raise Found("broken")
        _check_laid_out(content, parts, archive.start_dir)
        if archive.testzip() is not None:
            raise Found("broken")
        types = _types_declared(archive.read(TYPES))
        _read_xml(archive.read(TYPES), _refuse_disguised)
        _read_xml(archive.read(TOP_RELS), _refuse_other_text)
        if any("macroenabled" in name.lower() or "vbaproject" in name.lower() for name in [*types, *names]):
            raise Found("macros")
        if MAIN_TYPE not in types:
            raise Found("broken")
        if any(CARRYING.search(f"/{name.lower()}") for name in names):
            raise Found("active")
        for part in parts:
            _check_part(part.filename, archive)


def cleaned(content):
    """The document's bytes without authors, programs, times, custom properties and its pictures' own data."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as anew,
    ):
        names = [part.filename for part in archive.infolist() if not part.is_dir()]
        types = _types_by_part(archive.read(TYPES))
        gone = {name.lower() for name in names if _is_about_people(name, types)}
        for name in [*FIRST, *(name for name in names if name not in FIRST)]:
            if name.lower() not in gone and _source_of(name).lower() not in gone:
                part = zipfile.ZipInfo(name, DATED)
                part.compress_type = zipfile.ZIP_DEFLATED
                anew.writestr(part, _part_cleaned(name, archive.read(name), types, gone))
    return made.getvalue()


def _leads_out(name):
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _check_laid_out(content, parts, directory):
    """Every part lies right behind the one before: none over another, as in a bomb; nothing in between."""
    at, said_behind = 0, False
    for part in sorted(parts, key=lambda part: part.header_offset):
        gap = part.header_offset - at
        if gap < 0:
            raise Found("too-big")
        if gap and not (gap in BEHIND and said_behind):
            raise Found("two-kinds")
        name, extra = struct.unpack_from("<HH", content, part.header_offset + LOCAL_HEADER - 4)
        at = part.header_offset + LOCAL_HEADER + name + extra + part.compress_size
        said_behind = part.flag_bits & SIZES_BEHIND
    gap = directory - at
    if gap < 0:
        raise Found("too-big")
    if gap and not (gap in BEHIND and said_behind):
        raise Found("two-kinds")
    refuse_behind(content[content.rindex(b"PK\x05\x06") + END_HEADER :])


def _check_part(name, archive):
    with archive.open(name) as part:
        beginning = part.read(8).lower()
    if beginning.startswith((*CARRIED, b"mz")):
        raise Found("active")
    if name.lower().endswith(".rels"):
        _read_xml(archive.read(name), _refuse_fetched)
    elif name.lower().endswith(".xml"):
        _refuse_started_fields(archive.read(name))
    elif b"<" in beginning[:4]:
        _refuse_words(archive.read(name))


def _refuse_disguised(_, attributes):
    """Raise Found where words are declared under a name by which nobody here would look for them."""
    kind = attributes.get("ContentType", "").lower()
    if not kind.endswith("xml") or kind == "image/svg+xml":
        return
    if "PartName" in attributes:
        ending = posixpath.splitext(attributes["PartName"])[1].lower()
    else:
        ending = "." + attributes.get("Extension", "").lower()
    if ending not in (".xml", ".rels"):
        raise Found("broken")


def _refuse_other_text(_, attributes):
    """Raise Found where the document's text is said to be elsewhere than it is looked for."""
    if attributes.get("Type", "").endswith("/officeDocument"):
        if posixpath.normpath(posixpath.join("/", attributes.get("Target", ""))) != f"/{TEXT}":
            raise Found("broken")


def _refuse_words(text):
    """Raise Found if a part that is named otherwise is Word's own XML."""

    def begins(name, _):
        if name.startswith(OF_WORD):
            raise Found("broken")

    with suppress(expat.ExpatError):
        _read_xml(text, begins, named=True)


def _types_declared(text):
    types = []
    _read_xml(text, lambda name, attributes: types.append(attributes.get("ContentType", "")))
    return types


def _refuse_fetched(_, attributes):
    """Raise Found for what Word fetches, or starts, from another computer when it opens the document."""
    target = attributes.get("Target", "").strip().lower()
    outside = attributes.get("TargetMode", "").lower() == "external"
    if outside and not attributes.get("Type", "").endswith(CLICKED) and not ON_A_DISK.match(target):
        raise Found("active")


def _refuse_started_fields(text):
    """Raise Found for a field that starts a program, or fetches a page, when the document is opened."""
    said, inside, depth = [], [], 0

    def begins(name, attributes):
        nonlocal depth
        local = name.rpartition(":")[2]
        values = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        inside.append(local)
        if local == "fldSimple":
            said.append(f"{BEGINS}{values.get('instr', '')}{'' if depth else ENDS}")
        elif local == "fldChar":
            depth = max(0, depth + {"begin": 1, "end": -1}.get(values.get("fldCharType"), 0))
            said.append(BEGINS if values.get("fldCharType") == "begin" else " " if depth else ENDS)

    def ends(_):
        inside.pop()

    def words(data):
        if inside and inside[-1] == "instrText":
            said.append(data)

    _read_xml(text, begins, ends, words)
    if STARTED_FIELD.search("".join(said)):
        raise Found("active")


def _read_xml(text, begins=None, ends=None, words=None, *, named=False):
    """Parse; `named`: with each element's namespace before its name."""
    parser = expat.ParserCreate(namespace_separator=" " if named else None)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = begins
    parser.EndElementHandler = ends
    parser.CharacterDataHandler = words
    parser.Parse(text, True)


def _refuse_doctype(*_):
    raise Found("broken")


def _types_by_part(text):
    """{name of a part in small letters: its type}, of the parts that say theirs one by one."""
    types = {}

    def begins(_, attributes):
        if "PartName" in attributes:
            types[attributes["PartName"].lstrip("/").lower()] = attributes.get("ContentType", "").lower()

    _read_xml(text, begins)
    return types


def _is_about_people(name, types):
    name = name.lower()
    return name.startswith(NAMES_PLACES) or types.get(name, "").endswith(NAMES_TYPES)


def _source_of(name):
    """The part that a .rels part speaks of; empty for every other part."""
    folder, last = posixpath.split(name)
    above, rels = posixpath.split(folder)
    if rels.lower() != "_rels" or not last.lower().endswith(".rels"):
        return ""
    return posixpath.join(above, last[: -len(".rels")])


def _part_cleaned(name, held, types, gone):
    kind, ending = types.get(name.lower(), ""), name.lower().rpartition(".")[2]
    if name.lower() == "docprops/core.xml" or kind.endswith("core-properties+xml"):
        return CORE
    if name.lower() == "docprops/app.xml" or kind.endswith("extended-properties+xml"):
        return PROGRAM
    if name == TYPES:
        return _edited(held, lambda root: _drop_named(root, "PartName", "", gone))
    if ending == "rels":
        folder = posixpath.dirname(_source_of(name))
        return _edited(held, lambda root: _drop_named(root, "Target", folder, gone))
    if ending == "xml":
        return _edited(held, _drop_people)
    return picture_without_data(held)


def _edited(text, edit):
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(text, parser)
    edit(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _drop_named(root, attribute, folder, gone):
    """Drop what speaks of a part that is gone, and where on somebody's disk the template lies."""
    for one in list(root):
        target = one.get(attribute, "")
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/").lower()
        outside = one.get("TargetMode") == "External"
        if (not outside and path in gone) or one.get("Type", "").endswith(
            ("/attachedTemplate", "/mailMergeSource", "/mailMergeHeaderSource")
        ):
            root.remove(one)


def _drop_people(root):
    for one in list(root.iter(*LEFT_OUT)):
        if one.getparent() is not None:
            one.getparent().remove(one)
    for one in root.iter(etree.Element):
        for name in one.attrib:
            if not name.startswith(W):
                continue
            said = name[len(W) :]
            if said.startswith("rsid"):
                del one.attrib[name]
            elif said in {"author", "initials"}:
                one.attrib[name] = "Author"
            elif said == "date" and f"{W}author" in one.attrib:
                del one.attrib[name]
