"""A council's sign-in for tests: a real OpenID Connect provider, django-oauth-toolkit, in its own process.

    python -m tests.issuer PORT FOLDER REDIRECT_URI

It has its own settings, database and key. What it says of its people, and what is wrong with its next token,
is told to it over HTTP (`Issuer` in tests/issuer/told.py).
"""
