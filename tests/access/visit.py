"""One request by one persona: what is answered, what is written, and whether the answer is sealed."""

import re
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie

from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from competencies import selectors as competencies
from progression.models import Application

WRITTEN = (
    "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
    " WHERE relname NOT IN ('people_session', 'people_tally', 'people_auditentry')"
)
CLIENT = Client(raise_request_exception=False)
STRICT = Client(raise_request_exception=False, enforce_csrf_checks=True)


def addresses(patterns=None, before=""):
    """Every address that the service answers at, written as the table writes it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        there = before + re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", str(pattern.pattern)).strip("^$")
        if isinstance(pattern, URLPattern):
            yield there
        else:
            yield from addresses(pattern.url_patterns, there)


def path_of(url, values):
    """The address with its parameters filled in."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), url)


def values_of(case):
    """What the parameters of an address are for this case, its worker's evidence and its form."""
    piece = case.worker.evidence.order_by("pk").first()
    file = piece and piece.attachments.first()
    return {
        "reference": case.reference,
        "worker": case.worker_id,
        "code": competencies.headings_evidenced(case.step)[0].competency.code,
        "pk": piece and piece.pk,
        "token": file and file.token,
        "number": 1,
        "version": 1,
        "level": 2,
        "kind": "pay-form",
    }


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: dict
    fault: str

    @property
    def faults(self):
        """What every answer must be, and this one is not."""
        policy = self.headers.get("content-security-policy", "")
        kept = self.headers.get("cache-control", "")
        return [
            sentence
            for sentence, wrong in {
                f"broke: {self.fault}": self.status >= 500 or self.fault,
                f"content security policy: {policy}": "default-src 'none'" not in policy
                or "unsafe" in policy,
                "its kind may be guessed": self.headers.get("x-content-type-options") != "nosniff",
                f"may be kept: {kept}": "no-store" not in kept or "private" not in kept,
                "a script without this page's nonce": not self._scripts_allowed(policy),
            }.items()
            if wrong
        ]

    def _scripts_allowed(self, policy):
        nonces = set(re.findall(r"<(?:script|style)\b[^>]*\bnonce=\"([^\"]+)\"", self.text))
        return all(f"'nonce-{nonce}'" in policy for nonce in nonces)


class Visitor:
    """Asks for pages of one case as any persona."""

    def __init__(self, world, case):
        self.world, self.case = world, case
        self.references = dict(Application.objects.values_list("reference", "worker"))

    def ask(self, who, method, path, sent=None, *, client=CLIENT):
        """The Answer. What is sent has a safety token, as from every form; a wrong one, says `STRICT`."""
        session = self.world.session(who, self.case)
        client.cookies = SimpleCookie({"sessionid": session} if session else {})
        if sent is None:
            response = client.generic(method, path)
        else:
            response = client.post(path, {"csrfmiddlewaretoken": "not the one", **sent})
        content = b"".join(response.streaming_content) if response.streaming else response.content
        fault = repr(response.exc_info[1]) if getattr(response, "exc_info", None) else ""
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, content.decode(errors="replace"), headers, fault)


@contextmanager
def undone():
    """Nothing done within stays. Gives a function that says how many rows have been written so far."""
    with transaction.atomic():
        before = _rows_written()
        yield lambda: _rows_written() - before
        transaction.set_rollback(True)


def _rows_written():
    """How many rows this transaction has written, or tried to, as PostgreSQL counts them; sessions aside."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return cursor.fetchone()[0]


class Fields(HTMLParser):
    """The form fields of a page: `hidden` with what they hold, and the names of all."""

    def __init__(self, page):
        super().__init__()
        self.hidden, self.names = {}, set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        name = said.get("name", "")
        if tag not in ("input", "textarea", "select", "button") or name in ("", "csrfmiddlewaretoken"):
            return
        self.names.add(name)
        if said.get("type") == "hidden":
            self.hidden[name] = said.get("value", "")
