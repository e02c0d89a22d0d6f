"""The council's own sign-in, walked in a real browser against a real OpenID Connect provider."""

from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured

from config.council_sign_in import council_sign_in_at
from people.models import AuditEntry, User
from people.roles import Role
from tests.at_a_browser import follow, press, sit_down, sound
from tests.council import person
from tests.issuer.faults import FAULTS
from tests.issuer.told import running
from tests.people.codes import app_of, code_of

pytestmark = pytest.mark.django_db(transaction=True)

BACK = "/account/sign-in/council/back/"
BUTTON = "Sign in with the council’s account"


@pytest.fixture(scope="module")
def started(live_server, tmp_path_factory):
    with running(tmp_path_factory.mktemp("issuer"), live_server.url + BACK) as issuer:
        yield issuer


@pytest.fixture
def issuer(started, settings, new_page, page_faults):
    """The one that is running. Pages that refuse are no faults here."""
    settings.OIDC_ISSUER = started.issuer
    settings.SOCIALACCOUNT_PROVIDERS = started.providers
    started.tell()
    yield started
    page_faults[:] = [fault for fault in page_faults if "403" not in fault]


@pytest.fixture
def kim(issuer):
    """A social worker whose address the council vouches for."""
    return known(issuer, person(Role.SOCIAL_WORKER, "Kim O'Hara"))


def known(issuer, user, **claims):
    said = {"email": user.email, "email_verified": True, "preferred_username": user.email}
    issuer.tell(people={user.email: said | claims})
    return user


def goes(page, issuer, name, *, path="/account/sign-in/", allow=True):
    page.goto(path)
    follow(page.get_by_role("button", name=BUTTON))
    issuer.answers(page, name, allow=allow)


def is_in(page):
    return urlsplit(page.goto("/you/").url).path == "/you/"


def heading(page):
    return page.get_by_role("heading", level=1).inner_text()


def test_somebody_the_council_vouches_for_is_in_where_they_were_going(page, issuer, kim):
    goes(page, issuer, kim.email, path="/account/sign-in/?next=/you/conflicts/")
    assert "/you/conflicts/" in page.url
    assert is_in(page) and kim.name in page.content()
    link = SocialAccount.objects.get()
    assert (link.user, link.extra_data) == (kim, {}) and len(link.uid) == 64
    assert AuditEntry.objects.filter(kind="signed in", people=[kim.pk]).exists()


def test_the_link_holds_whatever_address_either_side_shows_later(page, issuer, kim):
    goes(page, issuer, kim.email)
    name = kim.email
    User.objects.filter(pk=kim.pk).update(email="married@council.example")
    issuer.tell(people={name: {"email": "head@council.example", "email_verified": True}})
    person(Role.HEAD_OF_SERVICE)
    User.objects.filter(role=Role.HEAD_OF_SERVICE).update(email="head@council.example")
    page.context.clear_cookies()
    goes(page, issuer, name)
    assert is_in(page) and kim.name in page.content()
    assert SocialAccount.objects.get().user == kim


def test_the_sign_in_page_and_what_it_says_when_it_does_not_work_are_sound(page, issuer):
    page.goto("/account/sign-in/")
    sound(page)
    page.goto(BACK)
    assert heading(page) == "You are not signed in"
    sound(page)


def test_whoever_cancels_is_back_at_the_sign_in_page(page, issuer, kim):
    goes(page, issuer, kim.email, allow=False)
    assert heading(page) == "Sign in" and "You did not sign in" in page.content()
    assert not is_in(page)


def test_whom_the_council_knows_and_this_service_does_not_gets_no_account(page, issuer):
    issuer.tell(people={"stranger": {"email": "stranger@council.example", "email_verified": True}})
    before = User.objects.count()
    goes(page, issuer, "stranger")
    assert heading(page) == "You have no account here"
    sound(page)
    assert not is_in(page) and User.objects.count() == before and not SocialAccount.objects.exists()


@pytest.mark.parametrize("linked", [False, True])
def test_a_leaver_is_out(page, issuer, kim, linked):
    if linked:
        goes(page, issuer, kim.email)
        page.context.clear_cookies()
    User.objects.filter(pk=kim.pk).update(is_active=False)
    goes(page, issuer, kim.email)
    assert heading(page) == "You have no account here"
    assert not is_in(page)


@pytest.mark.parametrize(
    ("claims", "trusted", "joined"),
    [
        ({"email_verified": True}, False, True),
        ({"email_verified": False}, False, False),
        ({"email_verified": None}, False, False),
        ({"email_verified": None, "xms_edov": True}, False, True),
        ({"email_verified": None, "xms_edov": "0"}, False, False),
        ({"email_verified": None}, True, True),
        ({"email_verified": None, "preferred_username": "guest#EXT#@x.example"}, True, False),
        ({"email_verified": None, "preferred_username": None}, True, False),
    ],
)
def test_only_an_address_that_is_vouched_for_joins(page, issuer, settings, claims, trusted, joined):
    """In Entra ID an e-mail address can be edited by its bearer: it proves nothing by itself."""
    settings.OIDC_TRUST_USERNAMES = trusted
    kim = known(issuer, person(Role.SOCIAL_WORKER), **claims)
    goes(page, issuer, kim.email)
    assert is_in(page) == joined == SocialAccount.objects.exists()


def test_an_address_that_was_joined_is_joined_to_nobody_else(page, issuer, kim):
    """Whoever is given a leaver's address at the council does not get their account here."""
    goes(page, issuer, kim.email)
    page.context.clear_cookies()
    issuer.tell(people={"successor": {"email": kim.email, "email_verified": True}})
    goes(page, issuer, "successor")
    assert heading(page) == "You have no account here" and not is_in(page)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_token_that_does_not_hold_opens_nothing(page, issuer, kim, fault):
    issuer.tell(fault=fault)
    goes(page, issuer, kim.email)
    assert heading(page) == "You are not signed in"
    assert not is_in(page) and not SocialAccount.objects.exists()


def test_an_issuer_that_calls_itself_otherwise_is_not_asked(page, issuer, kim, settings):
    settings.SOCIALACCOUNT_PROVIDERS = council_sign_in_at(
        issuer.issuer.replace("127.0.0.1", "localhost"), "progression", "for-tests"
    )
    page.goto("/account/sign-in/")
    follow(page.get_by_role("button", name=BUTTON))
    assert heading(page) == "You are not signed in"


def test_coming_back_twice_or_in_another_browser_opens_nothing(page, new_page, issuer, kim):
    backs = []
    page.on("request", lambda one: backs.append(one.url) if BACK in one.url else None)
    goes(page, issuer, kim.email)
    assert is_in(page)
    other = new_page()
    other.goto(backs[0])
    assert heading(other) == "You are not signed in" and not is_in(other)
    page.context.clear_cookies()
    page.goto(backs[0])
    assert heading(page) == "You are not signed in" and not is_in(page)


def test_the_request_carries_state_nonce_and_a_challenge(page, issuer, kim):
    asked = []
    page.on("request", lambda one: asked.append(one.url) if "/authorize/" in one.url else None)
    goes(page, issuer, kim.email)
    for name in ("state=", "nonce=", "code_challenge=", "code_challenge_method=S256"):
        assert name in asked[0]


def test_somebody_signed_in_already_stays_who_they_are(page, issuer, kim):
    sit_down(page, kim)
    page.goto("/account/sign-in/council/")
    assert is_in(page)


class TestSecondStep:
    """Asked for here too, unless the council's sign-in has asked, or its operator says it always does."""

    @pytest.mark.parametrize(
        ("amr", "enforced", "passes"),
        [(["pwd", "mfa"], False, True), (["pwd"], False, False), (None, False, False), (None, True, True)],
    )
    def test_a_manager(self, page, issuer, settings, amr, enforced, passes):
        settings.OIDC_ENFORCES_SECOND_STEP = enforced
        manager = known(issuer, person(Role.TEAM_MANAGER), amr=amr)
        goes(page, issuer, manager.email)
        page.goto("/teams/")
        assert (heading(page) == "Teams") == passes
        if not passes:
            assert heading(page) == "Set up a second step"

    def test_one_that_is_set_up_here_is_asked_for(self, page, issuer):
        manager = known(issuer, person(Role.TEAM_MANAGER))
        secret = app_of(manager)
        goes(page, issuer, manager.email)
        assert heading(page) == "Your second step"
        page.get_by_label("Code").fill(code_of(secret))
        press(page, "Continue")
        assert is_in(page)


def test_without_an_issuer_there_is_no_button_and_no_address(client):
    assert "council’s account" not in client.get("/account/sign-in/").text
    assert client.get("/account/sign-in/council/").status_code == 404
    assert client.get(BACK).status_code == 404


def test_an_issuer_that_does_not_answer_is_said_so(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = council_sign_in_at("http://127.0.0.1:1/o", "a", "b")
    answer = client.get("/account/sign-in/council/")
    assert answer.status_code == 403 and "did not work" in answer.text


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.example.org/v2.0",
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/organizations/v2.0",
    ],
)
def test_an_issuer_that_anybody_could_be_is_refused_at_start(issuer):
    with pytest.raises(ImproperlyConfigured):
        council_sign_in_at(issuer, "progression", "secret")


def test_a_secret_is_needed():
    with pytest.raises(ImproperlyConfigured):
        council_sign_in_at("https://login.example.org/v2.0", "progression", "")
    assert council_sign_in_at("", "", "") == {}
