"""More than ten thousand requests that mean harm: ids, queries, forms and files. None breaks a page.

Each address is asked as somebody whom its page is for, since others are turned away before anything is read.
What is sent is drawn anew in each run; a failure names it, and pytest's seed draws it again.
"""

import random
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.cast import WORKER
from tests.access.table import FULL_ROW
from tests.access.visit import Fields, undone

pytestmark = pytest.mark.django_db

URLS = sorted(FULL_ROW)
A_URL = 50
"""Requests to each address."""

TEXTS = (
    "",
    "\x00",
    "a\x00b",
    "-1",
    "0",
    "9" * 30,
    "NaN",
    "1e999",
    "٣",
    "１２",
    "on",
    "None",
    "[]",
    "{{7*7}}",
    "{% debug %}",
    "%s%n%x",
    "' OR 1=1 --",
    "'); DROP TABLE people_user; --",
    "<script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "//elsewhere.example",
    "https://elsewhere.example/",
    "../../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "\u202e\u2066\ufeff\ufffe",
    "💥" * 40,
    "x" * 5_000,
    "00000000-0000-0000-0000-000000000000",
    "2026-02-30",
    "31",
    "0001-01-01",
    "9999-12-31",
    "true",
    "draft",
    "APP-2026-9999",
    "APP-0000-0000' --",
    "ß\u0301" * 30,
    "=cmd|' /C calc'!A0",
    "${jndi:ldap://elsewhere.example/a}",
)
IN_A_PATH = (
    "%00",
    "%ff",
    "%2e%2e%2f",
    "-1",
    "0",
    "9" * 40,
    "%0d%0a",
    "a" * 300,
    "%F0%9F%92%A5",
    "%E2%80%AE",
    "%27",
)
QUERY_NAMES = (
    "page search state only show heading kind next q p o from words since until before person application"
    " role fields key revision draft token"
).split()
FILES = (
    ("a.pdf", b"%PDF-1.7\n" + b"\x00" * 50),
    ("a.pdf", b""),
    ("../../a.docx", b"PK\x03\x04" + b"\xff" * 60),
    ("\u202efdp.exe", b"MZ" + b"\x00" * 60),
    ("a\x00.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 20),
    ("n" * 400 + ".jpg", b"\xff\xd8\xff\xe0" + b"JFIF" * 9),
    ("a.zip", b"PK\x05\x06" + b"\x00" * 18),
    ("x", b"x"),
)
ENTRIES = 12
"""Most fields in a form, or names in a query."""


def test_there_are_ten_thousand_of_them():
    assert len(URLS) * A_URL >= 10_000


@pytest.mark.parametrize("url", URLS)
def test_no_request_breaks_a_page(visit, url):
    row = FULL_ROW[url]
    visitor, path = visit(row)
    who = min(row.acts or row.opens or row.sent_on or WORKER)
    chance = random.Random(random.random())
    names = sorted(Fields(visitor.ask(who, "GET", path).text).names | {"draft", "files", "next"})
    faults = []
    for turn in range(A_URL):
        place = _elsewhere(url, path, chance) if "<" in url and turn % 3 == 0 else path
        query = _query(chance) if turn % 2 else ""
        sent = _form(names, chance) if turn % 5 < 3 else None
        with undone():
            answer = visitor.ask(who, "GET" if sent is None else "POST", f"{place}?{query}", sent)
        sent_to = answer.headers.get("location", "")
        if answer.status >= 500 or answer.faults or re.match(r"(?:https?:)?//(?!testserver)", sent_to):
            faults.append(
                (who, place[:200], query[:300], str(sent)[:600], answer.status, answer.faults, sent_to)
            )
    assert not faults, faults[:3]


def _elsewhere(url, path, chance):
    """The address with something else in place of one of the things it names."""
    parts = re.split(r"<(?:\w+:)?\w+>", url)
    named = re.fullmatch("/" + "(.+)".join(map(re.escape, parts)), path)
    begins, ends = named.span(chance.randint(1, len(parts) - 1))
    return path[:begins] + chance.choice(IN_A_PATH) + path[ends:]


def _query(chance):
    parts = [f"{chance.choice(QUERY_NAMES)}={chance.choice(IN_A_PATH)}" for _ in range(chance.randint(1, 4))]
    return "&".join(parts)


def _form(names, chance):
    """Some of the page's own fields, and some that it has not, with what does not belong in them."""
    sent = {}
    for name in chance.choices(
        [*names, "csrfmiddlewaretoken2", "x[]", "__proto__"], k=chance.randint(0, ENTRIES)
    ):
        if name == "files" or chance.random() < 0.05:
            sent[name] = SimpleUploadedFile(*chance.choice(FILES))
        else:
            sent[name] = [chance.choice(TEXTS) for _ in range(chance.choice((1, 1, 1, 2, 30)))]
    return sent
