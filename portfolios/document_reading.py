"""The reader for each kind of document, and how much of it anybody can look through. No Django.

Runs where a file is read through (portfolios/inspection.py): what it is given may be made to do harm.
"""

from portfolios.document_text import LONGEST
from portfolios.inspection_verdicts import Found


def read(kind, file):
    """(text, hidden) of the open binary `file`, which is a "pdf" or a "word" document; others say nothing.

    `text` has PAGE_BREAK between a PDF's pages. `hidden` is None or the first thing of HIDDEN that is there.
    Raises Found("too-big") for more than anybody can look through.
    """
    if kind == "pdf":
        from portfolios import document_text_pdf as reader
    elif kind == "word":
        from portfolios import document_text_word as reader
    else:
        return "", None
    text, hidden = reader.read(file)
    if len(text) > LONGEST:
        raise Found("too-big")
    return text, hidden
