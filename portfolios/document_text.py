"""What is said of a document's words, and of those in it that the eye cannot see. No Django."""

LONGEST = 400_000
"""Characters. No evidence has more, and all of it is looked through while somebody waits."""
PAGE_BREAK = "\f"

COVERED, TRACKED, COMMENTS, UNSEEN = "hidden-covered", "hidden-tracked", "hidden-comments", "hidden-text"
HIDDEN = (COVERED, TRACKED, COMMENTS, UNSEEN)
