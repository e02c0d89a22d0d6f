"""The secret of an observer's link: made of the link's key and the server's own, kept nowhere.

So the e-mail can be tried again hours later, and whoever reads the database alone can open nothing.
"""

import base64
import hashlib
from datetime import timedelta

from django.utils.crypto import salted_hmac

LASTS = timedelta(days=14)


def token_of(key):
    """The token of the link with this key: 256 bits, as an address holds them."""
    digest = salted_hmac("portfolios.observer_links", str(key), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def fingerprint(token):
    """What is kept of a token, and by which it is found again."""
    return hashlib.sha256(token.encode()).hexdigest()
