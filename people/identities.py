"""Which identity of the council's own sign-in is which person here.

An identity is an issuer and its `sub`, which the issuer gives to nobody else. It is joined to a person once,
at their first sign-in, and that holds from then on, whatever address either side shows later. That first time
an address decides, so it must be one that the issuer vouches for: addresses can be edited.
"""

import hashlib

from allauth.socialaccount.models import SocialAccount

from people.models import User

PROVIDER = "council"

VOUCHED = (True, "true", "1", 1)


def uid_of(issuer, subject):
    """What the identity is kept as: nobody can read from it who it is, or join it to another issuer's."""
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()


def address_in(claims, *, trusted):
    """The address that the issuer vouches for, or "".

    That is `email` with `email_verified`, or with Entra ID's `xms_edov`: its domain's owner proved it. With
    `trusted`, the operator says that nobody but the council's administrators gives out `preferred_username`
    (in Entra ID the name by which somebody signs in); a bare `email` is never believed, since its bearer or a
    guest's own tenant may have chosen it.
    """
    if claims.get("email_verified") in VOUCHED or claims.get("xms_edov") in VOUCHED:
        return _address(claims.get("email"))
    return _address(claims.get("preferred_username")) if trusted else ""


def to_join(address):
    """Whoever works here under this address and has no identity yet, or None. Two queries."""
    user = User.objects.filter(email=address, is_active=True).first() if address else None
    if user is None or SocialAccount.objects.filter(user=user).exists():
        return None
    return user


def used_second_step(claims, *, enforced):
    """Whether the issuer asked for a second step: it says so, or the operator says that it always does."""
    methods = claims.get("amr")
    return enforced or isinstance(methods, list) and "mfa" in methods


def _address(said):
    return said.strip().lower() if isinstance(said, str) and "@" in said else ""
