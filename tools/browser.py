"""The browser of the tests: a Chromium on the PATH, or else npm's @sparticuz/chromium, unpacked once.

That package is made for a cloud function: a headless shell packed with Brotli, and the few libraries that a
machine without a desktop may lack. It runs here with `--no-sandbox` alone. `python -m tools.browser`
unpacks it.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from tools import DATA_DIR, ROOT, console, debian
from tools.console import Trouble

PACKAGE = ROOT / "tools" / "browser_package"
PACKED = PACKAGE / "node_modules" / "@sparticuz" / "chromium" / "bin"
ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def on_path():
    """The path of an installed Chromium, or None. Ubuntu's stub, which only says `snap install`, is none."""
    for name in ON_PATH:
        if found := shutil.which(name):
            try:
                answer = subprocess.run(
                    [found, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
                )
            except OSError:
                continue
            if answer.returncode == 0 and b"Chrom" in answer.stdout:
                return Path(found)
    return None


def _folder():
    lock = json.loads((PACKAGE / "package-lock.json").read_text())
    version = lock["packages"]["node_modules/@sparticuz/chromium"]["version"]
    return DATA_DIR / "browser" / version


def unpacked():
    """The path of the unpacked Chromium, or None."""
    program = _folder() / "chromium"
    return program if program.exists() else None


def unpack():
    """Unpack npm's Chromium into DATA_DIR/browser; where it cannot run, Debian's instead. Raises Trouble."""
    import brotli

    new = _folder().with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    (new / "chromium").write_bytes(brotli.decompress((PACKED / "chromium.br").read_bytes()))
    (new / "chromium").chmod(0o755)
    for name, place in (("al2023", new), ("fonts", new)):
        packed = brotli.decompress((PACKED / f"{name}.tar.br").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(place, filter="data")
    answer = subprocess.run(
        [new / "chromium", "--version"],
        env=_env(new),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if answer.returncode:  # another kind of processor, or a C library too old
        debian.apt_get(["chromium"], "browser that npm's package could stand in for")
        return
    new.rename(_folder())


def _env(folder):
    """Our own libraries only where the system lacks them; our own font only where it has no fontconfig."""
    env = dict(os.environ)
    linked = subprocess.run(
        ["ldd", folder / "chromium"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    if "not found" in linked.stdout:
        env["LD_LIBRARY_PATH"] = str(folder / "lib")
    if not Path("/etc/fonts/fonts.conf").exists():
        env["FONTCONFIG_PATH"] = str(folder / "fonts")
    return env


def launch_options():
    """What Playwright's `chromium.launch` needs. Raises Trouble when set-up has not been done."""
    if found := on_path():
        return {"executable_path": str(found), "args": ["--no-sandbox"]}
    if found := unpacked():
        return {"executable_path": str(found), "args": ["--no-sandbox"], "env": _env(found.parent)}
    raise Trouble("There is no browser: run `make test` once, which installs one.")


if __name__ == "__main__":
    sys.exit(console.main(unpack))
