"""Every verb that the code writes into the history of a case, read from the code itself."""

import ast
from pathlib import Path

from django.conf import settings


def verbs_written():
    found = set()
    for package in ("portfolios", "progression", "payroll", "reviews"):
        for path in Path(settings.BASE_DIR, package).rglob("*.py"):
            if "migrations" not in path.parts:
                found |= set(_verbs_in(ast.parse(path.read_text("utf-8"))))
    return found


def _verbs_in(tree):
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        given = [keyword.value for keyword in call.keywords if keyword.arg == "verb"]
        if name in ("_record", "_refuse"):
            given += call.args
        for value in given:
            parts = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            yield from (part.value for part in parts if _is_word(part))


def _is_word(part):
    return isinstance(part, ast.Constant) and isinstance(part.value, str)
