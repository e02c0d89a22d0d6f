"""What a page may load: no font of the state's, no crown or crest, nothing that would 404."""

import gzip
import re

import pytest
from django.conf import settings

from tests.council import organisation
from tools import DATA_DIR, ROOT, frontend

BUILT = DATA_DIR / "frontend"
SHEETS = sorted(BUILT.glob("*/*.css"))


def test_fonts_go_and_arial_comes():
    font = "@font-face{font-family:GDS Transport;src:url(a.woff)}"
    css = '.a{font-family:"GDS Transport",arial}.b{font:GDS Transport}'
    assert frontend.undress(font + css) == ".a{font-family:arial}.b{font:arial}"


def test_unused_blocks_go_but_their_namesakes_stay():
    css = ".moj-header__link,.moj-badge{a:b}@media print{.moj-header{a:b}}.moj-header-bar{c:d}"
    assert frontend.undress(css) == ".moj-badge{a:b}.moj-header-bar{c:d}"


def test_a_comma_inside_brackets_parts_no_selectors():
    css = ".x:not(.moj-header,.b),.y{e:f}"
    assert frontend.undress(css) == ".y{e:f}"


def test_asset_addresses_become_relative():
    assert frontend.undress(".a{b:url(/assets/images/i.svg)}") == ".a{b:url(images/i.svg)}"


def test_braces_and_semicolons_in_strings_end_nothing():
    css = '@charset "x;}";.a:before{content:"}\\"{"}'
    assert frontend.undress(css) == css


def test_moj_keeps_its_hands_off_the_newer_variables():
    assert frontend.undress(":root{--govuk-brand-colour:#1d70b8}.a{b:c}", own_variables=False) == ".a{b:c}"


def test_source_map_comment_goes():
    assert frontend.without_map("run();//# sourceMappingURL=a.js.map") == "run();\n"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_each_address_in_a_built_style_sheet_is_there(sheet):
    css = sheet.read_text()
    assert "GDS" not in css and "@font-face" not in css and "sourceMappingURL" not in css
    for address in re.findall(r"url\([\"']?(?!data:)([^)\"']+)", css):
        assert (sheet.parent / address).is_file(), address


def test_both_style_sheets_were_built():
    assert {sheet.name for sheet in SHEETS} == {"govuk-frontend.min.css", "moj-frontend.min.css"}


def test_nothing_of_the_crown_is_served():
    names = [path.name for path in BUILT.rglob("*")]
    assert not [
        name for name in names if re.search("crown|crest|logotype|favicon|opengraph|govuk-icon", name)
    ]


@pytest.mark.django_db
def test_first_visit_weighs_under_40_kb_with_our_own_files(client):
    """Every style sheet and script that the sign-in page, and then the start page, ask for."""
    pages = client.get("/account/sign-in/").text
    client.force_login(organisation().worker)
    pages += client.get("/").text
    first = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', pages))
    assert len(first) >= 4  # the design system's and our own, of each kind
    assert sum(len(gzip.compress((settings.STATIC_ROOT / name).read_bytes(), 6)) for name in first) <= 40_000


def test_no_template_uses_a_block_that_was_taken_out():
    gone = re.compile(rf"\b({'|'.join(frontend.UNUSED_BLOCKS)})\b(?!-)")
    for page in (ROOT / "templates").rglob("*.html"):
        assert not gone.search(page.read_text()), page
