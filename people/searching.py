"""Words that are searched for: kept in the session, with a token for them in the address. ADR 0024.

Words may name somebody, and addresses end in logs, histories and bookmarks.
"""

import secrets

SEARCHES_KEPT = 10


def keep_words(request, words, *, key):
    """A token that stands for these words in an address of this session; "" where there are none.

    `key` is the list's own place in the session: the last ten of its searches are kept.
    """
    if not words:
        return ""
    kept = request.session.get(key, [])
    token = next((token for token, said in kept if said == words), None) or secrets.token_urlsafe(6)
    kept = [[token, words], *(one for one in kept if one[0] != token)]
    request.session[key] = kept[:SEARCHES_KEPT]
    return token


def words_of(request, *, key):
    """The words that the address stands for; "" where it stands for none, None where they are not kept."""
    token = request.GET.get("words", "")
    return dict(request.session.get(key, [])).get(token) if token else ""
