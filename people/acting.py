"""Who acts now, told to PostgreSQL with every statement that changes something.

The audit's triggers (people/safeguards.py) write it into the row: the person whose request it is and the
page, the task, or the command. A change that comes with nobody's name is refused: no audit, no action.
"""

import re
from contextlib import contextmanager
from contextvars import ContextVar

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
