"""Set-up and supervision: what `make` calls. Nothing in the application imports it.

`prepare` and what it calls run before the virtual environment exists, so they use the standard library only.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or ROOT / ".local").expanduser().resolve()
VENV = ROOT / ".venv"
