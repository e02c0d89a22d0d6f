"""The council's seal on a PDF: a signature that shows who issued it, and that no byte has changed since.

The key is a PKCS #12 file, settings.SEALING_KEY; set-up makes one for development, which says in its name
that it proves nothing. A sealed file is certified against every change, a second signature included. What was
sealed under an earlier key is known while its certificate is in the PEM file settings.SEALED_BEFORE.
"""

import io
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from asn1crypto.cms import ContentInfo
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

log = logging.getLogger(__name__)

FIELD = "Seal"
RESERVED = 12 * 1024
"""Hexadecimal digits kept free for the signature; without a number it is made twice, to measure it."""


class NoKey(Exception):
    """There is no key to seal with, or its passphrase is wrong: nothing can be issued until there is."""


def seal(content):
    """The PDF `content`, in bytes, with the council's seal. Raises NoKey."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    fields.append_signature_field(
        writer,
        fields.SigFieldSpec(
            FIELD,
            readable_field_name="Seal of the council",
            invis_sig_settings=fields.InvisSigSettings(set_hidden_flag=True),
        ),
    )
    what = signers.PdfSignatureMetadata(
        field_name=FIELD,
        reason="Issued by this service",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    sealed = io.BytesIO()
    signer = signers.PdfSigner(what, _signer())
    _apart(signer.sign_pdf, writer, output=sealed, bytes_reserved=RESERVED)
    return sealed.getvalue()


def is_intact(content):
    """Whether the PDF, in bytes, has our seal, and is to its last byte what was sealed. Raises NoKey."""
    known = [_signer().signing_cert, *_earlier()]
    try:
        return _is_sealed_by(known, content)
    except Exception:  # damaged bytes trip a reader of PDFs in more ways than it has errors for
        log.warning("A PDF that was to be checked could not be read", exc_info=True)
        return False


def _is_sealed_by(known, content):
    found = PdfFileReader(io.BytesIO(content)).embedded_signatures
    if len(found) != 1 or found[0].field_name != FIELD:
        return False
    if found[0].signer_cert.sha256 not in [certificate.sha256 for certificate in known]:
        return False
    # Our certificates alone are trusted, and asked of the day of the seal: they may have run out since.
    then = found[0].self_reported_timestamp
    trusted = ValidationContext(trust_roots=known, allow_fetching=False, moment=then)
    status = _apart(validate_pdf_signature, found[0], trusted)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return status.intact and status.valid and status.trusted and whole and _nothing_beside(found[0], content)


def _nothing_beside(signature, content):
    """Whether the place kept for the signature, which no signature covers, holds it and nothing else."""
    _, ends, begins, _ = signature.byte_range
    place = content[ends:begins]
    made = ContentInfo.load(bytes(signature.pkcs7_content)).dump().hex().upper().encode()
    return place == b"<" + made.ljust(len(place) - 2, b"0") + b">"


def _apart(call, *args, **kwargs):
    """What `call` answers. pyHanko runs a loop of its own, which a thread that is in one already cannot."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(call, *args, **kwargs).result()


@cache
def _signer():
    """The key, read once a process."""
    path = Path(settings.SEALING_KEY)
    try:
        signer = signers.SimpleSigner.load_pkcs12(
            str(path), passphrase=settings.SEALING_PASSPHRASE.encode() or None
        )
    except OSError as fault:
        raise NoKey(f"{path} cannot be read") from fault
    if signer is None:
        raise NoKey(f"{path} is no PKCS #12 file, or SEALING_PASSPHRASE is not its passphrase")
    return signer


@cache
def _earlier():
    return list(load_certs_from_pemder([settings.SEALED_BEFORE])) if settings.SEALED_BEFORE else []
