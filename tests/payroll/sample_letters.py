"""What a PAY002 and an evidence form say in the tests: invented people of an invented council."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from payroll.letters import EvidenceFormContent, EvidenceHeading, EvidencePiece, PayFormContent

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
                    what_i_did="I wrote it with the family.\n\nThen I checked each date.",
                    outcome="The group agreed the plan.",
                    what_i_learned="To ask the child first.",
                    attachments=("chronology.pdf", "minutes.docx"),
                ),
                EvidencePiece(
                    title="Case notes",
                    practised_on=None,
                    what_i_did="I kept them short.",
                    outcome="",
                    what_i_learned="",
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
