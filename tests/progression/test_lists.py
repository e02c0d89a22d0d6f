"""Lists and figures: what is on them, who reads them, and that they cost the same however long they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.models import Post, User
from people.roles import Role
from portfolios.models import Portfolio
from progression import registers
from progression.models import Application, Deadline, DeadlineKind, Event
from progression.states import STAGES, State
from progression.team_selectors import members_of
from progression.transitions import record
from tests.council import NOW, organisation, social_worker
from tests.walk import WAYS, application_at, started, withdrawn

pytestmark = pytest.mark.django_db

LISTS = {
    "team": {"manager", "other_manager"},
    "workers": {"service_manager", "head", "director", "auditor"},
    "applications": {"service_manager", "head", "director", "auditor"},
    "figures": {"service_manager", "head", "director", "auditor", "psw"},
}


@pytest.fixture
def place():
    return organisation()


def names(lines):
    return [line.name for line in lines]


@pytest.mark.parametrize("page", LISTS)
def test_who_reads_which_list(client, place, page):
    for name, user in place.everybody.items():
        client.force_login(user)
        found = client.get(reverse(f"progression:{page}"))
        assert found.status_code == (200 if name in LISTS[page] else 403), name


class TestTeam:
    def test_each_worker_with_their_open_application(self, place):
        withdrawn(started(place.worker))
        open_now = started(place.worker)
        lines = lines_of(place.manager)
        assert [(line.name, line.reference) for line in lines] == [
            (place.worker.name, open_now.reference),
            (place.colleague.name, ""),
        ]

    def test_the_other_team_is_not_on_it(self, place):
        social_worker(place.other_team)
        assert len(lines_of(place.manager)) == 2

    def test_leavers_are_not_on_it(self, place):
        place.colleague.is_active = False
        place.colleague.save()
        assert names(lines_of(place.manager)) == [place.worker.name]

    def test_an_application_in_another_managers_team_is_not_shown(self, place):
        """The case stays with the team it was made in, and so does its link."""
        mover = social_worker(place.other_team)
        application_at(State.SUBMITTED, worker=mover)
        mover.post.team = place.team
        mover.post.save()
        line = next(line for line in lines_of(place.manager) if line.name == mover.name)
        assert line.stage is None


class TestWorkers:
    def test_search_by_part_of_a_name(self, place):
        social_worker(place.team, "Wilhelmina Astley")
        social_worker(place.team, "Percival Ombe")
        assert names(registers.workers(place.head, page=1, search="mina a")) == ["Wilhelmina Astley"]

    def test_another_services_workers_are_not_on_it(self, place):
        organisation()
        assert len(registers.workers(place.head, page=1)) == 2

    @pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.WITHDRAWN])
    def test_filter_by_state(self, place, state):
        for one in (State.DRAFT, State.SUBMITTED, State.WITHDRAWN):
            application_at(one, place)
        found = registers.workers(place.head, page=1, state=state)
        assert [line.stage for line in found] == [STAGES[state]]

    def test_the_state_is_that_of_the_open_application(self, place):
        withdrawn(started(place.worker))
        started(place.worker)
        assert len(registers.workers(place.head, page=1, state=State.WITHDRAWN)) == 0
        assert len(registers.workers(place.head, page=1, state=State.DRAFT)) == 1

    def test_those_who_never_applied(self, place):
        started(place.worker)
        found = registers.workers(place.head, page=1, state=registers.NO_APPLICATION)
        assert names(found) == [place.colleague.name]

    def test_fifty_a_page(self, place, client):
        for _ in range(50):
            social_worker(place.team)
        first, second = (registers.workers(place.head, page=page) for page in (1, 2))
        assert (len(first), len(second)) == (50, 2)
        client.force_login(place.head)
        sent = client.post(reverse("progression:workers"), {"search": " Social "})
        found = client.get(f"{sent.url}&page=2")
        assert "page 2 of 2" in found.text
        token = sent.url.partition("?words=")[2]
        assert f"?page=1&amp;words={token}" in found.text
        assert "Social" not in sent.url and 'value="Social"' in found.text

    @pytest.mark.parametrize("name", ["workers", "applications"])
    def test_a_name_searched_for_stands_in_no_address_and_is_this_sessions_alone(self, place, client, name):
        address = reverse(f"progression:{name}")
        application_at(State.DRAFT, worker=place.worker)
        client.force_login(place.head)
        sent = client.post(address, {"search": place.worker.name, "state": "draft"})
        assert "Social" not in sent.url and sent.url.endswith("&state=draft")
        assert place.worker.name in client.get(sent.url).text
        client.force_login(place.director)
        told = client.get(sent.url)
        assert told.url == f"{address}?state=draft"
        assert "Your search words are no longer kept" in client.get(told.url).text

    @pytest.mark.parametrize("query", ["page=x", "page=999", "state=nonsense", "words=", "search=%25&state="])
    def test_odd_questions_have_plain_answers(self, place, client, query):
        client.force_login(place.head)
        assert client.get(f"{reverse('progression:workers')}?{query}").status_code == 200
        assert client.get(f"{reverse('progression:applications')}?{query}").status_code == 200

    @pytest.mark.parametrize("typed", ["\x00", "%", "'", "💥" * 300])
    def test_odd_words_have_plain_answers(self, place, client, typed):
        client.force_login(place.head)
        for name in ("workers", "applications"):
            sent = client.post(reverse(f"progression:{name}"), {"search": typed, "state": typed})
            assert client.get(sent.url).status_code == 200


class TestApplications:
    def test_by_number_and_by_name(self, place):
        one = application_at(State.DRAFT, worker=place.worker)
        application_at(State.SUBMITTED, worker=place.colleague)
        assert list(registers.applications(place.auditor, page=1, search=one.reference.lower())) == [one]
        assert list(registers.applications(place.auditor, page=1, search=place.worker.name)) == [one]
        assert len(registers.applications(place.auditor, page=1)) == 2

    def test_another_services_are_not_on_it(self, place):
        other = application_at(State.SUBMITTED)
        assert len(registers.applications(place.auditor, page=1, search=other.reference)) == 0


class TestFigures:
    def test_numbers_and_days(self, place):
        application_at(State.SUBMITTED, worker=place.worker)
        application_at(State.SUBMITTED, worker=place.colleague, now=NOW - timedelta(days=4))
        application_at(State.WITHDRAWN, place)
        (figures,) = registers.figures(place.psw, now=NOW + timedelta(days=2)).values()
        by_label = {figure.label: figure for figure in figures}
        assert len(figures) == len(State)
        assert (by_label["To be assessed"].count, by_label["To be assessed"].days) == (2, 4)
        assert (by_label["Withdrawn"].count, by_label["Withdrawn"].days) == (1, None)
        assert by_label["Under review"].count == 0

    def test_no_names_and_no_numbers_of_cases(self, place, client):
        application = application_at(State.SUBMITTED, worker=place.worker)
        client.force_login(place.psw)
        page = client.get(reverse("progression:figures")).text
        for private in (place.worker.name, place.manager.name, place.team.name, application.reference):
            assert private not in page

    def test_only_of_ones_own_services(self, place):
        application_at(State.SUBMITTED)
        (figures,) = registers.figures(place.psw, now=NOW).values()
        assert sum(figure.count for figure in figures) == 0


def lines_of(manager):
    """What the manager's team page says of each of their workers."""
    return [member.line for member in members_of(manager, today=timezone.localdate())]


def queries(client, address):
    """How many SQL queries a page took, session and user included."""
    with CaptureQueriesContext(connection) as taken:
        assert client.get(address).status_code == 200
    return len(taken)


# Page, who reads it, and the most queries it may take. The bars: start 8, list of workers 6.
COSTS = [
    ("start", "worker", 8),
    ("start", "manager", 8),
    ("start", "service_manager", 8),
    ("start", "director", 8),
    ("start", "auditor", 8),
    ("progression:team", "manager", 6),
    ("progression:workers", "head", 6),
    ("progression:workers", "auditor", 6),
    ("progression:applications", "auditor", 6),
    ("progression:figures", "psw", 6),
]


@pytest.mark.parametrize(("page", "reader", "most"), COSTS)
def test_a_page_costs_the_same_at_50_workers_and_at_500(client, page, reader, most):
    place = organisation()
    client.force_login(getattr(place, reader))
    many(place, 50)
    few = queries(client, reverse(page))
    many(place, 450)
    assert queries(client, reverse(page)) == few <= most


@pytest.mark.parametrize("scheme", ["medway-2010", "redbridge-2013"])
@pytest.mark.parametrize("state", [None, State.DRAFT, *WAYS])
def test_a_workers_start_page_costs_no_more_than_8_in_any_state(client, state, scheme):
    place = organisation(scheme)
    if state:
        withdrawn(started(place.worker))
        application_at(state, worker=place.worker, now=timezone.now())
    client.force_login(place.worker)
    client.get(reverse("start"))  # a process reads once what a published step asks
    assert queries(client, reverse("start")) <= 8


def many(place, count):
    """`count` workers more in the team, each with a submitted application: one walked, the others copied."""
    model = application_at(State.SUBMITTED, place)
    first, numbers = model.pk * 1000, range(count - 1)
    people = User.objects.bulk_create(
        User(email=f"copy{first + number}@council.example", name=f"Copy {number}", role=Role.SOCIAL_WORKER)
        for number in numbers
    )
    Post.objects.bulk_create(
        Post(
            holder=one, team=place.team, ern=f"C{one.pk}", post_number="C", level=2, service_start=NOW.date()
        )
        for one in people
    )
    portfolios = Portfolio.objects.bulk_create(
        Portfolio(
            worker=one, step=model.step, is_open=False, headings_asked=20, headings_shown=20, created_at=NOW
        )
        for one in people
    )
    applications = Application.objects.bulk_create(
        Application(
            reference=f"COPY-{portfolio.pk}",
            worker=portfolio.worker,
            team=place.team,
            scheme=model.scheme,
            step=model.step,
            portfolio=portfolio,
            state_since=NOW,
            started_at=NOW,
        )
        for portfolio in portfolios
    )
    Application.objects.filter(pk__in=[one.pk for one in applications]).update(state=State.SUBMITTED)
    Event.objects.bulk_create(
        Event(
            application=one,
            at=NOW,
            actor=one.worker,
            verb="submitted",
            from_state=State.DRAFT,
            to_state=State.SUBMITTED,
        )
        for one in applications
    )
    Deadline.objects.bulk_create(
        Deadline(
            application=one,
            kind=DeadlineKind.ACT,
            state=State.SUBMITTED,
            opened_on=NOW.date(),
            due_on=NOW.date(),
        )
        for one in applications
    )


def test_case_page_costs_the_same_with_a_long_history(client):
    place = organisation()
    application = application_at(State.SUBMITTED, worker=place.worker)
    client.force_login(place.manager)
    address = reverse("progression:case", args=[application.reference])
    few = queries(client, address)
    for number in range(60):
        record(application, actor=place.manager, verb=f"looked {number}", now=NOW)
    assert queries(client, address) == few <= 12
