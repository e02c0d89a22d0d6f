"""Two councils in one database, each on its own scheme; an application keeps the version it began under."""

from datetime import date

import pytest

from competencies import selectors, transitions
from competencies.heading_parts import OneHeading, heading
from competencies.models import Scheme
from competencies.parts import PARTS
from people.models import PerformanceRating
from progression import policies
from progression.selectors import open_deadline
from reviews import selectors as judged
from tests.council import NOW, TODAY, manager_of, organisation, social_worker
from tests.reading import text
from tests.walk import assessed, declined, recommended, started, submitted

pytestmark = pytest.mark.django_db

REWORDED = "Uses every recording system well"


@pytest.fixture
def medway():
    return organisation("medway-2010")


@pytest.fixture
def redbridge():
    return organisation("redbridge-2013")


def version_2(psw, code="medway-2010"):
    """The scheme with one criterion reworded, one heading gone and five more days to ask for a review."""
    act = {"actor": psw, "now": NOW}
    draft = transitions.begin_draft(code, **act)
    one = heading(draft.file, "recording")
    values = {
        "name": "Recording cases",
        "group": one["group"],
        "evidenced": None,
        "kinds": [],
        "criteria": {2: [REWORDED, *one["criteria"]["2"][1:]], 3: one["criteria"]["3"]},
    }
    draft = transitions.save_draft(draft, part=OneHeading("recording"), values=values, **act)
    appeal = PARTS["appeal"].read(draft.file) | {"appeal-lodge_within-working_days": 15}
    draft = transitions.save_draft(draft, part=PARTS["appeal"], values=appeal, **act)
    return transitions.publish_draft(
        draft, effective_from=TODAY, base_revision=draft.revision, today=TODAY, **act
    )


def test_each_councils_application_is_on_its_own_scheme(medway, redbridge):
    here, there = started(medway.worker), started(redbridge.worker)
    assert (here.scheme.code, there.scheme.code) == ("medway-2010", "redbridge-2013")
    assert here.scheme.rules.appeal.lodge_within.working_days == 10
    assert there.scheme.rules.appeal.lodge_within is None
    assert len(selectors.headings_judged(here.step)) == 21
    assert len(selectors.headings_judged(there.step)) == 8


def test_a_new_version_of_one_councils_scheme_leaves_the_others_alone(medway, redbridge):
    started(redbridge.worker)
    version_2(medway.psw)
    assert started(medway.worker).scheme.version == 2
    assert started(social_worker(redbridge.team)).scheme.version == 1
    assert Scheme.objects.filter(code="redbridge-2013").count() == 1


def test_one_begun_before_goes_on_as_it_began(client, medway):
    """From the portfolio to the review: its pages, its criteria and its limits are of its own version."""
    before = started(medway.worker)
    version_2(medway.psw)
    after = started(medway.colleague)
    assert (before.scheme.version, after.scheme.version) == (1, 2)

    client.force_login(medway.worker)
    assert "Recording cases" not in text(client.get("/portfolio/"))
    client.force_login(medway.colleague)
    assert "Recording cases" in text(client.get("/portfolio/"))

    texts = {}
    for application in (before, after):
        submitted(application)
        assessment = assessed(application)
        findings = [
            finding.criterion.text
            for one in judged.findings_by_heading(assessment)
            for finding in one.findings
        ]
        texts[application.pk] = findings
    assert REWORDED not in texts[before.pk] and REWORDED in texts[after.pk]
    assert len(texts[before.pk]) == len(texts[after.pk]) == 110

    client.force_login(manager_of(before))
    page = client.get(f"/applications/{before.reference}/assessment/recording/")
    assert REWORDED not in text(page)
    page = client.get(f"/applications/{after.reference}/assessment/recording/")
    assert REWORDED in text(page)


def test_a_refusal_has_the_limit_of_the_version_it_began_under(medway):
    before = started(medway.worker)
    version_2(medway.psw)
    after = started(medway.colleague)
    decided = [declined(recommended(submitted(application))) for application in (before, after)]
    assert [policies.working_days_allowed(application) for application in decided] == [10, 15]
    assert [due_on(application) for application in decided] == [date(2026, 3, 24), date(2026, 3, 31)]


def due_on(application):
    """The last day on which the worker may ask. R19."""
    return open_deadline(application).due_on


@pytest.mark.rule("R36", scheme="medway-2018")
def test_the_posts_above_are_never_reached_through_the_scheme():
    """A senior practitioner has no step to bid for, whatever their rating; nor does any version name one."""
    place = organisation("medway-2018")
    senior = social_worker(place.team, level=2, performance_rating=PerformanceRating.EXCEEDING)
    step, why = selectors.next_step(senior.post, today=TODAY)
    assert step is None
    assert "No step of your team’s scheme" in why
    names = list(Scheme.objects.get(code="medway-2018").levels.values_list("name", flat=True))
    assert names == ["Social Worker", "Senior Practitioner"]
