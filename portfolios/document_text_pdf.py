"""What a PDF says, and whether all of it can be seen: each page is drawn with its text and without.

Text that makes no difference to the picture lies under something, has the colour of what is behind it, or is
not drawn at all. Invisible text over a scanned picture is how a scan is made searchable: it may be there
wherever the picture itself shows something.
"""

from contextlib import closing
from ctypes import POINTER, addressof, byref, c_double, c_int, c_uint, c_ushort, cast, create_string_buffer
from itertools import groupby

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import ImageChops

from portfolios.document_text import COMMENTS, COVERED, PAGE_BREAK, UNSEEN
from portfolios.inspection_verdicts import Found

MOST_PAGES = 200
SCALE = 1.5
LONGEST_SIDE = 2_000
"""Pixels."""
SEEN = 24
"""Of 255: as much as a letter must differ from what is behind it to be read."""
INK = 60
"""Of 255: as much as a scanned word differs from its paper."""
LIGHT = 128
SMALLEST = 2.0
"""Points: the height of letters that nobody reads."""
IN_A_ROW, IN_ALL = 2, 4
"""So many hidden letters are text; fewer may be a flaw in a font."""
NO_LETTERS_HERE = 0x2E80
"""From here on are scripts for which the computer that draws may have no font."""

MARKS = {
    raw.FPDF_ANNOT_TEXT,
    raw.FPDF_ANNOT_HIGHLIGHT,
    raw.FPDF_ANNOT_UNDERLINE,
    raw.FPDF_ANNOT_SQUIGGLY,
    raw.FPDF_ANNOT_STRIKEOUT,
    raw.FPDF_ANNOT_SQUARE,
    raw.FPDF_ANNOT_CIRCLE,
    raw.FPDF_ANNOT_LINE,
    raw.FPDF_ANNOT_POLYGON,
    raw.FPDF_ANNOT_POLYLINE,
    raw.FPDF_ANNOT_INK,
    raw.FPDF_ANNOT_STAMP,
    raw.FPDF_ANNOT_CARET,
    raw.FPDF_ANNOT_POPUP,
    raw.FPDF_ANNOT_REDACT,
}
"""Annotations whose words are a comment, read only by whoever opens it."""

SAYING_NOTHING = {"/CIDSystemInfo", "/CharSet", "/DA", "/FontFamily", "/ID", "/Lang"}
"""Entries whose words no reader of the file is shown or told."""


def read(file):
    """(text, hidden) as document_reading.read."""
    document = pdfium.PdfDocument(file)
    if len(document) > MOST_PAGES:
        raise Found("too-big")
    texts, hidden = [], None
    for number in range(len(document)):
        with closing(document[number]) as page:
            said, comments = _annotations(page)
            hidden = hidden or (COMMENTS if comments else _hidden(page))
        texts.append("\n".join([_text_of(document, number), *said]))
    file.seek(0)
    texts[0] = "\n".join([texts[0], *_beside_the_pages(file, "\n".join(texts))])
    return PAGE_BREAK.join(text.replace(PAGE_BREAK, " ").replace("\r\n", "\n") for text in texts), hidden


def _text_of(document, number):
    """What a page says, with what is written in its fields and stamps, which become a part of it."""
    with closing(document[number]) as page:
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    with closing(document[number]) as page, closing(page.get_textpage()) as textpage:
        return textpage.get_text_range()


def _annotations(page):
    """(what the page's annotations say for all to see, whether some are comments)."""
    said, comments = [], False
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        words = [_string(annotation, key) for key in (b"Contents", b"RC", b"V", b"TU")]
        words = [one for one in words if one.strip()]
        comments = comments or bool(words and raw.FPDFAnnot_GetSubtype(annotation) in MARKS)
        said += words
        raw.FPDFPage_CloseAnnot(annotation)
    return said, comments


def _beside_the_pages(file, known):
    """What the PDF says elsewhere: fields, bookmarks, links, what is read out instead of a picture."""
    found = {}
    with pikepdf.open(file) as document:
        about = document.trailer.get("/Info")  # goes when the file is written anew
        for thing in document.objects:
            waiting = [] if about is not None and thing.objgen == about.objgen else [thing]
            while waiting:
                one = waiting.pop()
                if isinstance(one, pikepdf.String):
                    said = str(one).strip()
                    if said.replace("\r", "").replace("\n", "").isprintable() and said not in known:
                        found[said] = None
                elif isinstance(one, pikepdf.Array):
                    waiting += [inside for inside in one if _lies_in_it(inside)]
                elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
                    inside = [one.get(key) for key in one.keys() if key not in SAYING_NOTHING]  # noqa: SIM118
                    waiting += [value for value in inside if _lies_in_it(value)]
    return found


def _lies_in_it(thing):
    return isinstance(thing, pikepdf.Object) and not thing.is_indirect


def _string(annotation, key):
    size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = create_string_buffer(size)
    raw.FPDFAnnot_GetStringValue(annotation, key, cast(buffer, POINTER(c_ushort)), size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


class _Letter:
    """A letter or digit on a page: its word's number, and its box in points, from the left and the bottom."""

    __slots__ = ("box", "light", "place", "undrawn", "word")

    def __init__(self, place, word, box, undrawn, light):
        self.place, self.word, self.box, self.undrawn, self.light = place, word, box, undrawn, light

    @property
    def tiny(self):
        left, bottom, right, top = self.box
        return max(top - bottom, right - left) < SMALLEST


def _letters(textpage):
    letters, word, looks = [], 0, {}
    left, right, bottom, top = (c_double() for _ in range(4))
    loose = raw.FS_RECTF()
    for place in range(raw.FPDFText_CountChars(textpage)):
        code = raw.FPDFText_GetUnicode(textpage, place)
        if code >= NO_LETTERS_HERE or not chr(code).isalnum():
            word += 1
            continue
        if not raw.FPDFText_GetCharBox(textpage, place, byref(left), byref(right), byref(bottom), byref(top)):
            continue
        raw.FPDFText_GetLooseCharBox(textpage, place, byref(loose))
        box = (
            min(loose.left, left.value),
            bottom.value,
            max(loose.right, right.value),
            top.value,
        )
        made_of = raw.FPDFText_GetTextObject(textpage, place)
        key = addressof(made_of.contents) if made_of else 0
        if key not in looks:
            looks[key] = _look(made_of) if made_of else (False, False)
        letters.append(_Letter(place, word, box, *looks[key]))
    return letters


def _look(made_of):
    """(whether it is meant not to be drawn, whether its colour is light) of a piece of text."""
    red, green, blue, alpha = (c_uint() for _ in range(4))
    mode = raw.FPDFTextObj_GetTextRenderMode(made_of)
    known = raw.FPDFPageObj_GetFillColor(made_of, byref(red), byref(green), byref(blue), byref(alpha))
    light = known and (alpha.value < SEEN or min(red.value, green.value, blue.value) > LIGHT)
    return mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP), bool(light)


def _hidden(page):
    """Which of HIDDEN the page has, if any. Takes the text off the page."""
    with closing(page.get_textpage()) as textpage:
        letters = _letters(textpage)
    if not letters:
        return None
    scale = min(SCALE, LONGEST_SIDE / max(page.get_size()))
    drawn = _draw(page, scale)
    _take_off(page, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, raw.FPDFPage_RemoveObject)
    difference = ImageChops.difference(drawn, _draw(page, scale))
    boxes = _Boxes(page, drawn.size)
    undrawn = [letter for letter in letters if letter.undrawn]
    unseen = [letter for letter in letters if not letter.undrawn and _unseen(letter, difference, boxes)]
    unseen += _over_nothing(undrawn, drawn, boxes)
    if not _is_text(unseen):
        return None
    return _why(min(unseen, key=lambda letter: letter.place), drawn, boxes)


def _draw(page, scale):
    picture = page.render(scale=scale, draw_annots=True, may_draw_forms=False).to_pil()
    return picture.convert("RGB")


def _take_off(holder, count, get, remove):
    for number in reversed(range(count(holder))):
        thing = get(holder, number)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            remove(holder, thing)
            raw.FPDFPageObj_Destroy(thing)
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            _take_off(
                thing, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, raw.FPDFFormObj_RemoveObject
            )


def _unseen(letter, difference, boxes):
    box = boxes.of(letter.box)
    if box is None or letter.tiny:
        return True
    return max(most for _, most in difference.crop(box).getextrema()) < SEEN


def _over_nothing(letters, drawn, boxes):
    """Those of the invisible letters whose word is over nothing that looks like one."""
    found = []
    for _, word in groupby(letters, key=lambda letter: letter.word):
        word = list(word)
        sides = list(zip(*(letter.box for letter in word), strict=True))
        box = boxes.of((min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])))
        if box is None or max(most - least for least, most in drawn.crop(box).getextrema()) < INK:
            found += word
    return found


def _is_text(unseen):
    places = {letter.place for letter in unseen}
    return len(places) >= IN_ALL or any(place + IN_A_ROW - 1 in places for place in places)


def _why(letter, drawn, boxes):
    box = boxes.of(letter.box)
    if box is None or letter.undrawn or letter.tiny:
        return UNSEEN
    behind = drawn.crop(box).convert("L").getextrema()[1]
    return UNSEEN if letter.light and behind > LIGHT else COVERED


class _Boxes:
    """From a box on the page, in points, to one in a picture of it of that `size`, however it is turned."""

    FINE = 100

    def __init__(self, page, size):
        self.wide, self.high = size
        self.zero, self.across, self.up = (self._place(page, *at) for at in ((0, 0), (1000, 0), (0, 1000)))

    def of(self, box):
        """(left, top, right, bottom) in whole pixels, or None if it is not in the picture."""
        left, bottom, right, top = box
        (x1, y1), (x2, y2) = self._point(left, bottom), self._point(right, top)
        x1, x2, y1, y2 = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
        x1, y1 = max(0, int(x1)), max(0, int(y1))
        x2, y2 = min(self.wide, int(x2) + 1), min(self.high, int(y2) + 1)
        return (x1, y1, x2, y2) if x1 < x2 and y1 < y2 else None

    def _place(self, page, x, y):
        across, down = c_int(), c_int()
        size = self.wide * self.FINE, self.high * self.FINE  # the call answers whole pixels
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, byref(across), byref(down))
        return across.value / self.FINE, down.value / self.FINE

    def _point(self, x, y):
        (zero_x, zero_y), (across_x, across_y), (up_x, up_y) = self.zero, self.across, self.up
        return (
            zero_x + (across_x - zero_x) * x / 1000 + (up_x - zero_x) * y / 1000,
            zero_y + (across_y - zero_y) * x / 1000 + (up_y - zero_y) * y / 1000,
        )
