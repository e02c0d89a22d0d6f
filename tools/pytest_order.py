"""The order of tests: the longest begin first, so that none is left to one worker alone at the end.

`-p tools.pytest_order` in pyproject.toml loads it. Within each group the order stays the one that
pytest-randomly drew and pytest-django arranged. Each worker begins with a stretch of it and takes over from
another's end when it has done (`--dist worksteal`), so what many tests in a row share is made once.
"""

import gc

import pytest

LONGEST = (
    "tests/journeys/",
    "tests/security/test_killed.py",
    "tests/competencies/test_every_rule_has_a_page.py",
)
"""Each takes a good part of a minute, most of it waiting for browsers and for processes to start."""
TOGETHER = ("tests/access/",)
"""All start from one costly fixture."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: (not item.nodeid.startswith(LONGEST), not item.nodeid.startswith(TOGETHER)))


def pytest_collection_finish():
    """What is there by now stays: the collector of garbage need not go through it, nor look so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
