"""The case's pages, read and used in a browser without JavaScript, by everybody in every state."""

import re
import struct
import zlib
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portfolios import transitions as portfolios
from progression import access, transitions
from progression.actions import actions_for
from progression.models import Application
from progression.standing import standing_of
from progression.states import State
from tests.council import NOW, TODAY, organisation
from tests.walk import (
    WAYS,
    WHY_NOT,
    application_at,
    portfolio_filled,
    returned,
    sent_to_payroll,
    started,
    submitted,
    withdrawn,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def read(client, place):
    """Open a page as somebody: read(place.manager, "progression:case", application.reference)."""

    def read(reader, page, *args, **kwargs):
        client.force_login(reader)
        return client.get(reverse(page, args=args), **kwargs)

    return read


# The buttons each reader has: those with something to do, in the states in which they have it.
BUTTONS = {
    (State.DRAFT, "worker"): ["Go on with your portfolio", "Check and submit", "Withdraw"],
    (State.RETURNED, "worker"): ["Go on with your portfolio", "Check and submit", "Withdraw"],
    (State.SUBMITTED, "worker"): ["Withdraw"],
    (State.SUBMITTED, "manager"): ["Assess this application"],
    (State.RECOMMENDED, "worker"): ["Withdraw"],
    (State.RECOMMENDED, "service_manager"): ["Decide on this application"],
    (State.RECOMMENDED, "head"): ["Decide on this application"],
    (State.RECOMMENDED, "director"): ["Decide on this application"],
    (State.NOT_RECOMMENDED, "worker"): ["Withdraw"],
    (State.NOT_RECOMMENDED, "service_manager"): ["Decide on this application"],
    (State.NOT_RECOMMENDED, "head"): ["Decide on this application"],
    (State.NOT_RECOMMENDED, "director"): ["Decide on this application"],
    (State.DECLINED, "worker"): ["Ask for a review"],
    (State.REFUSED, "worker"): ["Ask for a review"],
    (State.UNDER_APPEAL, "worker"): ["Withdraw"],
    (State.SENT_TO_PAYROLL, "worker"): ["Read and accept your new contract"],
    (State.UNDER_APPEAL, "director"): ["Go on with the review"],
}


BUTTONS |= {
    (state, senior): ["Take back an authorisation made in error"]
    for state in (State.AUTHORISED, State.SENT_TO_PAYROLL, State.IMPLEMENTED)
    for senior in ("service_manager", "head", "director")
}


ALWAYS_THERE = {
    "Read the review and its papers",
    "Read the assessment",
    "Read the outcome in full",
    "Hand this application to somebody else",
}
"""Links for whoever may read on, beside the buttons of whoever acts."""


@pytest.mark.parametrize("state", [State.DRAFT, *WAYS])
def test_every_reader_in_every_state(client, read, place, state):
    """Who sees the case reads all of it, with the buttons that are theirs, each of which opens."""
    application = application_at(state, worker=place.worker, now=timezone.now())
    handed_in = application.portfolio.submissions.exists()
    for name, reader in place.everybody.items():
        sees = access.can_see(reader, application)
        found = read(reader, "progression:case", application.reference)
        assert found.status_code == (200 if sees else 404), name
        portfolio = read(reader, "progression:submitted_portfolio", application.reference)
        assert portfolio.status_code == (200 if sees and handed_in else 404), name
        assert client.get("/").status_code == (302 if name == "payroll" else 200), name
        if not sees:
            continue
        label = application.stage.worker_sees if name == "worker" else application.stage.staff_see
        assert label in found.text
        offered = actions_for(reader, application, today=timezone.localdate())
        buttons = [action.text for action in offered if action.text not in ALWAYS_THERE]
        assert buttons == BUTTONS.get((state, name), []), name
        for action in offered:
            assert f'href="{action.href}"' in found.text, (name, action)
            assert client.get(action.href).status_code == 200, (name, action)


@pytest.mark.rule("R21", page="/applications/<reference>/")
def test_R21_what_a_review_gave_is_not_offered_to_be_taken_back(place):
    """The near miss, an authorisation, is in the table above."""
    upheld = application_at(State.UPHELD, worker=place.worker, now=timezone.now())
    sent = sent_to_payroll(upheld, now=timezone.now())
    for reader in (place.service_manager, place.head, place.director):
        offered = {action.text for action in actions_for(reader, sent, today=timezone.localdate())}
        assert offered and offered <= ALWAYS_THERE


class TestWhereItStands:
    def test_who_acts_next_and_by_when(self, read, place):
        application = application_at(State.SUBMITTED, worker=place.worker)
        due = date(2026, 3, 24)
        standing = standing_of(application, place.worker, today=due)
        assert (standing.who, standing.by, standing.overdue) == (place.manager.name, due, False)
        assert standing_of(application, place.worker, today=date(2026, 3, 25)).overdue
        assert standing_of(application, place.manager, today=due).who == "You"
        page = read(place.worker, "progression:case", application.reference).text
        assert place.manager.name in page
        assert "24 March 2026" in page

    def test_one_of_several(self, place):
        application = application_at(State.RECOMMENDED, worker=place.worker)
        for number in range(3):
            place.service.officers.add(_second(place.service_manager, number))
        assert standing_of(application, place.worker, today=TODAY).who.endswith(" or 2 others")
        assert standing_of(application, place.service_manager, today=TODAY).who.startswith("You, ")
        assert standing_of(application, place.director, today=TODAY).who.startswith("You, ")

    def test_nobody_is_there_to_act(self, place):
        application = application_at(State.RECOMMENDED, worker=place.worker)
        place.service.officers.remove(place.service_manager, place.head, place.director)
        who = standing_of(application, place.worker, today=TODAY).who
        assert who == "Nobody yet: there is no service manager who may act"

    @pytest.mark.parametrize("state", [State.DECLINED, State.REFUSED])
    def test_after_a_refusal(self, place, state):
        """R19: the last day is 24 March 2026."""
        application = application_at(state, worker=place.worker)
        for today, who, buttons in (
            (date(2026, 3, 24), "Nobody, unless you ask for a review", ["Ask for a review"]),
            (date(2026, 3, 25), "Nobody: the time to ask for a review has ended", ["Ask for a review late"]),
        ):
            assert standing_of(application, place.worker, today=today).who == who
            offered = [action.text for action in actions_for(place.worker, application, today=today)]
            assert [text for text in offered if text not in ALWAYS_THERE] == buttons
        who = standing_of(application, place.manager, today=TODAY).who
        assert who == f"Nobody, unless {place.worker.name} asks for a review"

    def test_no_second_way_beside_a_new_application(self, place):
        """R1: asking for a review would open the old one again."""
        application = application_at(State.DECLINED, worker=place.worker)
        started(place.worker)
        offered = [action.text for action in actions_for(place.worker, application, today=TODAY)]
        assert "Ask for a review" not in offered

    def test_redbridge_calls_it_an_appeal_and_sets_no_limit(self):
        """R32."""
        place = organisation("redbridge-2013")
        application = application_at(State.DECLINED, worker=place.worker)
        standing = standing_of(application, place.worker, today=date(2027, 3, 10))
        assert (standing.who, standing.by, standing.note) == (
            "Nobody, unless you ask for an appeal",
            None,
            "",
        )

    def test_a_date_not_known_yet_is_said_to_be_so(self, place):
        application = application_at(State.DECLINED, worker=place.worker)
        application.deadlines.filter(closed_on=None).update(due_on=None)
        note = standing_of(application, place.worker, today=TODAY).note
        said = r"The last day cannot be worked out until the bank holidays of \d{4} are published\."
        assert re.fullmatch(said, note)


def _second(user, number):
    user = type(user)(email=f"second{number}@council.example", name=f"Second {number}", role=user.role)
    user.save()
    return user


class TestReasons:
    """R14, R18: reasons reach those they are for, and the worker with the decision."""

    def test_why_it_was_returned(self, read, place):
        application = application_at(State.RETURNED, worker=place.worker)
        for reader in (place.worker, place.manager, place.head, place.auditor):
            assert (
                "Add an example of your own practice."
                in read(reader, "progression:case", application.reference).text
            )

    def test_why_it_is_not_recommended_waits_for_the_decision(self, read, place):
        application = application_at(State.NOT_RECOMMENDED, worker=place.worker)
        words = "Recording is not yet made on time."
        assert words in read(place.service_manager, "progression:case", application.reference).text
        assert words not in read(place.worker, "progression:case", application.reference).text

    def test_and_then_is_given(self, read, place):
        application = application_at(State.REFUSED, worker=place.worker)
        page = read(place.worker, "progression:case", application.reference).text
        assert WHY_NOT["reasons"] in page
        assert "Recording is not yet made on time." in page

    def test_not_to_a_worker_who_withdrew_first(self, read, place):
        application = application_at(State.NOT_RECOMMENDED, worker=place.worker)
        withdrawn(application)
        page = read(place.worker, "progression:case", application.reference)
        assert "Recording is not yet made on time." not in page.text

    def test_what_people_type_is_shown_and_never_obeyed(self, read, place):
        application = started(place.worker)
        transitions.withdraw(application, actor=place.worker, reason="<script>alert(1)</script>", now=NOW)
        page = read(place.manager, "progression:case", application.reference).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert" not in page


class TestDraft:
    def test_a_manager_sees_that_there_is_one_and_how_far_it_is(self, read, place):
        application = started(place.worker)
        portfolio_filled(application)
        page = read(place.manager, "progression:case", application.reference).text
        assert "20 of 20" in page
        assert "A home visit" not in page

    def test_after_a_return_the_manager_reads_what_was_submitted_not_what_is_being_written(self, read, place):
        application = application_at(State.SUBMITTED, worker=place.worker)
        returned(application)
        portfolios.save_evidence(
            None, worker=place.worker, fields={"title": "Not for you yet"}, as_draft=True, now=NOW
        )
        page = read(place.manager, "progression:submitted_portfolio", application.reference).text
        assert "A home visit, 1" in page
        assert "Not for you yet" not in page


class TestSubmittedPortfolio:
    def test_each_time_it_was_handed_in(self, read, place):
        application = application_at(State.SUBMITTED, worker=place.worker)
        returned(application)
        piece = place.worker.evidence.get()
        portfolios.save_evidence(
            piece,
            worker=place.worker,
            base_revision=piece.revision,
            fields={"title": "Another title"},
            now=NOW,
        )
        submitted(Application.objects.get(pk=application.pk))
        first = read(place.manager, "progression:submitted_portfolio", application.reference, 1).text
        latest = read(place.manager, "progression:submitted_portfolio", application.reference).text
        assert "A home visit, 1" in first
        assert "Another title" not in first
        assert "Another title" in latest
        assert (
            read(place.manager, "progression:submitted_portfolio", application.reference, 3).status_code
            == 404
        )

    def test_a_file_of_it(self, client, read, place):
        application, file = self._with_file(place)
        found = read(place.manager, "progression:attachment", application.reference, file.token)
        assert found["Content-Disposition"].startswith("attachment")
        assert found["X-Content-Type-Options"] == "nosniff"
        assert b"".join(found.streaming_content).startswith(b"\x89PNG")
        page = read(place.manager, "progression:submitted_portfolio", application.reference).text
        assert reverse("progression:attachment", args=[application.reference, file.token]) in page

    @pytest.mark.parametrize("name", ["other_manager", "payroll", "psw", "administrator", "colleague"])
    def test_not_for_others(self, read, place, name):
        """The near misses: the right address, the wrong reader."""
        application, file = self._with_file(place)
        found = read(getattr(place, name), "progression:attachment", application.reference, file.token)
        assert found.status_code == 404

    def test_not_a_file_of_a_draft_nor_of_another_case(self, read, place):
        application, file = self._with_file(place)
        later = self._attach(place.worker, _image(2))
        other = application_at(State.SUBMITTED, place)
        for case, token in (
            (application, later.token),
            (other, file.token),
            (application, "0" * 8 + "-0000-4000-8000-" + "0" * 12),
        ):
            assert read(place.manager, "progression:attachment", case.reference, token).status_code == 404

    def _with_file(self, place):
        application = started(place.worker)
        portfolio_filled(application)
        file = self._attach(place.worker, _image(1))
        return submitted(application), file

    def _attach(self, worker, upload):
        return portfolios.attach_file(worker.evidence.first(), worker=worker, upload=upload, now=NOW)


def _image(shade):
    """A picture of its own: 1 pixel, from 0 (black) to 255."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    body = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body += chunk(b"IDAT", zlib.compress(bytes([0, shade]))) + chunk(b"IEND", b"")
    return SimpleUploadedFile("picture.png", body, content_type="image/png")


def test_a_worker_without_a_post_is_told(read, place):
    place.worker.post.delete()
    assert "You have no post" in read(place.worker, "start").text


def test_earlier_applications_are_listed(read, place):
    earlier = withdrawn(started(place.worker))
    started(place.worker)
    assert earlier.reference in read(place.worker, "start").text


@pytest.mark.parametrize("reference", ["APP-2026-9999", "x", "APP%002026", "é", "a" * 300])
def test_unknown_references_are_not_found(client, place, reference):
    client.force_login(place.head)
    assert client.get(f"/applications/{reference}/").status_code == 404


def test_nobody_reads_anything_unsigned_in(client, place):
    application = application_at(State.SUBMITTED, worker=place.worker)
    for page, args in (
        ("start", []),
        ("progression:case", [application.reference]),
        ("progression:team", []),
    ):
        found = client.get(reverse(page, args=args))
        assert (found.status_code, found.url.split("?")[0]) == (302, reverse("account_login"))


def test_reading_never_changes_anything(client, place):
    """GET and HEAD on the pages that can move a case move nothing; other methods are refused."""
    application = started(place.worker)
    client.force_login(place.worker)
    for page in ("submit", "withdraw"):
        address = reverse(f"progression:{page}", args=[application.reference])
        client.head(address)
        assert client.put(address).status_code == 405
        assert client.delete(address).status_code == 405
    assert client.post(reverse("progression:case", args=[application.reference])).status_code == 405
    application.refresh_from_db()
    assert application.state == State.DRAFT
