"""Who is on which side of a review, and who reads its papers: nobody who stepped back or is in conflict."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from config.demo.assessing import fill_assessment
from payroll import query_transitions
from people.permissions import NotAllowed
from progression.models import Application, Notice
from progression.states import State
from reviews import bundle_selectors, bundle_transitions, paper_transitions, transitions
from reviews.appeal_selectors import who_explains
from reviews.models import Bundle, Side, Statement
from reviews.permissions import side_of
from tests import walk
from tests.built_once import built_once
from tests.council import NOW, TODAY, organisation
from tests.one_page import one_page
from tests.portfolios.makers import picture, upload
from tests.reading import text
from tests.standing_in import away, back, handed_over, tied, untied
from tests.walk import FOUND, application_at

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R20", scheme="medway-2010")]

READ = ("reviews:bundle", "reviews:document")
WRITE = ("reviews:statement", "reviews:add_document")


def taken_over(place, *, by):
    """A case that its manager stepped back from, assessed by who took it over, declined and under review."""
    application = application_at(State.SUBMITTED, place)
    handed_over(application, by=place.manager, to=by)
    fill_assessment(application, actor=by, recommended=True, words=FOUND, now=NOW)
    application = transitions.sign(application, actor=by, now=NOW, today=TODAY)
    return walk.under_review(walk.declined(application))


def build():
    place, beside = organisation(), organisation()
    plain, handed = application_at(State.UNDER_APPEAL, place), taken_over(place, by=place.other_manager)
    for bundle in Bundle.objects.all():
        bundle_transitions.keep(bundle, one_page(), pages=1, now=NOW + timedelta(seconds=1))
    return SimpleNamespace(place=place, beside=beside, plain=plain, handed=handed)


built, cases = built_once(build)


@pytest.fixture
def opened(client):
    """What each page of the papers answers somebody: {address: status}."""

    def visit(user, application, pages=READ + WRITE):
        token = document_of(application).token
        client.force_login(user)
        found = {}
        for page in pages:
            args = [application.reference] + ([token] if page == "reviews:document" else [])
            found[page] = client.get(reverse(page, args=args)).status_code
        return set(found.values())

    return visit


def document_of(application):
    appeal = fresh(application).appeal
    return appeal.documents.first() or paper_transitions.add_document(
        application, actor=application.worker, title="The plan", upload=upload(picture(), "plan.png"), now=NOW
    )


def fresh(application):
    return Application.objects.select_related("worker", "team__manager", "scheme").get(pk=application.pk)


def say(application, actor, words="I did not see it."):
    return paper_transitions.save_statement(application, actor=actor, text=words, base_revision=0, now=NOW)


class TestSteppedBack:
    def test_whoever_took_it_over_explains(self, cases, opened):
        taker = cases.place.other_manager
        assert side_of(taker, fresh(cases.handed)) == Side.MANAGER
        assert who_explains(fresh(cases.handed)) == taker
        assert opened(taker, cases.handed) == {200}
        assert say(cases.handed, taker).side == Side.MANAGER

    def test_whoever_stepped_back_has_no_part_in_it(self, client, cases, opened):
        manager = cases.place.manager
        assert side_of(manager, fresh(cases.handed)) is None
        assert opened(manager, cases.handed) == {404}
        for act in (
            lambda: say(cases.handed, manager),
            lambda: paper_transitions.add_document(
                cases.handed, actor=manager, title="x", upload=upload(picture(), "x.png"), now=NOW
            ),
        ):
            with pytest.raises(NotAllowed):
                act()
        page = text(client.get(reverse("reviews:review", args=[cases.handed.reference])))
        assert "The plan" not in page and "Only the two sides" in page

    def test_nor_whoever_stands_in_for_them(self, cases, opened):
        away(cases.place.manager, cases.beside.manager)
        assert opened(cases.beside.manager, cases.handed) == {404}

    def test_in_a_review_that_is_not_of_that_case_they_explain(self, cases, opened):
        """The near miss."""
        assert opened(cases.place.manager, cases.plain) == {200}
        assert opened(cases.place.other_manager, cases.plain, READ) == {404}

    def test_nor_once_whoever_took_it_over_has_left(self, cases):
        """A senior manager explains then: it does not fall back to who stepped back."""
        taker = cases.place.other_manager
        taker.is_active = False
        taker.save()
        explains = who_explains(fresh(cases.handed))
        assert explains == cases.place.service_manager
        assert side_of(explains, fresh(cases.handed)) == Side.MANAGER
        assert side_of(cases.place.manager, fresh(cases.handed)) is None

    def test_a_form_that_payroll_sends_back_is_asked_of_whoever_took_it_over(self, cases):
        place = cases.place
        application = application_at(State.SUBMITTED, place)
        handed_over(application, by=place.manager, to=place.other_manager)
        fill_assessment(application, actor=place.other_manager, recommended=True, words=FOUND, now=NOW)
        application = transitions.sign(application, actor=place.other_manager, now=NOW, today=TODAY)
        application = walk.contract_accepted(walk.sent_to_payroll(walk.authorised(application)))
        query_transitions.send_back(
            application.pay_forms.get(), actor=place.payroll, reason="Another post number.", now=NOW
        )
        told = Notice.objects.filter(kind="form_sent_back", application=application)
        assert set(told.values_list("recipient", flat=True)) == {
            place.other_manager.pk,
            application.authoriser_id,
        }


class TestInConflict:
    @pytest.mark.parametrize("declares", ["manager", "worker"])
    def test_from_the_next_request_the_assessor_has_no_part(self, cases, opened, declares):
        manager, application = cases.place.manager, cases.plain
        assert opened(manager, application) == {200}
        sides = [manager, application.worker]
        conflict = tied(*(sides if declares == "manager" else reversed(sides)))
        assert opened(manager, application) == {404}
        with pytest.raises(NotAllowed):
            say(application, manager)
        assert who_explains(fresh(application)) == cases.place.service_manager
        assert opened(cases.place.service_manager, application) == {200}
        untied(conflict)
        assert opened(manager, application) == {200}
        assert opened(cases.place.service_manager, application, READ) == {404}

    def test_with_somebody_else_it_changes_nothing(self, cases, opened):
        """The near miss."""
        tied(cases.place.manager, cases.place.colleague)
        assert opened(cases.place.manager, cases.plain) == {200}


class TestStandingIn:
    def test_for_the_manager_both_names_are_on_the_statement(self, cases, opened):
        manager, stand_in = cases.place.manager, cases.beside.manager
        absence = away(manager, stand_in)
        assert opened(stand_in, cases.plain) == {200}
        said = say(cases.plain, stand_in)
        assert (said.by, said.on_behalf_of) == (stand_in, manager)
        bundle = Bundle.objects.filter(appeal__application=cases.plain).latest("number")
        papers = bundle_selectors.bundle_papers(bundle, now=NOW)
        statement = papers.sides[1].statement
        assert statement.by.named_with(statement.on_behalf_of) == (
            f"{stand_in.name}, standing in for {manager.name}"
        )
        back(absence)
        assert opened(stand_in, cases.plain) == {404}

    def test_nobody_who_hears_it_explains_it_too(self, cases, opened):
        """The hearer stands in for the manager: they read all papers, and write none."""
        away(cases.place.manager, cases.place.director)
        assert side_of(cases.place.director, fresh(cases.plain)) is None
        assert opened(cases.place.director, cases.plain, READ) == {200}
        assert opened(cases.place.director, cases.plain, WRITE) == {403}
        with pytest.raises(NotAllowed, match="on neither side"):
            say(cases.plain, cases.place.director)
        assert not Statement.objects.exists()


class TestOneRuleForThePapers:
    """One by one or all in one file: who opens the one opens the other."""

    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("manager", 200),
            ("director", 200),
            ("auditor", 200),
            ("service_manager", 404),
            ("head", 404),
            ("other_manager", 404),
            ("colleague", 404),
            ("payroll", 404),
            ("psw", 404),
            ("administrator", 404),
        ],
    )
    def test_of_the_service(self, cases, opened, who, status):
        assert opened(getattr(cases.place, who), cases.plain, READ) == {status}

    @pytest.mark.parametrize("who", ["manager", "director", "auditor"])
    def test_nobody_of_another(self, cases, opened, who):
        assert opened(getattr(cases.beside, who), cases.plain, READ) == {404}

    def test_the_worker(self, cases, opened):
        assert opened(cases.plain.worker, cases.plain) == {200}
        assert opened(cases.handed.worker, cases.plain) == {404}

    def test_an_auditor_reads_and_does_not_write(self, client, cases, opened):
        assert opened(cases.place.auditor, cases.plain, WRITE) == {403}
        page = text(client.get(reverse("reviews:review", args=[cases.plain.reference])))
        assert "The plan" in page and "Download the papers" in page
