"""A process that reads somebody's file knows no secret of ours: one that is taken over has none to tell."""

import json
import subprocess
from types import SimpleNamespace

import pytest

from portfolios import attachments
from portfolios.models.scanned import ScanState
from reviews import laying_out
from tests.portfolios.makers import pdf_file, upload

SECRETS = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_HOST_PASSWORD", "OIDC_CLIENT_SECRET")


@pytest.fixture
def told(monkeypatch):
    """The environment that each process was begun with."""
    begun = []

    def run(command, *, env=None, **_):
        begun.append(env)
        return SimpleNamespace(returncode=0, stdout=json.dumps({"verdict": "broken", "hidden": None}))

    for name in SECRETS:
        monkeypatch.setenv(name, "a secret")
    monkeypatch.setattr(subprocess, "run", run)
    return begun


def test_whoever_reads_what_comes_in(told):
    with pytest.raises(attachments.Refused):
        attachments.take_in(upload(pdf_file()))
    check(told)


def test_whoever_lays_a_file_out_for_a_pack(told, tmp_path, monkeypatch):
    monkeypatch.setattr(attachments, "open_readable", lambda file: upload(pdf_file()))
    file = SimpleNamespace(content_type="application/pdf", kept=SimpleNamespace(scan=ScanState.SAFE))
    assert laying_out._lay_out(file, tmp_path / "1.pdf").path is None
    check(told)


def check(told):
    (env,) = told
    assert env is not None and "PATH" in env and not set(SECRETS) & set(env)
