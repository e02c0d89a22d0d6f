"""axe-core on an open page. Evaluated, not added as a script: the content security policy stays as it is."""

from functools import cache

from tools import ROOT


@cache
def _source():
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


def faults(page):
    """What axe-core finds wrong on `page`, best practices included: one line each, empty when nothing."""
    page.evaluate(_source())
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
