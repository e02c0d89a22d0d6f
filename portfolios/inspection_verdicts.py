"""What is said of a file that is read through, and what none may hold beside its own kind. No Django."""

import io
import zipfile

VERDICTS = ("ok", "broken", "protected", "macros", "active", "too-big", "two-kinds")

# How what a computer runs, shows or unpacks begins. Behind the end of another file, it is no accident.
OTHER_KINDS = (
    b"%pdf-",
    b"pk\x03\x04",
    b"pk\x05\x06",
    b"<html",
    b"<script",
    b"<!doctype",
    b"<svg",
    b"<?php",
    b"rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x7felf",
    b"this program cannot be run",
)
AT_ITS_START = (b"mz", b"#!", b"gif8", b"\x89png", b"\x1f\x8b")
# As far into a file as its readers look for a PDF's first line.
HEADER_WITHIN = 1024
BLANK = b" \t\r\n\x00\x1a"


class Found(Exception):
    """The verdict is settled: not ok."""


def refuse_behind(tail):
    """Raise Found if the bytes behind a file's own end are a file of another kind.

    Anything else there is only left out when the file is written anew: cameras put their own data behind a
    picture, scanners a few bytes behind a PDF.
    """
    tail = tail.strip(BLANK).lower()
    if tail.startswith(AT_ITS_START) or any(beginning in tail for beginning in OTHER_KINDS):
        raise Found("two-kinds")


def refuse_archive(content):
    """Raise Found if the file unpacks as a ZIP too, wherever in it that begins."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Found("two-kinds")


def refuse_pdf_header(content):
    """Raise Found if readers of PDF would take this file for one."""
    if b"%PDF-" in content[:HEADER_WITHIN]:
        raise Found("two-kinds")
