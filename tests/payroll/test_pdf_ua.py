"""PDF/UA-1 (ISO 14289-1), as far as a program can see it without veraPDF, which is a Java program.

Checked: the tree of tags, and the way from each mark on a page to it and back; nothing on a page outside the
tree and the artifacts; standard tags only; headings in order; header cells with their scope, and even rows;
lists; fonts embedded, with a letter for each glyph; language, title, and that a reader shows it; the mark of
PDF/UA in the metadata; files inside with both names and a description; footers as artifacts; tab order; no
script and no encryption.
Not checked: contrast, and whether the words make sense in this order. A person looks at those.
"""

import pikepdf
import pytest

from payroll.letters import PAY002, AppointmentForm, EvidenceForm, LetterDocument
from tests.payroll.pdf_reading import read
from tests.payroll.sample_letters import (
    EVIDENCE,
    appointment_form,
    bare_letter,
    letter,
    long_letter,
    not_progressed,
    pay_form,
)

STANDARD = set(
    "Document Part Art Sect Div BlockQuote Caption Index NonStruct Private P H1 H2 H3 H4 H5 H6 L LI Lbl LBody"
    " Table TR TH TD THead TBody TFoot Span Quote Note Reference Code Link Annot Figure Formula Form".split()
)


KINDS = [
    "progressed",
    "not progressed",
    "two pages",
    "evidence form",
    "appointment form",
    "replaced",
    "letter",
    "long letter",
    "bare letter",
]


@pytest.fixture(scope="module", params=KINDS)
def reading(request):
    evidence = EvidenceForm(EVIDENCE).render()
    return read(
        {
            "appointment form": lambda: AppointmentForm(appointment_form(reasons="None."), None).render(),
            "replaced": lambda: PAY002(
                pay_form(version=2, replaces="version 1 of 4 May 2026"), None
            ).render(),
            "letter": lambda: LetterDocument(letter()).render(),
            "long letter": lambda: LetterDocument(long_letter()).render(),
            "bare letter": lambda: LetterDocument(bare_letter()).render(),
            "progressed": lambda: PAY002(pay_form(), evidence).render(),
            "not progressed": lambda: PAY002(not_progressed(), None).render(),
            "two pages": lambda: PAY002(
                not_progressed(reasons="Not shown at all. \n" * 150), evidence
            ).render(),
            "evidence form": lambda: evidence,
        }[request.param]()
    )


def all_elements(reading):
    return [reading.root, *reading.root.all(*STANDARD)]


def test_the_document_says_that_it_is_tagged_and_for_whom(reading):
    root = reading.pdf.Root
    assert root.MarkInfo.Marked
    assert not root.MarkInfo.get("/Suspects", False)
    assert str(root.Lang) == "en-GB"
    assert root.ViewerPreferences.DisplayDocTitle
    with reading.pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == str(reading.pdf.docinfo.Title)
        assert "APP-2026-0042" in metadata["dc:title"]
    assert reading.pdf.pdf_version == "1.7"


def test_everything_on_a_page_is_in_the_tree_or_set_aside(reading):
    assert reading.untagged == []
    pages = {page.objgen: number for number, page in enumerate(reading.pdf.pages)}
    in_tree = [
        (pages[element.dictionary.Pg.objgen], int(kid))
        for element in all_elements(reading)
        for kid in element.dictionary.get("/K", [])
        if isinstance(kid, int)
    ]
    assert sorted(in_tree) == sorted(reading.marks)


def test_each_mark_leads_to_its_tag_and_each_tag_to_its_parent(reading):
    numbers = reading.pdf.Root.StructTreeRoot.ParentTree.Nums
    owners = {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
    assert [int(page.StructParents) for page in reading.pdf.pages] == list(owners)
    for page, mark in reading.marks:
        assert mark in [kid for kid in owners[page][mark].K if isinstance(kid, int)]
    for element in all_elements(reading):
        if element.parent:
            assert element.dictionary.P.objgen == element.parent.dictionary.objgen


def test_tags_are_standard_and_none_is_empty(reading):
    tree = reading.pdf.Root.StructTreeRoot
    assert len(tree.K) == 1
    assert reading.root.tag == "Document"
    for element in all_elements(reading):
        assert element.tag in STANDARD
        assert element.said()
    everything = {thing.objgen for thing in reading.pdf.objects if _is_element(thing)}
    assert everything == {element.dictionary.objgen for element in all_elements(reading)}


def _is_element(thing):
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/StructElem"


def test_headings_go_down_one_step_at_a_time(reading):
    levels = [int(heading.tag[1]) for heading in reading.root.all("H1", "H2", "H3", "H4", "H5", "H6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_tables_have_even_rows_and_header_cells_that_say_what_they_head(reading):
    tables = list(reading.root.all("Table"))
    assert tables
    for table in tables:
        columns = [row for part in table.all("THead") for row in part.all("TR")]
        rows = [row for part in table.all("TBody") for row in part.all("TR")]
        assert rows and len({sum(map(spans, row.children)) for row in (*columns, *rows)}) == 1
        heads = [head for row in columns for head in row.children]
        assert {head.tag for head in heads} <= {"TH"}
        assert all(head.dictionary.A.Scope == "/Column" for head in heads)
        for row in rows:
            header, *cells = row.children
            assert (header.tag, {cell.tag for cell in cells}) == ("TH", {"TD"})
            assert header.dictionary.A.Scope == "/Row"
            place = 0
            for before, cell in zip(row.children, cells, strict=False):
                place += spans(before)
                above = [heads[place].dictionary.ID] if heads else []
                assert set(map(str, cell.dictionary.A.Headers)) == {
                    str(header_id) for header_id in (header.dictionary.ID, *above)
                }


def spans(cell):
    """How many columns a cell is wide."""
    return int(cell.dictionary.A.get("/ColSpan", 1))


def test_lists_are_lists(reading):
    for items in reading.root.all("L"):
        assert {item.tag for item in items.children} == {"LI"}
        for item in items.children:
            assert [part.tag for part in item.children] == ["Lbl", "LBody"]


def test_fonts_are_inside_and_every_glyph_has_its_letter(reading):
    """read() has already failed if a glyph stood for no letter."""
    fonts = {
        font.objgen: font for page in reading.pdf.pages for font in page.Resources.Font.values()
    }.values()
    assert fonts
    for font in fonts:
        descendant = font.DescendantFonts[0]
        assert {"/FontFile2", "/FontFile3"} & set(descendant.FontDescriptor.keys())
        assert font.ToUnicode.read_bytes()
        assert str(font.Encoding) == "/Identity-H"
        assert str(descendant.CIDToGIDMap) == "/Identity"
        assert "+" in str(font.BaseFont)
    assert all("\ufffd" not in text and "\x00" not in text for text in reading.marks.values())


def test_footers_are_set_aside_on_every_page(reading):
    pages = len(reading.pdf.pages)
    for number in range(1, pages + 1):
        assert f"Page {number} of {pages}" in reading.artifacts
        assert f"Page {number} of {pages}" not in reading.text
    content = b"".join(page.Contents.read_bytes() for page in reading.pdf.pages)
    assert content.count(b"<</Type /Pagination /Subtype /Footer>>") == 2 * pages


def test_pictures_would_have_words(reading):
    for figure in reading.root.all("Figure", "Formula"):
        assert str(figure.dictionary.Alt)


def test_tabs_follow_the_tree_and_nothing_acts_on_its_own(reading):
    root = reading.pdf.Root
    assert not {"/OpenAction", "/AA", "/AcroForm", "/OCProperties"} & set(root.keys())
    assert "/JavaScript" not in root.get("/Names", {})
    assert not reading.pdf.is_encrypted
    for page in reading.pdf.pages:
        assert page.Tabs == "/S"
        assert "/Annots" not in page


def test_outlines_lead_through_the_headings(reading):
    with reading.pdf.open_outline() as outline:
        titles = [outline.root[0].title, *(item.title for item in outline.root[0].children)]
    assert titles == [heading.shown() for heading in reading.root.all("H1", "H2")]


def test_qpdf_finds_nothing_wrong(reading):
    assert reading.pdf.check_pdf_syntax() == []


def test_r16_the_evidence_form_is_inside_with_both_names_and_a_description():
    evidence = EvidenceForm(EVIDENCE).render()
    pdf = read(PAY002(pay_form(), evidence).render()).pdf
    [(name, file)] = pdf.attachments.items()
    assert name == "evidence-form-APP-2026-0042.pdf"
    assert file.get_file().read_bytes() == evidence
    specification = file.obj
    assert str(specification.F) == str(specification.UF) == name
    assert str(specification.Desc) == "Evidence form for application APP-2026-0042"
    assert specification.AFRelationship == "/Supplement"
    assert [one.objgen for one in pdf.Root.AF] == [specification.objgen]
    assert specification.EF.F.Subtype == "/application/pdf"
    assert str(specification.EF.F.Params.ModDate) == "D:20260511000000Z"
    assert read(file.get_file().read_bytes()).rows()["Name"] == "Amara Okafor"


def test_a_form_without_evidence_carries_nothing():
    pdf = read(PAY002(pay_form(), None).render()).pdf
    assert not pdf.attachments
    assert "/AF" not in pdf.Root
