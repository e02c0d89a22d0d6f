"""Self-assessment, criterion by criterion: the worker's own, with its history, frozen on submission. R9."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from competencies import selectors as competencies
from people.permissions import NotAllowed
from portfolios import self_assessment_selectors as selectors
from portfolios.models import SelfAssessment, Stand
from portfolios.self_assessment_transitions import SaidElsewhere, say_where_you_stand
from tests.council import NOW, TODAY, organisation, social_worker, with_rules
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db
OWN = "/self-assessment/"
RECORDING = f"{OWN}recording/"


@pytest.fixture
def place():
    with_rules("medway-2010")
    return organisation()


def step_of(worker):
    return competencies.next_step(worker.post, today=TODAY)[0]


def recording(worker):
    return selectors.heading_of(step_of(worker), "recording")


def say(worker, *stands, words="", seen=None, now=NOW):
    """The worker answers the first criteria of Recording, as many as there are `stands`."""
    heading = recording(worker)
    if seen is None:
        seen = max(SelfAssessment.objects.values_list("pk", flat=True), default=0)
    answers = {one.pk: (stand, words) for one, stand in zip(heading.criteria, stands, strict=False)}
    return say_where_you_stand(worker, actor=worker, heading=heading, answers=answers, seen=seen, now=now)


def read(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return " ".join(response.content.decode().split())


class TestSaying:
    def test_from_the_first_day_in_post_without_any_application(self, client, place):
        client.force_login(place.worker)
        assert "You have answered 0 of" in read(client, OWN)
        first = recording(place.worker).criteria[0]
        sent = {
            "seen": 0,
            f"stand_{first.pk}": "getting_there",
            f"words_{first.pk}": "On most days.",
            "next": "",
        }
        response = client.post(RECORDING, sent)
        after = selectors.heading_after(step_of(place.worker), recording(place.worker))
        assert response.url == f"{OWN}{after.competency.code}/"
        assert "You have answered 1 of" in read(client, OWN)
        page = read(client, RECORDING)
        assert "On most days." in page and "Said on" in page

    @pytest.mark.parametrize("level", [1, 2])
    def test_the_level_of_a_criterion_is_said_only_where_there_are_two(self, client, place, level):
        client.force_login(social_worker(place.team, level=level, spinal_point=None))
        assert ('class="govuk-caption-m">Level 2' in read(client, RECORDING)) is (level == 2)

    def test_what_is_left_open_stays_as_it_was(self, place):
        say(place.worker, Stand.NOT_YET, Stand.DOING)
        say(place.worker, Stand.GETTING_THERE)
        first, second, *rest = selectors.about_heading(place.worker, recording(place.worker))
        assert (first.now.stand, second.now.stand) == (Stand.GETTING_THERE, Stand.DOING)
        assert all(one.now is None for one in rest)

    def test_every_change_is_kept_with_its_day_and_the_same_again_is_not(self, place):
        assert say(place.worker, Stand.NOT_YET) == 1
        assert say(place.worker, Stand.NOT_YET, now=NOW + timedelta(days=1)) == 0
        assert say(place.worker, Stand.DOING, now=NOW + timedelta(days=40)) == 1
        one = selectors.about_heading(place.worker, recording(place.worker))[0]
        assert (one.now.stand, one.now.on) == (Stand.DOING, TODAY + timedelta(days=40))
        assert [(before.stand, before.on) for before in one.before] == [(Stand.NOT_YET, TODAY)]

    def test_words_without_an_answer_are_asked_about_and_kept(self, client, place):
        client.force_login(place.worker)
        first = recording(place.worker).criteria[0]
        response = client.post(RECORDING, {"seen": 0, f"words_{first.pk}": "On most days."})
        assert response.status_code == 200
        assert "Say where you stand, beside what you wrote" in response.text
        assert "On most days." in response.text and not SelfAssessment.objects.exists()

    @pytest.mark.parametrize("sent", [{}, {"seen": "x"}, {"seen": "-1"}, {"seen": "9" * 30}])
    def test_a_page_that_was_tampered_with_saves_nothing(self, client, place, sent):
        client.force_login(place.worker)
        first = recording(place.worker).criteria[0]
        assert client.post(RECORDING, sent | {f"stand_{first.pk}": "doing"}).status_code == 200
        assert client.post(RECORDING, {"seen": 0, f"stand_{first.pk}": "always"}).status_code == 200
        assert not SelfAssessment.objects.exists()

    def test_two_tabs_lose_nothing(self, client, place):
        """What was chosen in the tab left open is kept, beside what was saved in the other."""
        client.force_login(place.worker)
        first = recording(place.worker).criteria[0]
        say(place.worker, Stand.NOT_YET, words="Said in the other tab.")
        sent = {"seen": 0, f"stand_{first.pk}": "doing", f"words_{first.pk}": "Said in this one."}
        response = client.post(RECORDING, sent)
        assert response.status_code == 409
        assert "Said in the other tab." in response.text and "Said in this one." in response.text
        assert SelfAssessment.objects.count() == 1
        again = sent | {"seen": SelfAssessment.objects.get().pk}
        assert client.post(RECORDING, again).status_code == 302
        assert SelfAssessment.objects.first().words == "Said in this one."

    def test_another_criterion_in_the_other_tab_is_no_clash(self, place):
        say(place.worker, Stand.NOT_YET)
        heading = recording(place.worker)
        other = {heading.criteria[1].pk: (Stand.DOING, "")}
        assert say_where_you_stand(
            place.worker, actor=place.worker, heading=heading, answers=other, seen=0, now=NOW
        )
        with pytest.raises(SaidElsewhere):
            say(place.worker, Stand.DOING, seen=0)

    def test_nobody_says_it_for_somebody_else(self, place):
        """Near misses: their own manager, and a colleague."""
        for actor in (place.manager, place.colleague):
            with pytest.raises(NotAllowed):
                say_where_you_stand(
                    place.worker, actor=actor, heading=recording(place.worker), answers={}, seen=0, now=NOW
                )

    def test_at_the_highest_level_there_is_nothing_ahead(self, client, place):
        place.worker.post.level = 3
        place.worker.post.save()
        client.force_login(place.worker)
        assert "leads further" in read(client, OWN)
        read(client, RECORDING, 404)


class TestTheDatabase:
    def test_it_is_append_only(self, place):
        say(place.worker, Stand.NOT_YET)
        for change in (
            lambda: SelfAssessment.objects.update(stand=Stand.DOING),
            lambda: SelfAssessment.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                change()

    def test_it_knows_three_answers(self, place):
        one = recording(place.worker).criteria[0]
        with pytest.raises(IntegrityError, match="self_assessment_stand_known"), transaction.atomic():
            SelfAssessment.objects.create(worker=place.worker, criterion=one, stand="always", said_at=NOW)


def test_as_many_queries_with_nothing_said_as_with_everything_said_ten_times(client, place):
    application_at(State.DRAFT, worker=place.worker)
    client.force_login(place.worker)
    counted = []
    for times in (0, 10):
        for number in range(times):
            for heading in competencies.headings_judged(step_of(place.worker)):
                SelfAssessment.objects.bulk_create(
                    SelfAssessment(
                        worker=place.worker, criterion=one, stand=Stand.DOING, words=str(number), said_at=NOW
                    )
                    for one in heading.criteria
                )
        for address in (OWN, RECORDING):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                read(client, address)
            counted.append(len(queries))
    assert counted[:2] == counted[2:] and max(counted) <= 5, counted
