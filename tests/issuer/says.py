"""What the tests' issuer says of its people."""

from oauth2_provider.oauth2_validators import OAuth2Validator

from tests.issuer.faults import FAULTS

CLAIMS = {}
"""By user name."""
FAULT = {"next": ""}
"""What is wrong with every token from now on, by name."""


class Says(OAuth2Validator):
    """django-oauth-toolkit's, which says what it was told to, and spoils its own token when told to."""

    oidc_claim_scope = None

    def get_additional_claims(self, request):
        return CLAIMS[request.user.username]

    def finalize_id_token(self, id_token, token, token_handler, request):
        made = super().finalize_id_token(id_token, token, token_handler, request)
        fault = FAULTS.get(FAULT["next"])
        return fault(made, request.client.jwk_key) if fault else made
