"""Who is told what when a case moves, and that no message says anything of the case."""

import re

import pytest

from people.roles import Role
from progression import notifications
from progression.messages import MESSAGES
from progression.models import Meeting, Notice
from progression.notifications import ASKS, REMINDERS, TELLS_WORKER
from progression.states import STAGES, State
from tests.council import organisation, person
from tests.walk import WAYS, application_at, withdrawn

pytestmark = pytest.mark.django_db

# Who is told of the move into a state, and in which words.
TOLD = {
    State.SUBMITTED: {("ask_to_assess", "manager")},
    State.RETURNED: {("returned_to_worker", "worker")},
    State.RECOMMENDED: {("ask_to_decide", "service_manager"), ("news_for_worker", "worker")},
    State.NOT_RECOMMENDED: {("ask_to_decide", "service_manager"), ("news_for_worker", "worker")},
    State.AUTHORISED: {("outcome", "worker"), ("news_for_manager", "manager")},
    State.DECLINED: {("outcome", "worker"), ("news_for_manager", "manager")},
    State.REFUSED: {("outcome", "worker"), ("news_for_manager", "manager")},
    State.SENT_TO_PAYROLL: {("ask_payroll", "payroll"), ("new_contract", "worker")},
    State.IMPLEMENTED: {("news_for_worker", "worker")},
    State.UNDER_APPEAL: {("ask_to_hear", "director"), ("news_for_manager", "manager")},
    State.UPHELD: {("outcome", "worker"), ("news_for_manager", "manager")},
    State.DISMISSED: {("outcome", "worker"), ("news_for_manager", "manager")},
    State.WITHDRAWN: set(),
}


@pytest.mark.rule("R29")
@pytest.mark.parametrize("state", WAYS)
def test_who_is_told(state):
    """R18, R29: the worker of every decision, the next to act, the manager of the outcome."""
    place = organisation()
    application = application_at(state, worker=place.worker)
    names = {user: name for name, user in place.everybody.items()}
    queued = application.notices.filter(event__to_state=state).select_related("recipient")
    assert {(notice.kind, names[notice.recipient]) for notice in queued} == TOLD[state]


def test_the_manager_is_told_of_a_withdrawal_after_submission_only():
    place = organisation()
    withdrawn(application_at(State.SUBMITTED, worker=place.worker))
    told = Notice.objects.filter(event__to_state=State.WITHDRAWN)
    assert [(notice.kind, notice.recipient) for notice in told] == [("news_for_manager", place.manager)]


def test_whoever_moved_it_is_not_told():
    place = organisation("redbridge-2013")
    application = application_at(State.REFUSED, worker=place.worker)
    assert not application.notices.filter(recipient=place.manager, event__actor=place.manager).exists()


def test_a_word_that_refuses_at_once_is_told_once():
    """R32: where the manager's word refuses, the worker gets one e-mail, not one for each move."""
    place = organisation("redbridge-2013")
    application = application_at(State.REFUSED, worker=place.worker)
    told = application.notices.filter(recipient=place.worker).values_list("kind", "event__to_state")
    assert [kind for kind, to in told if to in (State.NOT_RECOMMENDED, State.REFUSED)] == ["outcome"]


def test_what_concerns_rights_is_no_topic():
    """Nobody can switch off a decision about them, the last day to ask, or that their answer is late."""
    for kind in ("outcome", "last_day_to_ask", "remind_of_variation", "decision_late", "deadline_missed"):
        assert MESSAGES[kind].topic is None, kind


def test_each_of_several_is_told_once():
    place = organisation()
    second = person(Role.SERVICE_MANAGER)
    place.service.officers.add(second)
    application = application_at(State.RECOMMENDED, worker=place.worker)
    told = application.notices.filter(kind="ask_to_decide").values_list("recipient", flat=True)
    assert sorted(told) == sorted([place.service_manager.pk, second.pk])


def test_no_message_says_anything_of_the_case():
    """A link and plain words: no worker, no team, no council, no level, no reason."""
    place = organisation()
    application = application_at(State.DRAFT, worker=place.worker)
    private = [
        place.worker.name,
        place.manager.name,
        place.team.name,
        place.service.council,
        application.step.to_level.name,
        place.worker.post.ern,
        *(stage.staff_see for stage in STAGES.values()),
    ]
    meeting = Meeting(pk=1, worker=place.worker, team=place.team)
    for message in MESSAGES.values():
        notice = Notice(application=application, recipient=place.worker, meeting=meeting)
        text = f"{message.subject}\n{message.body(notice)}"
        assert not [words for words in private if words in text], message.kind
        assert not re.search(r"\d", message.subject)


def test_every_message_has_a_link_that_opens(client, settings):
    """Each link of a case's own messages belongs to this site, and opens for a person it is sent to."""
    place = organisation()
    application = application_at(State.SENT_TO_PAYROLL, worker=place.worker)
    readers = {"ask_payroll": place.payroll, "remind_payroll": place.payroll}
    ours = {kind: one for kind, one in MESSAGES.items() if type(one).__module__ == notifications.__name__}
    assert len(ours) > 10
    for kind, message in ours.items():
        link = re.search(r"https?://\S+", message.body(Notice(application=application))).group()
        assert link.startswith(settings.SITE_URL)
        client.force_login(readers.get(kind, place.worker))
        assert client.get(link.removeprefix(settings.SITE_URL)).status_code == 200, kind


def test_every_message_has_its_own_kind_and_words():
    used = {*ASKS.values(), *TELLS_WORKER.values(), *REMINDERS.values()}
    assert {message.kind for message in used} <= set(MESSAGES)
    subjects = [message.subject for message in MESSAGES.values()]
    assert len(subjects) == len(set(subjects))
    assert all(message.words.endswith(".") for message in MESSAGES.values())
    assert all(len(message.kind) <= 40 for message in MESSAGES.values())
