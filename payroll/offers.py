"""What the letter says that offers a worker the change to their contract. R23, R30."""

from datetime import date

from django.utils.timezone import localdate

from payroll.letters import LetterContent, Table, head, on_paper, pounds


def variation_letter(pay_form, effect, *, dated, carried=None):
    """The LetterContent of the change that a form which says progressed leads to.

    `effect` is what it does to pay. `carried` is the Variation whose terms the worker has accepted already,
    when a corrected form repeats them: then the letter asks nothing.
    """
    says, worker = pay_form.content, pay_form.application.worker
    runs_from = on_paper(pay_form.effective_from)
    if carried:
        opening = (
            f"The form about your progression to {says['to_level']} was corrected. You accepted these terms "
            f"on {on_paper(localdate(carried.answered_at))} and they have not changed. You need do nothing."
        )
        subject = f"Your contract, {says['to_level']}: details corrected"
    else:
        opening = (
            f"Your progression to {says['to_level']} has been authorised. This letter sets out the change to "
            "your contract that goes with it. Your contract and pay stay as they are until you accept it."
        )
        subject = f"A change to your contract: {says['to_level']} from {runs_from}"
    return LetterContent(
        **head(pay_form.application),
        to_name=worker.name,
        subject=subject,
        reference=pay_form.reference,
        dated=dated,
        blocks=(
            ("text", opening),
            ("heading", "What changes"),
            ("facts", _changes(pay_form, effect, runs_from)),
            *_back_pay(effect),
            ("heading", "What stays the same"),
            ("text", "Everything else in your contract stays as it is."),
            *(() if carried else _what_to_do(pay_form)),
        ),
        signed_by=(
            says["authoriser"],
            f"Authorised on {on_paper(date.fromisoformat(says['authorised_on']))}",
        ),
    )


def _changes(pay_form, effect, runs_from):
    says, change = pay_form.content, effect.change
    return [
        ("Job title", says["job_title"]),
        ("Post number", says["post_number"]),
        ("Level", f"From {says['from_level']} to {says['to_level']}"),
        *_pay(change),
        ("Runs from", runs_from),
    ]


def _pay(change):
    if not change.stated:
        return [("Pay", "As the council’s pay scale says for the new level")]
    return [
        ("Spinal column point", f"From {change.from_point} to {change.to_point}"),
        ("Salary", f"From {pounds(change.old_salary)} to {pounds(change.new_salary)} a year"),
        ("Difference", f"{pounds(change.yearly)} a year, {pounds(change.monthly)} a month before tax"),
    ]


def _back_pay(effect):
    """Line by line, where the scheme says what the change is worth and anything is owed."""
    if not effect.back_pay:
        return ()
    rows = [
        (
            _days(line),
            f"{line.days} of {line.days_in_month}",
            f"{line.rate.old_point}: {pounds(line.rate.old)}",
            f"{line.rate.new_point}: {pounds(line.rate.new)}",
            pounds(line.yearly),
            f"£{line.amount:,.2f}",
        )
        for line in effect.back_pay
    ]
    return (
        ("heading", "Your back-pay"),
        (
            "text",
            f"Up to {on_paper(effect.until)} you are owed £{effect.total:,.2f} before tax. If your pay is "
            "changed after that day, you are owed more.",
        ),
        (
            "table",
            Table(
                caption=f"Back-pay to {on_paper(effect.until)}",
                head=("Days", "Of the month", "From point", "To point", "Difference a year", "Owed"),
                rows=tuple(rows),
                total=("Total before tax", f"£{effect.total:,.2f}"),
            ),
        ),
        ("text", effect.method),
    )


def _days(line):
    if line.days == 1:
        return on_paper(line.first)
    return f"{line.first.day} to {on_paper(line.last)}"


def _what_to_do(pay_form):
    says = pay_form.content
    return (
        ("heading", "What you do now"),
        (
            "text",
            f"Sign in, open application {pay_form.reference}, and accept or decline the change. Ask first if "
            "anything is not clear.",
        ),
        (
            "list",
            (
                f"If you accept, payroll changes your pay from {on_paper(pay_form.effective_from)}.",
                f"If you decline, you stay at {says['from_level']} on your present pay, and this application "
                "ends. You may apply again.",
            ),
        ),
        ("text", "Nothing is decided for you if you do not answer."),
    )
