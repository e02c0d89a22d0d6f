"""What a page says after a redirect, carried by a cookie that belongs to this address alone."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.core import signing


class Cookie(CookieStorage):
    """Read in the session that it was written in alone: it names people and pieces, and outlives that."""

    @property
    def signer(self):
        """Asked for anew each time: signing in, or a new password, gives the session another key."""
        salt = f"{self.key_salt}:{self.request.session.session_key or ''}"
        return signing.get_cookie_signer(salt=salt)

    @signer.setter
    def signer(self, _):
        """Django's own, which is the same for everybody, is not kept."""

    @property
    def cookie_name(self):
        return "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"


class Messages(FallbackStorage):
    """Django's own way, cookie first, with the cookie's name as all of ours are."""

    storage_classes = (Cookie, SessionStorage)
