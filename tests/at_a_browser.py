"""What browser tests of single pages do again and again."""

from django.test import Client

from tests.axe import faults


def sit_down(page, user):
    """Have `user` signed in at this page's browser, in place of whoever was."""
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "domain": "localhost", "path": "/"}])


def sound(page):
    """Demand that axe-core finds nothing, and that nothing is wider than a small screen."""
    assert faults(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1200, "height": 800})


def follow(link):
    """Click what leads to another page, and wait until the browser is there.

    Without the wait, whatever is looked at next may still be the old page, on its way out.
    """
    with link.page.expect_navigation():
        link.click()


def press(page, button):
    follow(page.get_by_role("button", name=button, exact=True))
