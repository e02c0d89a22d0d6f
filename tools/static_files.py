"""Static files under their hashed names, compressed; collected anew only when one of them changed."""

import hashlib
import shutil

from tools import ROOT
from tools.console import run_quietly
from tools.prepare import PYTHON


def fingerprint(frontend):
    """Changes whenever a file of ours, of the design systems or of a Python package does."""
    mark = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for source in (ROOT / "static", frontend):
        for path in sorted(source.rglob("*")):
            if path.is_file():
                mark.update(str(path.relative_to(source)).encode() + path.read_bytes())
    return mark.hexdigest()


def collect(data_dir, environ):
    """Fill `data_dir`/static from static/ and `data_dir`/frontend. Raises Trouble."""
    target, stamp, mark = (
        data_dir / "static",
        data_dir / "static.collected",
        fingerprint(data_dir / "frontend"),
    )
    if target.exists() and stamp.exists() and stamp.read_text() == mark:
        return
    stamp.unlink(missing_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    command = [PYTHON, ROOT / "manage.py", "collectstatic", "--no-input", "-v", "0"]
    run_quietly(command, "collecting the static files", env={**environ, "DATA_DIR": str(data_dir)})
    stamp.write_text(mark)
