"""The design systems' files, as a council may wear them: no crown, no crest, no GDS Transport.

Takes from node_modules only the minified style sheets and scripts, and the images that what is left of the
style sheets names. Drops the MOJ blocks that no page here uses, since a first visit may cost 40 kB.
"""

import hashlib
import re
import shutil
from pathlib import Path

from tools import ROOT
from tools.console import Trouble

GOVUK = Path("govuk-frontend/dist/govuk")
MOJ = Path("@ministryofjustice/frontend/moj")

# Blocks no page may use: the state's own marks, and MOJ components that this service has no place for.
UNUSED_BLOCKS = (
    "govuk-footer__copyright-logo",
    "moj-cookie-banner",
    "moj-header",
    "moj-interruption-card",
    "moj-label",
    "moj-message-item",
    "moj-message-list",
    "moj-messages-container",
    "moj-multi-file-upload",
    "moj-organisation-nav",
    "moj-password-reveal",
    "moj-rich-text-editor",
    "moj-scrollable-pane",
    "moj-search-toggle",
    "moj-ticket-panel",
)
_unused = re.compile(rf"\.(?:{'|'.join(UNUSED_BLOCKS)})(?![a-z0-9]|-[a-z])")


def rules(css):
    """Yield (prelude, body) for each rule at the top of a style sheet; body is None for a bare statement."""
    start = at = depth = 0
    opened = quote = None
    while at < len(css):
        char = css[at]
        if quote:
            at += char == "\\"
            quote = None if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "{":
            opened = at if depth == 0 else opened
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : at]
                start = at + 1
        elif char == ";" and depth == 0:
            yield css[start:at].strip(), None
            start = at + 1
        at += 1


def undress(css, *, own_variables=True):
    """The sheet without fonts, comments and unused blocks; MOJ's without its copy of GOV.UK's variables."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    kept = []
    for prelude, body in rules(css):
        if body is None:
            kept.append(f"{prelude};")
        elif prelude.startswith("@font-face"):
            continue
        elif prelude.startswith(("@media", "@supports")):
            if inside := undress(body, own_variables=own_variables):
                kept.append(f"{prelude}{{{inside}}}")
        elif prelude == ":root" and not own_variables:
            continue
        elif prelude.startswith("@"):
            kept.append(f"{prelude}{{{body}}}")
        elif selectors := [s for s in _selectors(prelude) if not _unused.search(s)]:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    css = "".join(kept)
    css = re.sub(r"[\"']?GDS Transport[\"']?\s*,\s*", "", css)
    css = re.sub(r"[\"']?GDS Transport[\"']?", "arial", css)
    return re.sub(r"url\(([\"']?)/assets/", r"url(\1", css)


def _selectors(prelude):
    """Split at the commas that are not inside :is(), :not() or an attribute."""
    return re.split(r",(?![^(]*\))(?![^\[]*\])", prelude)


def without_map(script):
    """The script without the comment that makes a browser, and Django's storage, look for a source map."""
    return re.sub(r"\s*//# sourceMappingURL=\S+\s*$", "\n", script)


def fingerprint():
    """Changes whenever `build` would make something else."""
    return hashlib.sha256(Path(__file__).read_bytes() + (ROOT / "package-lock.json").read_bytes()).hexdigest()


def build(node_modules, target):
    """Write `target`/govuk and `target`/moj anew. Raises Trouble when a style sheet names a missing file."""
    new = target.with_name(f"{target.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    for package, folder, name in ((GOVUK, "govuk", "govuk-frontend"), (MOJ, "moj", "moj-frontend")):
        source, out = node_modules / package, new / folder
        out.mkdir(parents=True)
        css = undress((source / f"{name}.min.css").read_text("utf-8"), own_variables=folder == "govuk")
        (out / f"{name}.min.css").write_text(css, "utf-8")
        script = without_map((source / f"{name}.min.js").read_text("utf-8"))
        (out / f"{name}.min.js").write_text(script, "utf-8")
        for image in sorted(set(re.findall(r"url\([\"']?(?!data:)([^)\"']+)", css))):
            if not (source / "assets" / image).is_file():
                raise Trouble(f"{name}.min.css names {image}, which its package does not have.")
            (out / image).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / "assets" / image, out / image)
    shutil.rmtree(target, ignore_errors=True)
    new.rename(target)
