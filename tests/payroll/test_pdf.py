"""The renderer: what it refuses, that it repeats itself to the byte, and that short cuts change nothing."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pytest
from weasyprint import HTML

from payroll import pdf
from payroll.letters import PAY002, EvidenceForm, paragraphs
from tests.payroll.pdf_reading import read
from tests.payroll.sample_letters import EVIDENCE, not_progressed, pay_form

ROOT = Path(__file__).resolve().parents[2]
SOME_DAY = datetime(2026, 5, 11, tzinfo=UTC)


def drawn(body, css="", **details):
    return pdf.render(f'<p class="footer">{body}</p>', css, title="A letter", modified=SOME_DAY, **details)


ADDRESSES = [
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "http://127.0.0.1/",
    "https://example.com/logo.png",
    "ftp://example.com/",
    "data:text/plain,hello",
    "jar:file:///x",
    "/etc/passwd",
    "",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_fetcher_refuses_every_address(address):
    with pytest.raises(ValueError, match="fetches nothing"):
        pdf.fetcher.fetch(address)
    with pytest.raises(ValueError, match="fetches nothing"):
        pdf.fetcher(address)
    with pytest.raises(ValueError, match="fetches nothing"):
        pdf.fetcher.open(address)


@pytest.fixture
def asked(monkeypatch):
    """Every address that WeasyPrint asked for, and no door open but the fetcher's."""
    addresses = []

    def refuse(self, url, headers=None):
        addresses.append(url)
        raise ValueError("A letter fetches nothing")

    def no_door(*args, **kwargs):
        raise AssertionError(f"opened {args}")

    monkeypatch.setattr(pdf.RefusingFetcher, "fetch", refuse)
    monkeypatch.setattr("urllib.request.OpenerDirector.open", no_door)
    monkeypatch.setattr("socket.socket.connect", no_door)
    return addresses


def test_what_people_type_asks_for_no_address(asked):
    """An address in a field is text: it does not even come to the fetcher."""
    typed = (
        "<img src=file:///etc/passwd> <link rel=attachment href=file:///etc/passwd> url(file:///etc/passwd)"
    )
    reading = read(PAY002(not_progressed(name=typed, reasons=typed), None).render())
    assert reading.rows()["Name"].replace(" ", "") == typed.replace(" ", "")
    assert asked == []
    assert not reading.pdf.attachments


@pytest.mark.parametrize(
    "body",
    [
        '<img src="file:///etc/passwd" alt="x"/>',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<b style="background: url(file:///etc/passwd)">x</b>',
        '<style>@import "file:///etc/passwd";</style>',
        '<object data="http://127.0.0.1/x">x</object>',
    ],
)
def test_a_template_that_asks_for_an_address_does_not_get_it(asked, body):
    content = read(drawn(body + "Read me")).pdf
    assert all(address.startswith(("file:", "http:")) for address in asked)
    assert not content.attachments
    assert not any(
        "/Image" in str(thing.get("/Subtype", "")) for thing in content.objects if _is_stream(thing)
    )


def _is_stream(thing):
    return hasattr(thing, "read_bytes")


def test_the_same_content_gives_the_same_bytes():
    evidence = EvidenceForm(EVIDENCE).render()
    assert evidence == EvidenceForm(EVIDENCE).render()
    assert PAY002(pay_form(), evidence).render() == PAY002(pay_form(), evidence).render()


def test_other_content_gives_other_bytes():
    assert PAY002(pay_form(), None).render() != PAY002(pay_form(ern="104483"), None).render()


DRAW = """
import hashlib, sys
from payroll.letters import PAY002, EvidenceForm
from tests.payroll.sample_letters import EVIDENCE, not_progressed, pay_form
if sys.argv[1] == "after others":
    for number in range(3):
        PAY002(pay_form(name=f"Nguyễn {number}", reasons="x " * 500), None).render()
evidence = EvidenceForm(EVIDENCE).render()
letters = [evidence, PAY002(pay_form(), evidence).render(), PAY002(not_progressed(), None).render()]
print(*(hashlib.sha256(letter).hexdigest() for letter in letters))
"""


def test_another_process_another_day_gives_the_same_bytes(tmp_path):
    """Whatever the hash seed, the time zone, the folder and what was drawn before."""
    evidence = EvidenceForm(EVIDENCE).render()
    letters = [evidence, PAY002(pay_form(), evidence).render(), PAY002(not_progressed(), None).render()]
    here = " ".join(hashlib.sha256(letter).hexdigest() for letter in letters)
    for seed, zone, before in (("0", "UTC", "alone"), ("4242", "Asia/Tokyo", "after others")):
        told = subprocess.run(
            [sys.executable, "-c", DRAW, before],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        assert told == here


def test_the_dates_in_the_file_are_the_letters_own():
    reading = read(PAY002(pay_form(), None).render())
    dates = str(reading.pdf.docinfo.CreationDate), str(reading.pdf.docinfo.ModDate)
    assert dates == ("D:20260511000000Z", "D:20260511000000Z")


def test_the_short_cuts_change_no_byte(monkeypatch):
    """WeasyPrint's own reader and its own rules for any web page draw the same letters, only slower."""
    letters = [PAY002(pay_form(), b"%PDF-"), PAY002(not_progressed(reasons="Not shown.\n" * 99), None)]
    letters.append(EvidenceForm(EVIDENCE))
    quick = [letter.render() for letter in letters]
    monkeypatch.setattr(
        pdf, "Page", lambda document: HTML(string=f"<!doctype html>{document}", url_fetcher=pdf.fetcher)
    )
    assert [letter.render() for letter in letters] == quick


def test_letters_drawn_at_once_come_out_as_if_alone():
    contents = [pay_form(name=f"Worker {number}", ern=str(number)) for number in range(8)]
    alone = [PAY002(content, None).render() for content in contents]
    at_once = {}

    def draw(number):
        at_once[number] = PAY002(contents[number], None).render()

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [at_once[number] for number in range(8)] == alone


def test_a_template_that_leaves_a_tag_open_is_refused():
    with pytest.raises(ParseError):
        drawn("<b>open")


def test_the_press_works_on_after_a_letter_that_failed():
    with pytest.raises(ParseError):
        drawn("<b>open")
    assert read(drawn("well")).text == "well"


def test_words_struck_out_that_break_over_a_line_are_refused():
    """They would be two pieces, one of them not said to be struck out: form.css keeps such words whole."""
    with pytest.raises(ValueError, match="zip"):
        drawn(f"<span>{'long words ' * 40}</span>")
    kept_whole = read(drawn(f"<span>{'long words ' * 40}</span>", "span { white-space: nowrap }"))
    assert kept_whole.root.said().endswith("(struck out)")


def test_a_header_in_a_tables_head_is_its_columns():
    head = '<thead><tr><th scope="col">Name</th><th scope="col">Point</th></tr></thead>'
    row = '<tbody><tr><th scope="row">Amara</th><td>41</td></tr></tbody>'
    content = pdf.render(f"<table>{head}{row}</table>", "", title="A batch", modified=SOME_DAY)
    scopes = [str(cell.dictionary.A.Scope) for cell in read(content).root.all("TH")]
    assert scopes == ["/Column", "/Column", "/Row"]


def test_a_file_inside_is_kept_to_the_byte():
    file = pdf.AttachedFile(name="a.pdf", description="A file", content=bytes(range(256)) * 9)
    reading = read(drawn("x", attachments=[file]))
    [kept] = reading.pdf.attachments.values()
    assert kept.get_file().read_bytes() == file.content


def test_many_stylesheets_do_not_pile_up():
    for number in range(40):
        pdf.parsed(f"p {{ margin: {number}mm }}")
    assert pdf.parsed.cache_info().currsize <= 16


def test_a_word_without_an_end_holds_nobody_up():
    """As long as a statement may be, and no space in it: it took most of a minute, and a bundle five."""
    (word,) = paragraphs("w" * 50_000)
    began = time.process_time()
    drawn(word, PAY002.css)
    assert time.process_time() - began < 10
    assert word.replace("\u200b", "") == "w" * 50_000


def test_words_that_fit_a_line_stay_as_they_were_typed():
    typed = "w" * 80 + " https://council.example/" + "w" * 50
    assert paragraphs(f" {typed} \n\n{typed}") == [typed, typed]
