"""Payroll sends a form back, and a corrected version stands in for it. R13.

Each verb reads: lock, who, when, write, history, tell.
"""

from dataclasses import replace

from django.db import transaction
from django.utils.timezone import localdate

from payroll import issuing, permissions, policies, selectors
from payroll.letters import PayFormContent, on_paper
from payroll.models import PayForm, PayQuery, WhyStopped
from payroll.notifications import FormSentBack
from payroll.transitions import fix_form
from people.models import Post
from progression import judges, notifications, reminders
from progression.models import Capacity, DeadlineKind
from progression.permissions import check_can_answer_payroll
from progression.states import State
from progression.transitions import lock, record

POST_FIELDS = ("job_title", "post_number", "ern", "spinal_point")
"""What the form repeats of the worker's post, which an answer may put right."""


@transaction.atomic
def send_back(pay_form, *, actor, reason, now):
    """Send a form back to those who decided, and why: no pay changes by it. Returns the PayQuery."""
    application = lock(pay_form.application, State.SENT_TO_PAYROLL)
    pay_form = PayForm.objects.select_for_update(of=("self",)).get(pk=pay_form.pk)
    pay_form.application = application
    permissions.check_can_handle(actor, pay_form)
    policies.check_can_be_sent_back(pay_form)
    policies.check_says_what_is_wrong(reason)
    query = PayQuery.objects.create(pay_form=pay_form, asked_at=now, asked_by=actor, reason=reason.strip())
    event = record(
        application,
        actor=actor,
        verb="sent the form back",
        now=now,
        reason=query.reason,
        detail={"form": pay_form.form, "version": pay_form.version},
    )
    reminders.close(application, DeadlineKind.ACT, now=now)
    reminders.open_deadline(application, DeadlineKind.ANSWER_QUERY, now=now)
    managers = judges.who_is_asked(judges.judges_of(application, Capacity.ASSESSOR))
    asked = {application.authoriser_id, *(manager.pk for manager in managers)}
    notifications.queue(application, dict.fromkeys(asked, FormSentBack), event=event, now=now)
    return query


@transaction.atomic
def answer_query(application, *, actor, details, answer, now):
    """Put the post right and say so: a new version of the form, naming the old, goes to payroll. R13.

    `details` has POST_FIELDS as they should be. The decision itself stays as it was. Returns the new PayForm.
    """
    application = lock(application, State.SENT_TO_PAYROLL)
    stood_in_for = check_can_answer_payroll(actor, application)
    query = selectors.open_query(application)
    policies.check_awaits_reply(query)
    policies.check_says_what_was_done(answer)
    old = PayForm.objects.select_for_update(of=("self",)).get(pk=query.pay_form_id)
    old.application = application
    content = _corrected(old, details, now=now)
    changes = _mend_post(application, old, details)
    query.answered_at = now
    query.answered_by = actor
    query.on_behalf_of = stood_in_for
    query.answer = answer.strip()
    query.save(update_fields=["answered_at", "answered_by", "on_behalf_of", "answer"])
    old.stopped_at = now
    old.stopped_because = WhyStopped.REPLACED
    old.save(update_fields=["stopped_at", "stopped_because"])
    new = fix_form(application, old.submission, content, replaces=old, now=now)
    record(
        application,
        actor=actor,
        on_behalf_of=stood_in_for,
        verb="corrected the form",
        now=now,
        reason=query.answer,
        detail={"form": new.form, "version": new.version, "changes": changes},
    )
    reminders.close(application, DeadlineKind.ANSWER_QUERY, now=now)
    issuing.nudge()
    return new


def _corrected(old, details, *, now):
    """What the new version says: the old one's words, but for the post, and which version it replaces."""
    content = PayFormContent.from_json(old.content)
    point = details["spinal_point"] or content.from_point
    change = selectors.change_between(
        old.application,
        point,
        new=content.to_point,
        effective_from=content.effective_from,
        today=localdate(now),
    )
    policies.check_point_can_progress(old.application, change)
    return replace(
        content,
        version=selectors.latest_form(old.application).version + 1,
        replaces=f"version {old.version} of {on_paper(localdate(old.created_at))}",
        job_title=details["job_title"],
        post_number=details["post_number"],
        ern=details["ern"],
        from_point=point,
        from_salary=change.old_salary,
        to_salary=change.new_salary,
    )


def _mend_post(application, old, details):
    """Put right what the directory says of the post. Returns {field: [what it said, what it says]}."""
    post = Post.objects.select_for_update().get(holder=application.worker)
    said = {name: old.content[name] for name in ("job_title", "post_number", "ern")}
    said["spinal_point"] = old.content["from_point"]
    changed = {name: value for name, value in details.items() if value and value != said[name]}
    for name, value in changed.items():
        setattr(post, name, value)
    post.save(update_fields=list(changed))
    return {name: [said[name], value] for name, value in changed.items()}
