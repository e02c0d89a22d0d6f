"""The bank and its matrix in a real browser: sound by axe-core and at 320 px, with nothing and with 1,000."""

import pytest
from django.utils import timezone

from portfolios import selectors
from portfolios.models import Evidence
from tests.at_a_browser import follow, press, sit_down, sound
from tests.council import organisation
from tests.portfolios.makers import piece_of, said
from tests.portfolios.test_matrix import many
from tests.walk import State, application_at, started, withdrawn

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Wilhelmina-Theodora-Featherstonehaugh-Cholmondeley-and-a-word-that-never-ends"


@pytest.fixture
def worker():
    return organisation().worker


@pytest.fixture
def asked(worker):
    return selectors.aim_of(worker, today=timezone.localdate())


def a_little(worker, asked):
    """A piece marked for a heading, one about another, each of its own kind, with a word too long."""
    heading = asked.evidenced[0]
    piece_of(worker, competencies=[heading.competency], aim=asked, fields=said(title=LONG))
    about = said(title="About it", what_i_did=" ".join(one.text for one in asked.evidenced[1].criteria))
    return piece_of(worker, fields=about)


@pytest.mark.parametrize("applying", [False, True])
@pytest.mark.parametrize("pieces", [0, 2, 1000])
def test_every_page_is_sound(page, worker, asked, pieces, applying):
    if pieces == 2:
        a_little(worker, asked)
    elif pieces:
        many(worker, asked, pieces)
    if applying:
        started(worker)
    sit_down(page, worker)
    first = Evidence.objects.filter(worker=worker).first()
    own = [f"/evidence/{first.pk}/", f"/evidence/{first.pk}/shows/"] if first else []
    code = asked.evidenced[0].competency.code
    addresses = [
        "/evidence/",
        "/evidence/?only=drafts",
        "/evidence/by-heading/",
        f"/evidence/by-heading/{code}/",
        *own,
    ]
    if applying:
        addresses += ["/portfolio/", "/portfolio/carry-over/"]
    for address in addresses:
        page.goto(address)
        sound(page)


@pytest.mark.parametrize("kind", ["case study", "CPD record", "feedback from families"])
def test_the_form_of_each_kind_is_sound(page, worker, kind):
    sit_down(page, worker)
    page.goto(f"/evidence/new/?kind={kind}")
    sound(page)


def test_choosing_a_kind_changes_what_is_asked_and_keeps_what_was_typed(page, worker):
    sit_down(page, worker)
    page.goto("/evidence/new/")
    page.get_by_label("What I learned").fill("That first years matter.")
    page.get_by_label("CPD record").check()
    assert page.get_by_label("How it changed my practice").is_visible()
    assert page.get_by_role("group", name="Date of the learning").is_visible()
    labels = page.locator("label[for^=id_what], label[for=id_outcome]").all_text_contents()
    assert labels == ["What I did", "What I learned", "How it changed my practice"]
    assert page.get_by_label("What I learned").input_value() == "That first years matter."
    sound(page)


def test_a_gap_is_filled_from_the_bank_and_the_criterion_says_so(page, worker, asked):
    a_little(worker, asked)
    sit_down(page, worker)
    page.goto("/evidence/")
    follow(page.get_by_role("link", name="See your evidence by heading"))
    name = asked.evidenced[1].competency.name
    follow(page.get_by_role("link", name=name, exact=True))
    page.get_by_label("About it").first.check()
    press(page, "Add what you chose")
    assert page.get_by_text("Added 1 of your evidence").is_visible()
    assert page.get_by_role("link", name="About it", exact=True).first.is_visible()


def test_a_search_keeps_its_words_on_the_page_and_out_of_the_address(page, worker, asked):
    a_little(worker, asked)
    sit_down(page, worker)
    page.goto("/evidence/")
    page.get_by_label("Search your evidence").fill("about")
    press(page, "Search")
    assert "about" not in page.url
    assert page.get_by_label("Search your evidence").input_value() == "about"
    assert page.get_by_role("link", name="About it", exact=True).is_visible()
    follow(page.get_by_role("link", name="Show everything"))
    assert page.get_by_text("2 pieces").is_visible()


def test_the_last_application_s_evidence_is_used_again(page, worker, asked):
    withdrawn(application_at(State.SUBMITTED, worker=worker))
    portfolio = started(worker).portfolio
    sit_down(page, worker)
    page.goto("/portfolio/")
    follow(page.get_by_role("link", name="Choose what to use here"))
    sound(page)
    press(page, "Use them")
    portfolio.refresh_from_db()
    assert portfolio.headings_shown == portfolio.headings_asked
