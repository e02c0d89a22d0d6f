"""What the letters of a decision and of a review say. They read the case, and never the clock.

Each answers a payroll.letters.LetterContent. A delegate's letter names both: who signed, and for whom.
"""

from decimal import Decimal

from django.utils.timezone import localdate, localtime

from payroll.letters import LetterContent, head, on_paper, pounds
from progression.policies import challenge


def outcome(application, decision, form):
    """To a worker whose progression is authorised: from when, on what pay, what happens next. R17, R22."""
    step = application.step
    facts = [
        ("From", step.from_level.name),
        ("To", step.to_level.name),
        ("New pay runs from", on_paper(application.effective_date)),
    ]
    return _letter(
        application,
        to=application.worker,
        subject="You have progressed",
        dated=localdate(decision.decided_at),
        blocks=[
            ("text", f"I have authorised your progression from {_step(application)}."),
            ("facts", [*facts, *_pay(form)]),
            ("heading", "What happens next"),
            ("text", _sent_to(application)),
            ("text", "You are asked to accept the change to your contract. Payroll then changes your pay."),
        ],
        signed_by=_signed(decision.decided_by, decision.on_behalf_of),
    )


def taken_back(application, reversal, *, on_behalf_of):
    """To a worker whose progression was authorised in error: that it is taken back, and why. R15."""
    asked = reversal.asked_by
    return _letter(
        application,
        to=application.worker,
        subject="Your progression was authorised in error",
        dated=localdate(reversal.answered_at),
        blocks=[
            (
                "text",
                f"We told you that you progress from {_step(application)}. That was an error, and the "
                f"authorisation is taken back. {asked.name} asked for this, and I have confirmed it.",
            ),
            ("heading", "Why"),
            ("text", reversal.reason),
            ("heading", "What happens next"),
            ("text", "Your application is decided again, and you are told the outcome in writing."),
            ("text", "If your pay has changed already, payroll changes it back and tells you how."),
        ],
        signed_by=_signed(reversal.answered_by, on_behalf_of),
    )


def statement_of_reasons(application, *, signed_by, on_behalf_of, dated, reasons, unmet, required, last_day):
    """Why, criterion by criterion, what is required, and how to ask for another look. R14, R18, R19.

    `unmet` are the findings not met; `required` is what whoever decided asks beyond what those agree, and
    `reasons` are theirs. `last_day` to ask is None where there is no limit or none is known yet.
    """
    blocks = [
        (
            "text",
            f"You asked to progress from {_step(application)}. You have not progressed. This letter says why "
            "and what you need to do. It is the start of your next application.",
        ),
        ("heading", "Reasons"),
        ("text", reasons),
    ]
    for number, finding in enumerate(unmet, 1):
        blocks += _unmet(number, finding)
    if required:
        blocks += [("heading", "What you need to do to progress"), ("text", required)]
    return _letter(
        application,
        to=application.worker,
        subject="Statement of reasons",
        dated=dated,
        blocks=[*blocks, *_how_to_ask(application, last_day=last_day)],
        signed_by=_signed(signed_by, on_behalf_of),
    )


def request_received(application, appeal, *, last_day_to_decide):
    """To the worker who asked: who looks at it, how, and by when it is decided. R19-R21, R32."""
    rules = application.scheme.rules.appeal
    next_steps = [f"The {rules.heard_by.label.lower()} looks at the outcome again."]
    if rules.hearing:
        next_steps.append(
            "You are invited to a hearing. Your manager explains the decision, and you state your case."
        )
        if rules.hearing.representative_allowed:
            next_steps.append("Somebody may represent you. Say who on the page of your application.")
        if rules.hearing.either_may_refer_to_documents:
            next_steps.append("You and your manager may add documents and a statement until it is decided.")
    next_steps += [f"Each of these must be met: {test}." for test in rules.tests]
    by = f" by {on_paper(last_day_to_decide)}" if last_day_to_decide else ""
    final = " The decision is final." if rules.final else ""
    return _letter(
        application,
        to=application.worker,
        subject=f"We have received your request for {challenge(application)}",
        dated=localdate(appeal.lodged_at),
        blocks=[
            (
                "text",
                f"You asked for {challenge(application)} of the outcome of your application. "
                f"We received it on {on_paper(localdate(appeal.lodged_at))}.",
            ),
            ("heading", "What happens next"),
            ("list", [*next_steps, f"You get the decision in writing, with full reasons{by}.{final}"]),
            ("heading", "What you wrote"),
            ("text", appeal.grounds),
        ],
        signed_by=_on_behalf_of_service(application),
    )


def late_request(application, request, *, last_day_to_decide):
    """The answer to a request that came after the last day, with its reason. R19."""
    name = challenge(application)
    if request.accepted:
        by = f" It is decided by {on_paper(last_day_to_decide)}." if last_day_to_decide else ""
        said = f"Your request for {name} came after the last day. I have accepted it, so it is looked at.{by}"
    else:
        said = (
            f"Your request for {name} came after the last day. I have not accepted it: the outcome stands. "
            "You cannot ask again about this application. You can start a new application when you are ready."
        )
    return _letter(
        application,
        to=application.worker,
        subject="Your late request",
        dated=localdate(request.answered_at),
        blocks=[
            ("text", said),
            ("facts", [("You asked on", on_paper(localdate(request.asked_at)))]),
            ("heading", "My reason"),
            ("text", request.reason),
        ],
        signed_by=_signed(request.answered_by, request.on_behalf_of),
    )


def hearing_invitation(application, hearing, *, to, last_day_to_decide):
    """When and where, who attends, what each side may bring: to either side. R20, R21."""
    rules = application.scheme.rules.appeal
    starts = localtime(hearing.starts_at)
    is_worker = to.pk == application.worker_id
    whose = "your" if is_worker else f"{application.worker.name}’s"
    does = "You state your case." if is_worker else "You explain the decision."
    can = [does]
    if rules.hearing.either_may_refer_to_documents:
        can.append("You may refer to documents. Add them, and a statement, on the page of the application.")
    if is_worker and rules.hearing.representative_allowed:
        can.append("Somebody may represent you. Say who, and send them the papers, on the same page.")
    invites = f"You are invited to the hearing of {whose} {rules.name.lower()}."
    moved = []
    if hearing.sequence:
        before = localtime(hearing.appeal.hearings.get(sequence=hearing.sequence - 1).starts_at)
        was = f"{before:%A} {on_paper(before.date())} at {_time(before)}"
        invites = f"The hearing of {whose} {rules.name.lower()}, which was to be on {was}, is moved."
        moved = [("heading", "Why it is moved"), ("text", hearing.move_reason)]
    by = f" by {on_paper(last_day_to_decide)}" if last_day_to_decide else ""
    return _letter(
        application,
        to=to,
        subject="The hearing is moved" if hearing.sequence else "Invitation to a hearing",
        dated=localdate(hearing.arranged_at),
        blocks=[
            ("text", invites),
            (
                "facts",
                [
                    ("Date", f"{starts:%A} {on_paper(starts.date())}"),
                    ("Time", _time(starts)),
                    ("Where", hearing.place),
                ],
            ),
            *moved,
            ("heading", "Who attends"),
            ("list", [f"{one['name']}, {one['part']}" for one in hearing.attendees]),
            ("heading", "What you can do"),
            ("list", can),
            (
                "text",
                f"The decision comes in writing, with full reasons{by}. "
                "If you cannot come, or need anything to take part, say so at once.",
            ),
        ],
        signed_by=_signed(hearing.arranged_by, hearing.on_behalf_of),
    )


def review_decision(application, appeal, form):
    """The decision on a review: what, why in full, and what the worker needs to do. R17, R21, R32."""
    rules = application.scheme.rules.appeal
    name = rules.name.lower()
    step = _step(application)
    if appeal.upheld:
        said = f"I have upheld your {name}. You progress from {step}."
        facts = [("New pay runs from", on_paper(application.effective_date)), *_pay(form)]
    else:
        said = f"I have dismissed your {name}. You do not progress from {step} this time."
        facts = []
    blocks = [("text", said)]
    if facts:
        blocks.append(("facts", facts))
    if rules.tests:
        met = ["met" if answer else "not met" for answer in appeal.tests_met]
        blocks += [
            ("heading", "What the scheme asks"),
            ("facts", [(_sentence(test), answer) for test, answer in zip(rules.tests, met, strict=True)]),
        ]
    blocks += [("heading", "Full reasons"), ("text", appeal.reasons)]
    if appeal.required:
        blocks += [("heading", "What you need to do"), ("text", appeal.required)]
    blocks.append(("heading", "What happens next"))
    if appeal.upheld:
        blocks.append(("text", _sent_to(application)))
    else:
        blocks.append(("text", _START_AGAIN))
    if rules.final:
        blocks.append(("text", "This decision is final."))
    return _letter(
        application,
        to=application.worker,
        subject=f"The decision on your {name}",
        dated=localdate(appeal.decided_at),
        blocks=blocks,
        signed_by=_signed(appeal.heard_by, appeal.on_behalf_of),
    )


_START_AGAIN = (
    "You can start a new application when you are ready. What you need to do is in your development plan."
)


def _letter(application, *, to, subject, dated, blocks, signed_by):
    return LetterContent(
        **head(application),
        to_name=to.name,
        subject=subject,
        reference=application.reference,
        dated=dated,
        blocks=tuple(blocks),
        signed_by=signed_by,
    )


def _signed(person, on_behalf_of):
    lines = (person.name, person.get_role_display())
    return (*lines, f"for {on_behalf_of.name}") if on_behalf_of else lines


def _on_behalf_of_service(application):
    service = application.team.service
    return (service.name, service.council)


def _step(application):
    return f"{application.step.from_level.name} to {application.step.to_level.name}"


def _sent_to(application):
    document = application.scheme.rules.document
    return f"The pay form, {document.title}, goes to {document.sent_to.name}."


def _pay(form):
    """The points and the salaries of a form to payroll, where the scheme publishes them. R22."""
    if form is None or form.to_point is None:
        return []
    rows = [("Spinal column point", f"From {form.from_point} to {form.to_point}")]
    old, new = form.content.get("from_salary"), form.content.get("to_salary")
    if old and new:
        rows.append(("Salary", f"From {pounds(Decimal(old))} to {pounds(Decimal(new))} a year"))
    return rows


def _unmet(number, finding):
    facts = [("What is asked", finding.criterion.text), ("What was found", finding.evidence)]
    facts.append(("What is required", finding.action))
    if finding.action_by:
        facts.append(("By", on_paper(finding.action_by)))
    return [("heading", f"{number}. {finding.criterion.competency.name}"), ("facts", facts)]


def _how_to_ask(application, *, last_day):
    rules = application.scheme.rules
    if not rules.decision.if_refused.may_appeal:
        return []
    limit = rules.appeal.lodge_within
    to = rules.appeal.heard_by.label.lower()
    lines = [
        f"You can ask for {challenge(application)}, in writing and with your reasons, from the {to}. "
        "Ask on the page of your application."
    ]
    if last_day:
        lines.append(
            f"The last day is {on_paper(last_day)}. That is {limit.working_days} working days after the day "
            "you were told. Weekends, bank holidays and days on which the council is closed do not count."
        )
    elif limit is None:
        lines.append("There is no time limit.")
    else:
        lines.append(f"You have {limit.working_days} working days from the day you were told.")
    return [("heading", "If you think this is wrong"), ("text", "\n".join(lines))]


def _sentence(text):
    return text[:1].upper() + text[1:]


def _time(moment):
    return f"{moment.hour % 12 or 12}:{moment:%M}{'am' if moment.hour < 12 else 'pm'}"
