"""The matrix of headings and evidence: what is thin, by criterion, and which of the bank might fill a gap."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolios import bank_transitions, matrix_selectors, policies, selectors, transitions
from portfolios.models import CriterionMark, Evidence, HeadingMark, ReferenceMark
from tests.council import NOW, organisation, social_worker
from tests.portfolios.makers import piece_of, said
from tests.reading import text
from tests.walk import State, application_at, started

pytestmark = pytest.mark.django_db
MATRIX = "/evidence/by-heading/"
TODAY = NOW.date()


@pytest.fixture
def worker(client):
    worker = organisation().worker
    client.force_login(worker)
    return worker


@pytest.fixture
def asked(worker):
    return selectors.aim_of(worker, today=TODAY)


def row_of(worker, asked, code="recording", **options):
    found = matrix_selectors.matrix(worker, asked, **options)
    return next(row for row in found.headings if row.code == code)


def heading_of(asked, code="recording"):
    return next(one for one in asked.evidenced if one.competency.code == code)


def speaks(worker, asked, piece, *criteria, items=()):
    bank_transitions.say_what_it_shows(
        piece, worker=worker, asked=asked, criteria={one.pk for one in criteria}, items=set(items)
    )


class TestWhatIsThin:
    def test_examples_drafts_and_what_goes_beside_are_told_apart(self, worker, asked):
        recording = heading_of(asked).competency
        for day in (3, 5):
            piece_of(
                worker, competencies=[recording], aim=asked, fields=said(practised_on=date(2025, 5, day))
            )
        piece_of(worker, competencies=[recording], aim=asked, as_draft=True)
        piece_of(worker, competencies=[recording], aim=asked, fields=said(kind="testimony"))
        piece_of(worker, competencies=[recording], aim=asked, fields=said(kind="CPD record"))
        row = row_of(worker, asked)
        assert (row.examples, row.drafts, row.beside, row.wanted) == (2, 1, 1, 3)
        assert row.newest == date(2025, 5, 5)
        assert row.status == "Could add more"

    def test_a_criterion_counts_the_finished_pieces_that_speak_to_it(self, worker, asked):
        heading = heading_of(asked)
        first, second = heading.criteria[:2]
        for criteria in ((first,), (first, second)):
            piece = piece_of(worker, competencies=[heading.competency], aim=asked)
            speaks(worker, asked, piece, *criteria)
        draft = piece_of(worker, competencies=[heading.competency], aim=asked, as_draft=True)
        speaks(worker, asked, draft, second)
        row = row_of(worker, asked)
        assert [one.pieces for one in row.criteria][:2] == [2, 1]
        assert row.unspoken == len(heading.criteria) - 2

    def test_one_piece_counts_for_many_headings_and_for_the_lists(self, client):
        """R38: the regulator's standards among them."""
        application = application_at(State.DRAFT, scheme="redbridge-2013")
        worker, portfolio = application.worker, application.portfolio
        asked = policies.asked(portfolio)
        headings = [
            one.competency
            for one in asked.evidenced
            if one.competency.group == asked.evidenced[0].competency.group
        ]
        piece = piece_of(worker, portfolio, headings, fields=said(kind="case study"))
        standards = next(
            one for one in matrix_selectors.reference_lists(asked) if one.code == "hcpc-standards"
        )
        speaks(
            worker,
            asked,
            piece,
            items=[("hcpc-standards", standards.items[0]), ("pcf", "Knowledge"), ("pcf", "x")],
        )
        found = matrix_selectors.matrix(worker, asked, portfolio)
        assert [row.examples for row in found.headings if row.group == headings[0].group] == [1] * len(
            headings
        )
        assert [row.counted for row in found.headings if row.group == headings[0].group] == [1] * len(
            headings
        )
        counted = {
            (table.code, item.name): item.pieces
            for table in found.references
            for item in table.items
            if item.pieces
        }
        assert counted == {("hcpc-standards", standards.items[0]): 1, ("pcf", "Knowledge"): 1}
        client.force_login(worker)
        page = text(client.get(MATRIX))
        assert (
            "Social Work England since December 2019" in page
            and "Professional Capabilities Framework" in page
        )

    def test_a_removed_piece_and_a_colleague_s_count_for_nothing(self, worker, asked):
        recording = heading_of(asked).competency
        piece = piece_of(worker, competencies=[recording], aim=asked)
        piece_of(social_worker(worker.post.team), competencies=[recording], aim=asked)
        assert row_of(worker, asked).examples == 1
        transitions.remove_evidence(piece, worker=worker, now=NOW)
        assert row_of(worker, asked).examples == 0


class TestFillingGaps:
    @pytest.fixture
    def bank(self, worker, asked):
        heading = heading_of(asked)
        said_of = heading.criteria[0].text
        return {
            "about": piece_of(worker, fields=said(title="About it", what_i_did=said_of)),
            "marked": piece_of(
                worker, competencies=[heading.competency], aim=asked, fields=said(title="Marked for it")
            ),
            "other": piece_of(
                worker,
                fields=said(title="Zebras", what_i_did="Stripes", outcome="Hooves", what_i_learned="Grass"),
            ),
            "draft": piece_of(worker, fields=said(title="Draft", what_i_did=said_of), as_draft=True),
            "kind": piece_of(worker, fields=said(kind="CPD record", title="Course", what_i_did=said_of)),
        }

    def test_a_thin_heading_says_what_might_fill_it(self, worker, asked, bank):
        titles = [one.title for one in row_of(worker, asked).might_fill]
        assert "About it" in titles
        assert not {"Marked for it", "Zebras", "Draft", "Course"} & set(titles)

    def test_a_gap_says_first_what_is_marked_for_its_heading(self, worker, asked, bank):
        row = matrix_selectors.one_heading(worker, asked, "recording")
        gap = row.criteria[0]
        assert [(one.title, one.marked) for one in gap.might_fill] == [
            ("Marked for it", True),
            ("About it", False),
        ]

    def test_at_most_three_are_offered(self, worker, asked, bank):
        for number in range(6):
            piece_of(
                worker, fields=said(title=f"About it {number}", what_i_did=heading_of(asked).criteria[0].text)
            )
        assert len(row_of(worker, asked).might_fill) == 3
        assert len(matrix_selectors.one_heading(worker, asked, "recording").criteria[0].might_fill) == 3

    def test_choosing_one_marks_it(self, client, worker, asked, bank):
        gap = heading_of(asked).criteria[0]
        page = text(client.get(f"{MATRIX}recording/"))
        assert "You chose this heading for it" in page and "offered when you next apply" in page
        answer = client.post(f"{MATRIX}recording/", {"fills": [f"{gap.pk}-{bank['about'].pk}"]})
        assert answer.status_code == 302
        row = matrix_selectors.one_heading(worker, asked, "recording")
        assert (row.criteria[0].pieces, row.examples) == (1, 2)
        assert row.criteria[0].newest_pieces[0][1] == "About it"

    def test_with_an_application_open_it_counts_there_too(self, client, worker, asked, bank):
        portfolio = started(worker).portfolio
        gap = heading_of(asked).criteria[0]
        assert "counts for this heading in your application" in text(client.get(f"{MATRIX}recording/"))
        client.post(f"{MATRIX}recording/", {"fills": [f"{gap.pk}-{bank['about'].pk}"]})
        assert portfolio.claims.get().evidence == bank["about"]

    def test_what_was_not_offered_is_refused(self, client, worker, asked, bank):
        gap = heading_of(asked).criteria[0]
        theirs = piece_of(social_worker(worker.post.team))
        for wrong in (f"{gap.pk}-{theirs.pk}", f"{gap.pk}-{bank['draft'].pk}", "x", ""):
            assert client.post(f"{MATRIX}recording/", {"fills": [wrong]}).status_code == 200
        assert "Choose at least one piece" in text(client.post(f"{MATRIX}recording/", {}))
        assert not CriterionMark.objects.exists()


class TestWhatAPieceShows:
    def test_its_page_offers_its_own_headings_criteria_alone(self, client, worker, asked):
        heading = heading_of(asked)
        piece = piece_of(worker, competencies=[heading.competency], aim=asked)
        page = text(client.get(f"/evidence/{piece.pk}/shows/"))
        assert heading.criteria[0].text in page
        assert asked.evidenced[-1].criteria[0].text not in page
        own, other = heading.criteria[0], asked.evidenced[-1].criteria[0]
        assert client.post(f"/evidence/{piece.pk}/shows/", {"criteria_0": [own.pk]}).status_code == 302
        assert client.post(f"/evidence/{piece.pk}/shows/", {"criteria_0": [other.pk]}).status_code == 200
        assert [one.criterion_id for one in CriterionMark.objects.all()] == [own.pk]
        client.post(f"/evidence/{piece.pk}/shows/", {})
        assert not CriterionMark.objects.exists()

    def test_a_colleague_s_piece_is_not_there(self, client, worker):
        theirs = piece_of(social_worker(worker.post.team))
        assert client.get(f"/evidence/{theirs.pk}/shows/").status_code == 404
        with pytest.raises(Evidence.DoesNotExist):
            speaks(worker, selectors.aim_of(worker, today=TODAY), theirs)


def test_without_a_scheme_in_force_there_is_no_matrix(client, worker):
    worker.post.team.scheme_code = "none-such"
    worker.post.team.save()
    assert "No scheme is in force" in text(client.get(MATRIX))
    assert client.get(f"{MATRIX}recording/").status_code == 404
    assert client.get("/evidence/").status_code == 200
    assert client.get("/evidence/new/").status_code == 200


def many(worker, asked, count):
    """Many finished pieces at once, each marked for two headings and a criterion, past the transitions."""
    pieces = Evidence.objects.bulk_create(
        Evidence(
            worker=worker, complete=True, created_at=NOW, updated_at=NOW, **said(title=f"Piece {number}")
        )
        for number in range(count)
    )
    headings = asked.evidenced
    marks = HeadingMark.objects.bulk_create(
        HeadingMark(
            evidence=piece,
            scheme=asked.step.scheme.code,
            heading=headings[(number + more) % len(headings)].competency.code,
        )
        for number, piece in enumerate(pieces)
        for more in (0, 1)
    )
    by_code = {one.competency.code: one.criteria[0] for one in headings}
    CriterionMark.objects.bulk_create(
        CriterionMark(mark=mark, criterion=by_code[mark.heading]) for mark in marks[::2]
    )
    ReferenceMark.objects.bulk_create(
        ReferenceMark(evidence=one, reference="pcf", item="Knowledge") for one in pieces
    )
    return pieces


@pytest.mark.parametrize("applying", [False, True])
@pytest.mark.parametrize(
    ("address", "most"),
    [
        (MATRIX, 12),
        (f"{MATRIX}recording/", 10),
        ("/evidence/", 10),
        ("/evidence/?heading=recording&kind=practice+example&since=2020-01-01&only=examples", 10),
        ("/evidence/?only=unused", 10),
        ("/evidence/{pk}/", 12),
        ("/evidence/{pk}/shows/", 10),
        ("/evidence/{pk}/edit/", 9),
        ("/portfolio/", 8),
    ],
)
def test_a_page_costs_the_same_queries_at_5_and_1000_pieces(client, worker, asked, address, most, applying):
    if applying:
        started(worker)
    elif address == "/portfolio/":
        pytest.skip("The page of a portfolio needs one.")
    counted = []
    for count in (5, 995):
        piece = many(worker, asked, count)[0]
        client.get(address.format(pk=piece.pk))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address.format(pk=piece.pk)).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= most, (
        counted,
        [query["sql"][:90] for query in queries],
    )


def test_a_search_costs_the_same_queries_at_5_and_1000_pieces(client, worker, asked):
    counted = []
    for count in (5, 995):
        many(worker, asked, count)
        address = client.post("/evidence/search/", {"words": "child or piece"}).url
        with CaptureQueriesContext(connection) as queries:
            assert f"{Evidence.objects.count():,} pieces" in text(client.get(address)).replace(
                "1000", "1,000"
            )
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 11, counted


def test_the_matrix_never_reads_a_long_text(client, worker, asked):
    many(worker, asked, 5)
    with CaptureQueriesContext(connection) as queries:
        client.get(MATRIX)
    assert not [query["sql"] for query in queries if "what_i_did" in query["sql"]]


@pytest.mark.rule("R4", scheme="medway-2010", page=MATRIX)
def test_what_is_judged_without_examples_is_named_here_and_in_the_self_assessment(client, worker, asked):
    """R4: so the criteria counted on one page and on the other make the same sum."""
    found = matrix_selectors.matrix(worker, asked)
    assert found.without == ["Diversity and equality"]
    beside = sum(len(one.criteria) for one in asked.judged if one.competency.name in found.without)
    assert found.criteria + beside == asked.criteria_count
    assert "Diversity and equality is not here: no examples are asked for it." in text(client.get(MATRIX))
    page = text(client.get("/self-assessment/"))
    assert f"You have answered 0 of {asked.criteria_count} criteria." in page
    assert page.count("No examples are asked for it") == 1


def test_what_is_not_started_is_said_only_while_a_portfolio_is_built(client, worker):
    """Whoever has submitted, or not begun, is not told to start."""
    assert "Not started" not in text(client.get(MATRIX))
    portfolio = started(worker).portfolio
    asked = policies.asked(portfolio)
    assert text(client.get(MATRIX)).count("Not started") == len(asked.evidenced)
    piece_of(worker, portfolio, [heading_of(asked).competency])
    assert text(client.get(MATRIX)).count("Not started") == len(asked.evidenced) - 1
    submitted = application_at(State.SUBMITTED)
    client.force_login(submitted.worker)
    assert "Not started" not in text(client.get(MATRIX))


def test_more_examples_than_expected_are_not_so_many_of_fewer(client, worker, asked):
    recording = heading_of(asked).competency
    for count, words in ((3, "You have 3 of about 3 examples"), (4, "You have 4 examples")):
        while row_of(worker, asked).examples < count:
            piece_of(worker, competencies=[recording], aim=asked)
        assert words in text(client.get(f"{MATRIX}recording/"))
    assert "4 of 3" not in text(client.get(MATRIX))
