"""`manage.py make_sealing_key`: a key of this machine's own, for development and tests."""

import datetime
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from django.conf import settings
from django.core.management.base import BaseCommand

NAME = "Development seal, proves nothing"
LASTS = datetime.timedelta(days=3650)


class Command(BaseCommand):
    """Leaves a key that is there already as it is."""

    help = "Makes the key for the seal on PDFs, unless there is one: for development, never for a council."

    def handle(self, *args, **options):
        path = Path(settings.SEALING_KEY)
        if path.exists():
            return
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
        began = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
        usage = dict.fromkeys(
            (
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "key_cert_sign",
                "crl_sign",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(began)
            .not_valid_after(began + LASTS)
            .add_extension(
                x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True
            )
            .sign(key, hashes.SHA256())
        )
        made = pkcs12.serialize_key_and_certificates(NAME.encode(), key, certificate, None, NoEncryption())
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(made)
