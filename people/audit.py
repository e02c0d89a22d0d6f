"""Who did what, and who read what: rows that PostgreSQL writes in the transaction of the act itself.

A trigger on every table (people/safeguards.py) writes a row for each statement that changes it. Who acts is
told to PostgreSQL with the statement, from what this module knows: the person whose request it is and the
page, the task, or the command. A change that says nothing of it is refused: no audit, no action. What is only
read is noted by `note_read` and `note`, before it is given out.

The row names columns, never what stands in them: what is erased elsewhere must not live on here.
"""

import re
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

from people.models import AuditEntry

CHANGES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|MERGE|WITH)\b", re.IGNORECASE)
UNSAFE = re.compile(r"[^\w:.\- ]")

_acting = ContextVar("acting", default=None)
otherwise = None
"""What acts where nobody said so: None in a server. Tests and commands, a process each, say it once."""


class Acting:
    """Somebody acting by way of something: a page, a task, a command."""

    def __init__(self, through, person=None):
        self.through, self.person = UNSAFE.sub("", through), person

    def actor_id(self):
        return self.person

    def __str__(self):
        return f"{self.actor_id() or ''}|{self.through}"


class Asking(Acting):
    """Whoever sent a request: known only once the session has been read."""

    def __init__(self, request):
        super().__init__("")
        self.request = request

    def actor_id(self):
        user = getattr(self.request, "user", None)
        return user.pk if user is not None else None

    def __str__(self):
        match = self.request.resolver_match
        self.through = UNSAFE.sub("", match.view_name if match else "no page")
        return super().__str__()


@contextmanager
def acting(one):
    """While this lasts, `one` (an Acting) is who acts in this thread."""
    token = _acting.set(one)
    try:
        yield
    finally:
        _acting.reset(token)


def begin(through):
    """This thread acts by way of `through` until it ends or says otherwise: a task or a command."""
    _acting.set(Acting(through))


class ActingMiddleware:
    """Whoever sent the request is who acts in it. After the middleware that knows the person."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with acting(Asking(request)):
            return self.get_response(request)


def say_who(execute, sql, params, many, context):
    """An execute wrapper: a statement that changes something takes with it who acts, at no further query."""
    one = _acting.get() or otherwise
    if one is not None and CHANGES.match(sql):
        sql = f"SELECT set_config('progression.acting', '{one}', true); {sql}"
    return execute(sql, params, many, context)


def tell_every_connection(connection, **_):
    """Receives connection_created."""
    if say_who not in connection.execute_wrappers:
        connection.execute_wrappers.append(say_who)


def note(kind, thing=None, *, about=(), applications=(), words=""):
    """Write a row for what changes no table: a read, a denial, a sign-in. Raises if it cannot be written.

    `thing` is the object read; `about` the ids of the people concerned. `words` say what kinds and states do
    not, never anything personal.
    """
    AuditEntry.objects.create(
        kind=kind,
        thing=thing._meta.db_table if thing is not None else "",
        things=[str(thing.pk)] if thing is not None else [],
        count=1,
        people=list(about),
        applications=list(applications),
        words=words,
    )


def note_read(thing, *, about=(), applications=(), words=""):
    """Write a row before `thing`, somebody else's or a file, is given out to whoever acts."""
    note(AuditEntry.Kind.READ, thing, about=about, applications=applications, words=words)


def last_number():
    """The number of the last row in the chain, 0 before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM people_auditentry")
        return cursor.fetchone()[0]
