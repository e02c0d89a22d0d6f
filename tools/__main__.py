"""`python3 -m tools COMMAND`: set up with the system's Python, then go on inside the virtual environment."""

import os
import sys

from tools import ROOT, prepare
from tools.console import main

# What carries each command out, and whether it needs the packages for tests.
COMMANDS = {
    "run": (["tools.run"], False),
    "test": (["tools.check"], True),
    "bench": (["tools.bench"], True),
    "drill": (["tools.drill"], False),
    "shell": (["tools.upkeep", "shell"], False),
    "reset-demo": (["tools.upkeep", "reset-demo"], False),
    "rules": (["tools.rules"], False),
    "fmt": (["tools.upkeep", "fmt"], True),
    "lock": (["tools.upkeep", "lock"], True),
}


def set_up_and_go_on():
    command, arguments = sys.argv[1], sys.argv[2:]
    module, for_tests = COMMANDS[command]
    os.chdir(ROOT)
    prepare.everything(for_tests=for_tests)
    os.execv(prepare.PYTHON, [str(prepare.PYTHON), "-m", *module, *arguments])  # noqa: S606 # nosec B606 - a list that we wrote


if __name__ == "__main__":
    sys.exit(main(set_up_and_go_on))
