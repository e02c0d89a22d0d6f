import pytest

from tests.journeys.clock import Clock
from tests.journeys.people import Person


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def at_a_browser(new_page, request):
    """A function that sits somebody down at a browser of their own, and signs them in."""
    journey = request.node.name.removeprefix("test_").replace("_", "-")
    return lambda user: Person(user, new_page(viewport={"width": 1100, "height": 900}), journey).signs_in()
