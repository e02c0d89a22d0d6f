"""Pictures that lie in a document, of any kind that programs put there: without what each says of its maker.

A document may hold kinds that are not taken in by themselves. What is not known to say anything stays as it
is; what cannot be read raises whatever its reader does. No Django.
"""

import struct

from lxml import etree

from portfolios.inspection_picture import png_without_data, without_data
from portfolios.inspection_verdicts import Found

# TIFF: description, maker, model, program, day, artist, computer, IPTC, XMP, Photoshop's, copyright, owner.
TIFF_WORDS = {
    270,
    271,
    272,
    305,
    306,
    315,
    316,
    33432,
    33723,
    700,
    34377,
    37724,
    42032,
    50708,
    *range(40091, 40096),
}
# Directories of their own: EXIF, where it was taken, what reads it.
TIFF_DIRECTORIES = {34665, 34853, 40965}
TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
MOST_DIRECTORIES = 1_000

WEBP_ABOUT = {b"EXIF": 0x08, b"XMP ": 0x04}
JP2_START = b"\x00\x00\x00\x0cjP  "
JP2_ABOUT = {b"xml ", b"uuid", b"uinf"}
GIF_ENDS, GIF_EXTENSION, GIF_PICTURE, GIF_COMMENT, GIF_PROGRAMS = 0x3B, 0x21, 0x2C, 0xFE, 0xFF
GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
EMF_DESCRIBED = 60
SVG = "http://www.w3.org/2000/svg"
SVG_OWN = {SVG, "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"}
SVG_SAYING = {f"{{{SVG}}}{name}" for name in ("metadata", "title", "desc", "script")}


def picture_without_data(held):
    """The bytes of a picture without names, places and programs; of anything else, as they are."""
    for begins, plain in KINDS:
        if held.startswith(begins):
            return plain(held)
    if held[40:44] == b" EMF":
        return _emf(held)
    if held[8:12] == b"WEBP" and held.startswith(b"RIFF"):
        return _webp(held)
    if b"<svg" in held[:4096]:
        return _svg(held)
    return held


def _tiff(held):
    """The same picture in the same places: what says something is written over."""
    plain = bytearray(held)
    order = "<" if held.startswith(b"II") else ">"
    (at,) = struct.unpack_from(f"{order}I", held, 4)
    waiting, seen = [(at, False)], set()
    while waiting:
        at, wholly = waiting.pop()
        if not at or at in seen:
            continue
        seen.add(at)
        if len(seen) > MOST_DIRECTORIES:
            raise Found("broken")
        (count,) = struct.unpack_from(f"{order}H", held, at)
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind, many = struct.unpack_from(f"{order}HHI", held, entry)
            (value,) = struct.unpack_from(f"{order}I", held, entry + 8)
            if tag in TIFF_DIRECTORIES:
                waiting.append((value, True))
            elif wholly or tag in TIFF_WORDS:
                size = TIFF_SIZES.get(kind, 1) * many
                start = entry + 8 if size <= 4 else value
                if start + size > len(held):
                    raise Found("broken")
                plain[start : start + size] = bytes(size)
        (following,) = struct.unpack_from(f"{order}I", held, at + 2 + 12 * count)
        waiting.append((following, wholly))
        if wholly:
            plain[at : at + 2 + 12 * count] = bytes(2 + 12 * count)
    return bytes(plain)


def _webp(held):
    kept, at = [], 12
    while at + 8 <= len(held):
        name, size = struct.unpack_from("<4sI", held, at)
        end = at + 8 + size + size % 2
        part = held[at:end]
        if name == b"VP8X" and size:
            part = part[:8] + bytes([part[8] & ~sum(WEBP_ABOUT.values())]) + part[9:]
        if name not in WEBP_ABOUT:
            kept.append(part)
        at = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _jp2(held):
    kept, at = [], 0
    while at < len(held):
        size, name = struct.unpack_from(">I4s", held, at)
        if size == 1:
            (size,) = struct.unpack_from(">Q", held, at + 8)
        end = at + size if size else len(held)
        if end <= at:
            raise Found("broken")
        if name not in JP2_ABOUT:
            kept.append(held[at:end])
        at = end
    return b"".join(kept)


def _gif(held):
    at = 13 + _colours(held[10])
    kept = [held[:at]]
    while at < len(held) and held[at] != GIF_ENDS:
        start, mark = at, held[at]
        if mark == GIF_EXTENSION:
            at = _behind_blocks(held, at + 2)
            says = held[start + 1] == GIF_COMMENT or (
                held[start + 1] == GIF_PROGRAMS and held[start + 3 : start + 14] not in GIF_KEPT
            )
            kept += [] if says else [held[start:at]]
        elif mark == GIF_PICTURE:
            at = _behind_blocks(held, at + 11 + _colours(held[at + 9]))
            kept.append(held[start:at])
        else:
            raise Found("broken")
    return b"".join([*kept, bytes([GIF_ENDS])])


def _colours(flags):
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _behind_blocks(held, at):
    while held[at]:
        at += held[at] + 1
    return at + 1


def _emf(held):
    """Which program drew it, and what it called the picture, stand in UTF-16 where the header says."""
    many, start = struct.unpack_from("<II", held, EMF_DESCRIBED)
    if not many or start + 2 * many > len(held):
        return held
    return held[:start] + bytes(2 * many) + held[start + 2 * many :]


def _svg(held):
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(held, parser)
    except etree.XMLSyntaxError:
        return held  # no program shows it
    for one in list(root.iter(etree.Element)):
        named = etree.QName(one)
        if one is not root and (one.tag in SVG_SAYING or named.namespace not in {SVG, None}):
            if one.getparent() is not None:
                one.getparent().remove(one)
            continue
        for name in one.attrib:
            if etree.QName(name).namespace not in {*SVG_OWN, None}:
                del one.attrib[name]
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


KINDS = (
    (b"\xff\xd8\xff", without_data),
    (b"\x89PNG", png_without_data),
    (b"II*\x00", _tiff),
    (b"MM\x00*", _tiff),
    (b"GIF8", _gif),
    (JP2_START, _jp2),
)
"""How a kind begins, and what makes it plain."""
