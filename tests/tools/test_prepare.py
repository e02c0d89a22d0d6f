"""Set-up does a thing once, and names the command when it may not do it itself."""

import pytest

from tools import browser, debian, prepare
from tools.console import Trouble


@pytest.fixture
def ran(monkeypatch):
    """A machine with apt-get, which a test only watches; returns what was run."""
    commands = []
    monkeypatch.setattr(debian.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(debian, "run_quietly", lambda command, *_, **__: commands.append(command[:2]))
    return commands


def test_root_on_debian_installs(ran, monkeypatch):
    monkeypatch.setattr(debian.os, "geteuid", lambda: 0)
    debian.apt_get(["libpango-1.0-0"], "Pango")
    assert ran == [["apt-get", "update"], ["apt-get", "install"]]


def test_anybody_else_is_told_the_command(ran, monkeypatch):
    monkeypatch.setattr(debian.os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble, match=r"no Pango: run `sudo apt-get install -y .*libpango-1.0-0` and"):
        debian.apt_get(["libpango-1.0-0"], "Pango")
    assert not ran


def test_another_system_is_told_the_packages(monkeypatch):
    monkeypatch.setattr(debian.shutil, "which", lambda name: None)
    with pytest.raises(Trouble, match="install what Debian calls libpango-1.0-0"):
        debian.apt_get(["libpango-1.0-0"], "Pango")


def test_requirements_are_installed_once(monkeypatch, tmp_path):
    installed = []
    monkeypatch.setattr(prepare, "VENV", tmp_path)
    monkeypatch.setattr(prepare, "run_quietly", lambda command, *_: installed.append(command[-1].name))
    prepare.install("requirements.txt")
    prepare.install("requirements.txt")
    assert installed == ["requirements.txt"]


def test_an_installation_that_failed_is_tried_again(monkeypatch, tmp_path):
    def fail(*_):
        raise Trouble("No network.")

    monkeypatch.setattr(prepare, "VENV", tmp_path)
    monkeypatch.setattr(prepare, "run_quietly", fail)
    for _ in range(2):
        with pytest.raises(Trouble):
            prepare.install("requirements.txt")


@pytest.mark.parametrize(
    ("says", "found"), [("echo Chromium 153.0", True), ("echo snap install; exit 1", False)]
)
def test_only_a_chromium_that_runs_counts(monkeypatch, tmp_path, says, found):
    program = tmp_path / "chromium"
    program.write_text(f"#!/bin/sh\n{says}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    assert browser.on_path() == (program if found else None)


def test_no_lock_file_names_a_registry():
    names = [
        *prepare.ROOT.glob("*requirements*.txt"),
        *prepare.ROOT.glob("*.json"),
        *browser.PACKAGE.glob("*.json"),
    ]
    assert len(names) >= 7
    for path in names:
        assert "://" not in path.read_text(), path
