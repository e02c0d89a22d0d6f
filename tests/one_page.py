"""The smallest real PDF, for tests that keep one and do not care what it says."""

import io

import pikepdf


def one_page():
    with pikepdf.new() as document:
        document.add_blank_page()
        made = io.BytesIO()
        document.save(made)
    return made.getvalue()
