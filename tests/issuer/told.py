"""The tests' side of the issuer: starting it, telling it things, walking through it in a browser."""

import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import requests

from config.council_sign_in import council_sign_in_at
from tests.at_a_browser import follow
from tools import ROOT

DEADLINE = 60


class Issuer:
    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}"
        self.issuer = f"{self.address}/o"

    def tell(self, *, people=None, fault=""):
        """`people` are claims by name; `fault` is what is wrong with each token from now on."""
        answer = requests.post(
            f"{self.address}/tell/", json={"people": people or {}, "fault": fault}, timeout=20
        )
        answer.raise_for_status()

    @property
    def providers(self):
        return council_sign_in_at(self.issuer, "progression", "for-tests")

    def answers(self, page, name, *, allow=True):
        """At the issuer: sign in there, unless that was done, and allow or deny."""
        if "/sign-in/" in page.url:
            page.get_by_label("Name").fill(name)
            follow(page.get_by_role("button", name="Sign in"))
        if page.url.startswith(self.address):
            follow(page.get_by_role("button", name="Authorize" if allow else "Cancel"))


@contextmanager
def running(folder, redirect_uri):
    """An Issuer that sends browsers back to `redirect_uri`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.issuer", str(port), str(folder), redirect_uri]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            issuer = Issuer(port)
            _wait_for(issuer, process)
            yield issuer
        finally:
            process.terminate()


def _wait_for(issuer, process):
    until = time.monotonic() + DEADLINE
    while time.monotonic() < until and process.poll() is None:
        try:
            requests.get(f"{issuer.issuer}/.well-known/openid-configuration", timeout=5).raise_for_status()
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("The tests' issuer did not start.")
