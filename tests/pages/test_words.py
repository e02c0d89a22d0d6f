"""How dates, money and counts read on screen, and what a link back is called."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import jinja2
import pytest
from django.conf import settings
from django.template import engines

from config import pages


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (pages.date(date(2026, 5, 4)), "4 May 2026"),
        (pages.date(datetime(2026, 5, 3, 23, 30, tzinfo=UTC)), "4 May 2026"),  # half past midnight in London
        (pages.date(None), ""),
        (pages.date_and_time(datetime(2026, 5, 4, 14, 5, tzinfo=UTC)), "4 May 2026 at 3:05pm"),
        (pages.date_and_time(datetime(2026, 1, 4, 0, 0, tzinfo=UTC)), "4 January 2026 at 12:00am"),
        (pages.date_and_time(datetime(2026, 1, 4, 12, 30, tzinfo=UTC)), "4 January 2026 at 12:30pm"),
        (pages.day_and_time(datetime(2026, 5, 3, 23, 30, tzinfo=UTC)), "Monday 4 May 2026 at 12:30am"),
        (pages.money(34549), "£34,549"),
        (pages.money(Decimal("34549.50")), "£34,549.50"),
        (pages.money(Decimal("-120.00")), "−£120"),
        (pages.money(0), "£0"),
        (pages.plural(1, "example"), "1 example"),
        (pages.plural(0, "example"), "0 examples"),
        (pages.plural(1200, "entry", "entries"), "1,200 entries"),
        (
            pages.paragraphs("a <b>\n\nc\nd"),
            '<p class="govuk-body">a &lt;b&gt;</p>\n\n<p class="govuk-body">c<br>d</p>',
        ),
    ],
)
def test_words(shown, words):
    assert shown == words


def render(source, **context):
    return engines["jinja2"].env.from_string(source).render(context)


def test_a_misspelt_name_or_field_stops_the_page():
    with pytest.raises(jinja2.UndefinedError):
        render("{{ nmae }}")
    with pytest.raises(jinja2.UndefinedError):
        render("{{ day.yaer }}", day=date(2026, 5, 4))
    with pytest.raises(jinja2.UndefinedError):
        render("{% if nmae %}x{% endif %}")


def test_an_option_left_out_of_a_macro_is_empty():
    source = (
        '{% from "govuk_frontend_jinja/components/radios/macro.html" import govukRadios %}'
        '{{ govukRadios({"name": "met", "items": [{"value": "yes", "text": "Yes"}]}) }}'
    )
    assert 'value="yes"' in render(source)


def test_what_people_write_is_escaped():
    assert render("{{ name }}", name="<b>") == "&lt;b&gt;"


def test_a_link_back_is_called_alike_wherever_it_leads_to_the_same_page():
    called = {}
    for file in (settings.BASE_DIR / "templates").rglob("*.html"):
        for address, words in re.findall(
            r"back_link\(url\(\"([\w:]+)\"[^)]*\)(?:, ([^)]*))?\)", file.read_text(encoding="utf-8")
        ):
            called.setdefault(address, set()).add(words)
    assert len(called) > 30
    assert not {address for address, words in called.items() if any("Back" in each for each in words)}
    assert not {address: words for address, words in called.items() if len(words) > 1 or "" in words}
