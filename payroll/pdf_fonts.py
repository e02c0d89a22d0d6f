"""The typeface of the letters: the machine's own Arial, Liberation Sans or DejaVu Sans, cut down once a process.

A PDF carries only the glyphs that it uses, so each rendering cuts them out of the font again. WeasyPrint has
fontTools do it wherever HarfBuzz's subsetter is not installed, and the six thousand glyphs and the layout tables
of DejaVu Sans then take three quarters of the time of a one-page letter. Cutting a font of the Latin letters alone
takes a tenth of that. Whatever else a person types, Arabic or Chinese, is still drawn from the whole font that the
machine has for it, only more slowly.
"""

import io
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from fontTools import subset
from fontTools.ttLib import TTFont
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

# First found, first used. The names are those that fontconfig knows a face by.
FACES = """
@font-face {
  font-family: "Letter Sans"; font-weight: 400;
  src: local("Arial"), local("Liberation Sans"), local("Arimo"), local("DejaVu Sans")
}
@font-face {
  font-family: "Letter Sans"; font-weight: 700;
  src: local("Arial Bold"), local("Liberation Sans Bold"), local("Arimo Bold"), local("DejaVu Sans Bold")
}
"""

# Latin as names are written in Britain and Ireland, Europe, Viet Nam and West Africa, accents that stand alone,
# punctuation, and the few signs that people type.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *map(ord, "ƁɓƊɗƒƘƙƠơƯưƳƴȘșȚțə"),
    *range(0x300, 0x30D),
    *map(ord, "\u0323\u0327\u0328"),
    *map(ord, "ṀṁṂṃṄṅṢṣẀẁẂẃẄẅẞ"),
    *range(0x1EA0, 0x1EFA),
    *range(0x2010, 0x2028),
    *map(ord, "‰′″‹›€™←→−≠≤≥✓"),
]

# What only a browser needs. Kerning stays in the old `kern` table, which is far quicker to cut than GPOS.
DROPPED = ["GPOS", "GSUB", "GDEF", "MATH", "FFTM", "meta"]


class InstalledFonts(URLFetcher):
    """Hands WeasyPrint the one kind of file it may have: an installed font, cut down to LETTERS.

    For FACES alone, which fontconfig turns into the addresses of files; never for a letter.
    """

    def fetch(self, url, headers=None):
        parts = urlsplit(url)
        path = Path(url2pathname(parts.path))
        if parts.scheme != "file" or path.suffix.lower() not in {".ttf", ".otf"}:
            raise ValueError("Only an installed font")
        return URLFetcherResponse(url, cut_down(path.read_bytes()))


def cut_down(font):
    """The bytes of a font with LETTERS alone, the same bytes each time."""
    options = subset.Options(hinting=False, notdef_outline=True, legacy_kern=True, layout_features=[])
    options.drop_tables += DROPPED
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    face = TTFont(io.BytesIO(font), recalcTimestamp=False)
    cutter.subset(face)
    smaller = io.BytesIO()
    face.save(smaller)
    return smaller.getvalue()


def letter_fonts():
    """A FontConfiguration that knows Letter Sans in two weights, or not, where none of FACES is installed."""
    fonts = FontConfiguration()
    CSS(string=FACES, font_config=fonts, url_fetcher=InstalledFonts())
    return fonts
