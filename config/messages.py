"""What a page says after a redirect, carried by a cookie that belongs to this address alone."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class Cookie(CookieStorage):
    @property
    def cookie_name(self):
        return "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"


class Messages(FallbackStorage):
    """Django's own way, cookie first, with the cookie's name as all of ours are."""

    storage_classes = (Cookie, SessionStorage)
