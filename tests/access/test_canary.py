"""No personal data in logs, addresses, mail, headers, the audit or Redis: a canary for each kind of it.

Unmistakable words are put wherever people write; every page of the table of access is opened and sent by whom
it is for and by somebody else, with answers and with nonsense; and everything that leaves is searched.
"""

import html
import logging
import os
import re
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.module_loading import import_string

from config.health import note_worker
from people.models import AuditEntry, User
from portfolios.models import Attachment, Evidence, NameToWatch
from progression import digest, outbox
from progression.models import Notice
from progression.states import State
from tests import walk
from tests.access.cast import WORKER
from tests.access.table import FULL_ROW, TABLE
from tests.access.visit import CLIENT, Fields, Visitor, path_of, undone, values_of
from tests.access.world import CASES
from tests.portfolios.hostile import BAD

pytestmark = pytest.mark.django_db

CANARIES = {
    "a person's name": "Zebulonka",
    "their e-mail address": r"person\d+@council\.example",
    "a child in the text": "Quillfeather",
    "a name to watch": "Xanthorrho",
    "a file's name": "Marzipanio",
    "words searched for": "Wolfsbanery",
    "what was typed where it does not belong": "Oglethorpine",
    "evidence": "listened before I asked",
    "a reason for refusal": walk.WHY_NOT["reasons"][:30],
    "grounds of a review": "court report of October",
    "a return's reason": "Add an example of your own",
}
FOUND = re.compile("|".join(CANARIES.values()), re.IGNORECASE)
TYPED = "Oglethorpine Wolfsbanery"
NAMES = ("name", "title", "search", "words", "person", "email", "reason", "whom", "text", "grounds", "place")
LINKS = re.compile(r"""\b(?:href|action|src|formaction)=["']([^"']*)["']""")
HEADERS_OF_ONES_OWN = {"content-disposition"}
"""A file has the name that its owner gave it, for whoever may read it; see `own_file`."""


class Heard(logging.Handler):
    """Every line as it is written, by the service's own formatter."""

    def __init__(self):
        super().__init__()
        written = settings.LOGGING["formatters"]["line"]
        self.setFormatter(import_string(written["class"])(written["format"]))
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture
def heard():
    handler = Heard()
    loggers = [logging.getLogger(name) for name in ("", "django.request", "django.security")]
    levels = [one.level for one in loggers]
    loggers[0].addHandler(handler)
    for one in loggers:
        one.setLevel(logging.INFO)
    yield handler.lines
    loggers[0].removeHandler(handler)
    for one, level in zip(loggers, levels, strict=True):
        one.setLevel(level)


@pytest.fixture
def seeded(world):
    """The world, with a canary of each kind in it."""
    User.objects.update(name=Concat(Value("Zebulonka "), Cast("pk", CharField())))
    Evidence.objects.filter(title="Not used for any heading yet").update(
        what_i_did="Quillfeather came to the door", outcome="Quillfeather stays"
    )
    Attachment.objects.filter(submitted_at=None).update(name="Marzipanio.png")
    for worker in User.objects.filter(post__isnull=False):
        NameToWatch.objects.create(worker=worker, name="Xanthorrho", added_at=world.now)
    world.signed_in()
    note_worker()
    return world


class Leaving:
    """What has left, kind by kind, as far as a canary is in it."""

    def __init__(self):
        self.faults, self.looked_at = set(), 0

    def look(self, where, text):
        self.looked_at += 1
        if found := FOUND.search(text):
            begin = max(found.start() - 40, 0)
            self.faults.add((where, text[begin : found.end() + 40]))

    def answer(self, url, path, answer):
        self.look(f"the address of {url}", unquote_plus(path))
        for name, value in answer.headers.items():
            own = name in HEADERS_OF_ONES_OWN and answer.status == 200
            if name != "set-cookie" and not own:
                self.look(f"{name} of {url}", unquote_plus(value))
        self.look(f"a cookie of {url}", unquote_plus(CLIENT.cookies.output()))
        for link in LINKS.findall(answer.text):
            address = unquote_plus(html.unescape(link))
            if not address.startswith(("mailto:", "data:")):
                self.look(f"a link on {url}", address)

    def audit(self, url, since):
        for entry in AuditEntry.objects.filter(pk__gt=since).values_list():
            self.look(f"the audit of {url}", str(entry))

    def mails(self, where):
        mail = outbox.get_connection()
        for notice in Notice.objects.select_related(*outbox.WITH_IT):
            email = outbox._mail(notice, mail)
            told = f"{where}, a mail: {notice.kind}"
            self.look(f"{told}, subject", email.subject)
            self.look(f"{told}, body", email.body)
            for name, *_ in email.attachments:
                self.look(f"{told}, file", name)
        told = {}
        for notice in Notice.objects.select_related(*outbox.WITH_IT):
            told.setdefault(notice.recipient_id, []).append(notice)
        for notices in told.values():
            daily = digest._mail(notices, mail)
            self.look(f"{where}, the daily list", f"{daily.subject} {daily.body}")


def last_entry():
    return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def typed_everywhere(names):
    """Nonsense in every field that people write in."""
    return {name: TYPED for name in names if name.rpartition("-")[2] in NAMES or name in NAMES}


def visit_all(seeded, leaving, rows):
    """Open and send every page of these rows, as whom it is for and as one of whom it is not."""
    for row in rows:
        with undone():
            case = seeded.case(row.case)
            args = row.args(seeded) if callable(row.args) else row.args
            path = path_of(row.url, values_of(case) | args)
            if row.given:
                row.given(seeded, case)
            visitor, since = Visitor(seeded, case), last_entry()
            acts = row.acts or row.opens
            people = {*sorted(row.opens)[:1], *sorted(acts)[:1], *sorted(row.sent_on | row.refused)[:1]}
            for who in sorted(people):
                page = visitor.ask(who, "GET", path)
                leaving.answer(row.url, path, page)
                fields = Fields(page.text)
                sends = row.sends(case) if callable(row.sends) else row.sends
                if sends is not None:
                    for sent in (
                        fields.hidden | typed_everywhere(fields.names),
                        fields.hidden | sends,
                    ):
                        with undone():
                            leaving.answer(row.url, path, visitor.ask(who, "POST", path, sent))
                            leaving.audit(row.url, since)
                            leaving.mails(row.url)
            for who in sorted(people)[:1]:
                leaving.answer(row.url, path, visitor.ask(who, "GET", f"{path}nothing-here/"))
            leaving.audit(row.url, since)


ROWS = [row for row in TABLE if row is FULL_ROW[row.url] and not row.url.startswith("admin")]


@pytest.mark.parametrize("part", range(4))
def test_every_page_and_what_is_sent_from_it(seeded, heard, part):
    leaving = Leaving()
    visit_all(seeded, leaving, ROWS[part::4])
    for line in heard:
        leaving.look("a log", line)
    for key in caches["redis"]._cache.get_client().scan_iter("*"):
        leaving.look("a key in Redis", key.decode(errors="replace"))
    assert sorted(leaving.faults) == []
    assert leaving.looked_at > 1_000


@pytest.mark.parametrize("name", CASES, ids=str)
def test_what_mails_and_the_audit_say_of_a_case_in_every_state(seeded, heard, name):
    leaving, since = Leaving(), 0
    with undone():
        seeded.case(name)
        leaving.mails(name)
        leaving.audit(name, since)
    for line in heard:
        leaving.look("a log", line)
    assert sorted(leaving.faults) == []


@pytest.mark.parametrize("name", sorted(BAD)[::3])
def test_a_file_that_is_refused(seeded, heard, name):
    """What is in it and what it is called are its owner's; the page alone says the name again, to them."""
    leaving, since = Leaving(), last_entry()
    case = seeded.case(State.DRAFT)
    visitor, path = Visitor(seeded, case), f"/evidence/{values_of(case)['pk']}/edit/"
    fields = Fields(visitor.ask(min(WORKER), "GET", path).text)
    file = SimpleUploadedFile(f"Marzipanio Oglethorpine {name}", BAD[name][0]())
    sent = fields.hidden | {"title": "A visit", "files": file, "continue": "continue"}
    answer = visitor.ask(min(WORKER), "POST", path, sent)
    assert answer.status == 200 and "Marzipanio" in answer.text
    leaving.answer("a refused file", path, answer)
    leaving.audit("a refused file", since)
    for line in heard:
        leaving.look("a log", line)
    assert sorted(leaving.faults) == []


@pytest.mark.skipif("TEST_DATABASE_LOG" not in os.environ, reason="PostgreSQL was started by others")
def test_the_log_of_postgresql(seeded):
    """Whatever broke a rule in it by these tests, or by this one."""
    pieces = Evidence.objects.filter(what_i_did__contains="Quillfeather")
    with pytest.raises(DatabaseError, match="evidence_kind_known"), transaction.atomic():
        pieces.update(kind="Oglethorpine")
    log = Path(os.environ["TEST_DATABASE_LOG"]).read_text(errors="replace")
    assert "evidence_kind_known" in log
    assert FOUND.search(log) is None


def test_a_canary_that_gets_out_is_seen():
    """The net itself."""
    leaving = Leaving()
    for said in ("Ms Zebulonka 3", "/workers/?search=Wolfsbanery", "to person12@council.example", "all well"):
        leaving.look("here", said)
    assert len(leaving.faults) == 3
    assert CLIENT.raise_request_exception is False
