"""Rows of the table for the second step of signing in and for sessions: everybody's own, and nobody else's.

The cast has taken both steps and set nothing up. Who has not taken the second is in
tests/people/test_second_step.py.
"""

from tests.access.cast import EVERYBODY, SIGNED_IN
from tests.access.row import Row

STEPS = "account/second-step/"

ROWS = (
    Row("account/sign-in/code/", sent_on=SIGNED_IN, sends={"code": "123456"}),
    Row("account/sign-in/passkey/", sent_on=SIGNED_IN, sends={"credential": "{}"}),
    Row("account/sign-in/council/", absent=EVERYBODY, sends={}),
    Row("account/sign-in/council/back/", absent=EVERYBODY, sends={}),
    Row("account/again/", opens=SIGNED_IN, sends={"password": "progression"}, keeps=False),
    Row("account/again/code/", sent_on=SIGNED_IN, sends={"code": "123456"}),
    Row("account/again/passkey/", sent_on=SIGNED_IN, sends={"credential": "{}"}),
    Row(STEPS, opens=SIGNED_IN),
    Row(STEPS + "app/", opens=SIGNED_IN, sends={"code": "123456"}, then=200, keeps=False),
    Row(STEPS + "app/remove/", absent=SIGNED_IN, sends={}),
    Row(STEPS + "codes/", sent_on=SIGNED_IN, sends={}),
    Row(
        STEPS + "passkeys/new/",
        opens=SIGNED_IN,
        sends={"name": "Laptop", "credential": "{}"},
        then=200,
        keeps=False,
    ),
    Row(STEPS + "passkeys/<int:pk>/remove/", absent=SIGNED_IN, sends={}, args={"pk": 1}),
    Row("account/sessions/", opens=SIGNED_IN),
    Row("account/sessions/<slug:mark>/end/", absent=SIGNED_IN, sends={}, args={"mark": "0123456789abcdef"}),
    Row("account/sessions/end-others/", opens=SIGNED_IN, sends={}, empty=302, keeps=False),
    Row("account/sessions/time-left/", opens=EVERYBODY),
    Row(
        "account/sessions/stay/",
        post_only=True,
        acts=SIGNED_IN,
        sends={},
        then=200,
        keeps=False,
        form_on="account/sessions/end-others/",
    ),
)
