"""What every answer carries, at every address, whoever asks and however it ends: policy and cookies."""

import os
import re
import subprocess
import sys

import pytest
from django.test import Client
from django.test.utils import override_settings

from tests.access.visit import addresses
from tests.built_once import built_once
from tests.council import organisation
from tools import ROOT

pytestmark = pytest.mark.django_db

VALUES = {"reference": "APP-2026-0001", "token": "6f2d6f2c-3d29-4f83-9a0e-0d5d1b2f6c11"}
SECURE = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "CSRF_COOKIE_SECURE": True,
}
ALLOWED = {"'self'", "'none'", "data:"}
ASKED = [("GET", {}), ("POST", {}), ("PUT", {})]


def path_of(url):
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: VALUES.get(found[1], "1"), url)


PATHS = sorted({path_of(url) for url in addresses()} | {"/no/such/page/", "/static/no-such-file.css"})


@pytest.fixture(scope="module", autouse=True)
def _over_tls():
    with override_settings(**SECURE):
        yield


def _cookies():
    """Those of nobody, of a worker, of one who decides and of an operator."""
    place = organisation()
    found = [Client()]
    for user in (place.worker, place.head, place.administrator):
        client = Client()
        client.force_login(user)
        found.append(client)
    return [client.cookies for client in found]


built, cookies = built_once(_cookies)


@pytest.fixture
def people(cookies):
    found = [Client(raise_request_exception=False) for _ in cookies]
    for client, of_one in zip(found, cookies, strict=True):
        client.cookies = of_one
    return found


def faults(answer):
    policy = dict(
        (part.split()[0], set(part.split()[1:]))
        for part in answer.headers.get("content-security-policy", "").split(";")
        if part.strip()
    )
    nonces = {value for values in policy.values() for value in values if value.startswith("'nonce-")}
    said = set().union(*policy.values()) - ALLOWED - nonces if policy else {"no policy"}
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    scripts = re.findall(rb"<(?:script|style)\b([^>]*)>", text)
    bare = [tag for tag in scripts if b"src=" not in tag and b"nonce=" not in tag and b"json" not in tag]
    handlers = re.findall(rb"<\w[^>]*\s(?:on\w+|style)=\"", text)
    expected = {
        "default-src 'none'": policy.get("default-src") == {"'none'"},
        "frame-ancestors 'none'": policy.get("frame-ancestors") == {"'none'"},
        "base-uri 'none'": policy.get("base-uri") == {"'none'"},
        "form-action 'self'": policy.get("form-action") == {"'self'"},
        "HSTS": "max-age=31536000; includeSubDomains" in answer.headers.get("strict-transport-security", ""),
        "nosniff": answer.headers.get("x-content-type-options") == "nosniff",
        "no-store": "no-store" in answer.headers.get("cache-control", "")
        or answer.request["PATH_INFO"].startswith("/static/"),
    }
    return (
        [name for name, there in expected.items() if not there]
        + sorted(said)
        + [tag.decode() for tag in bare]
        + [one.decode() for one in handlers]
        + [name for name, morsel in answer.cookies.items() if not _host_cookie(name, morsel)]
    )


def _host_cookie(name, cookie):
    return name.startswith("__Host-") and cookie["secure"] and cookie["path"] == "/" and not cookie["domain"]


@pytest.mark.parametrize("path", PATHS)
def test_policy_and_cookies(people, path):
    found = {}
    for client in people:
        for method, sent in ASKED:
            answer = client.generic(method, path, secure=True, **sent)
            if wrong := faults(answer):
                found[method, answer.status_code] = wrong
    assert found == {}


def test_over_plain_http_everybody_is_sent_to_tls(client):
    answer = client.get("/account/sign-in/")
    assert (answer.status_code, answer.url) == (301, "https://testserver/account/sign-in/")


@pytest.mark.urls("tests.pages.specimen")
@pytest.mark.parametrize("path", ["/refuses/", "/blocks/", "/breaks/"])
def test_answers_to_what_went_wrong_carry_it_too(path):
    answer = Client(raise_request_exception=False).get(path, secure=True)
    assert answer.status_code in (403, 409, 500) and faults(answer) == []


def test_the_settings_of_an_https_address_name_its_cookies_so():
    """As a process with SITE_URL of its own reads them."""
    asked = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN,"
        " s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SAMESITE, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN);"
        " from config.messages import Cookie; print(Cookie.cookie_name.fget(None))"
    )
    environ = os.environ | {
        "SITE_URL": "https://progression.council.example",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    said = subprocess.run(
        [sys.executable, "-c", asked], env=environ, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == [
        "__Host-sessionid",
        "__Host-csrftoken",
        "True",
        "True",
        "/",
        "None",
        "31536000",
        "Lax",
        "False",
        "__Host-messages",
    ]
