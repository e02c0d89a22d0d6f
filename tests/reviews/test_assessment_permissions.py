"""Who assesses, who reads what was found, and who is not even told that there is a case."""

from functools import partial
from types import SimpleNamespace

import pytest
from django.urls import reverse

from people.permissions import NotAllowed
from people.roles import Role
from progression.states import State
from reviews import transitions
from tests.built_once import built_once
from tests.council import NOW, TODAY, organisation, person, social_worker
from tests.walk import application_at

pytestmark = pytest.mark.django_db

ASSESSING = [
    ("assessment", ()),
    ("assess_heading", ("recording",)),
    ("declarations", ()),
    ("recommendation", ()),
    ("sign", ()),
    ("return_to_worker", ()),
]
SEE_BUT_MAY_NOT = ("worker", "service_manager", "head", "director", "auditor")
SEE_NOTHING = ("colleague", "other_manager", "payroll", "psw", "administrator")


def build():
    place = organisation()
    application = application_at(State.SUBMITTED, worker=place.worker)
    transitions.begin_assessment(application, actor=place.manager, now=NOW)
    return SimpleNamespace(place=place, application=application)


built, cases = built_once(build)


@pytest.fixture
def place(cases):
    return cases.place


@pytest.fixture
def application(cases):
    return cases.application


def answers(client, user, application, page, *args):
    """The status codes of GET and POST, as this person."""
    client.force_login(user)
    address = reverse(f"reviews:{page}", args=(application.reference, *args))
    return client.get(address).status_code, client.post(address, {"revision": 0}).status_code


def test_the_teams_manager_assesses(client, place, application):
    for page, args in ASSESSING:
        assert set(answers(client, place.manager, application, page, *args)) <= {200, 302}, page


def test_who_sees_the_case_is_told_why_not(client, place, application):
    for who in SEE_BUT_MAY_NOT:
        for page, args in ASSESSING:
            told = answers(client, place.everybody[who], application, page, *args)
            assert told == (403, 403), (who, page)


def test_everybody_else_finds_nothing(client, place, application):
    """Right role, wrong team, among them."""
    for who in SEE_NOTHING:
        for page, args in [*ASSESSING, ("signed", ()), ("findings", ())]:
            told = answers(client, place.everybody[who], application, page, *args)
            assert told[0] == 404, (who, page)


def test_a_manager_of_another_council_finds_nothing(client, application):
    stranger = organisation("redbridge-2013").manager
    assert answers(client, stranger, application, "assessment") == (404, 404)


def test_a_manager_does_not_assess_their_own_application(place):
    """R15's neighbour: nobody judges themselves, whatever the directory says."""
    worker = social_worker(place.team)
    application = application_at(State.SUBMITTED, worker=worker)
    place.team.manager = worker
    place.team.save()
    with pytest.raises(NotAllowed, match="your own"):
        transitions.begin_assessment(application, actor=worker, now=NOW)


def test_every_move_asks_who(place, application):
    assessment = application.assessments.get()
    competency = assessment.findings.first().criterion.competency
    for who in ("other_manager", "service_manager", "worker"):
        options = {"actor": place.everybody[who], "now": NOW}
        save = options | {"base_revision": 0}
        for move in (
            partial(transitions.begin_assessment, application, **options),
            partial(transitions.save_heading, assessment, competency, findings={}, **save),
            partial(transitions.save_declarations, assessment, shown={}, **save),
            partial(transitions.save_recommendation, assessment, recommended=True, **save),
            partial(transitions.return_to_worker, application, reason="No.", **options),
            partial(transitions.sign, application, today=TODAY, **options),
        ):
            with pytest.raises(NotAllowed):
                move()


class TestReadingTheFindings:
    def reads(self, client, user, application):
        client.force_login(user)
        return client.get(reverse("reviews:findings", args=(application.reference,))).status_code

    def test_managers_and_auditors_read_what_is_signed(self, client, place):
        for state in (State.RECOMMENDED, State.NOT_RECOMMENDED):
            application = application_at(state, place)
            for who in ("manager", "service_manager", "head", "director", "auditor"):
                assert self.reads(client, place.everybody[who], application) == 200, who

    @pytest.mark.parametrize(
        ("state", "status"),
        [
            (State.RECOMMENDED, 403),
            (State.NOT_RECOMMENDED, 403),
            (State.REFUSED, 200),
            (State.DECLINED, 200),
            (State.AUTHORISED, 200),
        ],
    )
    def test_the_worker_reads_them_once_it_is_decided(self, client, place, state, status):
        """R18: with the outcome, not before."""
        application = application_at(state, place)
        assert self.reads(client, application.worker, application) == status

    def test_before_the_signature_there_is_nothing_to_read(self, client, place, application):
        assert self.reads(client, place.manager, application) == 404
        assert self.reads(client, place.service_manager, application) == 404

    def test_the_manager_who_signed_still_reads_after_a_move(self, client, place):
        """R9: whoever acted keeps sight of the case; the new manager of another team does not gain it."""
        application = application_at(State.RECOMMENDED, worker=social_worker(place.team))
        place.team.manager = person(Role.TEAM_MANAGER)
        place.team.save()
        assert self.reads(client, place.manager, application) == 200
        assert self.reads(client, place.other_manager, application) == 404
