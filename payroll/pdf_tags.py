"""What PDF/UA-1 asks for and WeasyPrint 70 leaves out, put in by its `finisher` before the file is written.

Works on the objects of pydyf, WeasyPrint's own PDF library, and counts on the tags that WeasyPrint gives:
/Span for a <span>, /TH for a <th>. tests/payroll/test_pdf_ua.py reads every result back with another library.
"""

import pydyf


def finish(pdf, struck_out):
    """Complete a pydyf.PDF. `struck_out` is the text of each <span> of the letter, in order."""
    dictionaries = [thing for thing in pdf.objects if isinstance(thing, pydyf.Dictionary)]
    elements = [thing for thing in dictionaries if thing.get("Type") == "/StructElem"]
    _say_what_is_struck_out(elements, struck_out)
    _say_what_headers_head(pdf, elements)
    _set_footers_aside(pdf, elements)
    _associate_files(pdf, dictionaries)


def _say_what_is_struck_out(elements, struck_out):
    """A line through words is silent: say it, so that a screen reader, a search and a copy give it too.

    The /Span of a <span> holds elements; the /Span of a run of text, of which there are many, holds a number.
    """
    spans = [
        element for element in elements if element["S"] == "/Span" and not isinstance(element["K"][0], int)
    ]
    for element, words in zip(spans, struck_out, strict=True):
        element["ActualText"] = pydyf.String(f"{words} (struck out)")
        element["A"] = pydyf.Dictionary({"O": "/Layout", "TextDecorationType": "/LineThrough"})


def _say_what_headers_head(pdf, elements):
    """A header cell in a table's head is its column's, any other is its row's."""
    for element in elements:
        if element["S"] == "/TH":
            row = _object(pdf, element["P"])
            in_head = _object(pdf, row["P"])["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if in_head else "/Row"


def _set_footers_aside(pdf, elements):
    """WeasyPrint tags a footer but hangs it nowhere. What repeats on each page is an artifact: say so."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    hung = set()
    waiting = [*root["K"]]
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, bytes):
            hung.add(kid)
            waiting.extend(_object(pdf, kid).get("K", ()))
    owners_by_page = _object(pdf, root["ParentTree"])["Nums"][1::2]
    for page_reference, owners in zip(pdf.page_references, owners_by_page, strict=True):
        aside = {mark for mark, owner in enumerate(owners) if owner not in hung}
        content = _object(pdf, _object(pdf, page_reference)["Contents"]).stream
        for place, item in enumerate(content):
            if isinstance(item, pydyf.Dictionary) and item.get("MCID") in aside:
                content[place - 1] = b"/Artifact"
                content[place] = b"<</Type /Pagination /Subtype /Footer>>"
        for mark in aside:
            owners[mark] = b"null"
    for element in elements:
        if element.reference not in hung:
            element.clear()


def _associate_files(pdf, dictionaries):
    """An embedded file is a supplement to the document, and the catalogue lists it as such.

    It is a PDF, compressed already: to compress it again is time lost.
    """
    files = [thing for thing in dictionaries if thing.get("Type") == "/Filespec"]
    for file in files:
        file["AFRelationship"] = "/Supplement"
        _object(pdf, file["EF"]["F"]).compress = False
    if files:
        pdf.catalog["AF"] = pydyf.Array(file.reference for file in files)


def _object(pdf, reference):
    return pdf.objects[int(reference.split()[0])]
