"""A worker's own pages: who has them, what they say, and how few queries they cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portfolios import portfolio_transitions, selectors, transitions
from portfolios.models import Claim, Evidence
from tests.council import NOW, organisation, social_worker
from tests.portfolios.makers import headings_of, pdf_file, piece_of, said, upload
from tests.walk import State, application_at, portfolio_filled

pytestmark = pytest.mark.django_db
PORTFOLIO = "/portfolio/"
HEADING = "/portfolio/recording/"
BANK = "/evidence/"


@pytest.fixture
def portfolio():
    return application_at(State.DRAFT).portfolio


@pytest.fixture
def worker(portfolio, client):
    client.force_login(portfolio.worker)
    return portfolio.worker


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return " ".join(response.content.decode().split())


def addresses(piece, attachment):
    at = [piece.pk]
    return [
        PORTFOLIO,
        HEADING,
        "/portfolio/desirable/",
        "/portfolio/recording/from-your-evidence/",
        BANK,
        reverse("portfolios:new"),
        reverse("portfolios:evidence", args=at),
        reverse("portfolios:edit", args=at),
        reverse("portfolios:remove", args=at),
        reverse("portfolios:attachment", args=[piece.pk, attachment.token]),
    ]


def with_a_file(worker, portfolio=None):
    piece = piece_of(worker, portfolio)
    return piece, transitions.attach_file(piece, worker=worker, upload=upload(pdf_file()), now=NOW)


def test_the_worker_has_every_page(client, worker, portfolio):
    for address in addresses(*with_a_file(worker, portfolio)):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(
    "who", ["manager", "service_manager", "head", "director", "payroll", "psw", "auditor", "administrator"]
)
def test_nobody_but_a_social_worker_has_them(client, who):
    place = organisation()
    piece, attachment = with_a_file(place.worker, application_at(State.DRAFT, worker=place.worker).portfolio)
    client.force_login(getattr(place, who))
    for address in addresses(piece, attachment):
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code in {404, 405}, address


def test_a_social_worker_without_a_post_has_none(client):
    worker = organisation().worker
    worker.post.delete()
    client.force_login(worker)
    assert client.get(BANK).status_code == 404


def test_a_colleague_in_the_same_team_never_reaches_anothers_evidence(client, worker, portfolio):
    """The near miss: the right role, the right team, somebody else's piece."""
    piece, attachment = with_a_file(worker, portfolio)
    colleague = social_worker(worker.post.team)
    own, own_file = with_a_file(colleague, application_at(State.DRAFT, worker=colleague).portfolio)
    client.force_login(colleague)
    for name in ("evidence", "edit", "remove"):
        assert client.get(reverse(f"portfolios:{name}", args=[piece.pk])).status_code == 404
    form = {"key": piece.key, "revision": piece.revision, "title": "Taken", "kind": piece.kind}
    for name in ("edit", "remove", "autosave"):
        assert client.post(reverse(f"portfolios:{name}", args=[piece.pk]), form).status_code == 404
    for pk, token in ((piece.pk, attachment.token), (own.pk, attachment.token), (piece.pk, own_file.token)):
        assert client.get(reverse("portfolios:attachment", args=[pk, token])).status_code == 404
    piece.refresh_from_db()
    assert piece.title != "Taken"


@pytest.mark.parametrize(
    "address",
    [
        "/portfolio/no-such-heading/",
        "/portfolio/diversity-and-equality/",
        "/portfolio/no-such-heading/from-your-evidence/",
        "/evidence/999999999/",
        "/evidence/99999999999999999999999/",
        "/evidence/99999999999999999999999/edit/",
    ],
)
def test_what_does_not_exist_is_not_found(client, worker, address):
    assert client.get(address).status_code == 404


def test_a_worker_without_a_portfolio_is_told_how_to_begin(client):
    client.force_login(organisation().worker)
    assert "You have no portfolio yet" in read(client, PORTFOLIO)
    assert client.get(HEADING).status_code == 404
    assert "You have not written any evidence yet" in read(client, BANK)
    assert client.get("/evidence/new/").status_code == 200


@pytest.mark.rule("R7", scheme="medway-2010", page="/portfolio/")
def test_the_task_list_says_how_far_each_heading_is(client, worker, portfolio):
    """R7: about three examples."""
    headings = headings_of(portfolio)
    for count in (1, 2, 3):
        piece_of(worker, portfolio, headings[: 4 - count])
    piece_of(worker, portfolio, headings[3:4], as_draft=True)
    page = read(client, PORTFOLIO)
    assert "3 of 20 headings have at least one example" in page
    assert "Diversity and equality" not in page
    for words in ("3 of about 3<", "2 of about 3<", "1 of about 3<", "0 of about 3, and 1 draft<"):
        assert words in page
    for status in ("Done", "Could add more", "Draft only", "Not started"):
        assert status in page


def test_a_full_portfolio_says_that_it_can_be_submitted(client, worker, portfolio):
    portfolio_filled(portfolio.application)
    page = read(client, PORTFOLIO)
    assert "Every one of the 20 headings has at least one example" in page
    assert "Check and submit" in page


def test_the_heading_page_shows_what_is_asked_and_what_is_there(client, worker, portfolio):
    heading = headings_of(portfolio)[0]
    piece_of(worker, portfolio, [heading], fields=said(what_i_did="<script>alert(1)</script>"))
    page = read(client, HEADING)
    assert "Level 2 Social Worker" in page and "Level 3 Social Worker" in page
    assert "Your examples: 1 of about 3" in page
    assert "&lt;script&gt;" in page and "<script>alert" not in page


def test_what_was_submitted_is_shown_as_it_was_and_cannot_be_changed(client, worker, portfolio):
    portfolio_filled(portfolio.application)
    portfolio_transitions.freeze(portfolio, worked_through_with_manager=True, now=NOW)
    piece = Evidence.objects.get()
    transitions.save_evidence(
        piece, worker=worker, base_revision=1, fields=said(title="Rewritten"), now=NOW + timedelta(days=1)
    )
    page = read(client, PORTFOLIO)
    assert "You submitted this portfolio on 10 March 2026" in page
    assert "Check and submit" not in page
    heading = read(client, HEADING)
    assert "A home visit, 1" in heading and "Rewritten" not in heading
    assert "Add an example" not in heading
    for address in ("/portfolio/desirable/", "/portfolio/recording/from-your-evidence/"):
        assert client.get(address).status_code == 409
        assert client.post(address, {"pieces": [piece.pk], "held": []}).status_code == 409
    assert "Nothing that you have submitted changes" in read(client, f"/evidence/{piece.pk}/edit/")


def test_a_portfolio_closed_before_it_was_submitted_says_so(client, worker, portfolio):
    portfolio_transitions.close(portfolio)
    assert "closed before it was submitted" in read(client, PORTFOLIO)


def test_removing_asks_first_and_says_so_after(client, worker, portfolio):
    piece = piece_of(worker, portfolio, headings_of(portfolio)[:1])
    address = reverse("portfolios:remove", args=[piece.pk])
    assert "You cannot bring it back" in read(client, address)
    assert Evidence.objects.get().removed_at is None
    response = client.post(address, follow=True)
    assert "Removed “A core group that I chaired”" in response.content.decode()
    assert client.get(reverse("portfolios:evidence", args=[piece.pk])).status_code == 404


def test_evidence_already_written_is_used_for_another_heading(client, worker, portfolio):
    piece = piece_of(worker)
    address = "/portfolio/recording/from-your-evidence/"
    assert "Choose at least one" in client.post(address, {}).content.decode()
    client.post(address, {"pieces": [piece.pk]})
    assert Claim.objects.get().competency.code == "recording"
    assert "You have no other evidence" in read(client, address)


@pytest.mark.rule("R6", scheme="medway-2010", page="/portfolio/desirable/")
def test_desirables_are_said_and_shown(client, worker, portfolio):
    """R6."""
    code = selectors.desirables_asked(portfolio)[0].code
    client.post("/portfolio/desirable/", {"held": [code, "made-up"]})
    assert "You have it" not in read(client, PORTFOLIO)
    client.post("/portfolio/desirable/", {"held": [code]})
    assert read(client, PORTFOLIO).count("You have it") == 1
    client.post("/portfolio/desirable/", {})
    assert "You have it" not in read(client, PORTFOLIO)


def test_the_bank_shows_its_parts(client, worker, portfolio):
    headings = headings_of(portfolio)
    piece_of(worker, portfolio, headings[:2], fields=said(title="Used"))
    piece_of(worker, fields=said(title="Unused"))
    piece_of(worker, fields={"title": "Unfinished"})
    transitions.remove_evidence(piece_of(worker, fields=said(title="Gone")), worker=worker, now=NOW)
    shown = {
        only: {
            title
            for title in ("Used", "Unused", "Unfinished", "Gone")
            if f">{title}<" in read(client, f"{BANK}?only={only}")
        }
        for only in ("", "examples", "drafts", "unused", "nonsense")
    }
    assert shown == {
        "": {"Used", "Unused", "Unfinished"},
        "examples": {"Used", "Unused"},
        "drafts": {"Unfinished"},
        "unused": {"Unused", "Unfinished"},
        "nonsense": {"Used", "Unused", "Unfinished"},
    }
    assert "Recording, Assessments" in read(client, BANK)


def many(worker, portfolio, count):
    """Many pieces at once, past the transitions, for counting queries alone."""
    pieces = Evidence.objects.bulk_create(
        Evidence(
            worker=worker,
            complete=True,
            revision=1,
            created_at=NOW,
            updated_at=NOW + timedelta(minutes=number),
            **said(),
        )
        for number in range(count)
    )
    headings = headings_of(portfolio)
    Claim.objects.bulk_create(
        Claim(portfolio=portfolio, evidence=piece, competency=headings[(number + more) % len(headings)])
        for number, piece in enumerate(pieces)
        for more in (0, 1)
    )
    return pieces


@pytest.mark.parametrize(
    ("address", "most"),
    [
        (PORTFOLIO, 8),
        (HEADING, 8),
        (BANK, 8),
        (f"{BANK}?page=2", 8),
        (f"{BANK}?only=unused", 8),
        ("/portfolio/recording/from-your-evidence/", 8),
        ("/evidence/new/", 8),
        ("/evidence/{pk}/", 8),
        ("/evidence/{pk}/edit/", 8),
    ],
)
def test_a_page_costs_the_same_queries_at_5_60_and_600_pieces(client, worker, portfolio, address, most):
    counted = []
    for count in (5, 55, 540):
        piece = many(worker, portfolio, count)[0]
        with CaptureQueriesContext(connection) as queries:
            read(client, address.format(pk=piece.pk))
        counted.append(len(queries))
    assert len(set(counted)) == 1 and counted[0] <= most, counted


def test_saving_evidence_with_its_history_costs_at_most_12_queries(client, worker, portfolio):
    counted = []
    for count in (3, 300):
        many(worker, portfolio, count)
        piece = piece_of(worker, portfolio, headings_of(portfolio)[:2])
        form = {
            "key": piece.key,
            "revision": piece.revision,
            "kind": piece.kind,
            "title": "Changed",
            "practised_on_0": "1",
            "practised_on_1": "11",
            "practised_on_2": "2025",
            "what_i_did": "More",
            "outcome": "More",
            "what_i_learned": "More",
            "headings_0": ["recording", "child-protection"],
            "continue": "continue",
        }
        with CaptureQueriesContext(connection) as queries:
            response = client.post(reverse("portfolios:edit", args=[piece.pk]), form)
        assert response.status_code == 302
        assert piece.revisions.count() == 2
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 12, [query["sql"][:120] for query in queries]
