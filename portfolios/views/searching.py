"""What a worker looks for in their bank: the choices in the address, the words in their session alone.

Words may name a family, and addresses end in logs, histories and bookmarks: see ADR 0024.
"""

import re
from contextlib import suppress
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from competencies.rules import EvidenceKind
from people import searching
from portfolios.bank_forms import SHOWS
from portfolios.bank_selectors import Wanted

SESSION_KEY = "bank_words"
HEADING = re.compile(r"[a-z0-9-]{1,80}")
NAMES = ("words", "heading", "kind", "since", "until", "only")


def keep_words(request, words):
    """A token that stands for these words in an address of the bank."""
    return searching.keep_words(request, words, key=SESSION_KEY)


def words_of(request):
    """The words that the address stands for; "" where it stands for none, None where they are not kept."""
    return searching.words_of(request, key=SESSION_KEY)


def wanted_in(params, words=""):
    """What an address asks for, as bank_selectors.Wanted. What makes no sense is passed over."""
    heading, kind, only = (params.get(name, "") for name in ("heading", "kind", "only"))
    return Wanted(
        words=words,
        heading=heading if HEADING.fullmatch(heading) else "",
        kind=kind if kind in EvidenceKind.values else "",
        since=_day(params.get("since", "")),
        until=_day(params.get("until", "")),
        only=only if only in dict(SHOWS) else "",
    )


def query(wanted, *, token=""):
    """Everything wanted as an address says it, the words by their `token`."""
    said = {name: getattr(wanted, name) for name in NAMES[1:]} | {"words": token}
    said |= {name: day.isoformat() for name, day in said.items() if isinstance(day, date)}
    return urlencode({name: value for name, value in said.items() if value})


def address(wanted, *, token=""):
    """Where the bank shows what is wanted."""
    said = query(wanted, token=token)
    return reverse("portfolios:bank") + (f"?{said}" if said else "")


def _day(typed):
    with suppress(ValueError):
        return date.fromisoformat(typed)
    return None
