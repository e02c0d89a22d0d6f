"""Reads two addresses: where files are kept, in the words of Django's STORAGES, and who scans them."""

from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

CONNECT_WITHIN = 5
ANSWER_WITHIN = 30
"""Seconds."""
EXAMPLE = "s3://key:secret@host/bucket?region=eu-west-2"


def attachments_kept(address, *, folder):
    """One entry of STORAGES: the bucket that `address` names, or without an address the `folder`.

    `s3://key:secret@host:port/bucket?region=…` speaks HTTPS, `s3+http://` plain HTTP. Without a host it is
    Amazon's own, without a key whatever boto3 finds in its surroundings. Key and secret are percent-encoded.
    """
    if not address:
        options = {"location": folder, "base_url": None}
        return {"BACKEND": "portfolios.storage.FolderStorage", "OPTIONS": options}
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"ATTACHMENTS_URL is no address. It looks like {EXAMPLE}") from None
    bucket = parts.path.strip("/")
    if parts.scheme not in {"s3", "s3+http"} or not bucket or "/" in bucket:
        raise ImproperlyConfigured(f"ATTACHMENTS_URL must look like {EXAMPLE}")
    options = {
        "bucket_name": bucket,
        "region_name": parse_qs(parts.query).get("region", [None])[0],
        "default_acl": None,
        "file_overwrite": False,
        "client_config": _client_config(own=bool(parts.hostname)),
    }
    if parts.username:
        options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password or "")}
    if parts.hostname:
        protocol = "https" if parts.scheme == "s3" else "http"
        options["endpoint_url"] = f"{protocol}://{parts.hostname}{f':{port}' if port else ''}"
    return {"BACKEND": "portfolios.storage.BucketStorage", "OPTIONS": options}


def scanner_asked(address):
    """The address as it is, of ClamAV's clamd: `tcp://host:port` or `unix:/path`; "" where nobody scans."""
    try:
        parts = urlsplit(address)
        known = parts.scheme == "tcp" and parts.hostname or parts.scheme == "unix" and parts.path
        parts.port  # noqa: B018 - reading it is the test
    except ValueError:
        known = False
    if address and not known:
        raise ImproperlyConfigured("CLAMD_URL must look like tcp://host:3310 or unix:/path/of/clamd.sock")
    return address


def _client_config(*, own):
    # Loaded for those who keep their files in a bucket alone.
    from botocore.config import Config

    return Config(
        connect_timeout=CONNECT_WITHIN,
        read_timeout=ANSWER_WITHIN,
        retries={"total_max_attempts": 2},
        signature_version="s3v4",
        s3={"addressing_style": "path" if own else "auto"},
        # Stores that speak S3, and are not Amazon's, know no newer checksums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
