"""The council's own sign-in, by OpenID Connect, for allauth: it finds `provider_classes` in this module.

Stricter than allauth's own provider: every identity token carries the nonce that was asked for, and its
signature is checked against the issuer's keys by a short list of algorithms, though it came from the issuer's
own address; the issuer must name itself as it is configured here.
"""

import secrets

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.urls import reverse

from people.identities import PROVIDER, uid_of

ALGORITHMS = ["RS256", "PS256", "ES256"]
LEEWAY = 60
"""Seconds by which the issuer's clock may differ from ours."""
ADDRESSES = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]


class CouncilAdapter(OpenIDConnectOAuth2Adapter):
    """Asks the issuer, and believes only what it has signed."""

    @property
    def openid_config(self):
        found = super().openid_config
        if not all(isinstance(found.get(name), str) for name in ADDRESSES) or found["issuer"] != self.issuer:
            raise ProviderException("The issuer does not say where it is, or calls itself otherwise")
        return found

    @property
    def issuer(self):
        return self.get_provider().app.settings["server_url"]

    def get_callback_url(self, request, app):
        return request.build_absolute_uri(reverse("council_back"))

    def complete_login(self, request, app, token, *, response):
        """The SocialLogin of whoever the identity token speaks of; OAuth2Error if it does not hold."""
        claims = self._claims(response.get("id_token", ""), app.client_id)
        login = self.get_provider().sociallogin_from_response(request, claims)
        login.claims = claims
        login.account.extra_data = {}
        return login

    def _claims(self, id_token, client_id):
        try:
            claims = jwt.decode(
                id_token,
                self._key(jwt.get_unverified_header(id_token)),
                algorithms=ALGORITHMS,
                audience=client_id,
                issuer=self.issuer,
                leeway=LEEWAY,
                options={"require": REQUIRED},
            )
        except (jwt.PyJWTError, LookupError, TypeError, ValueError) as fault:
            raise OAuth2Error(f"The identity token does not hold: {type(fault).__name__}") from fault
        if claims.get("azp", client_id) != client_id:
            raise OAuth2Error("The identity token was made for somebody else")
        return claims

    def _key(self, header):
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        return jwt.PyJWKSet.from_dict(answer.json())[header["kid"]]


class CouncilProvider(OpenIDConnectProvider):
    """allauth's, with a nonce, and an identity that holds for one issuer alone."""

    id = PROVIDER
    name = "The council’s account"
    oauth2_adapter_class = CouncilAdapter

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        nonce = secrets.token_urlsafe(24)
        auth_params = self.get_auth_params() | {"nonce": nonce}
        return super().redirect(
            request, process, next_url, data, auth_params=auth_params, nonce=nonce, **kwargs
        )

    def extract_uid(self, data):
        return uid_of(data["iss"], data["sub"])


provider_classes = [CouncilProvider]
