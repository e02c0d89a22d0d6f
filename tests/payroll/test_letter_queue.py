"""Letters: opened in the transaction of the act they tell of, made a moment later, kept as issued."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from pydantic import ValidationError

from payroll import issuing, letters, selectors, tasks, transitions
from payroll.models import Download, IssuedDocument, Letter, LetterKind
from people.models import Service
from people.permissions import NotAllowed
from people.policies import Blocked
from tests.council import NOW, TODAY, organisation
from tests.payroll.pdf_reading import read
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db


def content(application, **changes):
    says = letters.LetterContent(
        **letters.head(application),
        to_name=application.worker.name,
        subject="Your application to progress",
        reference=application.reference,
        dated=TODAY,
        blocks=[
            ("text", "We have decided.\nThis is why."),
            ("facts", [["Level", "2"], ["Point", ""]]),
            ("list", ["Read it", "Keep it"]),
        ],
        signed_by=("A. Manager", "Service manager"),
    )
    return replace(says, **changes)


def opened(application, kind=LetterKind.OUTCOME, **changes):
    return transitions.open_letter(
        application, kind=kind, to=application.worker, content=content(application, **changes), now=NOW
    )


def test_a_letter_is_numbered_among_those_of_its_kind():
    application = application_at(State.SUBMITTED)
    numbers = [opened(application).number, opened(application).number]
    assert numbers == [1, 2]
    assert opened(application, LetterKind.APPEAL_RECEIVED).number == 1


def test_what_a_letter_says_survives_its_keeping():
    application = application_at(State.SUBMITTED)
    letter = opened(application)
    letter.refresh_from_db()
    assert letters.LetterContent.from_json(letter.content) == content(application)


def test_a_block_of_no_known_kind_is_refused():
    application = application_at(State.SUBMITTED)
    with pytest.raises(ValidationError):
        content(application, blocks=[("picture", "a tree")])
    with pytest.raises(ValidationError):
        content(application, blocks=[("text", ["not", "text"])])


def test_the_head_is_the_services_own_and_nothing_is_invented_where_it_is_empty():
    place = organisation()
    application = application_at(State.SUBMITTED, place)
    assert letters.head(application)["address"] == ()
    Service.objects.filter(pk=place.service.pk).update(
        address="1 High Street\n\nTesttown", contact=" 01 234 "
    )
    application.team.service.refresh_from_db()
    assert letters.head(application) == {
        "council": "Testshire Council",
        "service": place.service.name,
        "address": ("1 High Street", "Testtown"),
        "contact": "01 234",
    }


def test_the_sweep_makes_each_waiting_letter_once():
    application = application_at(State.SUBMITTED)
    letter = opened(application)
    tasks.issue_documents()
    tasks.issue_documents()
    letter.refresh_from_db()
    assert letter.issued_at is not None and letter.attempts == 1
    document = IssuedDocument.objects.get(letter=letter)
    assert document.filename == f"outcome-{application.reference}.pdf"
    text = read(bytes(document.content)).text
    assert "Testshire Council" in text and "This is why." in text and "Not known" in text
    assert transitions.issue_letter(letter, now=NOW).issued_at == letter.issued_at


def test_a_letter_that_cannot_be_made_is_tried_again_and_holds_up_no_other(monkeypatch):
    application = application_at(State.SUBMITTED)
    broken, whole = opened(application), opened(application)
    render = letters.LetterDocument.render

    def render_all_but_one(self):
        if self.content.subject == "Broken":
            raise ValueError("no ink")
        return render(self)

    bad = opened(application, LetterKind.VARIATION, subject="Broken")
    monkeypatch.setattr(letters.LetterDocument, "render", render_all_but_one)
    tasks.issue_documents()
    for letter in (broken, whole, bad):
        letter.refresh_from_db()
    assert broken.issued_at and whole.issued_at and not bad.issued_at
    assert bad.last_fault == "ValueError"
    monkeypatch.setattr(letters.LetterDocument, "render", render)
    again = issuing.claim(now=bad.try_at)
    assert again == bad
    assert transitions.issue_letter(again, now=bad.try_at).issued_at == bad.try_at


def test_postgresql_keeps_what_a_letter_says():
    letter = opened(application_at(State.SUBMITTED))
    for change in ({"content": {}}, {"number": 9}, {"created_at": NOW + timedelta(days=1)}):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(**change)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).delete()


def test_a_letter_is_handed_over_as_issued_and_who_took_it_is_noted():
    application = application_at(State.SUBMITTED)
    letter = opened(application)
    with pytest.raises(Blocked, match="still being prepared"):
        transitions.download_letter(letter, actor=application.worker, now=NOW)
    transitions.issue_letter(letter, now=NOW)
    document = transitions.download_letter(letter, actor=application.worker, now=NOW)
    assert read(bytes(document.content))
    assert [download.by for download in selectors.downloads_of(letter)] == [application.worker]


def test_a_letter_that_is_no_longer_as_issued_is_not_handed_over(monkeypatch):
    application = application_at(State.SUBMITTED)
    letter = transitions.issue_letter(opened(application), now=NOW)
    spoilt = IssuedDocument.objects.get(letter=letter)
    spoilt.content = b"another"
    monkeypatch.setattr(transitions.policies, "check_issued", lambda letter: spoilt)
    with pytest.raises(Blocked, match="not as it was issued"):
        transitions.download_letter(letter, actor=application.worker, now=NOW)
    assert not Download.objects.exists()


def test_a_worker_reads_their_own_letters_and_not_the_managers():
    place = organisation()
    application = application_at(State.SUBMITTED, place)
    letter = transitions.open_letter(
        application,
        kind=LetterKind.HEARING_INVITATION,
        to=place.manager,
        content=content(application),
        now=NOW,
    )
    transitions.issue_letter(letter, now=NOW)
    assert transitions.download_letter(letter, actor=place.manager, now=NOW)
    with pytest.raises(NotAllowed):
        transitions.download_letter(letter, actor=application.worker, now=NOW)
