"""What PDF/UA-1 asks for and WeasyPrint 70 leaves out, put in by its `finisher` before the file is written.

Works on the objects of pydyf, WeasyPrint's own PDF library, and counts on how WeasyPrint tags: <span> becomes /Span and
<th> /TH. tests/payroll/test_pdf_ua.py reads every result back with another library.
"""

import zlib

import pydyf


def finish(pdf, struck_out):
    """Complete the tags of a pydyf.PDF. `struck_out` is the text of each <span> of the letter, in order."""
    elements = [thing for thing in pdf.objects if isinstance(thing, pydyf.Dictionary) and thing.get("S")]
    _say_what_is_struck_out(elements, struck_out)
    _say_what_headings_head(pdf, elements)
    _set_footers_aside(pdf)
    _associate_files(pdf)
    _compress_once(pdf)


def _say_what_is_struck_out(elements, struck_out):
    """A line through words is silent: say it, so that a screen reader, a search and a copy all give it.

    A box's /Span holds other elements, a run of text's /Span holds a number: only the first comes from <span>.
    """
    spans = [element for element in elements if element["S"] == "/Span" and not isinstance(element["K"][0], int)]
    for element, words in zip(spans, struck_out, strict=True):
        element["ActualText"] = pydyf.String(f"{words} (struck out)")
        element["A"] = pydyf.Dictionary({"O": "/Layout", "TextDecorationType": "/LineThrough"})


def _say_what_headings_head(pdf, elements):
    """A heading in a table's head is a column's, any other is its row's."""
    for element in elements:
        if element["S"] == "/TH":
            row = _object(pdf, element["P"])
            in_head = _object(pdf, row["P"])["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if in_head else "/Row"


def _set_footers_aside(pdf):
    """WeasyPrint tags a page's footer but hangs it nowhere. What repeats on each page is an artifact: mark it so."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    reachable = set()
    waiting = [*root["K"]]
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, bytes):
            reachable.add(kid)
            waiting.extend(_object(pdf, kid).get("K", ()))
    numbers = _object(pdf, root["ParentTree"])["Nums"]
    pages = [_object(pdf, reference) for reference in pdf.page_references]
    for page, owners in zip(pages, numbers[1::2], strict=False):
        aside = {mark for mark, owner in enumerate(owners) if owner not in reachable}
        stream = _object(pdf, page["Contents"]).stream
        for place, item in enumerate(stream):
            if isinstance(item, pydyf.Dictionary) and item.get("MCID") in aside:
                stream[place - 1] = b"/Artifact"
                stream[place] = b"<</Type /Pagination /Subtype /Footer>>"
        for mark in aside:
            _object(pdf, owners[mark]).clear()
            owners[mark] = b"null"


def _associate_files(pdf):
    """An embedded file is a supplement to the document, and the catalogue lists it as such."""
    files = [thing for thing in pdf.objects if isinstance(thing, pydyf.Dictionary) and thing.get("Type") == "/Filespec"]
    for file in files:
        file["AFRelationship"] = "/Supplement"
    if files:
        pdf.catalog["AF"] = pydyf.Array(file.reference for file in files)


def _compress_once(pdf):
    """pydyf compresses every stream twice, once for the file's number. Hand it streams that are compressed already."""
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Stream) and thing.compress:
            smaller = zlib.compress(_content(thing), 9)
            thing.stream, thing.extra["Filter"], thing.compress = [smaller], "/FlateDecode", False


def _content(stream):
    return b"\n".join(
        item if isinstance(item, bytes) else item.data if isinstance(item, pydyf.Object) else str(item).encode("ascii")
        for item in stream.stream
    )


def _object(pdf, reference):
    return pdf.objects[int(reference.split()[0])]
