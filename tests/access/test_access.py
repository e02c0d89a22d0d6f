"""Every address, asked for by everybody in every way, against the one table of who gets what."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from people.models import User
from tests.access.cast import (
    ADMINISTRATOR,
    ANONYMOUS,
    AUDITOR,
    DIRECTOR,
    EVERYBODY,
    HEAD,
    LEAVER,
    MANAGER,
    NOT_SIGNED_IN,
    PAYROLL,
    PSW,
    SEE_RETURNED,
    SERVICE_MANAGER,
    WORKER,
)
from tests.access.row import CASE, PAY
from tests.access.table import ADMIN, ADMIN_CHANGES, FULL_ROW, OPENED_BY, TABLE, tried_by
from tests.access.visit import STRICT, Fields, Visitor, addresses, path_of, undone, values_of
from tests.access.world import CASES

pytestmark = pytest.mark.django_db

NO_METHOD = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
SIGN_IN = "/account/sign-in/"
WELL_REFUSED = {302, 403, 404, 405, 409}
QUERIES = (
    "page=%00&search=%00&state=%00&only=%00&show=%00&heading=%00&kind=%00",
    "page=99999999999999999999&search=%F0%9F%92%A5&state=draft&next=//elsewhere.example/",
    "page=-1&search='&state='&only='&show='&heading='&kind='&next=https://elsewhere.example/",
)
NOT_BROKEN = {200, 302, 400, 404, 409}
NONSENSE = ("\x00", "9" * 30, ["-1", "💥" * 300, "' OR 1=1"])
ADMIN_URLS = [url for url in addresses() if url.startswith(ADMIN)]
EACH_ROLE = (ANONYMOUS, LEAVER, WORKER, MANAGER, SERVICE_MANAGER, HEAD, DIRECTOR, PAYROLL, PSW, AUDITOR)
URLS = sorted(FULL_ROW)
ROWS = pytest.mark.parametrize("row", TABLE, ids=str)


def _is_full(row):
    return row is FULL_ROW[row.url]


def test_the_table_and_the_addresses_are_the_same():
    """An address that nobody has thought about fails; so does a row whose page has gone."""
    there = {url for url in addresses() if not url.startswith(ADMIN)}
    assert there == set(URLS)


@ROWS
def test_page(visit, row):
    """GET by everybody, and HEAD once for each answer: the status of the table, sealed, telling nothing."""
    visitor, path = visit(row)
    faults, heads = [], {}
    with undone() as written:
        for who in tried_by(row):
            expected = _of_the_page(row, who)
            answer = visitor.ask(who, "GET", path)
            faults += _faults(visitor, row, who, answer, expected)
            if expected == 302 and who in NOT_SIGNED_IN and SIGN_IN not in answer.headers.get("location", ""):
                faults.append(f"{who}: not sent to sign in")
            heads.setdefault(expected, who)
        for expected, who in heads.items() if _is_full(row) else ():
            head = visitor.ask(who, "HEAD", path)
            if head.status != expected or head.text:
                faults.append(f"{who}: HEAD is answered {head.status}")
        assert (faults, written()) == ([], 0)


@pytest.mark.parametrize("row", [row for row in TABLE if row.sends is not None or _is_full(row)], ids=str)
def test_sending(visit, row):
    """POST by everybody: as the table says, and who may not changes nothing."""
    visitor, path = visit(row)
    body = _body(visitor, row, path)
    faults = []
    with undone() as written:
        for who in tried_by(row):
            if not row.may_act(who):
                answer = visitor.ask(who, "POST", path, body)
                faults += _faults(visitor, row, who, answer, _of_sending(row, who))
        assert (faults, written()) == ([], 0)
    actors = [who for who in tried_by(row) if row.may_act(who)]
    for who in actors:
        with undone() as written:
            faults += _faults(visitor, row, who, visitor.ask(who, "POST", path, body), row.then)
            if row.keeps and not written():
                faults.append(f"{who}: what was sent was not kept")
    for who in actors[:1]:
        faults += _misused(visitor, row, who, path, body)
    assert not faults


def _misused(visitor, row, who, path, body):
    """What goes wrong when what somebody may send comes forged from elsewhere, empty, or as nonsense."""
    faults = []
    with undone() as written:
        forged = visitor.ask(who, "POST", path, body, client=STRICT)
        if forged.status != 403 or written():
            faults.append(f"{who}: without the right token it was answered {forged.status}")
    for sent, expected in ({}, {row.empty}), *((dict.fromkeys(body, one), NOT_BROKEN) for one in NONSENSE):
        with undone():
            answer = visitor.ask(who, "POST", path, sent)
        if answer.status not in expected:
            faults.append(f"{who}: {str(sent)[:80]} is answered {answer.status} {answer.fault}")
    return faults


@pytest.mark.parametrize("url", URLS)
def test_no_other_method(visit, url):
    """Whoever asks, a method that no page knows gets 405."""
    visitor, path = visit(FULL_ROW[url])
    asked = [(who, NO_METHOD[0]) for who in EVERYBODY] + [(min(WORKER), method) for method in NO_METHOD]
    answers = {(who, method): visitor.ask(who, method, path) for who, method in asked}
    assert not {one: answer for one, answer in answers.items() if answer.status != 405 or answer.faults}


@pytest.mark.parametrize("url", URLS)
def test_nonsense_in_the_query(visit, url):
    """Whatever follows the question mark, a page does not break, nor send anybody to another site."""
    row = FULL_ROW[url]
    visitor, path = visit(row)
    who = min(row.opens or row.sent_on or WORKER)
    for query in QUERIES:
        answer = visitor.ask(who, "GET", f"{path}?{query}")
        assert not answer.faults and answer.status < 500
        assert "elsewhere" not in answer.headers.get("location", "")


@pytest.mark.parametrize("name", CASES)
def test_no_page_of_a_case_breaks_in_any_state(world, name):
    """Whatever has become of the case, for one of those whom the page is for."""
    world.signed_in()
    visitor = Visitor(world, world.case(name))
    values = values_of(visitor.case)
    for url in URLS:
        if url.startswith((CASE, PAY)):
            answer = visitor.ask(min(OPENED_BY[url]), "GET", path_of(url, values))
            assert answer.status in WELL_REFUSED | {200}, (url, answer.fault)


def _of_the_page(row, who):
    return 405 if row.post_only and who not in NOT_SIGNED_IN else row.page(who)


def _of_sending(row, who):
    if row.sends is None:
        return 405 if who not in NOT_SIGNED_IN or row.page(who) == 200 else 302
    return 409 if who in row.act_blocked else row.page(who)


def _body(visitor, row, path):
    """The row's answers, with what the page's own form carries along."""
    if row.sends is None:
        return {}
    body = row.sends(visitor.case) if callable(row.sends) else row.sends
    form_on = path_of(row.form_on, values_of(visitor.case)) if row.form_on else path
    for who in tried_by(row):
        if row.may_act(who):
            page = visitor.ask(who, "GET", form_on)
            return Fields(page.text).hidden | body
    return body


def _faults(visitor, row, who, answer, expected):
    faults = list(answer.faults)
    if answer.status != expected:
        faults.append(f"answered {answer.status}, not {expected}")
    if told := _told(visitor, row, who, answer):
        faults.append(f"told of {told}")
    return [f"{who}: {fault}" for fault in faults]


def _told(visitor, row, who, answer):
    """The cases that the answer names and this persona may not know of."""
    told = {reference for reference in visitor.references if reference in answer.text}
    if answer.status == 404 or who not in SEE_RETURNED | PAYROLL | row.opens:
        return told
    if who in WORKER:
        return {one for one in told if visitor.references[one] != visitor.case.worker_id}
    return set()


def test_the_admin_changes_no_case():
    """Operators keep people and teams; what of a case they may open, nobody may add to, change or delete."""
    asked = RequestFactory().get("/admin/")
    asked.user = User(is_staff=True, is_superuser=True)
    changes = {
        model._meta.label_lower: page.has_add_permission(asked)
        or page.has_change_permission(asked)
        or page.has_delete_permission(asked)
        for model, page in admin.site._registry.items()
    }
    assert changes == ADMIN_CHANGES


@pytest.mark.parametrize("url", ADMIN_URLS)
def test_admin(visit, url):
    """Operators alone: everybody else is sent away, and changes nothing."""
    visitor, _ = visit(FULL_ROW[CASE])
    key = visitor.case.worker.pk
    path = path_of(
        url, {"object_id": key, "id": key, "content_type_id": 1, "app_label": "people", "url": "no-such/"}
    )
    faults = []
    with undone() as written:
        for who in sorted(frozenset().union(*EACH_ROLE)):
            for method in ("GET", "POST") if who in DIRECTOR | WORKER else ("GET",):
                answer = visitor.ask(who, method, path)
                sent_to = answer.headers.get("location", "")
                if answer.status != 403 and not sent_to.startswith(("/admin/", SIGN_IN)):
                    faults.append(f"{who}: {method} is answered {answer.status} {sent_to}")
                faults += answer.faults
        assert (faults, written()) == ([], 0)
        answer = visitor.ask(min(ADMINISTRATOR), "GET", path)
        assert answer.status < 500 and not answer.faults
