"""A form to payroll: made once, kept as issued, downloaded by payroll alone, put in pay. R13, R16, R22."""

import hashlib
import io
from datetime import timedelta
from types import SimpleNamespace

import pikepdf
import pytest
from django.db import IntegrityError, connection, transaction

from payroll import issuing, transitions
from payroll.models import DocumentKind, Download, IssuedDocument, Letter, PayForm
from payroll.selectors import handled_by
from payroll.states import TRAYS, FormState, Tray
from people.models import Post
from people.permissions import NotAllowed
from people.policies import Blocked
from tests import council, walk
from tests.built_once import built_once
from tests.council import NOW, organisation
from tests.payroll.pdf_reading import read
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)


def build():
    place = organisation()
    return SimpleNamespace(
        place=place,
        authorised=application_at(State.AUTHORISED, place),
        declined=application_at(State.DECLINED, place),
        sent=walk.contract_accepted(application_at(State.SENT_TO_PAYROLL, place)),
        offered=application_at(State.SENT_TO_PAYROLL, place),
        elsewhere=organisation(),
    )


built, cases = built_once(build)


def form_of(application):
    return application.pay_forms.latest("version")


def document_of(application, kind=DocumentKind.PAY_FORM):
    return form_of(application).documents.get(kind=kind)


@pytest.mark.rule("R16", scheme="medway-2010")
def test_R16_issuing_makes_both_documents_and_sends_the_case_on(cases):
    form = transitions.issue(form_of(cases.authorised), now=LATER)
    assert form.issued_at == LATER
    cases.authorised.refresh_from_db()
    assert cases.authorised.state == State.SENT_TO_PAYROLL
    event = cases.authorised.events.get(verb="issued the pay form")
    assert (event.actor, event.detail) == (None, {"form": "PAY002", "version": 1})
    assert {document.kind for document in form.documents.all()} == {
        DocumentKind.PAY_FORM,
        DocumentKind.EVIDENCE_FORM,
    }
    for document in form.documents.all():
        content = bytes(document.content)
        assert content.startswith(b"%PDF-")
        assert document.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.rule("R16", scheme="medway-2010")
def test_R16_the_evidence_form_goes_inside_the_form(cases):
    evidence = document_of(cases.sent, DocumentKind.EVIDENCE_FORM)
    with pikepdf.open(io.BytesIO(document_of(cases.sent).content)) as form:
        assert form.attachments[evidence.filename].get_file().read_bytes() == bytes(evidence.content)


def test_issued_again_makes_nothing_again(cases):
    form = form_of(cases.sent)
    before = list(form.documents.values_list("pk", "sha256"))
    again = transitions.issue(form, now=LATER + timedelta(days=9))
    assert again.issued_at == form.issued_at
    assert list(form.documents.values_list("pk", "sha256")) == before


@pytest.mark.rule("R13", scheme="medway-2010")
def test_R13_a_form_that_says_NOT_progressed_moves_nothing(cases):
    form = transitions.issue(form_of(cases.declined), now=LATER)
    cases.declined.refresh_from_db()
    assert (cases.declined.state, form.state) == (State.DECLINED, FormState.KEPT)
    with pytest.raises(Blocked):
        transitions.put_in_pay(form, actor=cases.place.payroll, now=LATER)


@pytest.mark.rule("R30", scheme="redbridge-2013")
def test_R30_the_appointment_form_goes_without_the_evidence():
    application = application_at(State.SENT_TO_PAYROLL, scheme="redbridge-2013")
    (document,) = form_of(application).documents.all()
    assert document.kind == DocumentKind.PAY_FORM
    assert document.filename == f"appointment-form-service-area-{application.reference}.pdf"
    said = read(bytes(document.content))
    assert (
        said.rows()
        | {
            "Service area": application.team.service.name,
            "From": "Level 2",
            "To": "Level 3",
            "Line manager": "Progression supported",
            "Head of service": "Approved",
            "Contract": "A variation to contract is issued to the social worker",
        }
        == said.rows()
    )
    assert "Three pieces of evidence, read together with the worker." in said.text  # R28
    assert "the date of the Performance Management Review" in said.rows()["Effective from"]  # R31
    assert "Human Resources (Pay and Contracts)" in said.text


def test_R21_the_form_after_an_upheld_review_has_its_own_name():
    application = application_at(State.UPHELD)
    for form in application.pay_forms.all():
        transitions.issue(form, now=LATER)
    names = {document.filename for document in IssuedDocument.objects.filter(kind=DocumentKind.PAY_FORM)}
    assert len(names & {f"PAY002-{application.reference}.pdf", f"PAY002-{application.reference}-2.pdf"}) == 2


@pytest.mark.rule("R13", scheme="medway-2010")
def test_R13_what_the_form_says_is_what_was_true_when_it_was_decided(cases):
    before = form_of(cases.authorised).content
    Post.objects.filter(holder=cases.authorised.worker).update(spinal_point=40, job_title="Other")
    form = transitions.issue(form_of(cases.authorised), now=LATER)
    assert (form.content, form.from_point) == (before, 37)


def test_downloading_hands_over_the_bytes_and_notes_who(cases):
    document = document_of(cases.sent)
    content = transitions.download(document, actor=cases.place.payroll, now=LATER)
    assert content == bytes(document.content)
    form = form_of(cases.sent)
    assert (form.downloaded_at, form.downloaded_by, form.state) == (
        LATER,
        cases.place.payroll,
        FormState.DOWNLOADED,
    )
    assert Download.objects.get().by == cases.place.payroll
    assert cases.sent.events.latest("id").verb == "downloaded the form"


def test_the_first_download_marks_the_form_and_every_one_is_noted(cases):
    document = document_of(cases.sent)
    transitions.download(document, actor=cases.place.payroll, now=LATER)
    another = council.person(cases.place.payroll.role)
    cases.place.service.officers.add(another)
    transitions.download(document, actor=another, now=LATER + timedelta(hours=1))
    form = form_of(cases.sent)
    assert (form.downloaded_at, form.downloaded_by) == (LATER, cases.place.payroll)
    assert [download.by for download in document.downloads.all()] == [cases.place.payroll, another]
    assert cases.sent.events.filter(verb="downloaded the form").count() == 1


def test_R16_only_payroll_of_the_service_downloads_and_puts_in_pay(cases):
    others = [user for user in cases.place.everybody.values() if user != cases.place.payroll]
    others += [cases.elsewhere.payroll, cases.sent.worker, council.person(cases.place.payroll.role)]
    for user in others:
        with pytest.raises(NotAllowed):
            transitions.download(document_of(cases.sent), actor=user, now=LATER)
        with pytest.raises(NotAllowed):
            transitions.put_in_pay(form_of(cases.sent), actor=user, now=LATER)
    assert not Download.objects.exists()


def test_nobody_handles_their_own_form_not_even_from_payroll(cases):
    worker = cases.sent.worker
    worker.role = cases.place.payroll.role
    worker.save()
    cases.place.service.officers.add(worker)
    with pytest.raises(NotAllowed, match="about you"):
        transitions.put_in_pay(form_of(cases.sent), actor=worker, now=LATER)
    with pytest.raises(NotAllowed, match="about you"):
        transitions.download(document_of(cases.sent), actor=worker, now=LATER)
    others = (cases.authorised, cases.declined, cases.offered)
    assert set(handled_by(worker)) == {form_of(application) for application in others}


def test_a_document_that_is_not_as_issued_is_not_handed_over(cases):
    document = document_of(cases.sent)
    document.content = b"%PDF-1.7 something else"
    with pytest.raises(Blocked, match="not as it was issued"):
        transitions.download(document, actor=cases.place.payroll, now=LATER)
    assert form_of(cases.sent).downloaded_at is None
    assert not Download.objects.exists()


def test_R22_putting_in_pay_moves_the_post_to_the_new_level_and_point(cases):
    form = transitions.put_in_pay(form_of(cases.sent), actor=cases.place.payroll, now=LATER)
    post = Post.objects.get(holder=cases.sent.worker)
    assert (post.level, post.spinal_point) == (3, 41)
    assert (form.in_pay_at, form.in_pay_by, form.state) == (LATER, cases.place.payroll, FormState.IN_PAY)
    event = cases.sent.events.get(to_state=State.IMPLEMENTED)
    assert (event.actor, event.detail) == (cases.place.payroll, {"level": 3, "spinal_point": 41})


@pytest.mark.rule("R12", scheme="medway-2010")
def test_R12_an_increment_since_the_decision_does_not_hold_it_up(cases):
    Post.objects.filter(holder=cases.sent.worker).update(spinal_point=38)
    transitions.put_in_pay(form_of(cases.sent), actor=cases.place.payroll, now=LATER)
    post = Post.objects.get(holder=cases.sent.worker)
    assert (post.level, post.spinal_point) == (3, 41)


@pytest.mark.rule("R12", scheme="medway-2010")
def test_R12_put_in_pay_after_the_first_increment_in_the_new_level(cases):
    """From 10 March: less than six months by 1 April, so point 42 from 10 September."""
    october = NOW + timedelta(days=215)
    transitions.put_in_pay(form_of(cases.sent), actor=cases.place.payroll, now=october)
    post = Post.objects.get(holder=cases.sent.worker)
    assert (post.level, post.spinal_point) == (3, 42)


def test_a_post_already_moved_by_hand_is_left_as_it_is(cases):
    Post.objects.filter(holder=cases.sent.worker).update(level=3, spinal_point=42)
    transitions.put_in_pay(form_of(cases.sent), actor=cases.place.payroll, now=LATER)
    post = Post.objects.get(holder=cases.sent.worker)
    assert (post.level, post.spinal_point) == (3, 42)


def test_2018_moves_the_level_and_leaves_the_point_empty():
    application = application_at(State.IMPLEMENTED, scheme="medway-2018")
    post = Post.objects.get(holder=application.worker)
    assert (post.level, post.spinal_point) == (2, None)


def test_it_is_put_in_pay_once(cases):
    transitions.put_in_pay(form_of(cases.sent), actor=cases.place.payroll, now=LATER)
    with pytest.raises(Blocked, match="moved this application"):
        transitions.put_in_pay(form_of(cases.sent), actor=cases.place.payroll, now=LATER)


def test_not_before_it_is_issued(cases):
    with pytest.raises(Blocked):
        transitions.put_in_pay(form_of(cases.authorised), actor=cases.place.payroll, now=LATER)


@pytest.mark.rule("R23", page="/payroll/forms/<reference>/pay-changed/")
def test_R23_nor_before_the_worker_accepts_the_new_contract(cases):
    with pytest.raises(Blocked, match="has not accepted the new contract yet"):
        transitions.put_in_pay(form_of(cases.offered), actor=cases.place.payroll, now=LATER)
    assert Post.objects.get(holder=cases.offered.worker).level == 2


# The sweeper's claims.


def test_each_form_is_claimed_by_one_and_not_again_until_its_wait_is_over(cases):
    claimed = list(iter(lambda: issuing.claim(now=LATER), None))
    assert len(claimed) == len(set(claimed))
    first, second, *others = claimed
    assert {first, second} == {form_of(cases.authorised), form_of(cases.declined)}
    assert {type(other) for other in others} == {Letter}
    again = issuing.claim(now=LATER + issuing.FIRST_WAIT)
    assert again in (first, second) and again.attempts == 2
    assert again.try_at == LATER + issuing.FIRST_WAIT + 2 * issuing.FIRST_WAIT


def test_the_wait_grows_to_an_hour_and_no_longer(cases):
    PayForm.objects.filter(pk=form_of(cases.authorised).pk).update(attempts=60)
    PayForm.objects.filter(pk=form_of(cases.declined).pk).update(try_at=LATER + timedelta(days=1))
    assert issuing.claim(now=LATER).try_at == LATER + issuing.LONGEST_WAIT


def test_one_that_cannot_be_made_says_so_and_holds_up_no_other(cases, monkeypatch):
    from payroll import tasks

    broken, write = form_of(cases.authorised), transitions._write_documents

    def write_all_but_one(pay_form, *, now):
        if pay_form.pk == broken.pk:
            raise ValueError("No such glyph")
        write(pay_form, now=now)

    monkeypatch.setattr(transitions, "_write_documents", write_all_but_one)
    tasks.issue_documents()
    broken.refresh_from_db()
    assert (broken.state, broken.attempts) == (FormState.FAILED, 1)
    assert broken.last_fault == "ValueError"
    assert not broken.documents.exists()
    assert form_of(cases.declined).state == FormState.KEPT
    cases.authorised.refresh_from_db()
    assert cases.authorised.state == State.AUTHORISED

    monkeypatch.setattr(transitions, "_write_documents", write)
    form = transitions.issue(issuing.claim(now=broken.try_at), now=broken.try_at)
    assert (form.state, form.last_fault) == (FormState.WITH_WORKER, "")


# What PostgreSQL itself refuses.


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE payroll_issueddocument SET content = 'x'", "append-only"),
        ("DELETE FROM payroll_issueddocument", "append-only"),
        ("TRUNCATE payroll_issueddocument CASCADE", "append-only"),
        ("DELETE FROM payroll_payform", "append-only"),
        ("TRUNCATE payroll_payform CASCADE", "append-only"),
        ("UPDATE payroll_payform SET content = '{}'", "content is fixed"),
        ("UPDATE payroll_payform SET to_point = 43", "to_point is fixed"),
        ("UPDATE payroll_payform SET ern = 'E1'", "ern is fixed"),
        ("UPDATE payroll_payform SET progressed = NOT progressed", "progressed is fixed"),
        ("UPDATE payroll_payform SET issued_at = NULL WHERE issued_at IS NOT NULL", "issued_at is fixed"),
        ("UPDATE payroll_payform SET issued_at = now() WHERE issued_at IS NOT NULL", "issued_at is fixed"),
        ("UPDATE payroll_payform SET attempts = 9 WHERE issued_at IS NOT NULL", "attempts is fixed"),
        ("UPDATE payroll_payform SET downloaded_at = now() WHERE issued_at IS NOT NULL", "download_complete"),
        ("UPDATE payroll_payform SET in_pay_at = now() WHERE issued_at IS NOT NULL", "in_pay_complete"),
    ],
)
def test_what_was_issued_never_changes(cases, change, says):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match=says), transaction.atomic():
            cursor.execute(change)


@pytest.mark.parametrize(
    "change", ["UPDATE payroll_download SET by_id = by_id", "DELETE FROM payroll_download"]
)
def test_nor_does_who_took_it(cases, change):
    transitions.download(document_of(cases.sent), actor=cases.place.payroll, now=LATER)
    with (
        connection.cursor() as cursor,
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
    ):
        cursor.execute(change)


@pytest.mark.parametrize("field", ["downloaded_at", "in_pay_at"])
def test_nor_when_it_happened(cases, field):
    transitions.download(document_of(cases.sent), actor=cases.place.payroll, now=LATER)
    transitions.put_in_pay(form_of(cases.sent), actor=cases.place.payroll, now=LATER)
    with pytest.raises(IntegrityError, match=f"{field} is fixed"), transaction.atomic():
        PayForm.objects.filter(pk=form_of(cases.sent).pk).update(**{field: NOW})


def test_a_form_that_says_NOT_progressed_cannot_be_put_in_pay_by_anyone(cases):
    form = transitions.issue(form_of(cases.declined), now=LATER)
    with pytest.raises(IntegrityError, match="in_pay_complete"), transaction.atomic():
        PayForm.objects.filter(pk=form.pk).update(in_pay_at=LATER, in_pay_by=cases.place.payroll)


def test_every_form_lies_in_one_tray(cases):
    transitions.issue(form_of(cases.declined), now=LATER)
    transitions.download(document_of(cases.sent), actor=cases.place.payroll, now=LATER)
    for form in PayForm.objects.all():
        trays = [tray for tray, which in TRAYS.items() if PayForm.objects.filter(which, pk=form.pk).exists()]
        assert len(trays) == 1, form.state


def test_a_form_still_being_made_is_not_to_download(cases):
    """Once made, it waits for its worker first."""
    making = form_of(cases.authorised)
    lies_in = {tray for tray, which in TRAYS.items() if PayForm.objects.filter(which, pk=making.pk).exists()}
    assert lies_in == {Tray.PREPARING}
    transitions.issue(making, now=LATER)
    lies_in = {tray for tray, which in TRAYS.items() if PayForm.objects.filter(which, pk=making.pk).exists()}
    assert lies_in == {Tray.WITH_WORKER}
