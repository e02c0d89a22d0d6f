#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from people import acting

    acting.otherwise = acting.Acting(f"command {' '.join(sys.argv[1:2])}")

    execute_from_command_line(sys.argv)
