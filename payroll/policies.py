"""*When* pay may move, and when a document may leave: what must be known and true first."""

import hashlib

from django.utils.formats import date_format
from django.utils.timezone import localtime

from payroll import sealing
from payroll.models import IssuedDocument
from people.policies import Alarming, Blocked

MEND = "Ask an administrator to put the post right."


def blocks_on_progressing(application, change):
    """Sentences, each a reason why this worker's pay cannot make this PayChange. R1, R22."""
    post, step = application.worker.post, application.step
    whose = f"{application.worker.name}’s post"
    if post.level != step.from_level.number:
        return [
            f"{whose} is at Level {post.level} in the directory, and this application starts from Level "
            f"{step.from_level.number}. {MEND}"
        ]
    return _blocks_of_point(application, change)


def _blocks_of_point(application, change):
    """What of the point alone stands in the way. R22."""
    step, whose = application.step, f"{application.worker.name}’s post"
    if change.to_point is None:
        return []
    if change.from_point is None:
        return [f"{whose} has no spinal column point in the directory. {MEND}"]
    if not change.stated:
        return [
            f"{whose} is at spinal column point {change.from_point}, which the scheme does not have. {MEND}"
        ]
    if change.from_point >= change.to_point:
        return [
            f"{whose} is at spinal column point {change.from_point} already, and {step.to_level.name} starts "
            f"at {change.to_point}. {MEND}"
        ]
    return []


def check_can_progress(application, change):
    """Raise Blocked with every reason why the worker's pay cannot make this PayChange."""
    if blocks := blocks_on_progressing(application, change):
        raise Blocked(blocks)


def check_as_issued(name, content, sha256):
    """Raise Alarming unless the bytes have the fingerprint and the seal that they were issued with."""
    if not content:
        raise Blocked("This document was erased: the person it is about left long enough ago.")
    if hashlib.sha256(content).hexdigest() != sha256 or not sealing.is_intact(content):
        raise Alarming(
            f"{name} is not as it was issued, so it was not downloaded. The people who look after this "
            "service have been told.",
            alert=f"{name} is not as it was issued",
        )


def check_issued(letter):
    """The letter's IssuedDocument. Raises Blocked while it is still being made."""
    document = IssuedDocument.objects.filter(letter=letter).first()
    if document is None:
        raise Blocked("This letter is still being prepared. Come back in a minute.")
    return document


def check_awaits_answer(variation):
    """Raise Blocked unless the worker is offered a change to the contract and has not answered."""
    if variation is None:
        raise Blocked("There is no change to your contract to answer now.")
    if variation.answered_at is not None:
        answer = "accepted" if variation.accepted else "declined"
        raise Blocked(f"You {answer} this change on {_on(variation.answered_at)}.")


def check_says_why_declined(reason):
    """Raise Blocked for a contract declined without a reason."""
    if not reason.strip():
        raise Blocked("Say why you decline.")


def check_stands(pay_form):
    """Raise Blocked for a form by which no pay may change any more."""
    if pay_form.stopped_at is not None:
        raise Blocked(
            f"{pay_form.form_name} was stopped on {_on(pay_form.stopped_at)}: "
            f"{pay_form.get_stopped_because_display()[:1].lower()}"
            f"{pay_form.get_stopped_because_display()[1:]}."
        )


def check_can_be_sent_back(pay_form):
    """Raise Blocked unless the form asks for a change of pay that has not been made, and is not back yet."""
    check_stands(pay_form)
    check_asks_for_pay(pay_form)
    _check_not_sent_back(pay_form)


def _check_not_sent_back(pay_form):
    query = getattr(pay_form, "payroll_query", None)
    if query is not None:
        raise Blocked(
            f"{query.asked_by.name} sent this form back on {_on(query.asked_at)}. Wait for the corrected one."
        )


def check_says_what_is_wrong(reason):
    """Raise Blocked for a form sent back without a reason."""
    if not reason.strip():
        raise Blocked("Say what is wrong with the form.")


def check_awaits_reply(query):
    """Raise Blocked unless payroll waits for an answer."""
    if query is None:
        raise Blocked("Payroll waits for no answer about this application.")


def check_says_what_was_done(answer):
    """Raise Blocked for an answer to payroll without words."""
    if not answer.strip():
        raise Blocked("Say what you put right.")


def check_point_can_progress(application, change):
    """Raise Blocked where the point that the post is to be at cannot make this PayChange. R22."""
    if blocks := _blocks_of_point(application, change):
        raise Blocked(blocks)


def _on(moment):
    return date_format(localtime(moment), "j F Y")


def check_awaits_pay(pay_form):
    """Raise Blocked unless the form stands, is issued, and says that pay is to change, which it has not yet.

    The worker has accepted the change to the contract. R23.
    """
    check_stands(pay_form)
    check_asks_for_pay(pay_form)
    _check_not_sent_back(pay_form)
    if not pay_form.contract_accepted:
        raise Blocked("The worker has not accepted the new contract yet.")


def check_asks_for_pay(pay_form):
    """Raise Blocked unless the form is issued and says that pay is to change, which it has not yet."""
    if not pay_form.progressed:
        raise Blocked(
            f"{pay_form.form_name} says that {pay_form.name} has not progressed: it changes no pay."
        )
    if pay_form.issued_at is None:
        raise Blocked(f"{pay_form.form_name} is still being prepared. Come back in a minute.")
    if pay_form.in_pay_at is not None:
        raise Blocked(
            f"{pay_form.in_pay_by.name} said on {_on(pay_form.in_pay_at)} that pay has been changed."
        )
