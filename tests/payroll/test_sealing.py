"""The council's seal: on whatever is issued, asked at each download, and loud when it does not hold."""

import hashlib
import logging
from types import SimpleNamespace

import hypothesis
import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from payroll import sealing
from payroll.models import DocumentKind, Download, IssuedDocument
from people.models import AuditEntry
from tests.built_once import built_once
from tests.council import organisation
from tests.one_page import one_page
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db


def build():
    place = organisation()
    application = application_at(State.SENT_TO_PAYROLL, place)
    document = IssuedDocument.objects.get(pay_form__application=application, kind=DocumentKind.PAY_FORM)
    return SimpleNamespace(
        place=place, application=application, content=bytes(document.content), pk=document.pk
    )


built, case = built_once(build)


def flipped(content, place):
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)


def put(pk, content, sha256):
    """Change an issued document as somebody could who owns the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payroll_issueddocument DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE payroll_issueddocument SET content = %s, sha256 = %s WHERE id = %s", [content, sha256, pk]
        )


def test_what_is_issued_is_sealed(case):
    assert sealing.is_intact(case.content)
    for document in IssuedDocument.objects.all():
        assert sealing.is_intact(bytes(document.content)), document


def test_the_seal_says_whose_it_is_and_that_nothing_may_change(case):
    found = sealing.PdfFileReader(sealing.io.BytesIO(case.content)).embedded_signatures[0]
    assert "Development seal" in found.signer_cert.subject.human_friendly
    assert found.docmdp_level == sealing.fields.MDPPerm.NO_CHANGES


@hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_byte_of_what_is_shown_can_be_changed(case, data):
    """Every byte but those of the signature itself, which a row's fingerprint covers."""
    found = sealing.PdfFileReader(sealing.io.BytesIO(case.content)).embedded_signatures[0]
    _, ends, begins, _ = found.byte_range
    place = data.draw(st.integers(0, len(case.content) - 1).filter(lambda at: not ends <= at < begins))
    assert not sealing.is_intact(flipped(case.content, place))


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content + b"\n",
        lambda content: content[:-1],
        lambda content: b"",
        lambda content: b"%PDF-1.7 nothing",
        lambda content: content[: content.index(b"%%EOF") + 5],
        lambda content: one_page(),
        lambda content: content.replace(b"0" * 64 + b">", b"1" * 64 + b">"),
    ],
    ids=[
        "a line more",
        "a byte less",
        "nothing",
        "no PDF",
        "the seal cut off",
        "another, not sealed",
        "in the gap",
    ],
)
def test_anything_else_is_not_intact(case, change):
    changed = change(case.content)
    assert changed != case.content
    assert not sealing.is_intact(changed)


def test_another_key_seals_nothing_of_ours(case, tmp_path, settings):
    settings.SEALING_KEY = str(tmp_path / "another.p12")
    call_command("make_sealing_key")
    sealing._signer.cache_clear()
    theirs = sealing.seal(one_page())
    assert sealing.is_intact(theirs) and not sealing.is_intact(case.content)
    sealing._signer.cache_clear()


class TestDownload:
    @pytest.fixture(autouse=True)
    def _told(self, settings):
        settings.ADMINS = [("", "operators@council.example")]

    def ask(self, client, case):
        client.force_login(case.place.payroll)
        return client.post(reverse("payroll:download", args=[case.application.reference, 1, "pay-form"]))

    def test_as_issued_it_is_given(self, client, case):
        response = self.ask(client, case)
        assert response.content == case.content
        assert Download.objects.filter(document=case.pk).exists()

    @pytest.mark.parametrize("with_its_fingerprint", [False, True])
    def test_a_flipped_byte_refuses_and_alerts(self, client, case, caplog, with_its_fingerprint):
        changed = flipped(case.content, 900)
        sha256 = hashlib.sha256(changed if with_its_fingerprint else case.content).hexdigest()
        put(case.pk, changed, sha256)
        with caplog.at_level(logging.CRITICAL):
            response = self.ask(client, case)
        assert response.status_code == 409
        assert "is not as it was issued" in response.content.decode()
        assert not Download.objects.filter(document=case.pk).exists()
        entry = AuditEntry.objects.filter(kind="alert").get()
        assert (entry.actor, entry.through) == (case.place.payroll.pk, "payroll:download")
        assert case.application.reference in entry.words
        assert "ALERT" in caplog.text
        (message,) = mail.outbox
        assert message.to == ["operators@council.example"]
        assert case.application.worker.name not in message.body

    def test_a_form_whose_seal_was_taken_off_is_refused(self, client, case):
        bare = one_page()
        put(case.pk, bare, hashlib.sha256(bare).hexdigest())
        assert self.ask(client, case).status_code == 409
