"""Family data in what is written in a case: findings, reasons, statements, requests for a review."""

import re
from types import SimpleNamespace
from unittest import mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from portfolios import family_data_transitions as naming
from reviews.models import (
    Appeal,
    AppealDocument,
    Assessment,
    Authorisation,
    Finding,
    Part,
    ReasonWordsStay,
    Statement,
)
from reviews.policies import pay_rests_on
from reviews.selectors import current_assessment
from reviews.transitions import begin_assessment
from tests.built_once import built_once
from tests.council import organisation
from tests.portfolios.hostile_documents import pdf_of
from tests.portfolios.makers import upload
from tests.reading import text
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db
PHONE = "01634 555 018"
RANG = f"As the duty desk on {PHONE} says."
REASON = "The desk’s own published number"
TAKE_OUT = f"Take out “{PHONE}”, or say why it stays"


def build():
    now, place = timezone.now(), organisation()
    states = (
        State.SUBMITTED,
        State.RECOMMENDED,
        State.NOT_RECOMMENDED,
        State.DECLINED,
        State.UNDER_APPEAL,
    )
    begun = application_at(State.SUBMITTED, place, now=now)
    begin_assessment(begun, actor=place.manager, now=now)
    at = {state: application_at(state, place, now=now) for state in states}
    return SimpleNamespace(place=place, begun=begun, at=at)


built, cases = built_once(build)


def boxes(response):
    return list(dict.fromkeys(re.findall(r'name="(why_[0-9a-f]{64})"', response.text)))


def why(response, reason=REASON):
    return dict.fromkeys(boxes(response), reason)


class Door:
    """A form of a case, as somebody sends it with some words."""

    def __init__(self, client, application, user, page, field, *args, part, kept, **sent):
        self.client, self.application, self.user = client, application, user
        self.address = reverse(f"reviews:{page}", args=[application.reference, *args])
        self.field, self.sent, self.part, self.kept = field, sent, part, kept

    def send(self, words, **more):
        self.client.force_login(self.user)
        return self.client.post(self.address, {**self.sent, self.field: words, **more})


def _judging(client, cases, page, field, *args, kept, **sent):
    application = cases.begun
    begun = current_assessment(application)
    part_of = args[0] if args else page
    return Door(
        client,
        application,
        application.team.manager,
        page,
        field,
        *args,
        part=Part.ASSESSMENT,
        kept=kept,
        revision=begun.revision_of(part_of),
        **sent,
    )


def evidence(client, cases):
    begun = current_assessment(cases.begun)
    pk = begun.findings.filter(criterion__competency__code="recording").first().criterion_id
    kept = lambda: Finding.objects.filter(evidence=RANG)  # noqa: E731
    return _judging(client, cases, "assess_heading", f"evidence_{pk}", "recording", kept=kept)


def action(client, cases):
    begun = current_assessment(cases.begun)
    pk = begun.findings.filter(criterion__competency__code="recording").first().criterion_id
    kept = lambda: Finding.objects.filter(action=RANG)  # noqa: E731
    sent = {f"met_{pk}": "no"}
    return _judging(client, cases, "assess_heading", f"action_{pk}", "recording", kept=kept, **sent)


def note(client, cases):
    kept = lambda: Finding.objects.filter(evidence=RANG)  # noqa: E731
    return _judging(client, cases, "assess_heading", "note", "recording", kept=kept)


def recommendation(client, cases):
    kept = lambda: Assessment.objects.filter(reasons=RANG)  # noqa: E731
    return _judging(client, cases, "recommendation", "reasons", kept=kept, recommended="no")


def returned(client, cases):
    application = cases.at[State.SUBMITTED]
    kept = lambda: application.events.filter(reason=RANG)  # noqa: E731
    about = {"part": Part.ASSESSMENT, "kept": kept}
    return Door(client, application, application.team.manager, "return_to_worker", "reason", **about)


def declined(client, cases):
    application = cases.at[State.RECOMMENDED]
    kept = lambda: Authorisation.objects.filter(reasons=RANG)  # noqa: E731
    sent = {"decision": "decline", "required": "More court work.", "sign": "sign"}
    about = {"part": Part.DECISION, "kept": kept, "about": pay_rests_on(application)} | sent
    return Door(client, application, cases.place.service_manager, "authorisation", "reasons", **about)


def refused(client, cases):
    application = cases.at[State.NOT_RECOMMENDED]
    kept = lambda: Authorisation.objects.filter(required=RANG)  # noqa: E731
    sent = {"reasons": "Not yet.", "sign": "sign"}
    about = {"part": Part.DECISION, "kept": kept, "about": pay_rests_on(application)} | sent
    return Door(client, application, cases.place.service_manager, "authorisation", "required", **about)


def asked(client, cases):
    application = cases.at[State.DECLINED]
    kept = lambda: Appeal.objects.filter(grounds=RANG)  # noqa: E731
    about = {"part": Part.REVIEW, "kept": kept, "sign": "sign"}
    return Door(client, application, application.worker, "ask_for_review", "grounds", **about)


def stated(client, cases):
    application = cases.at[State.UNDER_APPEAL]
    kept = lambda: Statement.objects.filter(text=RANG)  # noqa: E731
    about = {"part": Part.REVIEW, "kept": kept, "revision": 0}
    return Door(client, application, application.worker, "statement", "text", **about)


DOORS = [evidence, action, note, recommendation, returned, declined, refused, asked, stated]


@pytest.fixture(params=DOORS)
def door(request, client, cases):
    return request.param(client, cases)


def test_a_passage_is_marked_and_nothing_is_kept_without_a_reason(door):
    page = door.send(RANG)
    assert f"As the duty desk on <mark>{PHONE}</mark> says." in page.text
    assert TAKE_OUT in text(page) and f"{RANG}</textarea>" in page.text
    assert not door.kept().exists()
    assert "without a name, number" in text(door.send(RANG, **why(page, "It is 01634-555-018")))
    assert not door.kept().exists() and not ReasonWordsStay.objects.exists()


def test_with_a_reason_it_is_kept_and_so_is_the_reason_without_the_passage(door):
    assert door.send(RANG, **why(door.send(RANG))).status_code == 302
    assert door.kept().exists()
    row = ReasonWordsStay.objects.values().get()
    assert (row["application_id"], row["part"]) == (door.application.pk, door.part)
    assert (row["kind"], row["reason"], row["declared_by_id"]) == ("phone number", REASON, door.user.pk)
    assert "555" not in str(row)


@pytest.mark.parametrize("made", [evidence, stated])
def test_what_was_saved_elsewhere_meanwhile_keeps_no_reason(client, cases, made):
    door = made(client, cases)
    page = door.send(RANG)
    door.send("Somebody else was quicker.")
    assert door.send(RANG, **why(page)).status_code == 409
    assert not ReasonWordsStay.objects.exists()


@pytest.mark.parametrize("made", [returned, declined, refused, asked])
def test_a_move_that_breaks_in_the_middle_keeps_no_reason(client, cases, made):
    door = made(client, cases)
    page = door.send(RANG)
    client.raise_request_exception = False
    with mock.patch("progression.transitions.Event.objects.create", side_effect=RuntimeError):
        assert door.send(RANG, **why(page)).status_code == 500
    assert not ReasonWordsStay.objects.exists()


def test_what_is_no_family_s_is_kept_unasked(door):
    words = "Section 20 of the Children Act 1989, the visit of 4 May 2026 and APP-2026-0001."
    assert door.send(words).status_code == 302


def test_an_answer_holds_for_its_part_of_the_case_alone(client, cases):
    door = evidence(client, cases)
    door.send(RANG, **why(door.send(RANG)))
    assert recommendation(client, cases).send(RANG).status_code == 302
    assert ReasonWordsStay.objects.get().where == "Recording: Evidence for criterion 1"
    assert TAKE_OUT in text(declined(client, cases).send(RANG))


@pytest.mark.parametrize(
    ("made", "page", "reader"),
    [
        (declined, "outcome", "worker"),
        (asked, "review", "worker"),
        (stated, "review", "worker"),
    ],
)
def test_the_reason_is_read_with_the_words(client, cases, made, page, reader):
    door = made(client, cases)
    door.send(RANG, **why(door.send(RANG)))
    client.force_login(getattr(door.application, reader))
    read = text(client.get(reverse(f"reviews:{page}", args=[door.application.reference])))
    assert f"Their reason: {REASON}" in read


def test_whoever_decides_reads_the_reasons_of_the_assessment(client, cases):
    application, decides = cases.at[State.RECOMMENDED], cases.place.service_manager
    address = reverse("reviews:authorisation", args=[application.reference])
    client.force_login(decides)
    assert REASON not in text(client.get(address))
    ReasonWordsStay.objects.create(
        application=application,
        part=Part.ASSESSMENT,
        where="Recording: Evidence for criterion 1",
        kind="phone number",
        digest="d" * 64,
        reason=REASON,
        declared_at=timezone.now(),
        declared_by=cases.place.manager,
    )
    told = f"A phone number stays in “Recording: Evidence for criterion 1”. Their reason: {REASON}"
    assert told in text(client.get(address))
    assert told in text(client.get(reverse("reviews:findings", args=[application.reference])))


def test_an_action_of_a_criterion_that_is_met_and_reasons_beside_a_yes_do_not_matter(client, cases):
    door = action(client, cases)
    pk = door.field.removeprefix("action_")
    assert door.send(RANG, **{f"met_{pk}": "yes"}).status_code == 302
    door = recommendation(client, cases)
    assert door.send(RANG, recommended="yes").status_code == 302
    door = declined(client, cases)
    assert TAKE_OUT not in text(door.send(RANG, decision="authorise", check="check", sign=""))


def test_a_worker_s_names_are_looked_for_in_their_words_alone(client, cases):
    asks, judges = asked(client, cases), evidence(client, cases)
    for application in (*cases.at.values(), cases.begun):
        naming.watch_names(application.worker, names=["Zebedee"], now=timezone.now())
    assert "Take out “Zebedee’s”" in text(asks.send("Zebedee’s plan."))
    assert judges.send("Zebedee’s plan.").status_code == 302


class TestDocuments:
    """A file before a hearing: what it says is asked about by its shape, and it is not kept until then."""

    @pytest.fixture
    def add(self, client, cases):
        application = cases.at[State.UNDER_APPEAL]
        client.force_login(application.worker)
        address = reverse("reviews:add_document", args=[application.reference])

        def sent(words, title="The plan", name="plan.pdf", **more):
            return client.post(address, {"title": title, "file": upload(pdf_of(words), name)} | more)

        return sent

    def test_it_is_asked_about_and_not_kept(self, add):
        page = add(RANG)
        assert "Phone number in the file ‘plan.pdf’, page 1" in text(page)
        assert "<mark>0•••4 ••• •••</mark>" in page.text and "555" not in page.text
        assert "Choose the file again when you have said why, or one without it" in text(page)
        assert not AppealDocument.objects.exists()
        assert add("Nothing of anybody.").status_code == 302

    def test_with_a_reason_it_is_kept_and_read_with_the_papers(self, client, cases, add):
        assert add(RANG, **why(add(RANG))).status_code == 302
        assert AppealDocument.objects.get().title == "The plan"
        row = ReasonWordsStay.objects.get()
        assert (row.where, row.reason, row.part) == ("the file ‘plan.pdf’, page 1", REASON, Part.REVIEW)
        address = reverse("reviews:review", args=[cases.at[State.UNDER_APPEAL].reference])
        assert f"Their reason: {REASON}" in text(client.get(address))

    def test_its_title_and_its_name_are_looked_through_too(self, add):
        assert TAKE_OUT in text(add("Nothing.", title=f"Ring {PHONE}"))
        assert "in the name of the file" in text(add("Nothing.", name="943_476_5919.pdf"))
        assert not AppealDocument.objects.exists()


def test_why_somebody_withdraws_says_nothing_of_a_family(client, cases):
    application = cases.at[State.SUBMITTED]
    address = reverse("progression:withdraw", args=[application.reference])
    client.force_login(application.worker)
    page = client.post(address, {"reason": RANG})
    assert f"Take out what may identify a child or family: “{PHONE}”" in text(page)
    assert f"{RANG}</textarea>" in page.text
    application.refresh_from_db()
    assert application.state == State.SUBMITTED
    assert client.post(address, {"reason": "The Children Act 1989 is enough."}).status_code == 302


def test_why_an_authorisation_was_an_error_is_looked_through(client, cases):
    application = application_at(State.AUTHORISED, cases.place, now=timezone.now())
    client.force_login(cases.place.service_manager)
    address = reverse("reviews:reverse", args=[application.reference])
    page = client.post(address, {"reason": RANG, "check": "check"})
    assert TAKE_OUT in text(page)
    assert client.post(address, {"reason": RANG, "sign": "sign"} | why(page)).status_code == 302
    assert ReasonWordsStay.objects.get().part == Part.DECISION


@pytest.mark.parametrize(
    "change",
    [
        lambda: ReasonWordsStay.objects.update(reason="Another"),
        lambda: ReasonWordsStay.objects.all().delete(),
        lambda: connection.cursor().execute("TRUNCATE reviews_reasonwordsstay"),
    ],
)
def test_a_reason_is_never_changed(client, cases, change):
    door = evidence(client, cases)
    door.send(RANG, **why(door.send(RANG)))
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


@pytest.mark.parametrize("fields", [{"reason": ""}, {"kind": "gossip"}, {"part": "elsewhere"}])
def test_the_database_takes_no_reason_that_says_nothing(client, cases, fields):
    door = evidence(client, cases)
    door.send(RANG, **why(door.send(RANG)))
    row = ReasonWordsStay.objects.get()
    row.pk, row.digest = None, "d" * 64
    for name, value in fields.items():
        setattr(row, name, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)
