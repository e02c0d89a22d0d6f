"""What a PDF or Word document says, and whether it says anything that the eye cannot see. No Django.

Runs where a file is read through (portfolios/inspection.py): what it is given may be made to do harm.
"""

from portfolios.inspection_verdicts import Found

LONGEST = 400_000
"""Characters. No evidence has more, and all of it is looked through while somebody waits."""
PAGE_BREAK = "\f"

COVERED, TRACKED, COMMENTS, UNSEEN = "hidden-covered", "hidden-tracked", "hidden-comments", "hidden-text"
HIDDEN = (COVERED, TRACKED, COMMENTS, UNSEEN)


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
