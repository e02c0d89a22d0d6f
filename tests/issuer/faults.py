"""What may be wrong with a token, by name: each makes a wrong one of a right one and the issuer's key."""

import base64
import json
import time

import jwt
from jwcrypto import jwk, jws


def _parts(token):
    head, body, _ = token.split(".")
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in (head, body)]


def _signed_anew(token, key, **claims):
    head, body = _parts(token)
    body |= claims
    pem = key.export_to_pem(private_key=True, password=None)
    body = {name: value for name, value in body.items() if value is not None}
    return jwt.encode(body, pem, algorithm="RS256", headers={"kid": head["kid"]})


def _tampered(token, key):
    """Somebody else's address, under the signature of the true one."""
    head, _, signature = token.split(".")
    body = _parts(token)[1] | {"sub": "1", "email": "head@council.example"}
    return ".".join(
        (head, base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("="), signature)
    )


def _unsigned(token, key):
    head, body = _parts(token)
    return jwt.encode(body, "", algorithm="none", headers={"kid": head["kid"]})


def _signed_with_the_public_key(token, key):
    """The old trick: the public key, which everybody has, as the secret of another algorithm."""
    head, body = _parts(token)
    public = key.export_to_pem()
    secret = jwk.JWK(kty="oct", k=base64.urlsafe_b64encode(public).decode().rstrip("="))
    made = jws.JWS(json.dumps(body))
    made.add_signature(secret, None, json.dumps({"alg": "HS256", "kid": head["kid"], "typ": "JWT"}))
    return made.serialize(compact=True)


FAULTS = {
    "wrong issuer": lambda token, key: _signed_anew(token, key, iss="http://127.0.0.1:9/o"),
    "wrong nonce": lambda token, key: _signed_anew(token, key, nonce="of-another-request"),
    "no nonce": lambda token, key: _signed_anew(token, key, nonce=None),
    "made for another service": lambda token, key: _signed_anew(token, key, aud="another"),
    "over": lambda token, key: _signed_anew(token, key, exp=int(time.time()) - 120),
    "without an end": lambda token, key: _signed_anew(token, key, exp=None),
    "tampered": _tampered,
    "unsigned": _unsigned,
    "signed with the public key": _signed_with_the_public_key,
}
