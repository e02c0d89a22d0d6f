"""Makes a picture's colour profile plain: how its colours look stays, whose screen or camera it was goes."""

import struct

# What the colours are computed from. All else is words, or a maker's own.
COLOURS = {
    *(b"rXYZ", b"gXYZ", b"bXYZ", b"wtpt", b"bkpt", b"chad", b"lumi", b"cicp"),
    *(b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"gamt", b"chrm"),
    *(b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"pre0", b"pre1", b"pre2"),
    *(b"D2B0", b"D2B1", b"D2B2", b"D2B3", b"B2D0", b"B2D1", b"B2D2", b"B2D3"),
}
HEADER = 128
MOST_TAGS = 100
NAME = "Colours"


def plain_profile(profile):
    """The ICC profile's bytes with its colours alone; empty if it is none that can be read."""
    if len(profile) < HEADER + 4 or profile[36:40] != b"acsp":
        return b""
    (count,) = struct.unpack_from(">I", profile, HEADER)
    if count > MOST_TAGS or len(profile) < HEADER + 4 + 12 * count:
        return b""
    tags = [struct.unpack_from(">4sII", profile, HEADER + 4 + 12 * number) for number in range(count)]
    if any(start + size > len(profile) for _, start, size in tags):
        return b""
    kept = {name: profile[start : start + size] for name, start, size in tags if name in COLOURS}
    if not kept:
        return b""
    words = _words(profile[8])
    return _put_together(_plain_header(profile[:HEADER]), kept | {b"desc": words, b"cprt": _text(profile[8])})


def _plain_header(header):
    """Without program, day, platform, maker, model, creator and fingerprint."""
    plain = bytearray(header)
    plain[4:8] = bytes(4)
    plain[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    plain[40:44] = bytes(4)
    plain[48:56] = bytes(8)
    plain[80:128] = bytes(48)
    return bytes(plain)


def _words(version):
    if version >= 4:
        return _unicode(NAME)
    said = NAME.encode() + b"\x00"
    return b"desc" + bytes(4) + struct.pack(">I", len(said)) + said + bytes(4 + 4 + 2 + 1 + 67)


def _text(version):
    return _unicode("None") if version >= 4 else b"text" + bytes(4) + b"None\x00"


def _unicode(said):
    said = said.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II", 1, 12) + b"enGB" + struct.pack(">II", len(said), 28) + said


def _put_together(header, tags):
    table, body = struct.pack(">I", len(tags)), b""
    start = HEADER + 4 + 12 * len(tags)
    for name, held in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(held))
        body += held + bytes(-len(held) % 4)
    whole = header + table + body
    return struct.pack(">I", len(whole)) + whole[4:]
