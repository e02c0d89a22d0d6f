"""Who diarises a worker's reviews and keeps what gates ask, where the manager is away or may not judge."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from people.models import User
from people.permissions import NotAllowed
from progression import meeting_transitions as meetings
from progression.details_transitions import record_details
from progression.meeting_permissions import arranges_meetings, who_hosts
from progression.models import Meeting, Notice
from progression.states import State
from tests import walk
from tests.council import organisation, social_worker, team_of
from tests.reading import text
from tests.standing_in import away, back, handed_over, tied, untied
from tests.walk import application_at

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SOON = NOW + timedelta(days=20)
PAGES = ("details", "team_meetings", "diarise")
OF_MEETING = ("move_meeting", "cancel_meeting", "hold_meeting")


def worker_of(place):
    return User.objects.select_related("post__team__manager").get(pk=place.worker.pk)


def diarise(place, actor):
    return meetings.diarise(worker_of(place), actor=actor, starts_at=SOON, place="Room 4", now=NOW)


def record(place, actor):
    return record_details(worker_of(place), actor=actor, details={"newly_qualified": True}, now=NOW)


def may(place, user):
    """What every page and every act says of them, which must be the same."""
    worker = worker_of(place)
    answer = arranges_meetings(user, worker)
    if not answer:
        for act in (diarise, record):
            with pytest.raises(NotAllowed):
                act(place, user)
    return answer


def opened(client, user, place, pages=PAGES):
    client.force_login(user)
    addresses = [reverse(f"progression:{page}", args=[place.worker.pk]) for page in pages]
    return {client.get(address).status_code for address in addresses}


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def case(place):
    return application_at(State.SUBMITTED, worker=place.worker)


@pytest.mark.rule("R25", page="/team/<int:worker>/meetings/")
class TestSteppedBack:
    def test_whoever_took_it_over_does_it_and_the_manager_no_longer(self, client, place, case):
        assert may(place, place.manager) and not may(place, place.other_manager)
        assert opened(client, place.manager, place) == {200}
        handed_over(case, by=place.manager, to=place.other_manager)
        assert may(place, place.other_manager) and not may(place, place.manager)
        assert opened(client, place.manager, place) == {404}
        assert opened(client, place.other_manager, place) == {200}

    def test_a_review_in_the_diary_goes_over_too(self, client, place, case):
        meeting = diarise(place, place.manager)
        handed_over(case, by=place.manager, to=place.other_manager)
        assert opened(client, place.manager, place, OF_MEETING) == {404}
        about = {"actor": place.manager, "reason": "A court date.", "now": NOW}
        for act in (
            lambda: meetings.move_meeting(meeting, starts_at=SOON, place="Room 5", **about),
            lambda: meetings.cancel_meeting(meeting, **about),
            lambda: meetings.hold(
                meeting, actor=place.manager, held_on=SOON.date(), now=SOON, today=SOON.date()
            ),
        ):
            with pytest.raises(NotAllowed):
                act()
        assert who_hosts(Meeting.objects.get()) == place.other_manager
        meetings.move_meeting(
            meeting, starts_at=SOON, place="Room 5", **about | {"actor": place.other_manager}
        )
        told = Notice.objects.filter(kind="meeting_moved").values_list("recipient", flat=True)
        assert set(told) == {place.worker.pk, place.other_manager.pk}

    def test_nor_somebody_who_stands_in_for_who_stepped_back(self, place, case):
        handed_over(case, by=place.manager, to=place.other_manager)
        stand_in = organisation().manager
        away(place.manager, stand_in)
        assert not may(place, stand_in)
        away(place.other_manager, stand_in)
        assert may(place, stand_in)

    def test_it_is_of_that_worker_alone(self, place, case):
        """The near miss: of a colleague in the team the manager still arranges."""
        handed_over(case, by=place.manager, to=place.other_manager)
        colleague = User.objects.get(pk=place.colleague.pk)
        assert arranges_meetings(place.manager, colleague)
        assert not arranges_meetings(place.other_manager, colleague)

    def test_it_ends_with_the_application(self, place, case):
        handed_over(case, by=place.manager, to=place.other_manager)
        walk.withdrawn(case, now=NOW)
        assert may(place, place.manager) and not may(place, place.other_manager)

    def test_they_still_manage_and_read(self, client, place, case):
        """Management and supervision go on: what decides is not theirs."""
        handed_over(case, by=place.manager, to=place.other_manager)
        assert opened(client, place.manager, place, ("member", "team_ready")) == {200}
        page = client.get(reverse("progression:member", args=[place.worker.pk])).text
        assert reverse("progression:details", args=[place.worker.pk]) not in page

    def test_no_senior_steps_in_while_somebody_has_it(self, place, case):
        handed_over(case, by=place.manager, to=place.other_manager)
        assert not may(place, place.service_manager)


@pytest.mark.rule("R15", page="/team/<int:worker>/details/")
class TestInConflict:
    @pytest.mark.parametrize("declares", ["manager", "worker"])
    def test_a_senior_manager_of_the_service_does_it(self, client, place, declares):
        sides = [place.manager, place.worker]
        conflict = tied(*(sides if declares == "manager" else reversed(sides)))
        assert not may(place, place.manager)
        assert opened(client, place.manager, place) == {404}
        assert may(place, place.service_manager)
        assert opened(client, place.service_manager, place) == {200}
        for other in (place.other_manager, organisation().service_manager, place.auditor, place.psw):
            assert not may(place, other)
        untied(conflict)
        assert may(place, place.manager) and not may(place, place.service_manager)

    def test_not_one_who_is_tied_too(self, place):
        tied(place.manager, place.worker)
        tied(place.worker, place.service_manager)
        assert not may(place, place.service_manager)
        assert may(place, place.head)

    def test_with_an_open_application_until_somebody_has_taken_it_over(self, place, case):
        tied(place.manager, place.worker)
        assert may(place, place.service_manager)
        handed_over(case, by=place.service_manager, to=place.other_manager)
        assert may(place, place.other_manager)
        assert not may(place, place.service_manager) and not may(place, place.manager)

    def test_nor_whoever_stands_in_and_is_tied_or_stands_in_for_one(self, place):
        away(place.manager, place.other_manager)
        assert may(place, place.other_manager)
        conflict = tied(place.other_manager, place.worker)
        assert not may(place, place.other_manager)
        untied(conflict)
        tied(place.manager, place.worker)
        assert not may(place, place.other_manager)

    def test_not_of_one_s_own_line_manager(self, place):
        """The worker manages the team in which their manager holds a post."""
        post = social_worker(team_of(place.service, place.worker)).post
        post.holder = place.manager
        post.save()
        assert not may(place, place.manager)

    def test_the_invitation_goes_to_whoever_arranged_it(self, place):
        tied(place.manager, place.worker)
        diarise(place, place.service_manager)
        told = Notice.objects.filter(kind="meeting_invitation").values_list("recipient", flat=True)
        assert set(told) == {place.worker.pk, place.service_manager.pk}


class TestBothNames:
    def test_of_a_review_arranged_and_moved(self, client, place):
        stand_in = organisation().manager
        absence = away(place.manager, stand_in)
        meeting = diarise(place, stand_in)
        meetings.move_meeting(
            meeting, actor=stand_in, starts_at=SOON, place="Room 5", reason="A court date.", now=NOW
        )
        assert (meeting.arranged_by, meeting.on_behalf_of) == (stand_in, place.manager)
        move = meeting.moves.get()
        assert (move.by, move.on_behalf_of) == (stand_in, place.manager)
        back(absence)
        both = f"{stand_in.name}, standing in for {place.manager.name}"
        for reader, address in (
            (place.worker, reverse("progression:meetings")),
            (place.manager, reverse("progression:team_meetings", args=[place.worker.pk])),
        ):
            client.force_login(reader)
            page = text(client.get(address))
            assert f"Arranged by {both}" in page and f"by {both} on" in page

    def test_of_a_worker_s_details(self, client, place):
        stand_in = organisation().manager
        away(place.manager, stand_in)
        (change,) = record(place, stand_in)
        assert (change.by, change.on_behalf_of) == (stand_in, place.manager)
        client.force_login(place.manager)
        page = text(client.get(reverse("progression:details", args=[place.worker.pk])))
        assert f"{stand_in.name}, standing in for {place.manager.name}" in page

    def test_through_a_case_handed_to_whoever_is_away(self, place, case):
        stand_in = organisation().manager
        handed_over(case, by=place.manager, to=place.other_manager)
        away(place.other_manager, stand_in)
        assert diarise(place, stand_in).on_behalf_of == place.other_manager
        (change,) = record(place, stand_in)
        assert change.on_behalf_of == place.other_manager

    def test_in_one_s_own_right_alone(self, place):
        away(place.manager, place.other_manager)
        assert diarise(place, place.manager).on_behalf_of is None
        (change,) = record(place, place.manager)
        assert change.on_behalf_of is None
