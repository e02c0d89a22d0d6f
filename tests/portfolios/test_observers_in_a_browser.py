"""A worker asks a head teacher, who answers on a phone without an account: axe, 320 px, script or none."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from portfolios import observer_mail
from portfolios.models import ObserverRequest
from tests.at_a_browser import follow, press, sit_down, sound
from tests.council import organisation
from tests.portfolios.makers import piece_of, said

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Wilhelmina-Theodora-Featherstonehaugh-Cholmondeley-and-a-word-that-never-ends"
WORDS = "She asked the girl what she wanted before anybody else spoke."
PHONE = {"width": 320, "height": 700}


@pytest.fixture
def piece():
    return piece_of(
        organisation().worker, fields=said(title=f"A visit with the school {LONG}"), now=timezone.now()
    )


def link_sent():
    observer_mail.send_due()
    return re.search(r"/testimony/[\w-]+/", mail.outbox[-1].body)[0]


def asks(page, piece):
    sit_down(page, piece.worker)
    page.goto(f"/evidence/{piece.pk}/")
    sound(page)
    follow(page.get_by_role("link", name="Ask somebody to confirm it"))
    sound(page)
    press(page, "Check before you send it")
    page.locator(".govuk-error-summary").wait_for()
    sound(page)
    page.get_by_label("Their name").fill("Ines Okafor")
    page.get_by_label("Their email address").fill("ines@school.example")
    page.get_by_label("Somebody of a partner agency").check()
    page.get_by_label("What I did").check()
    page.get_by_label("What would you like").fill("How did I listen to her?")
    press(page, "Check before you send it")
    sound(page)
    press(page, "Change")
    assert page.get_by_label("Their name").input_value() == "Ines Okafor"
    press(page, "Check before you send it")
    press(page, "Send the link")
    sound(page)


def answers(page, link):
    page.goto(link)
    sound(page)
    page.set_viewport_size(PHONE)
    assert page.get_by_text("They ask you, Ines Okafor, to confirm").count() == 1
    assert page.get_by_text("I met the child alone").count() == 1
    assert page.get_by_text("How did I listen to her?").count() == 1
    page.get_by_label("Your role").fill("Head teacher")
    page.get_by_label("Your organisation").fill("Elm Road School")
    page.get_by_label("Yes, I saw it").check()
    page.get_by_label("What can you say of it?").fill(f"{WORDS} Ring me on 07700 900123.")
    press(page, "Check before you send it")
    page.locator(".govuk-error-summary").wait_for()
    sound(page)
    page.set_viewport_size(PHONE)
    page.get_by_label("If it stays, say why").fill("It is the school’s own number.")
    press(page, "Check before you send it")
    assert page.get_by_text("It is the school’s own number.").count() == 1
    sound(page)
    page.set_viewport_size(PHONE)
    press(page, "Change")
    assert page.get_by_label("Your name").input_value() == "Ines Okafor"
    assert page.get_by_label("If it stays, say why").input_value() == "It is the school’s own number."
    press(page, "Check before you send it")
    press(page, "Send it")
    assert page.get_by_role("heading", name="Thank you").count() == 1
    sound(page)
    page.goto(link)
    assert page.get_by_role("heading", name="This link takes no answer").count() == 1
    assert page.get_by_text("If you have answered, you need do nothing more").count() == 1
    sound(page)


def test_asked_answered_and_read(page, browser, live_server, piece):
    asks(page, piece)
    phone = browser.new_context(base_url=live_server.url, viewport=PHONE)
    answers(phone.new_page(), link_sent())
    phone.close()
    page.reload()
    follow(page.get_by_role("link", name="Testimony of Ines Okafor, Head teacher, Elm Road School"))
    assert page.get_by_text(WORDS).count() == 1
    sound(page)
    press(page, "Leave it out of what I submit")
    assert page.get_by_text("You leave it out").count() == 1
    sound(page)


def test_without_script_and_taken_back(browser, live_server, piece):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    sit_down(page, piece.worker)
    page.goto(f"/evidence/{piece.pk}/ask/")
    page.get_by_label("Their name").fill("Ines Okafor")
    page.get_by_label("Their email address").fill("ines@school.example")
    page.get_by_label("A colleague").check()
    press(page, "Check before you send it")
    press(page, "Send the link")
    link = link_sent()
    observer = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport=PHONE
    ).new_page()
    observer.goto(link)
    observer.get_by_label("Your role").fill("Health visitor")
    observer.get_by_label("Your organisation").fill("Elm Road Surgery")
    observer.get_by_label("No, but I know of it").check()
    observer.get_by_label("What can you say of it?").fill(WORDS)
    press(observer, "Check before you send it")
    assert observer.get_by_text(WORDS).count() == 1

    follow(page.get_by_role("link", name="Ines Okafor"))
    follow(page.get_by_role("link", name="Take it back"))
    press(page, "Take it back")
    assert ObserverRequest.objects.get().ended_at
    press(observer, "Send it")
    assert observer.get_by_role("heading", name="This link takes no answer").count() == 1
    assert observer.get_by_text(WORDS).count() == 1, "what they wrote is given back"
    observer.context.close()
    context.close()
