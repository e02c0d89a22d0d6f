"""`python -m tools.vulnerabilities`: whether the package index knows a vulnerability of a pinned package.

Prints what it found. An index that does not answer, or does not know a package, is said and is no failure: a
machine without the network must be able to run the tests.
"""

import json
import subprocess
import sys

from tools import ROOT, VENV

FILES = ("requirements.txt", "requirements-test.txt")
ACCEPTED = {}
"""Vulnerabilities that do not touch us, each id with the reason why."""


def look():
    found, known, unknown = [], 0, 0
    for name in FILES:
        command = [VENV / "bin" / "pip-audit", "-r", ROOT / name, "--no-deps", "--disable-pip"]
        command += ["--progress-spinner", "off", "--format", "json", "--timeout", "10"]
        done = subprocess.run(command, capture_output=True, text=True)
        if not done.stdout.strip():
            print(f"Not asked: the package index does not answer. {done.stderr.strip().splitlines()[-1:]}")
            return 0
        for package in json.loads(done.stdout)["dependencies"]:
            known += "vulns" in package
            unknown += "vulns" not in package
            found += [
                f"{package['name']} {package['version']}: {one['id']}, mended in {one['fix_versions']}"
                for one in package.get("vulns", ())
                if one["id"] not in ACCEPTED
            ]
    print(f"{known} packages are known to the index, {unknown} are not; vulnerable: {len(found)}.")
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(look())
