"""What PAY002 and the evidence form say, read back from the PDF itself."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from payroll.letters import PAY002, EvidenceForm, EvidenceFormContent, PayFormContent, on_paper, pounds
from tests.payroll.pdf_reading import read
from tests.payroll.sample_letters import EVIDENCE, PAY_FORM, evidence_form, not_progressed, pay_form


def drawn(content, evidence=None):
    return read(PAY002(content, evidence).render())


def test_r13_every_field_is_on_the_form():
    reading = drawn(pay_form())
    rows = reading.rows()
    assert rows["Name"] == "Amara Okafor"
    assert rows["ERN"] == "104482"
    assert rows["Job title"] == "Children's social worker"
    assert rows["Post number"] == "CSW-2217"
    assert rows["From spinal point"] == "37 (Level 2 Social Worker, £30,851 a year)"
    assert rows["To spinal point"] == "41 (Level 3 Social Worker, £34,549 a year)"
    assert rows["Effective from"] == "4 May 2026"
    assert rows["Date of progression assessment"] == "28 April 2026"
    assert "Line manager: Signed electronically by Rhys Llewellyn on 4 May 2026" in reading.text
    assert "Authorised by: Signed electronically by Joanna Kowalczyk on 11 May 2026" in reading.text
    assert "Send to: Payroll Services, 1 Example Street, Example Town, EX1 1EX" in reading.text
    for words in ("PAY002", "Example Council", "Children and Families", PAY_FORM.form_title, "APP-2026-0042"):
        assert words in reading.text


def test_r13_both_alternatives_are_printed_and_the_struck_one_is_said_to_be():
    reading = drawn(pay_form())
    rows = reading.rows()
    assert rows["Recommendation"] == "progressed / NOT progressed (struck out)"
    assert rows["Competencies"] == "met / not met (struck out)"
    assert rows["Attendance"] == "have / have not (struck out) shown good attendance"
    assert rows["Punctuality"] == "have / have not (struck out) shown good punctuality"
    assert rows["Diversity and equality"] == (
        "have / have not (struck out) shown promotion of diversity and equality"
    )
    assert "progressed / NOT progressed Competencies met / not met Attendance have / have not" in reading.text
    assert (
        "In words: progressed; competencies met; attendance shown; punctuality shown; "
        "diversity and equality shown." in reading.text
    )


def test_r13_r18_a_refusal_goes_on_the_form_with_its_reasons():
    reading = drawn(not_progressed())
    rows = reading.rows()
    assert rows["Recommendation"] == "progressed (struck out) / NOT progressed"
    assert rows["Competencies"] == "met (struck out) / not met"
    assert rows["Attendance"] == "have / have not (struck out) shown good attendance"
    assert rows["Punctuality"] == "have (struck out) / have not shown good punctuality"
    assert rows["To spinal point"] == "No change (asked for 41, Level 3 Social Worker)"
    assert rows["Effective from"] == "Not applicable"
    assert "In words: NOT progressed; competencies not met;" in reading.text
    assert "punctuality not shown" in reading.text
    paragraphs = [paragraph.shown() for paragraph in reading.root.all("P")]
    assert "Court work was not shown at Level 3." in paragraphs
    assert "Before applying: give evidence in court once." in paragraphs


@pytest.mark.parametrize("refused", [False, True])
def test_the_line_goes_through_the_words_that_do_not_apply(refused):
    content = not_progressed() if refused else pay_form()
    struck = [
        element.shown()
        for element in drawn(content).root.all("Span")
        if "/ActualText" in element.dictionary
        and str(element.dictionary.A.TextDecorationType) == "/LineThrough"
    ]
    expected = {
        False: ["NOT progressed", "not met", "have not", "have not", "have not"],
        True: ["progressed", "met", "have not", "have", "have not"],
    }
    assert struck == expected[refused]


def test_nothing_is_said_of_reasons_where_there_are_none():
    assert "4. Full reasons if not recommended Not applicable" in drawn(pay_form()).text


def test_reasons_are_printed_where_a_progressed_worker_has_some():
    assert "Given early, with reason." in drawn(pay_form(reasons="Given early, with reason.")).text


def test_a_worker_without_an_ern_or_a_post_number():
    rows = drawn(pay_form(ern="", post_number="")).rows()
    assert rows["ERN"] == rows["Post number"] == "Not known"


def test_what_a_scheme_leaves_out_is_left_out_of_the_form():
    unstated = {"from_point": None, "to_point": None, "from_salary": None, "to_salary": None}
    rows = drawn(pay_form(attendance=None, punctuality=None, diversity=None, **unstated)).rows()
    assert rows["From spinal point"] == "Level 2 Social Worker (the scheme states no spinal point)"
    assert "Attendance" not in rows
    assert "Diversity and equality" not in rows


def test_a_second_form_for_one_case_is_known_from_the_first():
    second = PAY002(pay_form(version=2), None)
    assert second.filename == "PAY002-APP-2026-0042-2.pdf"
    assert "version 2 of this form" in read(second.render()).text
    assert PAY002(pay_form(), None).filename == "PAY002-APP-2026-0042.pdf"


def test_r16_the_form_names_the_evidence_form_that_it_carries():
    text = drawn(pay_form(), evidence=EvidenceForm(EVIDENCE).render()).text
    assert "Attached: Evidence form (evidence-form-APP-2026-0042.pdf)" in text
    assert "Attached: Nothing" in drawn(pay_form()).text


TYPED = "<script>alert(1)</script> {{ 7*7 }} {% raw %} <img src=file:///etc/passwd> &amp; </td><span> ]]> \"'"


def test_what_people_type_is_printed_as_text():
    content = not_progressed(name=TYPED, reasons=TYPED, line_manager=TYPED)
    reading = drawn(content)
    printed = TYPED.replace(" ", "")
    assert reading.rows()["Name"].replace(" ", "") == printed
    assert reading.text.replace(" ", "").count(printed) == 3
    assert len([e for e in reading.root.all("Span") if "/ActualText" in e.dictionary]) == 5


@pytest.mark.parametrize(
    "name",
    [
        "Siân Llŷr-Gwŷnfor",
        "Żółćisława Łoś-Świątek",
        "Nguyễn Thị Mỹ Hạnh",
        "Ọláńrewájú Ṣóyínká",
        "O\u2019Connor\u2013Smith",
    ],
)
def test_letters_of_every_name(name):
    assert drawn(pay_form(name=name)).rows()["Name"] == name


def test_a_letter_typed_in_two_parts_is_printed_as_one():
    assert drawn(pay_form(name="Siâ\u0302n".replace("â", "a"))).rows()["Name"] == "Siân"


def test_marks_that_would_turn_or_break_the_text_are_left_out():
    turned = "Amara\u202e derusfer\u202c\x00\x0b\ud800 Okafor\ufffe"
    assert drawn(pay_form(name=turned)).rows()["Name"] == "Amara derusfer Okafor"


@pytest.mark.parametrize("name", ["W" * 200, "Maximiliana-" * 16 + "Featherstonehaugh"[:8]])
def test_a_name_of_200_letters_stays_on_the_page(name):
    assert len(name) == 200
    reading = drawn(pay_form(name=name, line_manager=name, authoriser=name))
    assert reading.text.replace(" ", "").count(name) == 3
    assert max(len(line) for line in reading.marks.values()) < 130


def test_usual_content_takes_one_page():
    reason = "Court work was not shown at Level 3. Give evidence in court once, and ask for feedback. "
    for content in (pay_form(), not_progressed(), not_progressed(reasons=reason * 6)):
        assert len(drawn(content).pdf.pages) == 1


def test_reasons_of_6000_characters_go_on_to_a_second_page():
    """DejaVu Sans, wider than any other, may carry the signatures over to a third."""
    sentence = "The examples were sound and did not yet show the depth that the next level asks for. "
    reasons = "\n\n".join([sentence * 8] * 9)[:6000]
    reading = drawn(not_progressed(reasons=reasons))
    assert len(reading.pdf.pages) in (2, 3)
    assert reading.text.count(sentence.strip()[:40]) >= 65
    assert [footer for footer in reading.artifacts if footer.startswith("Page")][:2] == [
        f"Page {number} of {len(reading.pdf.pages)}" for number in (1, 2)
    ]


def test_the_footer_names_the_form_and_the_page():
    assert {"PAY002, application APP-2026-0042", "Page 1 of 1"} <= set(drawn(pay_form()).artifacts)


def test_r16_the_evidence_form_says_all_that_was_submitted():
    reading = read(EvidenceForm(EVIDENCE).render())
    rows = reading.rows()
    assert rows["Name"] == "Amara Okafor"
    assert rows["Progression"] == "From Level 2 Social Worker to Level 3 Social Worker"
    assert rows["Submitted"] == "20 April 2026"
    assert rows["Fingerprint (SHA-256)"].replace(" ", "") == "0f" * 32
    assert [heading.shown() for heading in reading.root.all("H2")][1:] == ["Recording", "Technology"]
    assert [piece.shown() for piece in reading.root.all("H3")] == [
        "1. Chronology for the core group",
        "2. Case notes",
    ]
    assert [item.shown() for item in reading.root.all("LBody")] == [
        "Keeps fact apart from opinion",
        "Writes on time",
    ]
    for words in (
        "3 February 2026 What I did I wrote it with the family. Then I checked each date.",
        "Outcome The group agreed the plan. What I learned To ask the child first.",
        "Testimony of Ines Okafor, Head teacher, Elm Road School, 4 March 2026 They say that they saw this "
        "work themselves. She listened first. Then she asked. By a link that went to ines@school.example.",
        "Documents chronology.pdf, minutes.docx",
        "Outcome Nothing written",
        "Technology No example given",
    ):
        assert words in reading.text


def test_r8_the_worker_says_that_the_headings_were_worked_through():
    said = "I have worked through the headings with my line manager."
    assert read(EvidenceForm(EVIDENCE).render()).rows()["Statement"] == said
    unsaid = read(EvidenceForm(evidence_form(worked_through=False)).render()).rows()["Statement"]
    assert unsaid.startswith("The social worker has not said")


@pytest.mark.parametrize("content", [PAY_FORM, not_progressed(), EVIDENCE])
def test_content_comes_back_from_json_as_it_went(content):
    kept = json.loads(json.dumps(content.to_json()))
    assert type(content).from_json(kept) == content
    assert type(content).from_json(kept).to_json() == kept


def test_json_rounds_no_money_and_moves_no_date():
    kept = pay_form(to_salary=Decimal("34549.10")).to_json()
    assert kept["to_salary"] == "34549.10"
    assert kept["effective_from"] == "2026-05-04"
    assert str(PayFormContent.from_json(kept).to_salary) == "34549.10"


@pytest.mark.parametrize("spoil", [{"extra": 1}, {"to_salary": "much"}, {"effective_from": "4 May"}])
def test_json_that_is_not_the_forms_is_refused(spoil):
    with pytest.raises(ValidationError):
        PayFormContent.from_json(PAY_FORM.to_json() | spoil)
    with pytest.raises(ValidationError):
        EvidenceFormContent.from_json({"reference": "APP-2026-0042"})


def test_content_cannot_be_changed():
    with pytest.raises(AttributeError):
        PAY_FORM.name = "Somebody else"
    assert replace(PAY_FORM, name="B").name == "B"


def test_dates_and_money_as_the_council_writes_them():
    assert on_paper(date(2026, 5, 4)) == "4 May 2026"
    assert pounds(Decimal("34549.00")) == "£34,549"
    assert pounds(Decimal("34549.5")) == "£34,549.50"
