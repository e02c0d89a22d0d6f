"""The pages that are measured, as whom, and the bar each is held to."""

import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.middleware.csrf import _get_new_csrf_string
from django.urls import reverse

from people import second_factor, sessions
from portfolios.models import Evidence
from portfolios.views.searching import SESSION_KEY as SEARCHES
from tools.bench.load import Ask

_CSRF = _get_new_csrf_string()


def _cookies(user, **kept):
    """The cookies of a browser in which this person is signed in, with what their session has `kept`."""
    session = sessions.SessionStore()
    session.update(kept)
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.update(second_factor.records_of(user, "password", "mfa", at=time.time()))
    sessions.begin(session, device="The bench", network="127.0.0.x")
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={_CSRF}"


def asks(seeded):
    """Every page to measure, the bare one first."""
    worker, manager = _cookies(seeded.worker), _cookies(seeded.manager)
    senior, payroll = _cookies(seeded.service_manager), _cookies(seeded.payroll)
    cases = seeded.cases
    gathering = _cookies(seeded.gathering, **{SEARCHES: [["bench", "somebody who did it"]]})
    # Eight clients save eight pieces: a client's turns are alike modulo eight, so none overtakes another.
    pieces = list(Evidence.objects.filter(worker=seeded.worker).order_by("pk")[:8])
    piece = pieces[0]
    heading = piece.claims.get().competency

    def place(turn):
        return reverse("portfolios:edit", args=[pieces[turn % 8].pk])

    def saved(turn):
        piece = Evidence.objects.get(pk=pieces[turn % 8].pk)
        return {
            "csrfmiddlewaretoken": _CSRF,
            "key": piece.key,
            "revision": piece.revision,
            "kind": piece.kind,
            "title": f"Example saved {turn}",
            "practised_on_0": piece.practised_on.day,
            "practised_on_1": piece.practised_on.month,
            "practised_on_2": piece.practised_on.year,
            "what_i_did": piece.what_i_did,
            "outcome": piece.outcome,
            "what_i_learned": piece.what_i_learned,
            "headings_0": [heading.code],
            "continue": "continue",
        }

    def ref(application):
        return [application.reference]

    return [
        Ask("bare", "/bench/bare/", worker),
        Ask("sign-in", reverse("account_login"), goal=1.0, most_queries=0),
        Ask("start, social worker", reverse("start"), worker, goal=2.0, most_queries=8),
        Ask("start, team manager", reverse("start"), manager, goal=2.0, most_queries=8),
        Ask("start, service manager", reverse("start"), senior, goal=2.0, most_queries=8),
        Ask("portfolio, 60 pieces", reverse("portfolios:portfolio"), worker, goal=2.0, most_queries=8),
        Ask("heading", reverse("portfolios:heading", args=[heading.code]), worker),
        Ask("evidence bank", reverse("portfolios:bank"), worker),
        Ask("evidence form", reverse("portfolios:edit", args=[piece.pk]), worker),
        Ask(
            "evidence, saved",
            place,
            worker,
            form=saved,
            goal=3.0,
            most_queries=12,
        ),
        *_of_a_large_bank(gathering, heading.code),
        Ask("framework", reverse("competencies:framework"), worker),
        Ask("workers, 50 of 500", reverse("progression:workers"), senior, goal=2.0, most_queries=6),
        Ask("team", reverse("progression:team"), manager),
        Ask("case", reverse("progression:case", args=ref(cases.recommended)), senior),
        Ask("submit", reverse("progression:submit", args=ref(cases.draft)), worker),
        Ask("assessment", reverse("reviews:assessment", args=ref(cases.submitted)), manager),
        Ask(
            "assessment, one heading",
            reverse("reviews:assess_heading", args=[*ref(cases.submitted), heading.code]),
            manager,
        ),
        Ask("authorisation", reverse("reviews:authorisation", args=ref(cases.recommended)), senior),
        Ask("pay forms", reverse("payroll:forms"), payroll),
    ]


def _of_a_large_bank(gathering, code):
    """The pages of evidence as the worker with 1,000 pieces has them."""
    bank, matrix = reverse("portfolios:bank"), reverse("portfolios:matrix")
    one_heading = reverse("portfolios:matrix_heading", args=[code])
    return [
        Ask("portfolio, 1,000 pieces", reverse("portfolios:portfolio"), gathering, goal=2.0, most_queries=8),
        Ask("heading, 1,000 pieces", reverse("portfolios:heading", args=[code]), gathering, most_queries=10),
        Ask("bank, 1,000 pieces", bank, gathering, most_queries=8),
        Ask("bank, narrowed", f"{bank}?heading={code}&only=examples", gathering, most_queries=8),
        Ask("bank, searched", f"{bank}?words=bench", gathering, most_queries=9),
        Ask("matrix, 1,000 pieces", matrix, gathering, most_queries=12),
        Ask("matrix, one heading", one_heading, gathering, most_queries=12),
    ]
