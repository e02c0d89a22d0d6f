"""The family data gate on saving: passages are marked, and mended or kept with a reason."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from people.case_numbers import check_patterns
from portfolios import family_data_selectors as gate
from portfolios import family_data_transitions as naming
from portfolios import transitions
from portfolios.models import Declaration, Evidence, NameToWatch
from portfolios.name_selectors import in_how_many
from tests.council import NOW, social_worker
from tests.portfolios.makers import pdf_file, piece_of, said, upload
from tests.portfolios.test_form import NEW, again, edit_of, text_of, typed
from tests.reading import text
from tests.walk import State, application_at

PHONE = "07700 900123"
RANG = f"I rang her mother on {PHONE} before the visit."
REASON = "The council’s own published helpline"
WATCH = "/evidence/names-to-watch/"


@pytest.fixture
def portfolio(db):
    return application_at(State.DRAFT).portfolio


@pytest.fixture
def worker(portfolio, client):
    client.force_login(portfolio.worker)
    return portfolio.worker


def why_of(piece):
    """{name of the box: what is to be looked at}, as the piece stands."""
    return {f"why_{one.digest}": one for one in gate.looked_through(piece).unanswered}


def answered(piece, reason=REASON):
    return dict.fromkeys(why_of(piece), reason)


class TestOnSaving:
    def test_a_passage_is_marked_in_its_line_and_everything_is_kept_as_a_draft(self, client, worker):
        page = client.post(NEW, typed(what_i_did=f"First line.\n{RANG}\nLast line.")).content.decode()
        assert f"I rang her mother on <mark>{PHONE}</mark> before the visit." in page
        assert "First line.<" not in page[: page.index("<textarea")]
        assert "Error: " in page and f"Take out “{PHONE}”, or say why it stays" in page
        assert 'href="#id_what_i_did"' in page
        piece = Evidence.objects.get()
        assert (piece.complete, RANG in piece.what_i_did) == (False, True)

    def test_taken_out_it_counts(self, client, worker, portfolio):
        client.post(NEW, typed(what_i_did=RANG))
        piece = Evidence.objects.get()
        assert client.post(edit_of(piece), again(piece)).status_code == 302
        piece.refresh_from_db()
        assert piece.complete and not Declaration.objects.exists()
        portfolio.refresh_from_db()
        assert portfolio.headings_shown == 1

    def test_with_a_reason_it_counts_and_the_reason_is_kept_without_the_passage(self, client, worker):
        client.post(NEW, typed(what_i_did=RANG))
        piece = Evidence.objects.get()
        response = client.post(edit_of(piece), again(piece, what_i_did=RANG, **answered(piece)), follow=True)
        piece.refresh_from_db()
        assert piece.complete
        assert "A phone number stays in “What I did”. Your reason: The council’s own" in text(response)
        row = Declaration.objects.values().get()
        assert (row["kind"], row["field"], row["reason"]) == ("phone number", "what_i_did", REASON)
        assert row["declared_by_id"] == worker.pk
        assert "900123" not in str(row)

    @pytest.mark.parametrize(
        ("reason", "sentence"),
        [
            ("", f"Take out “{PHONE}”, or say why it stays"),
            ("   \t ", f"Take out “{PHONE}”, or say why it stays"),
            ("It is 07700-900-123, a helpline", "Say why it stays without a name, number"),
            ("x" * 501, "must be 500 characters or fewer"),
        ],
    )
    def test_a_reason_that_cannot_be_kept_is_said_and_stays_on_the_page(
        self, client, worker, reason, sentence
    ):
        client.post(NEW, typed(what_i_did=RANG))
        piece = Evidence.objects.get()
        page = text_of(client.post(edit_of(piece), again(piece, what_i_did=RANG, **answered(piece, reason))))
        assert sentence in page
        assert reason.strip() in page
        piece.refresh_from_db()
        assert not piece.complete and not Declaration.objects.exists()

    def test_the_same_passage_stays_answered_and_a_new_one_asks_anew(self, client, worker):
        client.post(NEW, typed(what_i_did=RANG))
        piece = Evidence.objects.get()
        client.post(edit_of(piece), again(piece, what_i_did=RANG, **answered(piece)))
        piece.refresh_from_db()
        moved = again(piece, what_i_did="Changed.", outcome=f"They had 07700-900-123 and {PHONE}.")
        assert client.post(edit_of(piece), moved).status_code == 302
        piece.refresh_from_db()
        assert piece.complete
        page = text_of(client.post(edit_of(piece), again(piece, outcome=f"{PHONE} or 07700 900124")))
        assert "Take out “07700 900124”" in page and f"Take out “{PHONE}”" not in page
        piece.refresh_from_db()
        assert not piece.complete

    def test_a_reason_is_of_one_piece_alone(self, worker, portfolio):
        fields = said(what_i_did=RANG)
        first = piece_of(worker, portfolio, fields=fields)
        reasons = {one.digest: REASON for one in first.to_look_at}
        transitions.save_evidence(first, worker=worker, fields={}, reasons=reasons, now=NOW)
        second = piece_of(worker, portfolio, fields=fields)
        assert second.to_look_at and not second.complete
        transitions.save_evidence(second, worker=worker, fields={}, reasons=reasons, now=NOW)
        second.refresh_from_db()
        assert not second.complete

    def test_a_draft_loses_nothing_and_shows_what_to_look_at(self, client, worker):
        response = client.post(NEW, typed(what_i_did=RANG, draft="draft"), follow=True)
        assert "Saved as a draft" in text(response)
        assert "To look at before it counts" in text(response)
        assert f"<mark>{PHONE}</mark>" in response.content.decode()
        assert Evidence.objects.get().what_i_did == RANG
        page = client.get(edit_of(Evidence.objects.get())).content.decode()
        assert "To look at before it counts" in page and "There is a problem" not in page

    def test_a_draft_keeps_a_reason_given(self, client, worker):
        client.post(NEW, typed(what_i_did=RANG, draft="draft"))
        piece = Evidence.objects.get()
        client.post(edit_of(piece), again(piece, what_i_did=RANG, draft="draft", **answered(piece)))
        assert Declaration.objects.get().reason == REASON

    def test_autosave_is_never_blocked_and_a_piece_that_holds_something_no_longer_counts(
        self, client, worker, portfolio
    ):
        client.post(NEW, typed())
        piece = Evidence.objects.get()
        kept = client.post(f"/evidence/{piece.pk}/autosave/", again(piece, outcome=RANG))
        assert kept.status_code == 200
        piece.refresh_from_db()
        assert (piece.outcome, piece.complete) == (RANG, False)

    def test_the_title_is_looked_through_too(self, client, worker):
        page = text_of(client.post(NEW, typed(title="14 Acacia Avenue")))
        assert "Take out “14 Acacia Avenue”" in page

    def test_what_is_typed_is_shown_as_text_and_never_as_a_page_or_template(self, client, worker):
        naming.watch_names(worker, names=["Kai"], now=NOW)
        nasty = "<b>bold</b> {{ 7*7 }} {% now %} Kai <script>alert(1)</script>"
        page = client.post(NEW, typed(what_i_did=nasty)).content.decode()
        assert "&lt;b&gt;bold&lt;/b&gt; {{ 7*7 }} {% now %} <mark>Kai</mark> &lt;script&gt;" in page

    def test_a_text_full_of_passages_asks_of_some_and_says_how_many_more(self, client, worker):
        numbers = " ".join(f"07700 9{number:05}" for number in range(1400))
        page = text_of(client.post(NEW, typed(what_i_did=numbers)))
        assert page.count('name="why_') == 30
        assert "There are 1370 more" in page

    @pytest.mark.parametrize("name", ["why_", "why_x", "why_" + "é" * 300, "why_\x00"])
    def test_boxes_that_no_page_had_are_passed_over(self, client, worker, name):
        assert client.post(NEW, typed(**{name: "because \x00 of it"})).status_code == 302
        assert not Declaration.objects.exists()

    def test_a_save_that_finds_something_costs_at_most_12_queries(self, client, worker):
        client.post(NEW, typed())
        piece = Evidence.objects.get()
        with CaptureQueriesContext(connection) as queries:
            reasons = {"nothing": REASON}
            transitions.save_evidence(
                piece, worker=worker, base_revision=1, fields={"outcome": RANG}, reasons=reasons, now=NOW
            )
        assert len(queries) <= 12


class TestNamesToWatch:
    def test_several_are_added_each_once_and_pointed_out(self, client, worker):
        page = client.post(WATCH, {"names": " Kai \r\n\r\nO’Brien\nkai\n"}, follow=True)
        assert "Added 2 names" in text(page)
        assert [one.name for one in NameToWatch.objects.all()] == ["Kai", "O’Brien"]
        page = text_of(client.post(NEW, typed(outcome="KAI’S plan is safe.")))
        assert "Take out “KAI’S”" in page
        again_added = client.post(WATCH, {"names": "KAI"}, follow=True)
        assert "on your list already" in text(again_added)

    def test_when_added_it_is_said_in_how_many_pieces_each_is(self, client, worker):
        for outcome in ("Zebedee’s plan", "zebedee and Will went", "They will go"):
            piece_of(worker, fields=said(outcome=outcome))
        piece_of(social_worker(worker.post.team), fields=said(outcome="Zebedee"))
        client.post(WATCH, {"names": "Kai"})
        page = text(client.post(WATCH, {"names": "Zebedee\nWill\nOduya"}, follow=True))
        assert "Zebedee In 2 of your pieces. You are asked about it when you next save each" in page
        assert "Will In 1 of your pieces. You are asked about it when you next save it" in page
        assert "Oduya In none of your pieces now." in page
        assert page.count("of your pieces") == 3
        assert "of your pieces" not in text(client.get(WATCH))

    def test_whoever_watches_for_an_ordinary_word_is_told(self, client, worker):
        page = text(client.post(WATCH, {"names": "May\nZebedee"}, follow=True))
        assert page.count("Also an ordinary word: found with a capital letter only") == 1
        page = text_of(client.post(NEW, typed(outcome="We may meet in may.")))
        assert "Take out" not in page
        assert "Take out “May”" in text_of(client.post(NEW, typed(outcome="I met May.")))

    def test_a_name_in_a_file_counts_as_well(self, worker):
        file = upload(pdf_file("Zebedee went and mark may come"))
        transitions.attach_file(piece_of(worker), worker=worker, upload=file, now=NOW)
        naming.watch_names(worker, names=["Zebedee", "Oduya", "Mark"], now=NOW)
        rows = {one.name: one for one in NameToWatch.objects.all()}
        found = in_how_many(worker, list(rows.values()))
        assert {name: found[one.pk] for name, one in rows.items()} == {"Zebedee": 1, "Oduya": 0, "Mark": 0}

    @pytest.mark.parametrize(
        ("names", "sentence"),
        [
            ("", "Enter at least one name"),
            (" \n ", "Enter at least one name"),
            ("K", "at least two letters"),
            ("?!", "at least two letters"),
            ("x" * 101, "100 characters or fewer"),
            ("\n".join(f"Name {number}" for number in range(501)), "can hold 500 names"),
        ],
    )
    def test_what_is_no_name_is_refused_and_kept_on_the_page(self, client, worker, names, sentence):
        page = text(client.post(WATCH, {"names": names}))
        assert sentence in page
        assert not NameToWatch.objects.exists()

    def test_a_removed_name_is_gone(self, client, worker):
        client.post(WATCH, {"names": "Kai"})
        address = f"{WATCH}{NameToWatch.objects.get().pk}/remove/"
        assert client.post(address).status_code == 302
        assert client.post(address).status_code == 404
        assert not NameToWatch.objects.exists()
        assert client.get(address).status_code == 405

    def test_nobody_else_sees_or_removes_them(self, client, worker, portfolio):
        client.post(WATCH, {"names": "Kai"})
        name = NameToWatch.objects.get()
        client.force_login(portfolio.worker.post.team.manager)
        assert client.get(WATCH).status_code == 404
        assert client.post(f"{WATCH}{name.pk}/remove/").status_code == 404
        assert NameToWatch.objects.exists()

    def test_a_name_stands_nowhere_but_in_its_own_row(self, worker):
        naming.watch_names(worker, names=["Zebedee"], now=NOW)
        piece_of(worker, fields=said(outcome="Zebedee’s plan"))
        Evidence.objects.update(outcome="")
        with connection.cursor() as cursor:
            cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
            for (table,) in cursor.fetchall():
                if table not in ("portfolios_nametowatch", "portfolios_evidencerevision"):
                    cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', ["%zebedee%"])  # noqa: S608
                    assert cursor.fetchone()[0] == 0, table
        assert "Zebedee" not in str(NameToWatch.objects.get())


class TestCaseNumbers:
    def test_the_councils_patterns_are_those_of_the_workers_service(self, client, worker, portfolio):
        service = portfolio.worker.post.team.service
        service.case_number_patterns = "LCS-#######\nAA######"
        service.save()
        page = text_of(client.post(NEW, typed(outcome="See lcs-1234567 and AB123456, not XY-1234567.")))
        assert "Take out “lcs-1234567”" in page and "Take out “AB123456”" in page
        assert "Take out “XY" not in page

    @pytest.mark.parametrize("pattern", ["LCS-#######", "AA##/####", "#### ####", "\n\nP.######_A\n"])
    def test_a_plain_pattern_is_taken(self, pattern):
        check_patterns(pattern)

    @pytest.mark.parametrize(
        ("pattern", "sentence"),
        [
            ("###", "at least 4 digits"),
            ("2025", "at least 4 digits"),
            ("####.*", "letters, digits"),
            ("(####)+", "letters, digits"),
            ("#" * 41, "40 characters or fewer"),
            ("\n".join(["####"] * 11), "at most 10"),
        ],
    )
    def test_what_would_mark_everything_or_is_no_pattern_is_refused(self, pattern, sentence):
        with pytest.raises(ValidationError, match=sentence):
            check_patterns(pattern)


class TestKept:
    @pytest.fixture
    def declared(self, worker, portfolio):
        piece = piece_of(worker, fields=said(outcome=RANG))
        reasons = {one.digest: REASON for one in piece.to_look_at}
        transitions.save_evidence(piece, worker=worker, fields={}, reasons=reasons, now=NOW)
        return Declaration.objects.get()

    @pytest.mark.parametrize(
        "change",
        [
            lambda: Declaration.objects.update(reason="Another"),
            lambda: Declaration.objects.all().delete(),
            lambda: connection.cursor().execute("TRUNCATE portfolios_declaration"),
        ],
    )
    def test_a_declaration_is_never_changed(self, declared, change):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

    @pytest.mark.parametrize(
        "fields", [{"reason": ""}, {"kind": "gossip"}, {"field": "elsewhere"}, {"digest": None}]
    )
    def test_the_database_takes_no_declaration_that_says_nothing(self, declared, fields):
        row = {
            "evidence": declared.evidence,
            "field": "title",
            "kind": "name",
            "digest": "d" * 64,
            "reason": REASON,
            "declared_at": NOW,
            "declared_by": declared.declared_by,
        }
        with pytest.raises(DatabaseError), transaction.atomic():
            Declaration.objects.create(**row | fields)

    def test_the_same_is_answered_once(self, declared):
        piece = declared.evidence
        reasons = {declared.digest: "Another reason"}
        transitions.save_evidence(
            piece, worker=declared.declared_by, base_revision=1, fields={}, reasons=reasons, now=NOW
        )
        assert Declaration.objects.get().reason == REASON


def test_what_is_found_is_named_in_plain_words():
    def passages(*kinds):
        return [gate.Passage("title", "Title", kind, str(number), "x") for number, kind in enumerate(kinds)]

    assert gate.kinds_in_words(passages("name")) == "a name to watch"
    assert gate.kinds_in_words(passages("name", "name", "postcode")) == "a postcode and 2 names to watch"
    assert gate.kinds_in_words(passages("address", "nhs number", "date of birth")) == (
        "an NHS number, a date of birth and an address"
    )
