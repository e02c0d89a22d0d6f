"""Packages of the system's, where it is Debian or Ubuntu. Needs the standard library only."""

import os
import shutil
from contextlib import suppress

from tools.console import Trouble, run_quietly


def apt_get(packages, what):
    """Install Debian packages as root; otherwise raise Trouble with the command that a person can give."""
    command = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise Trouble(f"This machine has no {what}: install what Debian calls {' '.join(packages)}.")
    if os.geteuid() != 0:
        raise Trouble(f"This machine has no {what}: run `sudo {command}` and start again.")
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with suppress(Trouble):  # a list that cannot be refreshed may be fresh enough
        run_quietly(["apt-get", "update"], "refreshing the package list", env=environ)
    run_quietly(command.split(), f"installing {what}", env=environ)
