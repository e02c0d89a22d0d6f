"""What `render_form` and the error summary write, for every kind of field."""

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps

from tools import ROOT

pytestmark = pytest.mark.urls("tests.pages.specimen")


class Reader(HTMLParser):
    """Collects every start tag with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def with_id(self, wanted):
        (found,) = [(tag, attrs) for tag, attrs in self.tags if attrs.get("id") == wanted]
        return found

    def ids(self):
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]


@pytest.fixture
def empty(client):
    return Reader(client.get("/specimen/").text)


@pytest.fixture
def wrong(client):
    return Reader(client.post("/specimen/", {"practised_on_0": "4", "practised_on_1": "13"}).text)


def links(page):
    inside = [
        attrs["href"] for tag, attrs in page.tags if tag == "a" and attrs.get("href", "").startswith("#id_")
    ]
    return inside


def test_no_id_is_used_twice_and_every_reference_has_its_target(empty, wrong):
    for page in (empty, wrong):
        ids = page.ids()
        assert len(ids) == len(set(ids))
        for tag, attrs in page.tags:
            for name in ("for", "aria-describedby", "aria-labelledby"):
                for reference in attrs.get(name, "").split():
                    assert reference in ids, (tag, attrs)


def test_each_line_of_the_summary_leads_to_something_one_can_type_into_or_choose(wrong):
    assert links(wrong) == [
        "#id_title",
        "#id_email",
        "#id_secret",
        "#id_story",
        "#id_counted",
        "#id_practised_on_2",  # the year is missing: that is what is said first
        "#id_team",
        "#id_met",
        "#id_headings",
        "#id_agreed",
        "#id_document",
        "#id_contact",
    ]
    for link in links(wrong):
        tag, attrs = wrong.with_id(link[1:])
        assert tag in {"input", "textarea", "select"} and attrs.get("type") != "hidden"


def test_an_error_of_the_whole_form_leads_to_its_first_field(client):
    page = Reader(client.post("/specimen/", {"title": "whole"}).text)
    assert links(page)[0] == "#id_title"


def test_title_says_error_only_when_there_is_one(client):
    assert "<title>Error: " in client.post("/specimen/").text
    assert "<title>Error" not in client.get("/specimen/").text


def test_nothing_is_said_to_be_wrong_before_anything_was_sent(empty):
    assert not [tag for tag, attrs in empty.tags if "error" in attrs.get("class", "")]


def test_a_character_count_without_help_text_is_described_by_its_count(empty):
    tag, attrs = empty.with_id("id_counted")
    assert tag == "textarea" and attrs["aria-describedby"] == "id_counted-info"
    assert "govuk-js-character-count" in attrs["class"]
    _, group = empty.with_id("div_id_counted")
    assert group["data-module"] == "govuk-character-count" and group["data-maxlength"] == "50"


def test_inputs_are_described_by_hint_and_error_in_that_order(wrong):
    assert wrong.with_id("id_email")[1]["aria-describedby"] == "id_email-hint id_email-error"
    assert wrong.with_id("id_title")[1]["aria-describedby"] == "id_title-error"


def test_of_a_date_left_empty_every_part_is_red(client):
    page = Reader(client.post("/specimen/", {}).text)
    assert all("--error" in page.with_id(f"id_practised_on_{part}")[1]["class"] for part in range(3))


def test_only_the_wrong_part_of_a_date_is_red(wrong):
    red = [wrong.with_id(f"id_practised_on_{part}")[1]["class"].endswith("--error") for part in range(3)]
    assert red == [False, False, True]


@pytest.mark.parametrize(
    ("typed", "box", "sentence"),
    [
        (("", "", ""), 0, "Enter"),
        (("4", "", "2026"), 1, "must include a month"),
        (("", "5", ""), 0, "must include a day and a year"),
        (("4", "13", "2026"), 1, "must be a real date"),
        (("31", "4", "2026"), 0, "must be a real date: that month has no day 31"),
        (("4", "5", "26"), 2, "must be a real date"),
        (("4", "5", "²026"), 2, "must be a real date"),
        (("5", "5", "2026"), 0, "must be 4 May 2026 or earlier"),
    ],
)
def test_dates_are_refused_in_words_and_at_the_box(client, typed, box, sentence):
    posted = {f"practised_on_{index}": part for index, part in enumerate(typed)}
    html = client.post("/specimen/", posted).text
    assert f"#id_practised_on_{box}" in links(Reader(html))
    assert re.search(rf"The date of practice {sentence}|{sentence} the date of practice<", html)


def test_a_good_date_is_accepted_and_what_was_typed_comes_back(client):
    page = Reader(
        client.post(
            "/specimen/", {"practised_on_0": "4", "practised_on_1": "05", "practised_on_2": "2026"}
        ).text
    )
    assert not [link for link in links(page) if "practised" in link]
    assert [page.with_id(f"id_practised_on_{part}")[1]["value"] for part in range(3)] == ["4", "05", "2026"]


def test_choices_made_come_back(client):
    page = Reader(client.post("/specimen/", {"met": "not", "headings": ["a"], "contact": "phone"}).text)
    assert "checked" in page.with_id("id_met-1")[1] and "checked" not in page.with_id("id_met")[1]
    assert "checked" in page.with_id("id_headings-1")[1]
    assert "checked" in page.with_id("id_contact")[1]


CHOICE = re.compile("govuk-(radios|checkboxes)__label|govuk-date-input__label")


def test_every_question_is_bold_at_the_size_of_the_text(empty):
    """The legend over a group of questions is larger, a choice's label plain: all others are alike."""
    sizes = {"label": set(), "legend": set()}
    for tag, attrs in empty.tags:
        if tag in sizes and not CHOICE.search(attrs["class"]):
            sizes[tag].add(attrs["class"])
    assert sizes == {
        "label": {"govuk-label govuk-label--s"},
        "legend": {
            "govuk-fieldset__legend govuk-fieldset__legend--s",
            "govuk-fieldset__legend govuk-fieldset__legend--m",
        },
    }


def test_no_form_and_no_page_chooses_a_size_of_its_own():
    ours = [ROOT / config.name for config in apps.get_app_configs() if (ROOT / config.name).is_dir()]
    sources = [path for package in ours for path in package.rglob("*.py")]
    sources += [path for path in ROOT.glob("templates/**/*.html") if "gds" not in path.parts]
    chosen = re.compile(r'(label|legend)_size=|class="govuk-label"|class="govuk-fieldset__legend"')
    assert len(ours) == 7
    assert [path.name for path in sources if chosen.search(path.read_text())] == []


def test_form_carries_the_token_and_leaves_checking_to_us(empty):
    (form,) = [attrs for tag, attrs in empty.tags if tag == "form"]
    assert form["method"] == "post" and "novalidate" in form and form["enctype"] == "multipart/form-data"
    assert [attrs for tag, attrs in empty.tags if attrs.get("name") == "csrfmiddlewaretoken"]
    assert not [attrs for tag, attrs in empty.tags if "required" in attrs or "placeholder" in attrs]


def test_what_people_type_is_shown_never_obeyed(client):
    html = client.post("/specimen/", {"title": "<script>x</script>", "story": "</textarea><b>"}).text
    assert "<script>x" not in html and "</textarea><b>" not in html
