"""*When* a refusal may be looked at again: how late is late, when it is heard, what its decision needs."""

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime

from people.policies import Blocked
from progression import policies as progression
from progression.deadlines import is_working_day
from progression.models import DeadlineKind
from progression.selectors import holidays_of
from progression.states import State
from reviews.models import Hearing, LateRequest

MOST_DOCUMENTS = 20
"""Each side's."""


def missed_last_day(application, *, today):
    """The last day to ask, once it has passed; else None, as where there is no limit. R19, R32."""
    if application.state not in (State.DECLINED, State.REFUSED):
        return None
    limit = application.deadlines.filter(kind=DeadlineKind.ASK_FOR_REVIEW, closed_on=None, due_on__lt=today)
    return limit.values_list("due_on", flat=True).first()


def blocks_on_asking_late(application, *, today):
    """Sentences, each a reason why the worker cannot put a late request today. R1, R19."""
    if application.state not in (State.DECLINED, State.REFUSED):
        return [progression.already_moved(application)]
    if not application.scheme.rules.decision.if_refused.may_appeal:
        return ["This scheme has no way to have an outcome looked at again."]
    if missed_last_day(application, today=today) is None:
        return ["You are still in time: ask in the ordinary way."]
    if earlier := LateRequest.objects.filter(application=application).first():
        return [_asked_once(earlier)]
    return progression.blocks_on_another_open(application)


def _asked_once(request):
    asked = f"You asked late on {_on(localdate(request.asked_at))}"
    if request.accepted is None:
        return f"{asked}. It has not been answered yet."
    return f"{asked}, and were answered on {_on(localdate(request.answered_at))}. It can be asked once."


def check_may_ask_late(application, *, today):
    if blocks := blocks_on_asking_late(application, today=today):
        raise Blocked(blocks)


def check_late_request_lodgeable(application, *, grounds, why_late, today):
    """Raise Blocked unless a late request may be put today, with both its reasons. R19."""
    check_may_ask_late(application, today=today)
    if not grounds.strip():
        raise Blocked("Say why you ask.")
    if not why_late.strip():
        raise Blocked("Say why you ask late.")


def check_unanswered(request, application):
    """Raise Blocked unless this late request waits for its answer. R19."""
    if request is None:
        raise Blocked("Nobody has asked late.")
    if request.accepted is not None:
        said = "accepted" if request.accepted else "refused"
        at = localtime(request.answered_at)
        who = request.answered_by.named_with(request.on_behalf_of)
        raise Blocked(f"{who} {said} this request on {_on(at)}.")
    if application.state not in (State.DECLINED, State.REFUSED):
        raise Blocked(progression.already_moved(application))


def check_gives_reason(reason, sentence="Give your reason."):
    if not reason.strip():
        raise Blocked(sentence)


# The hearing


def latest_hearing(appeal):
    """The hearing that counts, or None. One query."""
    return Hearing.objects.filter(appeal=appeal).order_by("-sequence").first()


def check_has_hearing(application):
    """Raise Blocked under a scheme whose reviews are not heard in person. R32."""
    if application.scheme.rules.appeal.hearing is None:
        name = application.scheme.rules.appeal.name.lower()
        raise Blocked(f"This scheme has no hearing: the {name} is decided on paper.")


def last_day_for_hearing(*, last_day_to_decide, today):
    """The last day on which a hearing leaves the written decision in time; None where nothing holds it. R21.

    Once the last day to decide has passed it holds no longer: late and heard is better than never heard.
    """
    if last_day_to_decide is None or last_day_to_decide < today:
        return None
    return last_day_to_decide


def blocks_on_hearing(application, starts_at, *, last_day_to_decide, now):
    """Sentences, each a reason why a hearing cannot be held then. R20, R21. Days are those of London."""
    day, today = localdate(starts_at), localdate(now)
    if starts_at < now:
        return ["The hearing cannot be in the past."]
    if not is_working_day(day, holidays_of(application.team.service)):
        return [f"{_on(day)} is {_kind_of_day(day)}: choose a working day."]
    last = last_day_for_hearing(last_day_to_decide=last_day_to_decide, today=today)
    if last is not None and day > last:
        return [
            f"The decision is due in writing by {_on(last)}: the hearing can be on {_on(last)} at the latest."
        ]
    return []


def _kind_of_day(day):
    return f"a {day:%A}" if day.weekday() > 4 else "a bank holiday or a day on which the council is closed"


def check_hearing(application, starts_at, *, last_day_to_decide, now):
    if blocks := blocks_on_hearing(application, starts_at, last_day_to_decide=last_day_to_decide, now=now):
        raise Blocked(blocks)


def check_moves(hearing, **to):
    """Raise Blocked where all stays as it is: a button pressed twice invites nobody twice."""
    if all(getattr(hearing, name) == value for name, value in to.items()):
        who = hearing.arranged_by.named_with(hearing.on_behalf_of)
        raise Blocked(f"{who} has arranged the hearing so already: both sides are invited.")


def blocks_on_deciding(application, hearing, *, now):
    """Sentences, each a reason why the review cannot be decided yet: it is heard first. R20."""
    if application.scheme.rules.appeal.hearing is None:
        return []
    if hearing is None:
        return ["Arrange the hearing first: both sides are heard before you decide."]
    if hearing.starts_at > now:
        at = localtime(hearing.starts_at)
        return [f"You can decide once the hearing has been held: it is on {_on(at)} at {_time(at)}."]
    return []


def check_heard(application, hearing, *, now):
    if blocks := blocks_on_deciding(application, hearing, now=now):
        raise Blocked(blocks)


def check_tests(application, tests_met, *, upheld):
    """Raise Blocked unless each of the scheme's tests is answered, and all are met if it is upheld. R32."""
    tests = application.scheme.rules.appeal.tests
    if len(tests_met) != len(tests) or any(answer is None for answer in tests_met):
        raise Blocked("Say of each test whether it is met.")
    if upheld and not all(tests_met):
        name = application.scheme.rules.appeal.name.lower()
        raise Blocked(f"The {name} can be upheld only if every test is met.")
    if tests and not upheld and all(tests_met):
        name = application.scheme.rules.appeal.name.lower()
        raise Blocked(f"Every test is met, so the {name} is upheld.")


# Papers


def check_undecided(appeal):
    """Raise Blocked once the review is decided: its papers then stay as they were. R21."""
    if appeal is None:
        raise Blocked("Nobody has asked for the outcome to be looked at again.")
    if appeal.decided_at is not None:
        decided = _on(localtime(appeal.decided_at))
        raise Blocked(f"This was decided on {decided}: its papers stay as they are.")


def check_room_for_document(appeal, side):
    if appeal.documents.filter(side=side, removed_at=None).count() >= MOST_DOCUMENTS:
        raise Blocked(f"You have added {MOST_DOCUMENTS} documents, which is the most there can be.")


def check_may_be_represented(application):
    """Raise Blocked under a scheme that knows no representative. R20."""
    hearing = application.scheme.rules.appeal.hearing
    if hearing is None or not hearing.representative_allowed:
        raise Blocked("This scheme has no hearing at which somebody could speak for you.")


def _on(day):
    return date_format(day, "j F Y")


def _time(moment):
    return date_format(moment, "g:ia").replace(".", "")
