"""What forms and letters say in the tests: invented people of an invented council."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from payroll.letters import (
    EvidenceFormContent,
    EvidenceHeading,
    EvidencePiece,
    EvidenceTestimony,
    LetterContent,
    PayFormContent,
    Table,
)

PAY_FORM = PayFormContent(
    reference="APP-2026-0042",
    version=1,
    name="Amara Okafor",
    ern="104482",
    job_title="Children's social worker",
    post_number="CSW-2217",
    from_level="Level 2 Social Worker",
    to_level="Level 3 Social Worker",
    from_point=37,
    to_point=41,
    from_salary=Decimal("30851"),
    to_salary=Decimal("34549"),
    effective_from=date(2026, 5, 4),
    assessed_on=date(2026, 4, 28),
    progressed=True,
    criteria_met=True,
    attendance=True,
    punctuality=True,
    diversity=True,
    reasons="",
    line_manager="Rhys Llewellyn",
    line_manager_signed_on=date(2026, 5, 4),
    authoriser="Joanna Kowalczyk",
    authorised_on=date(2026, 5, 11),
    council="Example Council",
    service="Children and Families",
    form_code="PAY002",
    form_title="Manager Authorisation for Accelerated Social Worker Salary Progression",
    sent_to_name="Payroll Services",
    sent_to_address=("1 Example Street", "Example Town", "EX1 1EX"),
)

EVIDENCE = EvidenceFormContent(
    reference="APP-2026-0042",
    name="Amara Okafor",
    job_title="Children's social worker",
    post_number="CSW-2217",
    from_level="Level 2 Social Worker",
    to_level="Level 3 Social Worker",
    scheme_title="Skills and Competency Framework",
    council="Example Council",
    service="Children and Families",
    submitted_on=date(2026, 4, 20),
    sha256="0f" * 32,
    headings=(
        EvidenceHeading(
            name="Recording",
            criteria=("Keeps fact apart from opinion", "Writes on time"),
            pieces=(
                EvidencePiece(
                    title="Chronology for the core group",
                    practised_on=date(2026, 2, 3),
                    kind="Practice example",
                    told=(
                        ("What I did", "I wrote it with the family.\n\nThen I checked each date."),
                        ("Outcome", "The group agreed the plan."),
                        ("What I learned", "To ask the child first."),
                    ),
                    attachments=("chronology.pdf", "minutes.docx"),
                    testimonies=(
                        EvidenceTestimony(
                            who="Ines Okafor, Head teacher, Elm Road School",
                            email="ines@school.example",
                            given_on=date(2026, 3, 4),
                            observed=True,
                            words="She listened first.\n\nThen she asked.",
                        ),
                    ),
                ),
                EvidencePiece(
                    title="Case notes",
                    practised_on=None,
                    kind="Practice example",
                    told=(
                        ("What I did", "I kept them short."),
                        ("Outcome", ""),
                        ("What I learned", ""),
                    ),
                    attachments=(),
                ),
            ),
        ),
        EvidenceHeading(name="Technology", criteria=(), pieces=()),
    ),
    worked_through=True,
)


def pay_form(**changes):
    return replace(PAY_FORM, **changes)


def not_progressed(**changes):
    """The same worker, refused: the reasons go on the form. R18."""
    refused = {
        "progressed": False,
        "criteria_met": False,
        "punctuality": False,
        "effective_from": None,
        "reasons": "Court work was not shown at Level 3.\n\nBefore applying: give evidence in court once.",
    }
    return replace(PAY_FORM, **refused | changes)


def evidence_form(**changes):
    return replace(EVIDENCE, **changes)


def appointment_form(**changes):
    """The same worker, appointed in a council that uses an appointment form. R30."""
    appointed = {
        "form_code": "appointment-form-service-area",
        "form_title": "Appointment Form - Service Area",
        "from_point": None,
        "to_point": None,
        "from_salary": None,
        "to_salary": None,
        "precis": "Two case studies and three supervision notes.\nAll show independent command of the work.",
        "authoriser_role": "Head of service",
        "effective_because": "the date of the performance management review",
        "sent_to_name": "Human Resources (Pay and Contracts)",
        "sent_to_address": (),
    }
    return replace(PAY_FORM, **appointed | changes)


LETTER = LetterContent(
    council="Example Council",
    service="Children and Families",
    address=("1 Example Street", "Example Town", "EX1 1EX"),
    contact="progression@council.example",
    to_name="Amara Okafor",
    subject="A change to your contract: Level 3 Social Worker from 4 May 2026",
    reference="APP-2026-0042",
    dated=date(2026, 5, 11),
    blocks=(
        ("text", "Your progression has been authorised.\nNothing changes until you accept."),
        ("heading", "What changes"),
        ("facts", (("Post", "CSW-2217"), ("Level", "From Level 2 to Level 3"), ("Not given", ""))),
        ("heading", "Your back-pay"),
        (
            "table",
            Table(
                caption="Back-pay to 31 May 2026",
                head=("Days", "Of the month", "From point", "To point", "Difference a year", "Owed"),
                rows=(("4 to 31 May 2026", "28 of 31", "37: £30,851", "41: £34,549", "£3,698", "£278.34"),),
                total=("Total before tax", "£278.34"),
            ),
        ),
        ("heading", "What you do now"),
        ("list", ("Sign in.", "Accept or decline.")),
    ),
    signed_by=("Joanna Kowalczyk", "Service manager", "11 May 2026"),
)


def letter(**changes):
    return replace(LETTER, **changes)


def long_letter():
    """Five years of back-pay, and names as long as they come."""
    line = ("1 to 31 December 2026", "31 of 31", "37: £30,851.50", "41: £34,549.50", "£3,698", "£308.17")
    table = Table(
        caption="Back-pay to 31 May 2031",
        head=("Days", "Of the month", "From point", "To point", "Difference a year", "Owed"),
        rows=(line,) * 60,
        total=("Total before tax", "£18,490.20"),
    )
    return letter(
        council="The Metropolitan Borough Council of Upper and Lower Examplehampton-on-the-Water",
        service="Children’s Social Care, Safeguarding, Early Help and Family Support Services",
        address=("Example House", "123 Extraordinarily Long Example Street", "Example Town", "EX1 1EX"),
        to_name="Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh " * 2,
        blocks=(
            ("text", "A word without an end: " + "supercalifragilistic" * 12),
            ("table", table),
            ("list", ("One point that goes on. " * 30,)),
        ),
    )


def bare_letter():
    """What is left where the council has given neither address nor contact, and nothing is signed."""
    return letter(address=(), contact="", signed_by=(), blocks=(("facts", (("Level", "3"),)), ("list", ())))
