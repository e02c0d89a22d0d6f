"""Payroll's pages: who reaches them, what they say, what they hand over. R13, R16."""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import unquote_plus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from payroll import issuing, transitions
from payroll.models import Download, PayForm
from people.models import Post
from people.roles import Role
from progression.models import Application
from tests import council, walk
from tests.built_once import built_once
from tests.council import organisation, person
from tests.reading import text
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db


def build():
    now = timezone.now()
    place = organisation()
    elsewhere = organisation()
    cases = SimpleNamespace(
        place=place,
        elsewhere=elsewhere,
        sent=walk.contract_accepted(application_at(State.SENT_TO_PAYROLL, place, now=now), now=now),
        authorised=application_at(State.AUTHORISED, place, now=now),
        declined=application_at(State.DECLINED, place, now=now),
        theirs=application_at(State.SENT_TO_PAYROLL, elsewhere, now=now),
    )
    transitions.issue(cases.declined.pay_forms.get(), now=now)
    return cases


built, cases = built_once(build)

FORMS = "/payroll/forms/"
ALL_WAITING = {"show": "with-worker"}


def page_of(application):
    return reverse("payroll:form", args=[application.reference])


def pay_changed(application):
    return reverse("payroll:pay_changed", args=[application.reference])


def download(application, kind="pay-form", version=1):
    return reverse("payroll:download", args=[application.reference, version, kind])


@pytest.fixture
def payroll(client, cases):
    client.force_login(cases.place.payroll)
    return client


@pytest.mark.rule("R16", page="/payroll/forms/<reference>/")
def test_R16_everybody_else_is_told_that_there_is_no_such_page(client, cases):
    """404, not 403: auditors, those who decided, the worker, payroll of another service."""
    others = [user for user in cases.place.everybody.values() if user != cases.place.payroll]
    others += [cases.sent.worker, cases.sent.authoriser, cases.sent.assessor, cases.elsewhere.auditor]
    for user in others:
        client.force_login(user)
        assert client.get(FORMS).status_code == 404, user.role
    for user in [*others, cases.elsewhere.payroll, person(Role.PAYROLL)]:
        client.force_login(user)
        assert client.get(page_of(cases.sent)).status_code == 404, user.role
        assert client.get(pay_changed(cases.sent)).status_code == 404, user.role
        assert client.post(pay_changed(cases.sent)).status_code == 404, user.role
        for kind in ("pay-form", "evidence-form"):
            assert client.post(download(cases.sent, kind)).status_code == 404, user.role
    client.logout()
    for address in (FORMS, page_of(cases.sent), pay_changed(cases.sent)):
        assert client.get(address).status_code == 302
    assert not Download.objects.exists()


def test_the_list_holds_the_readers_own_service(payroll, cases):
    page = text(payroll.get(FORMS))
    assert cases.sent.worker.name in page and cases.sent.reference in page
    assert cases.theirs.worker.name not in page
    assert (
        "To download (1) To put in pay (0) Waiting for the worker (0) Sent back (0) In pay (0) "
        "Not progressed (1) Stopped (0) Being prepared (1)"
    ) in page


def test_the_list_opens_where_there_is_something_to_do(payroll, cases):
    """Or else on the first tray with a form in it, and says that nothing is asked."""
    asked, nothing = "Forms: to put in pay", "There is nothing for you to do now"
    assert "Forms to download" in text(payroll.get(FORMS))
    for document in cases.sent.pay_forms.get().documents.all():
        transitions.download(document, actor=cases.place.payroll, now=timezone.now())
    page = text(payroll.get(FORMS))
    assert asked in page and cases.sent.worker.name in page and nothing not in page
    assert cases.sent.worker.name not in text(payroll.get(FORMS, {"show": "to-download"}))
    transitions.put_in_pay(cases.sent.pay_forms.get(), actor=cases.place.payroll, now=timezone.now())
    page = text(payroll.get(FORMS))
    assert "Forms: in pay" in page and cases.sent.worker.name in page and nothing in page
    assert nothing not in text(searched(payroll, cases.sent.worker.name))


def test_payroll_of_no_service_has_an_empty_list(client, cases):
    client.force_login(person(Role.PAYROLL))
    page = text(client.get(FORMS))
    assert "There are no forms here." in page and cases.sent.reference not in page


def test_a_row_says_what_payroll_needs(payroll, cases):
    page = text(payroll.get(FORMS))
    post, today = cases.sent.worker.post, timezone.localdate()
    row = page[page.index(cases.sent.worker.name) :]
    day = f"{today.day} {today:%B %Y}"
    assert f"{post.ern} PAY002 37 to 41 {day} {day} To download" in row
    page = text(payroll.get(FORMS, {"show": "being-prepared"}))
    assert "Being prepared" in page[page.index(cases.authorised.worker.name) :][:200]


def test_R13_what_did_not_progress_is_kept_apart(payroll, cases):
    assert cases.declined.reference not in text(payroll.get(FORMS))
    page = text(payroll.get(FORMS, {"show": "not-progressed"}))
    assert cases.declined.reference in page and "They change no pay" in page and "No change" in page
    page = text(payroll.get(page_of(cases.declined)))
    assert "NOT progressed" in page and "Pay has been changed" not in page
    assert payroll.get(pay_changed(cases.declined)).status_code == 409
    assert payroll.post(pay_changed(cases.declined)).status_code == 409


def searched(payroll, words):
    """What a search shows. What was typed stands in no address."""
    sent = payroll.post(FORMS, {"search": words})
    typed = words.replace("\x00", "").strip()
    assert len(typed) < 3 or typed not in unquote_plus(sent.url)
    return payroll.get(sent.url)


@pytest.mark.parametrize("by", ["reference", "ern", "name", "part of the name"])
def test_searching_finds_a_form_in_any_tray(payroll, cases, by):
    worker = cases.sent.worker
    wanted = {"reference": cases.sent.reference, "ern": worker.post.ern, "name": worker.name.upper()}
    search = wanted.get(by, worker.name[-9:])
    transitions.put_in_pay(cases.sent.pay_forms.get(), actor=cases.place.payroll, now=timezone.now())
    page = text(searched(payroll, f" {search} "))
    assert cases.sent.reference in page and "Clear the search" in page
    assert cases.theirs.reference not in page


def test_a_search_that_finds_nothing_says_so(payroll, cases):
    for search in (cases.theirs.worker.name, "%", "_", "'", "nobody", "\x00"):
        page = text(searched(payroll, search))
        if search.strip("\x00"):
            assert "Nothing matches" in page, search


def test_words_of_another_session_are_not_known_and_the_page_says_so(payroll, cases):
    found = payroll.post(FORMS, {"search": cases.sent.worker.name}).url
    payroll.force_login(cases.place.payroll)
    assert payroll.get(found).status_code == 200
    payroll.logout()
    payroll.force_login(cases.place.payroll)
    assert "no longer kept" in text(payroll.get(found, follow=True))


def test_odd_addresses_are_answered_plainly(payroll, cases):
    for query in ({"show": "x"}, {"page": "x"}, {"page": "999"}, {"show": "in-pay", "page": "-1"}):
        assert payroll.get(FORMS, query).status_code == 200
    assert payroll.get("/payroll/forms/APP-1999-0001/").status_code == 404
    assert payroll.post(download(cases.sent, "letter")).status_code == 404
    assert payroll.post(download(cases.sent, version=2)).status_code == 404
    assert payroll.post(download(cases.sent, version=10**12)).status_code == 404
    assert payroll.post(download(cases.authorised)).status_code == 404


@pytest.mark.parametrize(
    ("kind", "name"), [("pay-form", "PAY002-{}.pdf"), ("evidence-form", "evidence-form-{}.pdf")]
)
def test_a_download_is_an_attachment_of_its_own_kind(payroll, cases, kind, name):
    response = payroll.post(download(cases.sent, kind))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name.format(cases.sent.reference)}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(b"%PDF-")


def test_a_download_is_a_post(payroll, cases):
    assert payroll.get(download(cases.sent)).status_code == 405
    assert not Download.objects.exists()


def test_the_page_says_who_downloaded_what_and_when(payroll, cases):
    assert "Downloads" not in text(payroll.get(page_of(cases.sent)))
    payroll.post(download(cases.sent))
    page = text(payroll.get(page_of(cases.sent)))
    assert f"PAY002-{cases.sent.reference}.pdf, {cases.place.payroll.name}," in page
    assert cases.place.payroll.name in text(payroll.get(FORMS, {"show": "downloaded"}))


def test_pay_changed_is_a_page_to_check_then_a_button(payroll, cases):
    page = text(payroll.get(pay_changed(cases.sent)))
    assert "37 to 41" in page and "You cannot undo this." in page
    assert Application.objects.get(pk=cases.sent.pk).state == State.SENT_TO_PAYROLL
    done = payroll.post(pay_changed(cases.sent), follow=True)
    assert "pay has been changed" in text(done)
    assert "Pay has been changed" not in text(payroll.get(page_of(cases.sent)))
    assert Post.objects.get(holder=cases.sent.worker).spinal_point == 41
    for again in (payroll.post(pay_changed(cases.sent)), payroll.get(pay_changed(cases.sent))):
        assert again.status_code == 409
        assert cases.place.payroll.name in text(again)


def test_one_being_prepared_says_so_and_one_that_failed_too(payroll, cases):
    page = text(payroll.get(page_of(cases.authorised)))
    assert "The documents are being made" in page and "Download PAY002" not in page
    assert payroll.get(pay_changed(cases.authorised)).status_code == 409
    form = issuing.claim(now=timezone.now())
    issuing.note_fault(form, ValueError("secret path"))
    page = text(payroll.get(page_of(cases.authorised)))
    assert "The documents could not be made" in page and "secret path" not in page
    assert "Not prepared yet" in text(payroll.get(FORMS, {"show": "being-prepared"}))


@pytest.mark.rule("R23", page="/payroll/forms/<reference>/")
def test_R23_one_that_waits_for_the_worker_says_so(client, cases):
    client.force_login(cases.elsewhere.payroll)
    page = text(client.get(page_of(cases.theirs)))
    assert "has not accepted the new contract" in page and "Pay has been changed" not in page
    assert client.post(pay_changed(cases.theirs)).status_code == 409


@pytest.mark.rule("R17", page="/payroll/forms/<reference>/")
def test_R17_the_page_shows_the_back_pay_line_by_line(payroll, cases):
    page = text(payroll.get(page_of(cases.sent)))
    assert "37: £30,851 41: £34,549 £3,698" in page and "Total before tax" in page
    assert "a whole month is a twelfth of the yearly difference" in page


def test_R21_both_forms_of_a_case_are_there_after_an_upheld_review(payroll, cases):
    application = application_at(State.UPHELD, cases.place, now=timezone.now())
    for form in application.pay_forms.all():
        transitions.issue(form, now=timezone.now())
    page = text(payroll.get(page_of(application)))
    assert page.index("Version 2, progressed") < page.index("Version 1, not progressed")
    assert (
        payroll.post(download(application, version=1)).content
        != payroll.post(download(application, version=2)).content
    )


def copies(form, count, *, after=100):
    """As many forms again as a busy year brings. Made from a real one: only the list is asked about."""
    fields = {field.attname: getattr(form, field.attname) for field in PayForm._meta.concrete_fields}
    del fields["id"]
    PayForm.objects.bulk_create(
        PayForm(
            **fields | {"version": after + number, "created_at": form.created_at + timedelta(minutes=number)}
        )
        for number in range(count)
    )


def test_the_list_asks_as_many_questions_at_3_forms_as_at_300(payroll, cases):
    counts = []
    for more, after in ((3, 100), (297, 200)):
        copies(cases.sent.pay_forms.first(), more, after=after)
        payroll.get(FORMS, ALL_WAITING)
        with CaptureQueriesContext(connection) as queries:
            response = payroll.get(FORMS, ALL_WAITING)
        counts.append(len(queries))
    assert "Waiting for the worker (300)" in text(response)
    assert counts[0] == counts[1] <= 6


def test_a_page_of_the_list_holds_fifty(payroll, cases):
    copies(cases.sent.pay_forms.first(), 60)
    first, second = (payroll.get(FORMS, ALL_WAITING | {"page": page}).content.decode() for page in (1, 2))
    assert first.count("<tr") - 1 == 50
    assert second.count("<tr") - 1 == 10
    assert "page=2&amp;show=with-worker" in first


def test_the_page_of_a_form_reads_no_document(payroll, cases):
    payroll.get(page_of(cases.sent))
    with CaptureQueriesContext(connection) as queries:
        payroll.get(page_of(cases.sent))
    assert len(queries) <= 8
    assert not any('"payroll_issueddocument"."content"' in query["sql"] for query in queries)


def test_the_other_services_payroll_has_its_own(client, cases):
    client.force_login(cases.elsewhere.payroll)
    assert cases.theirs.reference in text(client.get(FORMS, ALL_WAITING))
    assert client.post(download(cases.theirs)).status_code == 200
    assert council.payroll_of(cases.theirs) == cases.elsewhere.payroll
