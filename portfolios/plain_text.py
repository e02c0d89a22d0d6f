"""Text as it is compared: what is typed in many ways, in one."""

import re
import unicodedata

_APOSTROPHES = dict.fromkeys(map(ord, "‘’‛′`´ʼʹ＇"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_SIGNS = _APOSTROPHES | _DASHES
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
    out = []
    for part in unicodedata.normalize("NFKD", character).translate(_SIGNS).casefold():
        category = unicodedata.category(part)
        if category in ("Mn", "Me", "Cf"):
            continue
        digit = unicodedata.decimal(part, None)
        out.append(part if digit is None else str(digit))
    return "".join(out)
