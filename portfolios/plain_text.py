"""Text as it is compared: what is typed in many ways, in one."""

import re
import unicodedata

_APOSTROPHES = dict.fromkeys(map(ord, "‘’‛′`´ʼʹ＇"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_SIGNS = _APOSTROPHES | _DASHES
# Called letters or signs by Unicode, and empty on every screen.
_EMPTY = set(map(chr, (0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0)))
_UNSEEN = ("Mn", "Me", "Cf", "Cc", "Cn")
# Small Cyrillic, Greek and other letters that look like Latin ones, or whose capitals do.
_ALIKE = str.maketrans(
    "\u0430\u0432\u0441\u0501\u0435\u04bb\u043d\u0456\u0458\u043a\u04cf\u043c\u043e\u0440\u051b\u0455\u0442"
    "\u0475\u051d\u0445\u0443\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
    "\u0131\u0251\u0261",
    "abcdehhijklmopqstvwxyabezhikmnoptyxiag",
)
_UNUSUAL = re.compile(r"[^\x00-\x7f]")


def plain_with_places(text):
    """`text` in small letters without accents and invisible signs, and where each character came from."""
    if text.isascii():
        return text.lower(), range(len(text))
    kept, at, done = [], [], 0
    for match in _UNUSUAL.finditer(text):
        start = match.start()
        kept.append(text[done:start].lower())
        at.extend(range(done, start))
        simple = _simple(match[0])
        kept.append(simple)
        at.extend([start] * len(simple))
        done = start + 1
    kept.append(text[done:].lower())
    at.extend(range(done, len(text)))
    return "".join(kept), at


def _simple(character):
    if sign := _SIGNS.get(ord(character)):
        return sign
    if character.isspace():
        return "\n" if character in "\u2028\u2029\x85" else " "
    if character in _EMPTY:
        return ""
    out = []
    for part in unicodedata.normalize("NFKD", character).translate(_SIGNS).casefold().translate(_ALIKE):
        category = unicodedata.category(part)
        if category in _UNSEEN:
            continue
        digit = unicodedata.decimal(part, None)
        out.append(part if digit is None else str(digit))
    return "".join(out)
