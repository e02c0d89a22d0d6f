"""Reads one picture through, and writes it anew without what it says of where, when and by whom. No Django.

The picture itself is not compressed a second time: what lies around it is left out, part by part. Only one
that its camera marked as lying on its side is turned upright, which a JPEG must be written anew for.
"""

import io
import struct
import warnings

from portfolios.inspection_colour import plain_profile
from portfolios.inspection_verdicts import Found, refuse_archive, refuse_behind, refuse_pdf_header

PIXELS = 60_000_000

PNG_START = b"\x89PNG\r\n\x1a\n"
# What a PNG needs to look as it does. `iCCP` too, made plain.
PNG_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}
LONGEST_PROFILE = 4 * 1024**2

JPEG_START = b"\xff\xd8"
JPEG_END = 0xD9
JPEG_SCAN = 0xDA
# Markers that stand alone, without a length: TEM and the restarts.
JPEG_ALONE = {0x01, *range(0xD0, 0xD8)}
# Markers of parts that decoders read: frames and tables, the scan, and what they check the length of.
JPEG_READ = {*range(0xC0, 0xD0), JPEG_SCAN, 0xDB, 0xDD} - {0xC8}
JFIF, ADOBE, ICC = 0xE0, 0xEE, 0xE2
JPEG_ABOUT = {*range(0xE0, 0xF0), 0xFE}
ICC_START = b"ICC_PROFILE\x00"
ORIENTATION = 0x0112
SIDEWAYS = {5, 6, 7, 8}
SAMPLING = {0: "4:4:4", 1: "4:2:2", 2: "4:2:0"}


def check(kind, content):
    """Raise Found, or whatever Pillow raises, unless it is a picture of this `kind` and nothing else."""
    _load(kind, content).close()
    refuse_archive(content)
    refuse_pdf_header(content)
    rewrite = _png_rewritten if kind == "PNG" else _jpeg_rewritten
    refuse_behind(rewrite(content)[1])


def cleaned(kind, content):
    """The picture's bytes, upright, without EXIF, place, XMP, text, thumbnail and the profile's names."""
    with _load(kind, content) as picture:
        turn = picture.getexif().get(ORIENTATION, 1)
        if turn in range(2, 9):
            content = _upright(kind, picture, turn)
    return (_png_rewritten if kind == "PNG" else _jpeg_rewritten)(content)[0]


def without_data(content):
    """A JPEG that lies in a document, without its EXIF and the rest, as it was turned there."""
    return _jpeg_rewritten(content)[0]


def png_without_data(content):
    """A PNG that lies in a document, without its texts and the rest."""
    return _png_rewritten(content)[0]


def _load(kind, content):
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            picture.verify()
        picture = Image.open(io.BytesIO(content), formats=[kind])
        picture.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Found("too-big") from None
    return picture


def _upright(kind, picture, turn):
    """The bytes of the picture turned as its camera meant; a JPEG as fine as it was."""
    from PIL import ImageOps, JpegImagePlugin

    profile = picture.info.get("icc_profile")
    keeps = {"dpi": picture.info["dpi"]} if "dpi" in picture.info else {}
    if kind == "JPEG":
        tables = picture.quantization
        if turn in SIDEWAYS:
            tables = {number: _on_its_side(table) for number, table in tables.items()}
        sampling = SAMPLING.get(JpegImagePlugin.get_sampling(picture), "4:4:4")
        keeps |= {"qtables": tables, "subsampling": "4:4:4" if sampling == "4:2:2" else sampling}
    made = io.BytesIO()
    ImageOps.exif_transpose(picture).save(made, kind, icc_profile=profile, **keeps)
    return made.getvalue()


def _on_its_side(table):
    return [table[column * 8 + row] for row in range(8) for column in range(8)]


def _png_rewritten(content):
    """(the PNG of the parts that it needs, what lies behind its end)."""
    if not content.startswith(PNG_START):
        raise Found("broken")
    kept, at = [PNG_START], len(PNG_START)
    while True:
        size, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + size
        if end > len(content):
            raise Found("broken")
        if name in PNG_KEPT:
            kept.append(content[at:end])
        elif name == b"iCCP" and (part := _plain_iccp(content[at + 8 : end - 4])):
            kept.append(part)
        at = end
        if name == b"IEND":
            return b"".join(kept), content[at:]


def _plain_iccp(held):
    import zlib

    squeezed = held.partition(b"\x00")[2][1:]
    try:
        profile = zlib.decompressobj().decompress(squeezed, LONGEST_PROFILE)
    except zlib.error:
        return b""
    profile = plain_profile(profile)
    if not profile:
        return b""
    body = b"iCCP" + b"ICC\x00\x00" + zlib.compress(profile, 9)
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def _jpeg_rewritten(content):
    """(the JPEG without what is only about it, what lies behind its end)."""
    if not content.startswith(JPEG_START):
        raise Found("broken")
    kept, profile, at = [JPEG_START], [], 2
    while at < len(content):
        if content[at] != 0xFF:
            raise Found("broken")
        while content[at : at + 1] == b"\xff":
            at += 1
        marker = content[at]
        at += 1
        if marker == JPEG_END:
            kept.append(b"\xff\xd9")
            break
        if marker in JPEG_ALONE:
            kept.append(bytes((0xFF, marker)))
            continue
        if marker not in JPEG_READ | JPEG_ABOUT:
            raise Found("broken")
        (size,) = struct.unpack_from(">H", content, at)
        held = content[at + 2 : at + size]
        at += size
        if marker == ICC and held.startswith(ICC_START):
            profile.append(held)
        elif marker not in JPEG_ABOUT or (held := _needed(marker, held)):
            if marker not in JPEG_ABOUT and profile:
                kept += _plain_icc(profile)
                profile = []
            kept.append(_segment(marker, held))
        if marker == JPEG_SCAN:
            end = _end_of_scan(content, at)
            kept.append(content[at:end])
            at = end
    return b"".join(kept), content[at:]


def _segment(marker, held):
    return struct.pack(">BBH", 0xFF, marker, len(held) + 2) + held


def _needed(marker, held):
    """Of a part about the picture, what a reader needs to show it: resolution without thumbnail, colours."""
    if marker == JFIF and held.startswith(b"JFIF\x00") and len(held) >= 14:
        return held[:12] + b"\x00\x00"
    if marker == ADOBE and held.startswith(b"Adobe") and len(held) >= 12:
        return held[:12]
    return b""


def _end_of_scan(content, at):
    """Where the next marker begins that ends a scan's data; the end of the file if none does."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return len(content)
        following = content[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or following in JPEG_ALONE:
            at += 2
        else:
            return at


def _plain_icc(parts):
    """The colour profile that `parts` hold one after another, made plain, as parts again."""
    parts = sorted(parts, key=lambda held: held[12:13])
    profile = plain_profile(b"".join(held[14:] for held in parts))
    pieces = [profile[start : start + 65_000] for start in range(0, len(profile), 65_000)]
    return [
        _segment(ICC, ICC_START + bytes((number, len(pieces))) + piece)
        for number, piece in enumerate(pieces, 1)
    ]
