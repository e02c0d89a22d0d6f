"""The links at the top of each page: who sees which."""

import re
from functools import cache

from django.urls import reverse

from people.roles import Role

START = ("Start", "start")
FRAMEWORK = ("Framework", "competencies:framework")
SCHEMES = ("Schemes", "competencies:kept")
WORKERS = ("Workers", "progression:workers")
TEAMS = ("Teams", "people:teams")
AUDIT = ("Audit", "progression:audit")
CLOSURES = ("Closures", "progression:closures")
SENIOR = (START, WORKERS, TEAMS, FRAMEWORK)

NAVIGATION = {
    Role.SOCIAL_WORKER: (
        ("Your progression", "start"),
        ("Evidence", "portfolios:bank"),
        ("Development", "portfolios:development"),
        FRAMEWORK,
    ),
    Role.TEAM_MANAGER: (START, ("Your team", "progression:team"), TEAMS, FRAMEWORK),
    Role.SERVICE_MANAGER: SENIOR,
    Role.HEAD_OF_SERVICE: (*SENIOR, CLOSURES),
    Role.ASSISTANT_DIRECTOR: SENIOR,
    Role.PAYROLL: (("Forms", "payroll:forms"),),
    Role.PRINCIPAL_SOCIAL_WORKER: (
        START,
        SCHEMES,
        ("Figures", "progression:figures"),
        FRAMEWORK,
    ),
    Role.AUDITOR: (
        START,
        ("Applications", "progression:applications"),
        WORKERS,
        AUDIT,
    ),
    Role.ADMINISTRATOR: (START, CLOSURES, ("Admin", "admin:index")),
}

ACCOUNT = (("Notices", "progression:notices"), ("Your details", "people:you"), ("Sign out", "account_logout"))


def navigation(user, path):
    """The service navigation for `user`, who is reading the page at `path`."""
    if user is None or not user.is_authenticated:
        return []
    return _marked(NAVIGATION[user.role], path)


def account_links(user, path):
    """The reader's own pages."""
    if user is None or not user.is_authenticated:
        return []
    return _marked(ACCOUNT, path)


def _marked(links, path):
    """Those links, with the one being read marked, or the one that the page being read lies under."""
    links = [(text, _address(name)) for text, name in links]
    under = _lies_under(path, [href for _, href in links])
    return [
        {"text": text, "href": href, "current": path == href, "active": href == under} for text, href in links
    ]


def _lies_under(path, addresses):
    """The address of the narrowest section that `path` is in, or None. The start page is not a section.

    A scheme is a page below the framework, which all read; those who look after it come from their schemes.
    What BELOW names is reached from another section than its address says.
    """
    for start, section in BELOW.items():
        if path.startswith(start) and path not in addresses and _address(section) in addresses:
            return _address(section)
    schemes = _address(SCHEMES[1])
    if schemes in addresses and ABOUT_A_SCHEME.fullmatch(path):
        return schemes
    return max((one for one in addresses if one != "/" and path.startswith(one)), key=len, default=None)


BELOW = {
    "/self-assessment/": "portfolios:bank",
    "/cpd/": "portfolios:bank",
    "/account/": "people:you",
}
ABOUT_A_SCHEME = re.compile(r"/framework/(?!schemes/)[\w-]+/(draft/.*|version-\d+/changes/)?")
_address = cache(reverse)
