"""`python3 -m tools COMMAND`: set up with the system's Python, then go on inside the virtual environment."""

import os
import sys

from tools import ROOT, prepare
from tools.console import main

# The module that carries each command out, and whether it needs the packages for tests.
COMMANDS = {
    "run": ("tools.run", False),
    "test": ("tools.check", True),
    "bench": ("tools.bench", True),
    "fmt": ("tools.fmt", True),
    "shell": ("tools.shell", False),
    "reset-demo": ("tools.reset_demo", False),
    "lock": ("tools.lock", True),
}


def set_up_and_go_on():
    command, arguments = sys.argv[1], sys.argv[2:]
    module, for_tests = COMMANDS[command]
    os.chdir(ROOT)
    prepare.everything(for_tests=for_tests)
    os.execv(prepare.PYTHON, [str(prepare.PYTHON), "-m", module, *arguments])


if __name__ == "__main__":
    sys.exit(main(set_up_and_go_on))
