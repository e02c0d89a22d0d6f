"""What an auditor reads of the audit: the entries about the people and cases of the services they act for."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q
from django.utils import timezone

from people.models import AuditEntry, Post, Team, User
from people.selectors import teams_overseen
from progression.models import Application, AuditCheck

A_PAGE = 25
BY_ITSELF = ("task ", "command ")
"""How what is done by nobody's request begins: see people.acting."""

SAID_BY_THE_SIGN_IN = Q(kind=AuditEntry.Kind.UPDATE, thing=User._meta.db_table, fields=["last_login"])
"""What Django writes at each sign-in, which has an entry of its own. It stays in the chain."""


@dataclass(frozen=True)
class Sought:
    """What is looked for. `person` and `application` are ids; `role` says how the person comes into it."""

    person: int | None = None
    role: str = "either"
    application: int | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Line:
    """One entry, in words."""

    number: int | None
    at: datetime
    who: str
    through: str
    what: str
    about: list[str]
    cases: list[str]
    hash: str


def people_of(auditor):
    """The people of the services that somebody acts for: workers, their managers, and officers."""
    teams = teams_overseen(auditor)
    return User.objects.filter(
        Q(pk__in=Post.objects.filter(team__in=teams).values("holder"))
        | Q(pk__in=Team.objects.filter(pk__in=teams).values("manager"))
        | Q(services__in=auditor.services.all())
    ).distinct()


def people_called(auditor, words):
    """Those of `people_of` with this e-mail address, or with these words in their name; at most ten."""
    found = people_of(auditor)
    exact = list(found.filter(email=words.lower())[:1])
    return exact or list(found.filter(name__icontains=words).order_by("name")[:10])


def case_called(auditor, reference):
    """The application with this reference in the services that somebody acts for, or None."""
    cases = Application.objects.filter(team__in=teams_overseen(auditor))
    return cases.filter(reference=reference.strip().upper()).first()


def entries(auditor, sought, *, before=None):
    """A page of Lines, the latest first, and the id to go on from, or None. Four queries.

    `before` is the id after which, going back, the page begins.
    """
    # Once each, as arrays: asked anew for each entry they would be a query of a query.
    people = list(people_of(auditor).values_list("pk", flat=True))
    of_services = Application.objects.filter(team__in=teams_overseen(auditor)).values("pk")
    found = AuditEntry.objects.filter(
        Q(actor__in=people) | Q(people__overlap=people) | Q(applications__overlap=ArraySubquery(of_services))
    )
    found = _narrowed(found.exclude(SAID_BY_THE_SIGN_IN), sought)
    if before is not None:
        found = found.filter(pk__lt=before)
    page = list(found.order_by("-pk")[: A_PAGE + 1])
    more = page[A_PAGE - 1].pk if len(page) > A_PAGE else None
    return _in_words(page[:A_PAGE]), more


def _narrowed(found, sought):
    if sought.person is not None:
        did = Q(actor=sought.person) | Q(on_behalf_of=sought.person)
        concerns = Q(people__contains=[sought.person])
        found = found.filter({"did": did, "about": concerns}.get(sought.role, did | concerns))
    if sought.application is not None:
        found = found.filter(applications__contains=[sought.application])
    if sought.kind:
        found = found.filter(kind=sought.kind)
    if sought.since:
        found = found.filter(at__gte=_midnight(sought.since))
    if sought.until:
        found = found.filter(at__lt=_midnight(sought.until + timedelta(days=1)))
    return found


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def _in_words(page):
    ids = {pk for entry in page for pk in [entry.actor, entry.on_behalf_of, *entry.people] if pk}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    cases = {pk for entry in page for pk in entry.applications}
    references = dict(Application.objects.filter(pk__in=cases).values_list("pk", "reference"))
    return [
        Line(
            number=entry.number,
            at=entry.at,
            who=_who(entry, names),
            through=_through(entry.through),
            what=_what(entry),
            about=[names.get(pk, "somebody whose record is erased") for pk in entry.people[:5]],
            cases=[references[pk] for pk in entry.applications[:5] if pk in references],
            hash=entry.hash,
        )
        for entry in page
    ]


def _who(entry, names):
    if entry.actor is None:
        return "The service itself" if entry.through.startswith(BY_ITSELF) else "Nobody signed in"
    who = names.get(entry.actor, "Somebody whose record is erased")
    return f"{who}, standing in for {names.get(entry.on_behalf_of)}" if entry.on_behalf_of else who


_PARTS = {
    "portfolios": "Evidence and development",
    "reviews": "Assessment and decisions",
    "progression": "Applications",
    "competencies": "Schemes",
    "payroll": "Pay",
    "people": "People",
    "admin": "Operators’ pages",
    "account": "Sign-in",
    "mfa": "Second step",
    "task": "By itself",
    "command": "Typed by an operator",
}
"""What the parts of the service are called, and what acts without a page."""


def _through(name):
    """How it was done: "portfolios:add_note" is "Evidence and development: add note"."""
    part, *rest = re.split("[:_ ]", name, maxsplit=1)
    said = (rest[0] if rest and part in _PARTS else name).rpartition(".")[2].replace("_", " ")
    return f"{_PARTS[part]}: {said}" if part in _PARTS else said[:1].upper() + said[1:]


def _what(entry):
    """Such as "Changed evidence: title, outcome" or "Denied 404"."""
    said = [entry.get_kind_display()]
    if entry.thing:
        said.append(thing_in_words(entry.thing) + (f" ({entry.count:,})" if entry.count > 1 else ""))
    words = " ".join(said)
    if entry.words:
        words += f"{' ' if entry.kind == AuditEntry.Kind.DENIED else ', '}{entry.words}"
    fields = ", ".join(name.removesuffix("_id").replace("_", " ") for name in entry.fields)
    return words + (f": {fields}" if fields else "")


def thing_in_words(table):
    """What a table's rows are called, such as "team" for people_team."""
    names = {
        model._meta.db_table: model._meta.verbose_name for model in apps.get_models(include_auto_created=True)
    }
    return str(names.get(table, table))


def last_check():
    """The latest AuditCheck that is done, and whether one is going on. Two queries."""
    done = AuditCheck.objects.filter(done_at__isnull=False).select_related("asked_by").first()
    return done, AuditCheck.objects.filter(done_at__isnull=True).exists()
