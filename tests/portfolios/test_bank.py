"""The bank from the first day in post: marks before there is an application, search, and using again."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from competencies.models import Competency
from competencies.rules import EvidenceKind
from portfolios import bank_selectors, bank_transitions, policies, selectors, transitions
from portfolios.bank_selectors import Wanted
from portfolios.kinds import ASKED
from portfolios.models import Claim, CriterionMark, HeadingMark, ReferenceMark
from tests.council import NOW, organisation, social_worker
from tests.portfolios.makers import headings_of, piece_of, said
from tests.reading import text
from tests.walk import State, application_at, portfolio_filled, started, submitted, withdrawn

pytestmark = pytest.mark.django_db
BANK = "/evidence/"
TODAY = NOW.date()


@pytest.fixture
def newcomer():
    """A social worker in post who never applied for anything."""
    return organisation().worker


@pytest.fixture
def aim(newcomer):
    return selectors.aim_of(newcomer, today=TODAY)


@pytest.fixture
def headings(aim):
    return [heading.competency for heading in aim.evidenced]


def marked(piece):
    return sorted(piece.heading_marks.values_list("heading", flat=True))


def titles(page):
    return [str(piece) for piece in page.object_list]


def found(worker, aim, **wanted):
    return titles(bank_selectors.bank(worker, None, aim, Wanted(**wanted), page=1))


def posted(piece=None, **changes):
    return {
        "key": "5f0c5b0e-6f1c-4f6c-9d0a-0d6a4c1c0f11",
        "revision": 0,
        "kind": "CPD record",
        "title": "A book on attachment",
        "practised_on_0": "1",
        "practised_on_1": "2",
        "practised_on_2": "2025",
        "what_i_did": "I read it with a colleague.",
        "outcome": "I ask about the first year.",
        "what_i_learned": "What a first year does.",
        "headings_0": ["recording"],
        "continue": "continue",
    } | changes


class TestBeforeAnApplication:
    def test_a_piece_is_marked_for_headings_of_the_next_step(self, newcomer, aim, headings):
        piece = piece_of(newcomer, competencies=headings[:2], aim=aim)
        assert piece.complete
        assert marked(piece) == sorted(one.code for one in headings[:2])
        assert not Claim.objects.exists()

    def test_the_form_asks_and_the_page_says_what_it_shows(self, client, newcomer):
        client.force_login(newcomer)
        page = text(client.get("/evidence/new/?kind=CPD%20record"))
        assert "How it changed my practice" in page and "Date of the learning" in page
        assert "offered when you next apply" in page
        answer = client.post("/evidence/new/", posted())
        assert answer.status_code == 302
        page = text(client.get(answer.url))
        assert "Headings it shows Recording" in page and "How it changed my practice" in page

    def test_taking_the_tick_away_takes_the_mark_with_its_criteria(self, newcomer, aim, headings):
        piece = piece_of(newcomer, competencies=headings[:2], aim=aim)
        criterion = aim.evidenced[0].criteria[0]
        bank_transitions.say_what_it_shows(
            piece, worker=newcomer, asked=aim, criteria={criterion.pk}, items=set()
        )
        transitions.save_evidence(
            piece, worker=newcomer, aim=aim, base_revision=1, fields={}, competencies=headings[1:2], now=NOW
        )
        assert marked(piece) == [headings[1].code]
        assert not CriterionMark.objects.exists()

    def test_a_stale_change_of_marks_is_refused(self, newcomer, aim, headings):
        piece = piece_of(newcomer, competencies=headings[:1], aim=aim)
        bank_transitions.fill_gaps(
            worker=newcomer,
            portfolio=None,
            asked=aim,
            competency=headings[3],
            pairs={(aim.evidenced[3].criteria[0].pk, piece.pk)},
            now=NOW,
        )
        with pytest.raises(transitions.StaleSave):
            transitions.save_evidence(
                piece,
                worker=newcomer,
                aim=aim,
                base_revision=1,
                fields={},
                competencies=headings[:1],
                now=NOW,
            )

    def test_a_heading_of_no_one_asking_is_refused(self, newcomer, aim):
        diversity = Competency.objects.get(scheme=aim.step.scheme, code="diversity-and-equality")
        with pytest.raises(transitions.Blocked, match="does not ask"):
            piece_of(newcomer, competencies=[diversity], aim=aim)

    def test_at_the_top_the_headings_are_those_of_the_step_behind(self, newcomer):
        newcomer.post.level = 3
        newcomer.post.spinal_point = 41
        newcomer.post.save()
        assert selectors.aim_of(newcomer, today=TODAY).step.to_level.number == 3

    def test_saving_costs_no_more_than_12_queries(self, client, newcomer):
        client.force_login(newcomer)
        client.post("/evidence/new/", posted())
        piece = newcomer.evidence.get()
        with CaptureQueriesContext(connection) as queries:
            client.post(f"/evidence/{piece.pk}/edit/", posted(revision=piece.revision, title="Better"))
        assert len(queries) <= 12, [query["sql"][:100] for query in queries]


class TestWhenAnApplicationBegins:
    def test_nothing_counts_until_the_worker_says_so(self, newcomer, aim, headings, client):
        piece = piece_of(newcomer, competencies=headings[:2], aim=aim)
        piece_of(newcomer, competencies=headings[:1], aim=aim, as_draft=True)
        portfolio = started(newcomer).portfolio
        assert not portfolio.claims.exists()
        client.force_login(newcomer)
        assert "You chose these headings for 1 other finished piece" in text(client.get("/portfolio/"))
        page = text(client.get("/portfolio/carry-over/"))
        assert "All that you marked" in page and "1 piece marked" in page
        chosen = {"which": "marked", "headings": [headings[1].code]}
        assert client.post("/portfolio/carry-over/", chosen).url == "/portfolio/"
        assert list(portfolio.claims.values_list("evidence", "competency")) == [(piece.pk, headings[1].pk)]
        portfolio.refresh_from_db()
        assert portfolio.headings_shown == 1
        assert piece.revisions.count() == 2

    def test_the_last_application_s_pieces_can_be_used_alone(self, newcomer, aim, client):
        first = started(newcomer)
        portfolio_filled(first)
        withdrawn(first)
        newer = piece_of(newcomer, competencies=[aim.evidenced[0].competency], aim=aim)
        second = started(newcomer)
        offers = bank_selectors.offers(second.portfolio)
        assert offers.reference == first.reference
        assert (offers.pieces, offers.last_pieces) == (
            newcomer.evidence.count(),
            newcomer.evidence.count() - 1,
        )
        bank_transitions.carry_over(
            second.portfolio,
            worker=newcomer,
            competencies=[one.competency for one in offers.headings],
            which="last",
            now=NOW,
        )
        assert not second.portfolio.claims.filter(evidence=newer).exists()
        second.portfolio.refresh_from_db()
        assert second.portfolio.headings_shown == second.portfolio.headings_asked

    def test_a_piece_says_where_it_was_used_before(self, newcomer, client):
        first = started(newcomer)
        portfolio_filled(first)
        withdrawn(first)
        client.force_login(newcomer)
        piece = newcomer.evidence.first()
        assert f"Used before {first.reference}" in text(client.get(f"/evidence/{piece.pk}/"))
        assert f"Used before in {first.reference}" in text(client.get(BANK))

    def test_what_counts_is_marked_and_a_claim_taken_back_takes_its_mark(self, newcomer):
        """PostgreSQL does it, whoever writes the claim."""
        portfolio = started(newcomer).portfolio
        headings = headings_of(portfolio)
        piece = piece_of(newcomer)
        Claim.objects.bulk_create(
            [Claim(portfolio=portfolio, evidence=piece, competency=one) for one in headings[:2]]
        )
        assert marked(piece) == sorted(one.code for one in headings[:2])
        Claim.objects.filter(competency=headings[0]).delete()
        assert marked(piece) == [headings[1].code]

    def test_a_colleague_s_pieces_are_never_carried_over(self, newcomer, aim, headings):
        colleague = social_worker(newcomer.post.team)
        piece_of(colleague, competencies=headings[:1], aim=aim)
        portfolio = started(newcomer).portfolio
        assert bank_selectors.offered_count(portfolio) == 0
        bank_transitions.carry_over(
            portfolio, worker=newcomer, competencies=headings[:1], which="marked", now=NOW
        )
        assert not portfolio.claims.exists()


class TestBesideTheExamples:
    @pytest.mark.rule("R7", scheme="medway-2010", page="/portfolio/<code>/")
    def test_an_observation_goes_beside_the_examples_and_is_none_itself(self, client):
        """R7: examples of practice; what others saw is put beside them, and submitted with them."""
        application = application_at(State.DRAFT)
        portfolio = application.portfolio
        recording = next(one for one in headings_of(portfolio) if one.code == "recording")
        seen = piece_of(
            application.worker, portfolio, [recording], fields=said(kind="direct observation", title="Seen")
        )
        assert seen.complete
        portfolio.refresh_from_db()
        assert portfolio.headings_shown == 0
        assert policies.examples_by_heading(portfolio) == {}
        client.force_login(application.worker)
        assert "Direct observation, beside your examples" in text(client.get("/portfolio/recording/"))
        portfolio_filled(application)
        handed_in = selectors.submission_view(
            selectors.last_submission(submitted(application).portfolio)
        ).heading("recording")
        assert [piece.beside for piece in handed_in.pieces] == [False, True]
        assert handed_in.examples == 1
        assert ("What they saw", seen.outcome) in handed_in.pieces[1].told

    @pytest.mark.rule("R27", scheme="redbridge-2013")
    def test_a_record_of_one_s_own_is_refused_where_the_heading_takes_another_kind(self):
        """R27: only what others say or saw may go beside."""
        portfolio = application_at(State.DRAFT, scheme="redbridge-2013").portfolio
        court = next(one for one in headings_of(portfolio) if one.code == "court-work-and-legislation")
        own = piece_of(portfolio.worker, portfolio, [court], fields=said(kind="CPD record"))
        theirs = piece_of(portfolio.worker, portfolio, [court], fields=said(kind="testimony"))
        assert (own.complete, theirs.complete) == (False, True)

    @pytest.mark.parametrize("kind", EvidenceKind)
    def test_each_kind_asks_in_its_own_words_and_is_kept(self, client, newcomer, kind):
        client.force_login(newcomer)
        page = text(client.get("/evidence/new/", {"kind": kind.value}))
        assert all(asked.label in page for asked in ASKED[kind].all)
        empty = posted(key=uuid4(), kind=kind.value, title="", what_i_did="", outcome="", what_i_learned="")
        page = text(client.post("/evidence/new/", empty))
        assert page.count("Say ") >= 3
        assert client.post("/evidence/new/", posted(kind=kind.value)).status_code == 302
        assert newcomer.evidence.get(title="A book on attachment").kind == kind.value


class TestSearch:
    @pytest.fixture
    def bank(self, newcomer, aim, headings):
        pieces = {
            "court": said(
                title="A court statement", what_i_did="I gave evidence.", practised_on=date(2025, 3, 1)
            ),
            "visit": said(
                title="A visit", what_i_did="I saw the children alone.", practised_on=date(2025, 6, 1)
            ),
            "course": said(
                kind="training record",
                title="Motivational interviewing",
                what_i_did="I used it.",
                practised_on=date(2025, 9, 1),
            ),
        }
        return {
            name: piece_of(
                newcomer, competencies=headings[:1] if name == "court" else [], aim=aim, fields=fields
            )
            for name, fields in pieces.items()
        }

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            ({"words": "statements"}, ["A court statement"]),
            ({"words": "child"}, ["A visit"]),
            ({"words": '"children alone"'}, ["A visit"]),
            ({"words": "court or interview"}, ["A court statement", "Motivational interviewing"]),
            ({"words": "a:*&)('"}, []),
            ({"kind": "training record"}, ["Motivational interviewing"]),
            ({"since": date(2025, 6, 1), "until": date(2025, 6, 1)}, ["A visit"]),
            ({"until": date(2025, 2, 28)}, []),
            ({"only": "drafts"}, []),
            ({"only": "unused"}, ["A visit", "Motivational interviewing"]),
            ({"heading": "made-up"}, []),
        ],
    )
    def test_what_is_looked_for_is_found(self, newcomer, aim, bank, wanted, expected):
        assert sorted(found(newcomer, aim, **wanted)) == sorted(expected)

    def test_by_heading(self, newcomer, aim, headings, bank):
        assert found(newcomer, aim, heading=headings[0].code) == ["A court statement"]

    def test_a_title_outranks_a_text(self, newcomer, aim, bank):
        piece_of(newcomer, fields=said(title="Short", what_i_did="At court I waited."))
        assert found(newcomer, aim, words="court") == ["A court statement", "Short"]

    def test_nobody_else_s_pieces_are_found(self, newcomer, aim, bank):
        colleague = social_worker(newcomer.post.team)
        piece_of(colleague, fields=said(title="Their court statement"))
        assert found(newcomer, aim, words="court") == ["A court statement"]

    def test_the_words_stay_out_of_the_address_and_the_choices_in_it(self, client, newcomer, bank):
        client.force_login(newcomer)
        answer = client.post(
            "/evidence/search/",
            {
                "words": "statement",
                "kind": "practice example",
                "until_0": "1",
                "until_1": "4",
                "until_2": "2025",
            },
        )
        assert "statement" not in answer.url
        assert "kind=practice+example" in answer.url and "until=2025-04-01" in answer.url
        page = text(client.get(answer.url))
        assert "1 piece." in page and "A court statement" in page and "A visit" not in page
        assert 'value="statement"' in client.get(answer.url).content.decode()

    def test_words_of_another_session_are_not_known_and_the_page_says_so(self, client, newcomer, bank):
        client.force_login(newcomer)
        address = client.post("/evidence/search/", {"words": "statement", "kind": "testimony"}).url
        client.logout()
        client.force_login(newcomer)
        answer = client.get(address)
        assert answer.status_code == 302 and answer.url == "/evidence/?kind=testimony"
        assert "no longer kept" in text(client.get(answer.url))

    def test_nothing_found_says_so_with_the_way_back(self, client, newcomer, bank):
        client.force_login(newcomer)
        page = text(client.get(client.post("/evidence/search/", {"words": "zebra"}).url))
        assert "No pieces match" in page and "Show everything" in page

    def test_an_impossible_date_is_said_beside_the_field_and_the_words_are_kept(self, client, newcomer, bank):
        client.force_login(newcomer)
        answer = client.post(
            "/evidence/search/", {"words": "visit", "since_0": "31", "since_1": "2", "since_2": "2025"}
        )
        assert answer.status_code == 200
        assert "must be a real date" in text(answer)
        assert 'value="visit"' in answer.content.decode()

    @pytest.mark.parametrize(
        "query", ["since=2025-99-99", "kind=rumour", "only=x", "heading=%00", "page=9999"]
    )
    def test_nonsense_in_the_address_is_passed_over(self, client, newcomer, bank, query):
        client.force_login(newcomer)
        assert client.get(f"{BANK}?{query}").status_code == 200

    def test_only_the_latest_searches_are_kept(self, client, newcomer):
        client.force_login(newcomer)
        for number in range(15):
            client.post("/evidence/search/", {"words": f"word{number}"})
        assert len(client.session["bank_words"]) == 10


BROKEN = {
    "heading_mark_once": (HeadingMark, {"scheme": "medway-2010", "heading": "recording"}),
    "heading_mark_names_a_heading": (HeadingMark, {"scheme": "medway-2010", "heading": ""}),
    "reference_mark_once": (ReferenceMark, {"reference": "pcf", "item": "Knowledge"}),
    "reference_mark_names_an_item": (ReferenceMark, {"reference": "pcf", "item": ""}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_postgresql_keeps_the_law_of_marks(name):
    model, fields = BROKEN[name]
    piece = piece_of(organisation().worker)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        for _ in range(2):
            model.objects.create(evidence=piece, **fields)


class TestOnASharedComputer:
    """What somebody types, a browser does not offer to whoever sits there next."""

    @pytest.mark.parametrize(
        "page", [BANK, "/evidence/new/", "/you/conflicts/new/", "/evidence/names-to-watch/"]
    )
    def test_no_form_is_kept(self, client, newcomer, page):
        piece_of(newcomer)
        client.force_login(newcomer)
        forms = re.findall(r"<form[^>]*>", client.get(page).text)
        asking = [form for form in forms if "sign-out" not in form and "stay" not in form]
        assert asking and all('autocomplete="off"' in form for form in asking), asking

    def test_but_a_password_may_be(self, client):
        assert 'autocomplete="current-password"' in client.get("/account/sign-in/").text
