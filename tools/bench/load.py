"""Asks a page many times over and says how long it took: a plain HTTP client, one connection a request."""

import http.client
import statistics
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True)
class Ask:
    """One page to measure: as whom, where, what is posted. `path` and `form` may be functions of the turn."""

    name: str
    path: object
    cookies: str = ""
    form: object = None
    goal: float = 4.0
    """At most this many times the bare page, p50 at one client."""
    most_queries: int | None = None


@dataclass
class Timings:
    """Seconds of each answered request, in the order they came."""

    seconds: list = field(default_factory=list)
    bytes: int = 0

    def p(self, percent):
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[percent - 1]


def fetch(host, port, ask, turn, *, count_queries=False):
    """One request: (seconds, bytes, headers). Raises RuntimeError for an answer that is not the page."""
    headers = {"Cookie": ask.cookies, "Host": f"{host}:{port}"}
    if count_queries:
        headers["X-Count-Queries"] = "1"
    body = None
    method = "GET"
    path = ask.path(turn) if callable(ask.path) else ask.path
    if ask.form is not None:
        method = "POST"
        body = urlencode(ask.form(turn), doseq=True)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    started = time.perf_counter()
    connection = http.client.HTTPConnection(host, port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    seconds = time.perf_counter() - started
    expected = (302,) if ask.form is not None else (200,)
    if response.status not in expected:
        raise RuntimeError(f"{ask.name}: {method} {path} answered {response.status}, not {expected[0]}.")
    return seconds, len(content), response.headers


def measure(host, port, asks, *, turns, clients):
    """Each page `turns` times, in rotation so that a slow moment falls on all. Returns {name: Timings}."""
    timings = {ask.name: Timings() for ask in asks}
    lock = threading.Lock()
    faults = []

    def client(first_turn):
        try:
            for turn in range(first_turn, turns, clients):
                for ask in asks:
                    seconds, size, _ = fetch(host, port, ask, turn)
                    with lock:
                        timings[ask.name].seconds.append(seconds)
                        timings[ask.name].bytes = size
        except Exception as fault:  # noqa: BLE001  handed to the caller below
            faults.append(fault)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return timings


def wait_until_up(host, port, patience=30):
    """Return once something answers. Raises OSError after `patience` seconds."""
    deadline = time.monotonic() + patience
    while True:
        connection = http.client.HTTPConnection(host, port, timeout=5)
        try:
            connection.request("GET", "/account/sign-in/")
            connection.getresponse().read()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        finally:
            connection.close()
