"""The typeface of the letters: the machine's own Arial, Liberation Sans or DejaVu Sans, cut down once a process.

A PDF carries only the letters that it uses, so each rendering cuts them out of the font again. From DejaVu Sans, with its
six thousand glyphs, that is three quarters of the time of a one-page letter wherever HarfBuzz's subsetter is not
installed. From a font of the Latin letters alone it is a tenth of it. Anything else that a person types, Arabic or
Chinese, is still drawn, from the whole font that the machine has for it, only more slowly.
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

# Latin as written in Britain and Ireland, Europe, Viet Nam and West Africa, with accents that stand alone,
# punctuation, and the few signs that people type.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *range(0x2B0, 0x370),
    *range(0x1E00, 0x1F00),
    *range(0x2010, 0x2028),
    *range(0x2030, 0x203B),
    0x20AC,
    0x2122,
    0x2190,
    0x2192,
    0x2212,
    0x2260,
    0x2264,
    0x2265,
    0x2713,
]

# What only a browser needs. Kerning stays, in the old `kern` table, which costs far less to cut than GPOS.
DROPPED = ["GPOS", "GSUB", "GDEF", "MATH", "FFTM", "meta"]


class InstalledFonts(URLFetcher):
    """Hands WeasyPrint the one kind of file it may have: a font that fontconfig has found, cut down to LETTERS.

    Used for the stylesheet below alone, never for a letter.
    """

    def fetch(self, url, headers=None):
        parts = urlsplit(url)
        path = Path(url2pathname(parts.path))
        if parts.scheme != "file" or path.suffix.lower() not in {".ttf", ".otf"}:
            raise ValueError("Only an installed font")
        return URLFetcherResponse(url, cut_down(path.read_bytes()))


def cut_down(font):
    """The bytes of a font with LETTERS alone: the same bytes each time."""
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
    """A FontConfiguration that knows Letter Sans in two weights; where none of FACES is installed, what there is."""
    fonts = FontConfiguration()
    CSS(string=FACES, font_config=fonts, url_fetcher=InstalledFonts())
    return fonts
