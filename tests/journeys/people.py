"""People at a browser, doing what people do: each verb is a step of a journey."""

import re
from itertools import count

from playwright.sync_api import TimeoutError

from people import second_factor
from tests import axe
from tests.at_a_browser import follow, press
from tests.people.codes import app_of, code_of, secret_of
from tools import DATA_DIR

SHOTS = DATA_DIR / "screenshots"


class Person:
    """Somebody at a browser of their own, whose every page is photographed and asked of axe-core."""

    _number = count(1)
    _used = set()

    def __init__(self, user, page, journey):
        self.user, self.page, self.shots = user, page, SHOTS / journey
        self.shots.mkdir(parents=True, exist_ok=True)

    def sees(self, heading):
        """Wait for the page with this heading; keep its picture, and demand that axe-core finds nothing."""
        try:
            self.page.get_by_role("heading", level=1, name=re.compile(heading)).wait_for()
        except TimeoutError:
            said = self.page.locator("body").inner_text()
            raise AssertionError(f"No heading {heading!r} at {self.page.url}:\n{said}") from None
        name = re.sub(r"\W+", "-", f"{self.user.name} {heading}".lower()).strip("-")
        self.page.screenshot(path=self.shots / f"{next(self._number):03}-{name}.png", full_page=True)
        assert axe.faults(self.page) == []
        return self

    def opens(self, link):
        follow(self.page.get_by_role("link", name=link, exact=True).first)
        return self

    def presses(self, button):
        press(self.page, button)
        return self

    def reads(self, *texts):
        """Demand that the page's main part says each of these."""
        main = self.page.locator("main").inner_text()
        for text in texts:
            assert text in main, f"{text!r} is not on the page:\n{main}"
        return self

    def types(self, **answers):
        """Type into fields, by the names they post."""
        for name, text in answers.items():
            self.page.locator(f"[name={name}]").fill(text)
        return self

    def ticks(self, label):
        box = self.page.get_by_label(label, exact=True)
        folded = self.page.locator("details:not([open])").filter(has=box)
        if folded.count():
            folded.locator("summary").click()
        box.check()
        return self

    def tabs_to(self, what, most=60):
        """Move the focus with the tab key alone until it is on `what`, a CSS selector."""
        for _ in range(most):
            if self.page.evaluate("what => document.activeElement.matches(what)", what):
                return self
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{most} presses of the tab key did not reach {what}.")

    def keys(self, *presses):
        for key in presses:
            self.page.keyboard.press(key)
        return self

    def writes(self, text):
        """Type where the focus is, key by key."""
        self.page.keyboard.type(text)
        return self

    def signs_in(self):
        """By keyboard alone, from the front door; by both steps whoever must."""
        secret = self._secret()
        self.page.goto("/")
        self.sees("Sign in")
        self.tabs_to("#id_login").writes(self.user.email)
        self.tabs_to("#id_password").writes("progression").keys("Enter")
        if secret:
            self.sees("Your second step").tabs_to("#id_code").writes(self._code(secret)).keys("Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)
        return self

    def _secret(self):
        """That of their app, if they must have a second step."""
        if not second_factor.must_be_used(self.user):
            return None
        return secret_of(self.user) if self.user.authenticator_set.exists() else app_of(self.user)

    def _code(self, secret):
        """What their app shows. Each counts once, but the one before and the one after count too."""
        shown = (code_of(secret, steps=steps) for steps in (-1, 0, 1))
        return next(code for code in shown if code not in self._used and not self._used.add(code))
