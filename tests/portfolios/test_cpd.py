"""The regulator's CPD: the year, what counts, what is missing, and what nobody changes once it is entered."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.rules import EvidenceKind
from people.permissions import NotAllowed
from people.policies import Blocked
from portfolios import cpd_selectors as selectors
from portfolios import cpd_transitions as transitions
from portfolios import family_data_transitions
from portfolios import transitions as portfolios
from portfolios.models import CpdRecord
from portfolios.regulator import regulator
from tests.council import organisation, with_rules
from tests.portfolios.makers import piece_of, said
from tests.reading import text
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 5)
ENDS = date(2026, 11, 30)
PEER = {"role": "a senior social worker", "on": date(2026, 9, 14), "said": "She asked what I would drop."}


@pytest.fixture
def place():
    with_rules("medway-2010")
    return organisation()


@pytest.fixture
def october(monkeypatch):
    now = timezone.make_aware(datetime(2026, 10, 5, 12))
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


@pytest.fixture
def worker(place):
    return place.worker


def record(worker, title="A day on attachment", *, now, **fields):
    return piece_of(worker, fields=said(kind=EvidenceKind.CPD_RECORD, title=title, **fields), now=now)


def chosen(worker, *pieces, now, today=OCTOBER):
    transitions.choose(worker, pieces=[piece.pk for piece in pieces], now=now, today=today)
    return [CpdRecord.objects.get(evidence=piece) for piece in pieces]


def standing(worker, ends=ENDS):
    return selectors.standing_now(worker, ends)


class TestTheYear:
    @pytest.mark.parametrize(
        ("day", "ends"),
        [
            (date(2025, 11, 30), date(2025, 11, 30)),
            (date(2025, 12, 1), ENDS),
            (date(2026, 1, 1), ENDS),
            (ENDS, ENDS),
            (date(2026, 12, 1), date(2027, 11, 30)),
        ],
    )
    def test_it_runs_from_december_to_november(self, day, ends):
        assert regulator().year_ends(day) == ends
        assert regulator().year_starts(ENDS) == date(2025, 12, 1) and regulator().opens(ENDS) == date(
            2026, 9, 1
        )

    @pytest.mark.parametrize(
        ("day", "due"),
        [
            (date(2025, 12, 1), None),
            (date(2026, 8, 31), None),
            (date(2026, 9, 1), date(2026, 9, 1)),
            (date(2026, 9, 30), date(2026, 9, 1)),
            (date(2026, 11, 30), date(2026, 11, 29)),
        ],
    )
    def test_its_ladder(self, day, due):
        assert regulator().reminder_due(day) == due


class TestWhatIsMissing:
    def test_two_records_one_with_a_peer(self, worker, october):
        assert len(standing(worker).missing) == 2 and standing(worker).line == "0 of 2 records chosen"
        first, second = record(worker, now=october), record(worker, "A book", now=october)
        (one,) = chosen(worker, first, now=october)
        assert standing(worker).missing == ["One more record.", "A peer reflection on one of them."]
        chosen(worker, second, now=october)
        assert standing(worker).line == "2 of 2 records chosen, none with a peer reflection"
        transitions.add_peer_reflection(one, actor=worker, **PEER, today=OCTOBER)
        assert standing(worker).missing == [] and standing(worker).line == "2 of 2 records chosen"
        transitions.mark_entered(worker, on=OCTOBER, today=OCTOBER)
        assert standing(worker).line == "entered on Social Work England’s site"

    def test_what_is_removed_or_unfinished_again_does_not_count(self, worker, october):
        first, second = record(worker, now=october), record(worker, "A book", now=october)
        chosen(worker, first, second, now=october)
        portfolios.remove_evidence(first, worker=worker, now=october)
        portfolios.save_evidence(
            second, worker=worker, base_revision=second.revision, fields={}, as_draft=True, now=october
        )
        assert standing(worker).chosen == 0

    def test_only_ones_own_finished_pieces_once(self, place, worker, october):
        theirs = record(place.colleague, now=october)
        draft = piece_of(worker, fields=said(), as_draft=True, now=october)
        mine = record(worker, now=october)
        pieces = [theirs.pk, draft.pk, mine.pk, mine.pk]
        assert transitions.choose(worker, pieces=pieces, now=october, today=OCTOBER) == 1
        assert transitions.choose(worker, pieces=pieces, now=october, today=OCTOBER) == 0
        with pytest.raises(NotAllowed):
            transitions.choose(place.manager, pieces=pieces, now=october, today=OCTOBER)

    def test_no_more_than_twenty(self, worker, october):
        pieces = [record(worker, f"Day {number}", now=october) for number in range(21)]
        with pytest.raises(Blocked, match="20 records"):
            chosen(worker, *pieces, now=october)

    def test_next_year_begins_anew(self, worker, october):
        chosen(worker, record(worker, now=october), now=october)
        assert standing(worker, date(2027, 11, 30)).chosen == 0


class TestWhatStays:
    def test_what_was_entered(self, worker, october):
        piece = record(worker, now=october)
        (one,) = chosen(worker, piece, now=october)
        transitions.mark_entered(worker, on=OCTOBER, today=OCTOBER)
        portfolios.save_evidence(
            piece, worker=worker, base_revision=piece.revision, fields={"outcome": "Else."}, now=october
        )
        kept = dict(selectors.texts_of(CpdRecord.objects.get()))
        assert "Else." not in str(kept) and piece.what_i_learned in str(kept)
        for act in (
            lambda: transitions.take_out(one, actor=worker, today=OCTOBER),
            lambda: transitions.add_peer_reflection(one, actor=worker, **PEER, today=OCTOBER),
        ):
            with pytest.raises(Blocked, match="entered this"):
                act()
        with pytest.raises(Blocked, match="No record that you chose"):
            transitions.mark_entered(worker, on=OCTOBER, today=OCTOBER)
        for sql in ("DELETE FROM portfolios_cpdrecord", "UPDATE portfolios_cpdrecord SET entered_on = NULL"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)

    def test_what_is_of_a_year_that_is_over(self, client, worker, october):
        (one,) = chosen(worker, record(worker, now=october), now=october, today=date(2025, 11, 3))
        with pytest.raises(Blocked, match="year is over"):
            transitions.take_out(one, actor=worker, today=OCTOBER)
        client.force_login(worker)
        page = text(client.get("/cpd/2025/"))
        assert (
            "Your CPD for 2024 to 2025" in page and "That year is over" in page and "Take it out" not in page
        )
        assert client.get("/cpd/2024/").status_code == 404 and client.get("/cpd/2026/").status_code == 404
        assert "2024 to 2025" in text(client.get("/cpd/"))

    def test_postgresql_holds_the_rest(self, place, worker, october):
        piece, theirs = record(worker, now=october), record(place.colleague, now=october)
        row = {"worker": worker, "year_ends_on": ENDS, "chosen_at": october}
        with pytest.raises(DatabaseError), transaction.atomic():
            CpdRecord.objects.create(**row, evidence=theirs)
        for wrong in (
            {"peer_role": "a senior"},
            {"peer_said": "Yes."},
            {"entered_on": OCTOBER},
            {"entered": []},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                CpdRecord.objects.create(**row, evidence=piece, **wrong)
        CpdRecord.objects.create(**row, evidence=piece)
        with pytest.raises(IntegrityError), transaction.atomic():
            CpdRecord.objects.create(**row | {"year_ends_on": date(2027, 11, 30)}, evidence=piece)

    def test_a_colleague_changes_nothing(self, place, worker, october):
        (one,) = chosen(worker, record(worker, now=october), now=october)
        for act in (
            transitions.take_out,
            lambda one, **by: transitions.add_peer_reflection(one, **PEER, **by),
        ):
            with pytest.raises(NotAllowed):
                act(one, actor=place.colleague, today=OCTOBER)


class TestThePages:
    def test_the_regulators_headings_in_order(self, client, worker, october):
        piece = record(worker, now=october, what_i_did="I read it twice.")
        (one,) = chosen(worker, piece, now=october)
        transitions.add_peer_reflection(one, actor=worker, **PEER, today=OCTOBER)
        client.force_login(worker)
        page = client.get("/cpd/")
        labels = [found.strip() for found in re.findall(r"summary-list__key\">(.*?)<", page.text)]
        assert labels == [heading.label for heading in regulator().headings]
        assert "With a senior social worker, 14 September 2026." in text(page)
        assert 'data-copies="text-' in page.text and "One more record." in text(page)
        kept = client.get("/cpd/text/")
        assert kept["Content-Type"].startswith("text/plain") and "attachment" in kept["Content-Disposition"]
        assert "What you did and why\nA day on attachment\n\nI read it twice." in kept.content.decode()

    def test_cpd_and_training_are_offered_first(self, client, worker, october):
        piece_of(worker, fields=said(title="A visit", practised_on=date(2026, 9, 30)), now=october)
        record(worker, "A book", now=october, practised_on=date(2026, 1, 3))
        draft = piece_of(worker, fields=said(title="Not finished"), as_draft=True, now=october)
        client.force_login(worker)
        page = client.get("/cpd/choose/").text
        assert page.index("A book") < page.index("A visit") and "Not finished" not in page
        refused = client.post("/cpd/choose/", {"pieces": [draft.pk]})
        assert refused.status_code == 200 and not CpdRecord.objects.exists()
        assert "Choose at least one" in client.post("/cpd/choose/", {}).text

    def test_a_peer_reflection_names_nobody(self, client, worker, october):
        family_data_transitions.watch_names(worker, names=["Zora"], now=october)
        (one,) = chosen(worker, record(worker, now=october), now=october)
        client.force_login(worker)
        day = {"on_0": "14", "on_1": "9", "on_2": "2026"}
        address = f"/cpd/records/{one.pk}/peer-reflection/"
        page = client.post(address, {"role": "a senior", "said": "Zora is safe.", **day})
        assert "Take out what may identify" in page.text
        late = client.post(address, {"role": "a senior", "said": "Yes.", **day | {"on_2": "2025"}})
        assert "1 December 2025 or later" in text(late)
        assert client.post(address, {"role": "a senior", "said": "Yes.", **day}).status_code == 302
        one.refresh_from_db()
        assert one.peer_on == date(2026, 9, 14)

    def test_it_is_nobody_elses(self, client, place, worker, october):
        (one,) = chosen(worker, record(worker, now=october), now=october)
        for user in (place.colleague, place.manager):
            client.force_login(user)
            assert client.get(f"/cpd/records/{one.pk}/peer-reflection/").status_code == 404

    @pytest.mark.parametrize("applied", [False, True])
    def test_the_start_page_says_so_from_september(self, client, worker, monkeypatch, applied):
        if applied:
            application_at(State.DRAFT, worker=worker, now=timezone.now())
        client.force_login(worker)
        for day, there in ((date(2026, 8, 31), False), (date(2026, 9, 1), True)):
            now = timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=9)
            with monkeypatch.context() as patched:
                patched.setattr(timezone, "now", lambda now=now: now)
                client.get("/")
                with CaptureQueriesContext(connection) as queries:
                    page = text(client.get("/"))
            assert ("Renewal by 30 November 2026" in page) == ("0 of 2 records chosen" in page) == there
            assert len(queries) <= 8, [query["sql"][:90] for query in queries]

    @pytest.mark.parametrize("applied", [False, True])
    def test_the_start_page_counts_what_is_chosen(self, client, worker, october, monkeypatch, applied):
        if applied:
            application_at(State.DRAFT, worker=worker, now=timezone.now())
        monkeypatch.setattr(timezone, "now", lambda: october)
        client.force_login(worker)
        for line in ("1 of 2 records chosen", "2 of 2 records chosen", "3 records chosen"):
            chosen(worker, record(worker, line, now=october), now=october)
            assert line in text(client.get("/"))

    def test_as_many_queries_for_twenty_as_for_one(self, client, worker, october):
        client.force_login(worker)
        counts = []
        for more in (1, 19):
            chosen(worker, *[record(worker, f"{more} {n}", now=october) for n in range(more)], now=october)
            client.get("/cpd/")
            with CaptureQueriesContext(connection) as queries:
                client.get("/cpd/")
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 7, counts
