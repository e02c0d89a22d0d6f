"""The evidence form: what it refuses and how, and that whatever was typed is kept."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competencies.rules import EvidenceKind
from portfolios import attachments, portfolio_transitions, transitions
from portfolios.forms import LONGEST_TEXT, LONGEST_TITLE, EvidenceForm
from portfolios.kinds import ASKED
from portfolios.models import LARGEST_ATTACHMENT, Evidence
from tests.council import NOW
from tests.portfolios.makers import again, headings_of, pdf_file, piece_of, said, typed, upload
from tests.reading import text
from tests.walk import State, application_at

NEW = "/evidence/new/"


@pytest.fixture
def portfolio(db):
    return application_at(State.DRAFT).portfolio


@pytest.fixture
def worker(portfolio, client):
    client.force_login(portfolio.worker)
    return portfolio.worker


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def edit_of(piece):
    return reverse("portfolios:edit", args=[piece.pk])


def test_a_finished_piece_is_saved_and_counts(client, worker, portfolio):
    response = client.post(NEW, typed(), follow=True)
    piece = Evidence.objects.get()
    assert "Evidence saved" in text_of(response)
    assert (piece.complete, piece.title, piece.practised_on) == (True, "A core group", date(2025, 11, 1))
    assert portfolio.claims.get().competency.code == "recording"


def test_the_form_starts_with_the_heading_it_was_opened_from(client, worker):
    page = client.get(f"{NEW}?heading=recording&heading=made-up").content.decode()
    assert re.search(r'value="recording"[^>]*checked', page)
    assert re.search(r'value="practice example"[^>]*checked', page)
    assert page.count(" checked") == 2


EMPTY = dict.fromkeys(
    (
        "title",
        "practised_on_0",
        "practised_on_1",
        "practised_on_2",
        "what_i_did",
        "outcome",
        "what_i_learned",
    ),
    "",
)


def test_finishing_with_nothing_typed_says_what_is_missing_in_order_and_keeps_nothing(client, worker):
    page = text_of(client.post(NEW, typed(**EMPTY)))
    sentences = [
        "Enter a title",
        "Enter the date of practice",
        "Say what you did",
        "Say what the outcome was",
        "Say what you learned",
    ]
    summary = page[page.index("There is a problem") :]
    assert sorted(sentences, key=summary.index) == sentences
    assert not Evidence.objects.exists()


def test_finishing_with_something_missing_keeps_the_rest_as_a_draft(client, worker):
    page = text_of(client.post(NEW, typed(outcome="")))
    assert "Say what the outcome was" in page
    assert "Everything else is saved as a draft" in page
    piece = Evidence.objects.get()
    assert (piece.title, piece.complete) == ("A core group", False)
    mended = client.post(edit_of(piece), again(piece))
    assert mended.status_code == 302
    piece.refresh_from_db()
    assert piece.complete


def test_a_draft_may_lack_anything(client, worker):
    response = client.post(NEW, typed(**EMPTY | {"title": "Only this"}, draft="draft"), follow=True)
    page = text_of(response)
    assert "Saved as a draft" in page
    assert "the date of practice" in page


IMPOSSIBLE = {
    "tomorrow": (timezone.localdate() + timedelta(days=1), "or earlier"),
    "long ago": (date(1969, 12, 31), "or later"),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
@pytest.mark.parametrize("button", ["draft", "continue"])
def test_a_date_that_cannot_be_is_refused_and_the_rest_kept(client, worker, case, button):
    day, words = IMPOSSIBLE[case]
    fields = {"practised_on_0": day.day, "practised_on_1": day.month, "practised_on_2": day.year}
    page = text_of(client.post(NEW, typed(**fields, **{button: button})))
    assert words in page
    assert f'value="{day.year}"' in page
    piece = Evidence.objects.get()
    assert (piece.what_i_did, piece.practised_on) == ("I chaired it.", None)


@pytest.mark.parametrize(
    ("name", "longest"), [("title", LONGEST_TITLE), ("what_i_did", LONGEST_TEXT), ("outcome", LONGEST_TEXT)]
)
def test_the_longest_text_is_kept_and_one_character_more_is_refused_but_stays_on_the_page(
    client, worker, name, longest
):
    assert client.post(NEW, typed(**{name: "é" * longest})).status_code == 302
    page = text_of(client.post(NEW, typed(**{name: "é" * (longest + 1)})))
    assert f"must be {longest:,} characters or fewer" in page
    assert "é" * (longest + 1) in page


def test_a_refused_file_is_said_beside_the_field_and_the_text_is_kept(client, worker):
    files = [upload(b"MZ not a pdf"), upload(pdf_file(), "good.pdf")]
    page = text_of(client.post(NEW, typed(files=files)))
    assert "‘notes.pdf’ is not a PDF, a Word document (.docx) or a picture (.jpg or .png)" in page
    assert "Everything else is saved" in page
    piece = Evidence.objects.get()
    assert piece.complete
    assert [file.name for file in piece.attachments.all()] == ["good.pdf"]
    assert "Remove good.pdf" in page


def test_a_file_is_taken_off_where_it_is_ticked(client, worker):
    piece = piece_of(worker)
    file = transitions.attach_file(piece, worker=worker, upload=upload(pdf_file()), now=NOW)
    client.post(edit_of(piece), again(piece, remove_files=[str(file.token), "nonsense", str(uuid.uuid4())]))
    assert not piece.attachments.filter(removed_at__isnull=True).exists()


def test_more_files_than_a_piece_holds_are_refused_together(client, worker):
    files = [upload(pdf_file(str(number)), f"{number}.pdf") for number in range(11)]
    assert "Choose at most 10 files" in text_of(client.post(NEW, typed(files=files)))


def test_a_stale_save_shows_both_and_loses_neither(client, worker, portfolio):
    piece = piece_of(worker, portfolio, headings_of(portfolio)[:1], fields=said(title="As it was"))
    mine = again(piece, title="From this tab", files=[upload(pdf_file())], **{"continue": "continue"})
    transitions.save_evidence(
        piece, worker=worker, base_revision=1, fields={"title": "From the other tab"}, now=NOW
    )
    response = client.post(edit_of(piece), mine)
    page = text_of(response)
    assert response.status_code == 409
    assert "From this tab" in page and "From the other tab" in page
    piece.refresh_from_db()
    assert piece.title == "From the other tab"
    assert piece.attachments.count() == 1

    keep, both = re.findall(r"<form method=\"post\" action=\"(/evidence[^\"]+)\"(.*?)</form>", page)
    for address, hidden in (keep, both):
        fields = {}
        for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', hidden):
            fields.setdefault(name, []).append(value)
        assert client.post(address, fields).status_code == 302
    piece.refresh_from_db()
    assert (piece.title, piece.complete) == ("From this tab", True)
    assert [row.content["title"] for row in piece.revisions.all()] == [
        "As it was",
        "From the other tab",
        "From this tab",
    ]
    copy = Evidence.objects.exclude(pk=piece.pk).get()
    assert (copy.title, copy.complete) == ("From this tab", False)


def test_text_is_kept_when_the_portfolio_closed_meanwhile(client, worker, portfolio, monkeypatch):
    from portfolios.views import evidence_form

    portfolio_transitions.close(portfolio)
    monkeypatch.setattr(evidence_form.selectors, "open_portfolio", lambda worker: portfolio)
    response = client.post(NEW, typed())
    assert response.status_code == 409
    assert "has been submitted or closed" in text_of(response)
    assert "I chaired it." in text_of(response)
    monkeypatch.undo()
    assert client.post(NEW, typed()).status_code == 302


@pytest.mark.parametrize(
    "wrong", [{"key": "nonsense"}, {"revision": "-1"}, {"revision": "9" * 20}, {"key": ""}]
)
def test_hidden_fields_that_were_meddled_with_are_a_bad_request(client, worker, wrong):
    assert client.post(NEW, typed(**wrong)).status_code == 400
    assert client.post("/evidence/new/autosave/", typed(**wrong)).status_code == 400


@pytest.mark.rule("R7", scheme="medway-2010", page=NEW)
def test_every_kind_is_kept_and_says_what_it_is_for(client, worker):
    """R7: practice examples alone count here, others may go beside them or wait in the bank."""
    page = text(client.get(NEW))
    for kind in EvidenceKind:
        assert kind.label in page
        assert ASKED[kind].meaning in page
    assert page.count("Goes beside your examples") == 4
    assert page.count("Your framework does not count it") == 3
    form = EvidenceForm(today=date(2026, 3, 10), portfolio=worker.portfolios.get())
    assert form["kind"].value() == "practice example"


def test_a_kind_that_there_is_not_is_refused(client, worker):
    client.post(NEW, typed(kind="rumour"))
    assert {piece.kind for piece in Evidence.objects.all()} <= {"practice example"}


@pytest.mark.rule("R27", scheme="redbridge-2013", page=NEW)
def test_each_heading_says_what_it_takes_where_that_is_not_everything(client, db):
    client.force_login(application_at(State.DRAFT, scheme="redbridge-2013").worker)
    page = text(client.get(NEW))
    assert "Court work and legislation Case study" in page
    assert "Basic requirements Practice example or document" in page


def test_a_heading_that_takes_everything_says_nothing_of_it(client, worker):
    assert "Recording Assessments Care plans" in text(client.get(NEW))


def test_autosave_answers_what_the_script_needs(client, worker, portfolio):
    first = client.post("/evidence/new/autosave/", typed(key=(key := str(uuid.uuid4())))).json()
    piece = Evidence.objects.get()
    assert first == {
        "revision": 1,
        "autosave": f"/evidence/{piece.pk}/autosave/",
        "edit": edit_of(piece),
        "left_out": [],
    }
    assert not piece.complete and not piece.revisions.exists()
    again_first = client.post("/evidence/new/autosave/", typed(key=key)).json()
    assert again_first["revision"] == 1
    assert Evidence.objects.count() == 1
    wrong = client.post(first["autosave"], typed(revision="1", title="New", practised_on_0="x")).json()
    assert (wrong["revision"], wrong["left_out"]) == (2, ["Date of practice"])
    stale = client.post(first["autosave"], typed(revision="1", title="Late"))
    assert (stale.status_code, stale.json()) == (409, {"changed": edit_of(piece)})


def test_autosave_of_an_empty_new_form_makes_nothing(client, worker):
    assert client.post("/evidence/new/autosave/", typed(**EMPTY)).json() == {"nothing": True}
    assert not Evidence.objects.exists()


def test_autosave_asks_who_it_is_and_takes_no_link(client, portfolio):
    assert client.post("/evidence/new/autosave/", typed()).status_code == 302
    client.force_login(portfolio.worker)
    answer = client.get("/evidence/new/autosave/")
    assert (answer.status_code, answer["Allow"]) == (
        405,
        "POST",
    ) and b"There is no page here" in answer.content
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(portfolio.worker)
    assert strict.post("/evidence/new/autosave/", typed()).status_code == 403
    assert not Evidence.objects.exists()


def test_the_form_is_never_kept_by_the_browser(client, worker):
    assert "no-store" in client.get(NEW)["Cache-Control"]


awkward = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("\x00\r\n\t\u202e\u200f\u2028\ufeff\ufffe\x1b\x7f😀<>&\"'{{}}%عש"),
    ),
    max_size=300,
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=awkward, what_i_did=awkward, day=st.text(max_size=5), heading=awkward)
def test_nothing_typed_breaks_the_form_or_the_pages_that_show_it(
    client, portfolio, title, what_i_did, day, heading
):
    client.force_login(portfolio.worker)
    fields = typed(title=title, what_i_did=what_i_did, practised_on_0=day, headings_0=[heading])
    for button in ("draft", "continue"):
        response = client.post(NEW, fields | {button: button})
        assert response.status_code in {200, 302}
    piece = Evidence.objects.filter(key=fields["key"]).first()
    if piece is None:
        return
    for saved in (piece.title, piece.what_i_did):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]", saved)
    visible = re.sub(r"[\s\x00-\x1f\x7f\ufffe\uffff]", "", what_i_did)
    assert re.sub(r"\s", "", piece.what_i_did) == visible
    for address in (edit_of(piece), reverse("portfolios:evidence", args=[piece.pk]), "/evidence/"):
        assert client.get(address).status_code == 200
    # What is shown, sent back untouched, changes nothing.
    kept = client.post(
        edit_of(piece),
        again(
            piece,
            title=piece.title,
            what_i_did=piece.what_i_did.replace("\n", "\r\n"),
            practised_on_0=day,
            headings_0=[],
            draft="draft",
        ),
    )
    assert kept.status_code in {200, 302}
    assert Evidence.objects.get(pk=piece.pk).what_i_did == piece.what_i_did


def test_no_more_of_a_file_reaches_the_disk_than_shows_that_it_is_too_large(client, worker, monkeypatch):
    seen = []
    take_in = attachments.take_in

    def watched(file):
        seen.append(file.size)
        return take_in(file)

    monkeypatch.setattr(attachments, "take_in", watched)
    page = text_of(client.post(NEW, typed(files=[upload(b"%PDF-" + bytes(3 * LARGEST_ATTACHMENT))])))
    assert "‘notes.pdf’ is larger than 10 MB" in page
    assert LARGEST_ATTACHMENT < seen[0] < LARGEST_ATTACHMENT + 1024 * 1024
    assert Evidence.objects.get().complete


def test_a_group_of_headings_is_folded_until_one_of_it_is_ticked(client, worker):
    """Twenty boxes would be three screens of a phone; what is ticked is seen."""
    page = client.get(NEW).text
    assert page.count('<details class="govuk-details">') == 3  # the kinds, and two groups
    page = client.get(f"{NEW}?heading=recording").text
    opened = page.split('<details class="govuk-details" open>')
    assert len(opened) == 2 and 'value="recording"' in opened[1].split("</details>")[0]


def test_few_headings_are_not_folded(client, db):
    client.force_login(application_at(State.DRAFT, scheme="redbridge-2013").worker)
    page = client.get(NEW).text
    assert page.count('<details class="govuk-details">') == 1  # the kinds
    assert 'value="court-work-and-legislation"' in page
