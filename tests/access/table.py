"""Who gets what at every address, and with the case in which state. Read it down: a row is an address.

What a row's words mean is in `row.py`; who the people are and what the cases are called, in `cast.py`.
Of each address the first row in which somebody gets something is tried by everybody; its others by whoever
they name, and by the nearest misses.
"""

from progression.states import State
from tests.access import (
    bank,
    cast,
    cpd,
    development,
    family_data,
    given,
    meetings,
    notices,
    observers,
    others,
    packs,
    pay,
    personal_data,
    reviews,
    schemes,
    sharing,
    signing_in,
    standing_in,
)
from tests.access.cast import (
    ASSESSING_HEAD,
    AUDITOR,
    BEING_ASSESSED,
    DIRECTOR,
    EVERYBODY,
    HEAD,
    MANAGER,
    MANAGERS,
    NEAR_MISSES,
    NOBODY,
    NOT_BEGUN,
    NOT_SIGNED_IN,
    OUTSIDE_AUDITOR,
    OUTSIDE_PAYROLL,
    OUTSIDE_PSW,
    OUTSIDE_SENIORS,
    PAYROLL,
    PSW,
    REDBRIDGE_APPEAL,
    REDBRIDGE_RECOMMENDED,
    SEE_CASE,
    SEE_RETURNED,
    SENIORS,
    SIGNED_IN,
    WORKER,
    WORKERS,
)
from tests.access.row import CASE, Row
from tests.access.sent import (
    ASK,
    AUTHORISE,
    DECLARED,
    DECLINE,
    DISMISS,
    EXAMPLE,
    NEW_PASSWORD,
    NOT_RECOMMENDED,
    REFUSE,
    UPHOLD,
    email_and_password,
    not_used_yet,
)

WATCH_CASES = SENIORS | OUTSIDE_SENIORS | AUDITOR | OUTSIDE_AUDITOR

TABLE = (
    # Everybody's
    Row("", opens=SIGNED_IN - PAYROLL - OUTSIDE_PAYROLL, sent_on=PAYROLL | OUTSIDE_PAYROLL),
    Row("healthz", opens=EVERYBODY),
    Row("you/", opens=SIGNED_IN),
    Row("framework/", opens=SIGNED_IN),
    Row("framework/schemes/", opens=SIGNED_IN),
    Row("framework/<slug:code>/level-<int:level>/", opens=SIGNED_IN, args={"code": "medway-2010"}),
    Row(
        "framework/<slug:code>/version-<int:version>/level-<int:level>/",
        opens=SIGNED_IN,
        args={"code": "redbridge-2013"},
    ),
    # Signing in and out, passwords
    Row("account/sign-in/", opens=NOT_SIGNED_IN, sent_on=SIGNED_IN, sends=email_and_password),
    Row("account/sign-out/", opens=SIGNED_IN, sent_on=NOT_SIGNED_IN, sends={}, empty=302, keeps=False),
    Row("account/password/change/", opens=SIGNED_IN, sends={"oldpassword": "progression", **NEW_PASSWORD}),
    Row(
        "account/password/forgotten/", opens=EVERYBODY, sends={"email": "nobody@council.example"}, keeps=False
    ),
    Row("account/password/forgotten/sent/", opens=EVERYBODY),
    Row(
        "account/password/new/<uidb36>-<key>/",
        opens=EVERYBODY,
        sends=NEW_PASSWORD,
        then=200,
        keeps=False,
        args={"uidb36": "1", "key": "guessed"},
    ),
    Row("account/password/new/done/", opens=EVERYBODY),
    # Lists
    Row("teams/", opens=MANAGERS | SENIORS | OUTSIDE_SENIORS),
    Row("team/", opens=MANAGERS | ASSESSING_HEAD, refused=SIGNED_IN - MANAGERS - ASSESSING_HEAD),
    Row(
        "workers/",
        opens=WATCH_CASES,
        refused=SIGNED_IN - WATCH_CASES,
        sends={"search": "Ann"},
        empty=302,
        keeps=False,
    ),
    Row(
        "applications/",
        opens=WATCH_CASES,
        refused=SIGNED_IN - WATCH_CASES,
        sends={"search": "Ann"},
        empty=302,
        keeps=False,
    ),
    Row(
        "figures/", opens=WATCH_CASES | PSW | OUTSIDE_PSW, refused=SIGNED_IN - WATCH_CASES - PSW - OUTSIDE_PSW
    ),
    # A worker's own evidence and portfolio: nobody else's at all
    Row("portfolio/", opens=WORKERS),
    Row("portfolio/desirable/", opens=WORKER, sends={"held": ["consolidation-award"]}, empty=302),
    Row("portfolio/desirable/", NOT_BEGUN, blocked=WORKER, sends={}),
    Row("portfolio/<slug:code>/", opens=WORKER),
    Row("portfolio/<slug:code>/", NOT_BEGUN, opens=WORKER),
    Row("portfolio/<slug:code>/from-your-evidence/", opens=WORKER, sends=not_used_yet),
    Row("portfolio/<slug:code>/from-your-evidence/", NOT_BEGUN, blocked=WORKER, sends={}),
    Row("evidence/", opens=WORKERS),
    Row("evidence/new/", opens=WORKERS, sends=EXAMPLE, empty=400),
    Row(
        "evidence/new/autosave/",
        post_only=True,
        acts=WORKERS,
        sends=EXAMPLE,
        form_on="evidence/new/",
        then=200,
        empty=400,
    ),
    Row("evidence/<int:pk>/", opens=WORKER),
    Row("evidence/<int:pk>/", NOT_BEGUN, opens=WORKER),
    Row("evidence/<int:pk>/edit/", opens=WORKER, sends=EXAMPLE, empty=400),
    Row(
        "evidence/<int:pk>/autosave/",
        post_only=True,
        acts=WORKER,
        sends=EXAMPLE,
        form_on="evidence/<int:pk>/edit/",
        then=200,
        empty=400,
    ),
    Row("evidence/<int:pk>/remove/", opens=WORKER, sends={}, empty=302),
    Row("evidence/<int:pk>/attachments/<uuid:token>/", opens=WORKER),
    Row("evidence/<int:pk>/attachments/<uuid:token>/", NOT_BEGUN, opens=WORKER),
    # The audit
    Row(
        "audit/",
        opens=AUDITOR | OUTSIDE_AUDITOR,
        refused=SIGNED_IN - AUDITOR - OUTSIDE_AUDITOR,
        sends={},
        empty=302,
        keeps=False,
    ),
    Row(
        "audit/check/",
        post_only=True,
        refused=SIGNED_IN - AUDITOR - OUTSIDE_AUDITOR,
        sends={},
        acts=AUDITOR | OUTSIDE_AUDITOR,
        empty=302,
        form_on="audit/",
    ),
    # Applying
    Row(
        "applications/start/",
        opens=WORKERS,
        refused=SIGNED_IN - WORKERS,
        sends={},
        acts=WORKERS - WORKER,
        act_blocked=WORKER,
        empty=302,
    ),
    Row("applications/submit/", sent_on=WORKER),
    Row("applications/submit/", NOT_BEGUN),
    Row(CASE + "submit/", opens=WORKER, sends={"worked_through": "on"}),
    Row(CASE + "submit/", State.RETURNED, opens=WORKER, sends={"worked_through": "on"}),
    Row(CASE + "submit/", NOT_BEGUN, blocked=WORKER, sends={}),
    Row(CASE + "submitted/", absent=WORKER),
    Row(CASE + "submitted/", NOT_BEGUN, opens=WORKER),
    Row(CASE + "withdraw/", opens=WORKER, sends={"reason": "I move away."}, empty=302),
    Row(CASE + "withdraw/", State.RECOMMENDED, opens=WORKER, sends={}, empty=302),
    Row(CASE + "withdraw/", State.AUTHORISED, blocked=WORKER, sends={}),
    # The case
    Row(CASE, opens=SEE_CASE),
    Row(CASE, NOT_BEGUN, opens=SEE_RETURNED),
    Row(CASE, State.RECOMMENDED, opens=SEE_RETURNED),
    Row(CASE, State.UNDER_APPEAL, opens=SEE_RETURNED),
    Row(CASE, State.IMPLEMENTED, opens=SEE_RETURNED),
    Row(CASE, State.WITHDRAWN, opens=SEE_CASE),
    Row(CASE, REDBRIDGE_RECOMMENDED, opens=SEE_CASE - MANAGER),
    Row(CASE + "portfolio/", absent=SEE_CASE),
    Row(CASE + "portfolio/", NOT_BEGUN, opens=SEE_RETURNED),
    Row(CASE + "portfolio/<int:number>/", absent=SEE_CASE, args={"number": 1}),
    Row(CASE + "portfolio/<int:number>/", NOT_BEGUN, opens=SEE_RETURNED, args={"number": 1}),
    Row(CASE + "portfolio/<int:number>/", NOT_BEGUN, opens=SEE_RETURNED, args={"number": 2}),
    Row(CASE + "attachments/<uuid:token>/", absent=SEE_CASE),
    Row(CASE + "attachments/<uuid:token>/", NOT_BEGUN, opens=SEE_RETURNED),
    # Assessing
    Row(CASE + "assessment/", blocked=MANAGER, sends={}),
    Row(CASE + "assessment/", NOT_BEGUN, opens=MANAGER, sends={}, empty=302),
    Row(CASE + "assessment/", NOT_BEGUN, given.worker_now_manages_the_team, absent=MANAGER, sends={}),
    Row(CASE + "assessment/", State.RECOMMENDED, blocked=MANAGER, sends={}),
    Row(CASE + "assessment/<slug:code>/", NOT_BEGUN, blocked=MANAGER, sends={}),
    Row(
        CASE + "assessment/<slug:code>/",
        BEING_ASSESSED,
        opens=MANAGER,
        sends={"note": "Seen in supervision."},
    ),
    Row(CASE + "declarations/", BEING_ASSESSED, opens=MANAGER, sends=DECLARED),
    Row(CASE + "recommendation/", BEING_ASSESSED, opens=MANAGER, sends=NOT_RECOMMENDED),
    Row(CASE + "return/", BEING_ASSESSED, opens=MANAGER, sends={"reason": "Add an example."}),
    Row(CASE + "sign/", BEING_ASSESSED, opens=MANAGER, sends={"confirmed": "on"}),
    Row(
        CASE + "sign/",
        BEING_ASSESSED,
        given.worker_now_manages_the_team,
        absent=MANAGER,
        sends={"confirmed": "on"},
    ),
    Row(CASE + "sign/", State.RECOMMENDED, blocked=MANAGER, sends={}),
    Row(CASE + "signed/", BEING_ASSESSED, absent=MANAGER),
    Row(CASE + "signed/", State.RECOMMENDED, opens=MANAGER),
    Row(CASE + "findings/", BEING_ASSESSED, absent=SEE_RETURNED - WORKER),
    Row(CASE + "findings/", State.RECOMMENDED, opens=SEE_RETURNED - WORKER),
    Row(CASE + "findings/", State.NOT_RECOMMENDED, opens=SEE_RETURNED - WORKER),
    Row(CASE + "findings/", State.REFUSED, opens=SEE_RETURNED),
    # Deciding. R15: a service manager or someone senior; never the worker, never the assessor
    Row(CASE + "authorisation/", NOT_BEGUN, blocked=SENIORS, sends={}),
    Row(CASE + "authorisation/", State.RECOMMENDED, opens=SENIORS, sends=AUTHORISE),
    Row(
        CASE + "authorisation/",
        State.RECOMMENDED,
        given.assessor_now_service_manager,
        opens=SENIORS,
        sends=DECLINE,
    ),
    Row(
        CASE + "authorisation/",
        State.RECOMMENDED,
        given.worker_now_heads_the_service,
        opens=SENIORS,
        sends=AUTHORISE,
    ),
    Row(CASE + "authorisation/", State.NOT_RECOMMENDED, opens=SENIORS, sends=REFUSE),
    Row(
        CASE + "authorisation/",
        REDBRIDGE_RECOMMENDED,  # R29: the head of service decides, but not the one who assessed
        opens=HEAD | DIRECTOR,
        sends=AUTHORISE,
    ),
    Row(CASE + "authorisation/", State.AUTHORISED, blocked=SENIORS, sends={}),
    Row(CASE + "outcome/", State.RECOMMENDED, absent=SEE_RETURNED),
    Row(CASE + "outcome/", State.AUTHORISED, opens=SEE_RETURNED),
    Row(CASE + "outcome/", State.DECLINED, opens=SEE_RETURNED),
    Row(CASE + "outcome/", REDBRIDGE_APPEAL, opens=SEE_CASE - MANAGER),
    # Asking for a review, and deciding it
    Row(CASE + "review/ask/", State.RECOMMENDED, blocked=WORKER, sends={}),
    Row(CASE + "review/ask/", State.DECLINED, opens=WORKER, sends=ASK),
    Row(CASE + "review/decide/", State.DECLINED, blocked=DIRECTOR, sends={}),
    Row(CASE + "review/decide/", State.UNDER_APPEAL, opens=DIRECTOR, sends=DISMISS),
    Row(
        CASE + "review/decide/",
        State.UNDER_APPEAL,
        given.worker_now_directs_the_service,
        opens=DIRECTOR,
        sends=UPHOLD,
    ),
    Row(
        CASE + "review/decide/", State.UNDER_APPEAL, given.assessor_now_director, opens=DIRECTOR, sends=UPHOLD
    ),
    Row(
        CASE + "review/decide/",
        cast.DECLINED_BY_DIRECTOR,  # R19: nobody hears the review of their own decision
        sends=UPHOLD,
    ),
    Row(
        CASE + "review/decide/",
        REDBRIDGE_APPEAL,  # R32: heard by the head of service, but not by the one whose word it is about
        opens=HEAD,
        sends=DISMISS,
    ),
    *meetings.ROWS,
    *notices.ROWS,
    *others.ROWS,
    *packs.ROWS,
    *pay.ROWS,
    *personal_data.ROWS,
    *reviews.ROWS,
    *schemes.ROWS,
    *signing_in.ROWS,
    *standing_in.ROWS,
    *development.ROWS,
    *family_data.ROWS,
    *sharing.ROWS,
    *observers.ROWS,
    *cpd.ROWS,
    *bank.ROWS,
)

FULL_ROW = {row.url: row for row in reversed(TABLE)} | {
    row.url: row for row in reversed(TABLE) if row.opens or row.sent_on or row.acts
}
"""The row of each address that everybody tries: the first in which somebody gets something."""
OPENED_BY = {
    url: frozenset().union(*(row.opens | (row.acts or NOBODY) for row in TABLE if row.url == url))
    for url in FULL_ROW
}
"""Whoever any row of an address is for."""

ADMIN = "admin/"
"""Everything below it is one row: for operators alone. What they may open there, and whether to change it:"""
ADMIN_CHANGES = {
    "people.user": True,
    "people.service": True,
    "people.team": True,
    "people.post": True,
    "people.delegation": True,
    "people.conflict": True,
    "progression.notice": False,
    "progression.deadline": False,
    "progression.bankholiday": False,
}


def tried_by(row):
    """The personas who try a row."""
    return sorted(EVERYBODY if row is FULL_ROW[row.url] else row.named | NEAR_MISSES)
