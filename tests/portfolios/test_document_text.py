"""What a file says is read, and what in it cannot be seen is found."""

import io
import time

import pikepdf
import pytest

from portfolios import inspection
from portfolios.document_reading import read
from portfolios.document_text import COMMENTS, COVERED, TRACKED, UNSEEN
from portfolios.inspection_verdicts import Found
from tests.portfolios import hostile_documents as made
from tests.portfolios.hostile_documents import paragraph, run, word_of
from tests.portfolios.makers import pdf_file, picture, word_file

OVER = (
    "<div style='position:relative'><p>Seen words, then a secret name</p><div style='position:absolute;"
    "left:70pt;top:0;width:300pt;height:40pt;background:{}'></div></div>"
)
BEHIND_A_PICTURE = OVER.format("linear-gradient(45deg, red, white, teal)")

SEEN_PDFS = {
    "plain": made.pdf_of(made.SEEN),
    "thin and bold letters": made.pdf_of("<p style='font:bold 9pt monospace'>ilI1 ll ii 11 WM</p>" * 5),
    "white on black": made.pdf_of("<p style='background:black;color:white'>Seen words</p>"),
    "small and grey": made.pdf_of("<p style='color:#777;font-size:6pt'>A footnote, ill or not</p>"),
    "half transparent": made.pdf_of("<p style='opacity:0.4'>Seen words</p>"),
    "slanted": made.pdf_of(
        "<p style='position:absolute;left:200pt;top:200pt;width:200pt;transform:rotate(37deg)'>Seen</p>"
    ),
    "drawn": made.pdf_of("<svg width='200' height='50'><text x='5' y='20'>Seen words</text></svg>"),
    "page turned": made.turned(90),
    "page turned over": made.turned(180),
    "layer on": made.in_a_layer(off=False),
    "scan made searchable": made.scanned(blacked_out=False),
    "no words": pdf_file(),
    "a link": made.pdf_of("<p><a href='https://example.org/'>The guidance</a></p>"),
    "a highlight without words": made.with_annotation("Highlight"),
}
HIDDEN_PDFS = {
    "black box": (made.pdf_of(OVER.format("black")), COVERED),
    "white box": (made.pdf_of(OVER.format("white")), COVERED),
    "picture": (made.pdf_of(BEHIND_A_PICTURE), COVERED),
    "black on black": (
        made.pdf_of(f"{made.SEEN}<p style='background:black;color:black'>Secret</p>"),
        COVERED,
    ),
    "white on white": (made.pdf_of(f"{made.SEEN}<p style='color:white'>Secret name</p>"), UNSEEN),
    "nearly white": (made.pdf_of("<p style='color:#f4f4f4'>Secret name</p>"), UNSEEN),
    "tiny": (made.pdf_of("<p style='font-size:0.8pt'>Secret name</p>"), UNSEEN),
    "off the page": (made.pdf_of("<p style='position:absolute;left:-400pt'>Secret name</p>"), UNSEEN),
    "cropped away": (made.cropped(), UNSEEN),
    "layer off": (made.in_a_layer(off=True), COVERED),
    "scan blacked out": (made.scanned(blacked_out=True), UNSEEN),
    "black annotation": (made.with_annotation("Square", C=[0, 0, 0], IC=[0, 0, 0]), COVERED),
    "note": (made.with_annotation("Text", Contents="Ask Kai"), COMMENTS),
    "remark on a highlight": (made.with_annotation("Highlight", Contents="Ask Kai"), COMMENTS),
}


def read_as(kind, content):
    return read(kind, io.BytesIO(content))


@pytest.mark.parametrize("case", SEEN_PDFS)
def test_a_pdf_whose_words_can_all_be_seen_hides_nothing(case):
    assert read_as("pdf", SEEN_PDFS[case])[1] is None


@pytest.mark.parametrize("case", HIDDEN_PDFS)
def test_words_of_a_pdf_that_cannot_be_seen_are_found(case):
    content, why = HIDDEN_PDFS[case]
    assert read_as("pdf", content)[1] == why


def test_a_pdfs_text_is_read_page_by_page_with_its_visible_annotations():
    two = made.pdf_of("<p>First words</p><p style='break-before:page'>Then 07700 900123</p>")
    assert read_as("pdf", two) == ("First words\fThen 07700 900123", None)
    freely = made.with_annotation("FreeText", Contents="Rang 07700 900123", DA="/Helv 12 Tf 0 g")
    text, hidden = read_as("pdf", freely)
    assert "Rang 07700 900123" in text and hidden is None


def test_a_long_pdf_is_read_in_time_and_a_longer_one_refused():
    began = time.process_time()
    text, hidden = read_as(
        "pdf", made.pdf_of("<p>Nothing much happened in that week of the plan.</p>" * 2000)
    )
    assert (len(text) > 80_000, hidden) == (True, None)
    assert time.process_time() - began < 20
    with pytest.raises(Found, match="too-big"):
        read_as("pdf", made.pdf_of("<p style='break-before:page'>A</p>" * 210))


WORDS = paragraph(run("I met the "), run("family."))
WHITE, BLACK = '<w:color w:val="FFFFFF"/>', '<w:color w:val="000000"/>'
DARK = '<w:shd w:val="clear" w:fill="1F3864"/>'
STYLES = (
    '<w:style w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:styleId="Hidden"><w:basedOn w:val="Base"/></w:style><w:style w:styleId="Plain"/>'
)
SEEN_DOCUMENTS = {
    "plain": word_of(WORDS),
    "vanish switched off": word_of(paragraph(run("Seen", '<w:vanish w:val="0"/>'))),
    "white on dark": word_of(paragraph(run("Seen", WHITE + DARK))),
    "white on a dark paragraph": word_of(paragraph(run("Seen", WHITE), properties=DARK)),
    "white in a table": word_of(
        f"<w:tbl><w:tr><w:tc><w:tcPr>{DARK}</w:tcPr>{paragraph(run('Seen', WHITE))}</w:tc></w:tr></w:tbl>"
    ),
    "a yellow marker": word_of(paragraph(run("Seen", '<w:highlight w:val="yellow"/>'))),
    "a plain style": word_of(paragraph(run("Seen", '<w:rStyle w:val="Plain"/>')), styles=STYLES),
    "another style than the hidden usual one": word_of(
        paragraph(run("Seen"), properties='<w:pStyle w:val="Plain"/>'),
        styles='<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:rPr><w:vanish/></w:rPr>'
        '</w:style><w:style w:styleId="Plain"/>',
    ),
    "a hidden paragraph mark": word_of(paragraph(run("Seen"), properties="<w:rPr><w:vanish/></w:rPr>")),
    "comments without one": word_of(WORDS, comments=""),
    "white space in white": word_of(paragraph(run("Seen"), run("  ", WHITE))),
}
HIDDEN_DOCUMENTS = {
    "deleted": (word_of(paragraph("<w:del><w:r><w:delText>Kai</w:delText></w:r></w:del>")), TRACKED),
    "inserted": (word_of(paragraph(f"<w:ins>{run('Kai')}</w:ins>")), TRACKED),
    "moved": (word_of(paragraph(f"<w:moveFrom>{run('Kai')}</w:moveFrom>")), TRACKED),
    "a paragraph joined": (word_of(paragraph(run("A"), properties="<w:rPr><w:del/></w:rPr>")), TRACKED),
    "tracked in a header": (word_of(WORDS, header2=paragraph(f"<w:ins>{run('Kai')}</w:ins>")), TRACKED),
    "comment": (word_of(WORDS, comments=f"<w:comment>{WORDS}</w:comment>"), COMMENTS),
    "comment marked": (word_of(paragraph('<w:r><w:commentReference w:id="0"/></w:r>')), COMMENTS),
    "hidden words": (word_of(paragraph(run("Kai", "<w:vanish/>"))), UNSEEN),
    "white": (word_of(paragraph(run("Kai", WHITE))), UNSEEN),
    "tiny": (word_of(paragraph(run("Kai", '<w:sz w:val="2"/>'))), UNSEEN),
    "by its style": (
        word_of(paragraph(run("Kai", '<w:rStyle w:val="Hidden"/>')), styles=STYLES),
        UNSEEN,
    ),
    "by its paragraph's style": (
        word_of(paragraph(run("Kai"), properties='<w:pStyle w:val="Hidden"/>'), styles=STYLES),
        UNSEEN,
    ),
    "by the style of every paragraph": (
        word_of(
            paragraph(run("Kai")),
            styles='<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
            "<w:rPr><w:vanish/></w:rPr></w:style>",
        ),
        UNSEEN,
    ),
    "by what every style begins from": (
        word_of(
            paragraph(run("Kai")),
            styles="<w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault></w:docDefaults>",
        ),
        UNSEEN,
    ),
    "black marker": (word_of(paragraph(run("Kai", '<w:highlight w:val="black"/>'))), COVERED),
    "black on black": (word_of(paragraph(run("Kai", BLACK + '<w:shd w:fill="000000"/>'))), COVERED),
    "hidden in a footnote": (
        word_of(WORDS, footnotes=f"<w:footnote>{paragraph(run('Kai', '<w:vanish/>'))}</w:footnote>"),
        UNSEEN,
    ),
}


@pytest.mark.parametrize("case", SEEN_DOCUMENTS)
def test_a_word_document_whose_words_can_all_be_seen_hides_nothing(case):
    assert read_as("word", SEEN_DOCUMENTS[case])[1] is None


@pytest.mark.parametrize("case", HIDDEN_DOCUMENTS)
def test_words_of_a_word_document_that_cannot_be_seen_are_found(case):
    content, why = HIDDEN_DOCUMENTS[case]
    assert read_as("word", content)[1] == why


def test_a_word_documents_text_is_read_from_every_part_that_shows_some():
    box = f"<w:r><w:pict><w:txbxContent>{paragraph(run('in a box'))}</w:txbxContent></w:pict></w:r>"
    link = "<w:r><w:instrText>HYPERLINK tel:07700900123</w:instrText></w:r>"
    content = word_of(
        paragraph(run("943 476"), run(" 5919")) + paragraph(box, link),
        header1=paragraph(run("above")),
        footer1=paragraph(run("below")),
        footnotes=f"<w:footnote>{paragraph(run('a note'))}</w:footnote>",
        endnotes=f"<w:endnote>{paragraph(run('the end'))}</w:endnote>",
    )
    text, hidden = read_as("word", content)
    assert hidden is None
    for words in ("943 476 5919", "in a box", "tel:07700900123", "above", "below", "a note", "the end"):
        assert words in text


def test_a_longer_word_document_than_anybody_reads_is_refused():
    with pytest.raises(Found, match="too-big"):
        read_as("word", word_of(paragraph(run("word " * 100_000))))


PHONE = "07700900123"
PLACES_IN_PDFS, PLACES_IN_WORD = made.pdfs_saying(PHONE), made.words_saying(PHONE)


@pytest.mark.parametrize("place", PLACES_IN_PDFS)
def test_what_a_pdf_says_beside_its_pages_words_is_read(place):
    assert PHONE in read_as("pdf", PLACES_IN_PDFS[place])[0]


@pytest.mark.parametrize("place", PLACES_IN_WORD)
def test_what_a_word_document_says_beside_its_bodys_words_is_read(place):
    assert PHONE in read_as("word", PLACES_IN_WORD[place])[0]


def test_what_swells_in_a_part_that_is_no_document_is_refused_and_a_broken_picture_is_not():
    swelling = (
        b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<svg xmlns="http://www.w3.org/2000/svg"><text>&b;</text></svg>'
    )
    body = made._part("document", f"<w:body>{paragraph(run(PHONE))}</w:body>")
    with pytest.raises(Found, match="too-big"):
        read_as("word", word_file(text=body, extra=[("word/media/image1.svg", swelling)]))
    broken = word_file(text=body, extra=[("word/media/image1.svg", b"<svg><text>half")])
    assert PHONE in read_as("word", broken)[0]


def test_what_is_read_is_what_is_kept():
    """Author and program go when a file is written anew: a worker is not asked about them."""
    given = made.changed(lambda pdf, page: setattr(pdf.trailer.Info, "Author", pikepdf.String(PHONE)))
    said, kept = inspection.inspect("pdf", given)
    assert said["verdict"] == "ok" and PHONE not in said["text"]
    assert said["text"] == read_as("pdf", kept)[0]


def test_an_empty_document_and_a_picture_say_nothing():
    assert read_as("word", word_of(""))[0].strip() == ""
    assert read_as("png", picture()) == ("", None)
