"""How the council's own sign-in is set up for allauth."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

OF_NO_TENANT = {"common", "organizations", "consumers"}
"""Parts of an Entra ID issuer that stand for everybody's tenant, where anyone may be called anything."""


def council_sign_in_at(issuer, client_id, client_secret):
    """SOCIALACCOUNT_PROVIDERS for this issuer; empty without one. Raises ImproperlyConfigured."""
    if not issuer:
        return {}
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise ImproperlyConfigured("OIDC_ISSUER must begin with https://")
    if OF_NO_TENANT & set(parts.path.lower().split("/")):
        raise ImproperlyConfigured("OIDC_ISSUER must name one tenant: the council's own.")
    if not (client_id and client_secret):
        raise ImproperlyConfigured("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
    app = {
        "provider_id": "council",
        "name": "The council",
        "client_id": client_id,
        "secret": client_secret,
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
    }
    return {"council": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
