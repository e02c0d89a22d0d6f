"""Requests that no browser sends: each is answered, none breaks a page."""

import pytest
from django.test import RequestFactory

from config.wsgi import application

# A request begins with a look at the connection, though these pages ask nothing of the database.
pytestmark = pytest.mark.django_db

FORM = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\nkim\r\n--x--\r\n'
CHARSETS = ("zlib", "hex", "idna", "undefined", '"zlib"', "utf-16", "utf-8", "no-such")
KINDS = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")


def answer_to(method, path, content_type, body=b""):
    """The status that gunicorn is given: a test client would make the request by itself."""
    said = []
    environ = RequestFactory().generic(method, path, body).environ
    for chunk in application(environ | {"CONTENT_TYPE": content_type}, lambda status, _: said.append(status)):
        assert isinstance(chunk, bytes)
    return int(said[0].split()[0])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("charset", CHARSETS)
def test_a_request_in_a_code_of_the_senders_choice_breaks_nothing(charset, kind):
    content_type = f"{kind}; charset={charset}"
    assert answer_to("GET", "/account/sign-in/?next=%ff", content_type) == 200
    assert answer_to("POST", "/account/sign-in/", content_type, FORM) == 403  # for want of its token
