"""When and where a review is heard. Each verb reads: lock, who, when, write, history, tell."""

from django.db import transaction
from django.utils.timezone import localtime

from progression import notifications
from progression.permissions import check_can_hear_review
from progression.selectors import open_deadline
from progression.states import State
from progression.transitions import lock, record
from reviews import appeal_policies, bundle_transitions, telling
from reviews.appeal_selectors import who_explains
from reviews.models import Appeal, Hearing
from reviews.notifications import HearingInvitation


@transaction.atomic
def arrange_hearing(application, *, actor, starts_at, place, attendees, reason="", now):
    """Say when and where the review is heard, and who attends; again, with the reason, to move it. R20, R21.

    `starts_at` is aware; `attendees` are {"name", "part"}. Raises Blocked for a day that leaves no time for
    the written decision, saying the last possible one. Returns the Hearing.
    """
    application = lock(application, State.UNDER_APPEAL)
    for_whom = check_can_hear_review(actor, application)
    appeal_policies.check_has_hearing(application)
    appeal = Appeal.objects.select_for_update().get(application=application)
    before = appeal_policies.latest_hearing(appeal)
    if before is not None:
        appeal_policies.check_gives_reason(reason, "Say why the hearing is moved.")
        to = {"starts_at": starts_at, "place": place.strip(), "attendees": attendees}
        appeal_policies.check_moves(before, **to, arranged_by=actor)
    deadline = open_deadline(application)
    appeal_policies.check_hearing(
        application, starts_at, last_day_to_decide=deadline.due_on if deadline else None, now=now
    )
    hearing = Hearing.objects.create(
        appeal=appeal,
        starts_at=starts_at,
        place=place.strip(),
        attendees=attendees,
        sequence=before.sequence + 1 if before else 0,
        move_reason=reason.strip() if before else "",
        arranged_at=now,
        arranged_by=actor,
        on_behalf_of=for_whom,
    )
    event = record(
        application,
        actor=actor,
        on_behalf_of=for_whom,
        verb="moved the hearing" if before else "arranged the hearing",
        now=now,
        reason=hearing.move_reason,
        detail={
            "starts_at": localtime(starts_at).isoformat(),
            "place": hearing.place,
            "sequence": hearing.sequence,
        },
    )
    bundle_transitions.ask_for_bundle(appeal, now=now)
    sides = (application.worker, who_explains(application))
    notifications.queue(application, {person.pk: HearingInvitation for person in sides}, now=now, event=event)
    for person in sides:
        telling.of_hearing(application, hearing, to=person, now=now)
    return hearing
