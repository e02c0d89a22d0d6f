"""`python -m tools.bench_pay002`: PAY002 against WeasyPrint's defaults, and 1,000 of them on two processes.

Three figures. The time of one form, tagged and with its evidence form inside, over the time of the same page
through `HTML(string=...).write_pdf()`, untagged and with nothing inside: medians of turns taken one after the
other. The seconds for all forms, each for another worker, from the first start to the last end. And the most
memory that each process held, with how much it grew between its fiftieth form and its last.
"""

import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path

GOAL_RATIO, GOAL_SECONDS_FOR_1000, GOAL_MB = 0.65, 80, 100
TURNS, WARM_UP, SETTLED = 40, 5, 50


def measure_pay002(n=1000, processes=2):
    """The figures told above, as a dict. Starts processes of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        tagged, untagged = alone.submit(_against_defaults).result()
    shares = [range(start, n, processes) for start in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(_draw, shares))
    return {
        "tagged_ms": round(tagged * 1000, 1),
        "untagged_defaults_ms": round(untagged * 1000, 1),
        "ratio": round(tagged / untagged, 3),
        "goal_ratio": GOAL_RATIO,
        "forms": n,
        "processes": processes,
        "seconds": round(max(share["end"] for share in done) - min(share["start"] for share in done), 1),
        "goal_seconds": round(GOAL_SECONDS_FOR_1000 * n / 1000, 1),
        "peak_mb": [share["peak_mb"] for share in done],
        "goal_mb": GOAL_MB,
        "growth_mb": [share["growth_mb"] for share in done],
    }


def _against_defaults():
    """Median seconds of a form through payroll.letters and through WeasyPrint's defaults, turn about."""
    from weasyprint import HTML

    from payroll.pdf import whole_page

    form = _form(42, _evidence_form())
    body = f"<style>{form.css}</style>{form.body()}"
    page = whole_page(body, title="PAY002", lang="en-GB", modified=datetime(2026, 5, 11, tzinfo=UTC))
    tagged, untagged = [], []
    for turn in range(WARM_UP + TURNS):
        for draw, times in ((form.render, tagged), (lambda: HTML(string=page).write_pdf(), untagged)):
            start = time.perf_counter()
            draw()
            if turn >= WARM_UP:
                times.append(time.perf_counter() - start)
    return statistics.median(tagged), statistics.median(untagged)


def _draw(numbers):
    """Draw these forms, in a process of its own: when it began and ended, and what it held."""
    start, evidence = time.time(), _evidence_form()
    settled = None
    for count, number in enumerate(numbers):
        _form(number, evidence).render()
        if count == min(SETTLED, len(numbers) - 1):
            settled = _memory("VmRSS")
    return {
        "start": start,
        "end": time.time(),
        "peak_mb": round(_memory("VmHWM"), 1),
        "growth_mb": round(_memory("VmRSS") - settled, 1),
    }


def _memory(kind):
    """Megabytes that this process holds now (VmRSS) or has ever held (VmHWM)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{kind}:")[1].split()[0]) / 1024


def _form(number, evidence_form):
    from payroll.letters import PAY002, PayFormContent

    progressed = number % 10 != 0
    reasons = "" if progressed else "Court work was not shown at Level 3. Give evidence in court once. " * 6
    return PAY002(
        PayFormContent(
            reference=f"APP-2026-{number:04}",
            version=1,
            name=f"Zuzanna Llewellyn-Okonkwo the {number}th",
            ern=f"{100000 + number}",
            job_title="Children's social worker",
            post_number=f"CSW-{number}",
            from_level="Level 2 Social Worker",
            to_level="Level 3 Social Worker",
            from_point=37,
            to_point=41,
            from_salary=Decimal(30851),
            to_salary=Decimal(34549),
            effective_from=date(2026, 5, 4),
            assessed_on=date(2026, 5, 4),
            progressed=progressed,
            criteria_met=progressed,
            attendance=True,
            punctuality=True,
            diversity=True,
            reasons=reasons,
            line_manager="Rhys Kowalczyk",
            line_manager_signed_on=date(2026, 5, 4),
            authoriser="Ngozi Abernathy",
            authorised_on=date(2026, 5, 11),
            council="Example Council",
            service="Children and Families",
            form_code="PAY002",
            form_title="Manager Authorisation for Accelerated Social Worker Salary Progression",
            sent_to_name="Payroll Services",
            sent_to_address=("1 Example Street", "Example Town", "EX1 1EX"),
        ),
        evidence_form,
    )


def _evidence_form():
    """A form of twenty headings with three examples each."""
    from payroll.letters import EvidenceForm, EvidenceFormContent, EvidenceHeading, EvidencePiece

    pieces = tuple(
        EvidencePiece(
            title=f"Example {number}",
            practised_on=date(2026, 2, number),
            kind="Practice example",
            told=(
                (
                    "What I did",
                    "I visited the family every week and wrote down what each of them wanted. " * 6,
                ),
                ("Outcome", "The plan was agreed at the second meeting. " * 3),
                ("What I learned", "To ask the child first. " * 3),
            ),
            attachments=("chronology.pdf",),
        )
        for number in (1, 2, 3)
    )
    return EvidenceForm(
        EvidenceFormContent(
            reference="APP-2026-0042",
            name="Zuzanna Llewellyn-Okonkwo",
            job_title="Children's social worker",
            post_number="CSW-42",
            from_level="Level 2 Social Worker",
            to_level="Level 3 Social Worker",
            scheme_title="Skills and Competency Framework",
            council="Example Council",
            service="Children and Families",
            submitted_on=date(2026, 4, 20),
            sha256="0" * 64,
            headings=tuple(
                EvidenceHeading(name=f"Heading {number}", criteria=("One", "Two", "Three"), pieces=pieces)
                for number in range(20)
            ),
            worked_through=True,
        )
    ).render()


def table(figures):
    """The figures, each beside its goal."""
    peak, growth = (", ".join(f"{mb:.0f}" for mb in figures[key]) for key in ("peak_mb", "growth_mb"))
    forms = f"{figures['forms']:,} forms on {figures['processes']} processes"
    rows = [
        ("PAY002", "measured", "goal"),
        ("one form, tagged, evidence form inside", f"{figures['tagged_ms']:.1f} ms", ""),
        ("the same page, defaults, untagged", f"{figures['untagged_defaults_ms']:.1f} ms", ""),
        ("ratio", f"{figures['ratio']:.2f}", f"{figures['goal_ratio']}"),
        (forms, f"{figures['seconds']:.1f} s", f"{figures['goal_seconds']:.1f} s"),
        ("most memory of each process", f"{peak} MB", f"{figures['goal_mb']} MB"),
        ("grown since the fiftieth form", f"{growth} MB", ""),
    ]
    return "\n".join(f"{what:<40}{measured:>14}{goal:>10}" for what, measured, goal in rows)


if __name__ == "__main__":
    print(table(measure_pay002(*map(int, sys.argv[1:]))))
