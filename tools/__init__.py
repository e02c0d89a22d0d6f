"""Set-up and supervision: what `make` calls. Nothing in the application imports it.

`prepare` and what it calls run before the virtual environment exists, so they use the standard library only.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Where set-up keeps things. Tests have a DATA_DIR of their own, and SET_UP_DIR names the one set up.
_given = os.environ.get("SET_UP_DIR") or os.environ.get("DATA_DIR") or ROOT / ".local"
DATA_DIR = Path(_given).expanduser().resolve()
VENV = ROOT / ".venv"
