"""`make rules`: write docs/rules.md, the table of which test proves which rule, from the tests' own marks.

    @pytest.mark.rule("R19", scheme="medway-2010", page="/applications/<reference>/review/ask/")

The test files are read, not run, so what a mark says is written out, in it or under a name at the top of the
same file. A mark on a class, or on one case of a table of cases, counts for the whole; `pytestmark` counts
for the file or class that it stands in.
"""

import ast
import sys
from dataclasses import dataclass

from tools import ROOT
from tools.console import Trouble, main

PAGE = ROOT / "docs" / "rules.md"
TESTS = ROOT / "tests"
EVERY = "every"
RULES = {
    "R1": "One level after the other, and one open application at a time.",
    "R2": "21 headings; 66 criteria at Level 2 and 44 at Level 3.",
    "R3": "Two headings have no Level 3 criteria.",
    "R4": "The evidence form asks for 20 headings; the manager declares diversity; one is for Level 3 only.",
    "R5": "A step is judged on all criteria up to its level; to Level 3 on commitment to development too.",
    "R6": "What is desirable is recorded and never blocks.",
    "R7": "One example for each heading is needed, three are expected, and documents may be attached.",
    "R8": "The worker has worked through the headings with the manager before asking.",
    "R9": "For each criterion: met or not met, on what evidence; not met has an agreed action.",
    "R10": "A newly qualified worker completes induction first.",
    "R11": "Less than a year's service is allowed with the manager's reason.",
    "R12": "Judged on written evidence, beside the yearly increments and not in their place.",
    "R13": "PAY002 carries all its entries, with the alternatives struck out.",
    "R14": "Not recommending has full reasons.",
    "R15": "Only a service manager or above decides: never the worker, never the assessor.",
    "R16": "The evidence form goes to payroll with PAY002.",
    "R17": "The award runs from the day on which the line manager signed.",
    "R18": "Whoever is refused gets it in writing: why, and what is required.",
    "R19": "A review is asked for in writing, with reasons, within 10 working days of the notice.",
    "R20": "At the hearing both sides speak, may use documents, and the worker may be represented.",
    "R21": "The decision is written, within 10 working days of the request, with full reasons, and final.",
    "R22": "Each level has its salary points; a step up goes to the new level's lowest.",
    "R23": "The contract changes with the worker's consent.",
    "R24": "The framework has the day it applies from, and the day it is looked at again.",
    "R25": "Assessed at the six-monthly review, never automatically.",
    "R26": "The worker gives at least a week's notice before that review.",
    "R27": "A brief portfolio of the kinds of evidence asked, against eight criteria and the next job.",
    "R28": "At the review the manager looks at objectives too, gives feedback and writes a précis.",
    "R29": "What the manager supports goes to the head of service, who tells both.",
    "R30": "Agreed: an appointment form goes to HR, and a contract variation to the worker.",
    "R31": "The award runs from the day of the review.",
    "R32": "Not supported: an appeal, with no time limit, on the evidence and the needs of the service.",
    "R33": "The principal social worker oversees the framework.",
    "R34": "Open in February and March, on a matrix of skills, without applying for a post.",
    "R35": "A good rating, no formal process and a completed probation: each blocks.",
    "R36": "Manager posts are not reached this way.",
    "R37": "Pay scales have dates, and rises count from theirs.",
    "R38": "Headings are linked to the national frameworks.",
    "R39": "The directory warns of a team or pod that is too large.",
    "R40": "Between applications: supervision, priorities, a development plan, and training put to use.",
}
OPENING = """\
# Which test proves which rule

Written by `make rules` from the marks on the tests (`@pytest.mark.rule`). A test fails while it is old, while
a rule has no test, and when a page named here has gone.

| rule | says | scheme | test | page |
|---|---|---|---|---|
"""


@dataclass(frozen=True, order=True)
class Proof:
    """One test's word that it proves a rule; `scheme` and `page` may be empty."""

    rule: str
    scheme: str
    test: str
    page: str


def proofs(root=TESTS):
    """Every Proof in the test files, in the order of the table."""
    found = {proof for path in sorted(root.rglob("test_*.py")) for proof in _of_file(path)}
    return sorted(found, key=lambda proof: (int(proof.rule[1:]), proof.test, proof.scheme, proof.page))


def document(found):
    """The whole page as text."""
    lines, before = [], None
    for proof in found:
        path, _, name = proof.test.partition("::")
        cells = (
            proof.rule,
            RULES[proof.rule] if proof.rule != before else "",
            proof.scheme or EVERY,
            f"[{path.removeprefix('tests/')}](../{path})" + (f" `{name}`" if name else ""),
            f"`{proof.page}`" if proof.page else "–",
        )
        lines.append(f"| {' | '.join(cells)} |\n")
        before = proof.rule
    return OPENING + "".join(lines)


def _of_file(path):
    name = path.relative_to(TESTS.parent).as_posix() if path.is_relative_to(TESTS) else path.name
    body = ast.parse(path.read_text("utf-8"), str(path)).body
    return _within(body, name, dict(_constants(body)))


def _constants(body):
    """(name, text) of each text that the file gives a name to at its top."""
    for node in body:
        if isinstance(node, ast.Assign):
            pairs = [(node.targets[0], node.value)]
            if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(node.targets[0].elts, node.value.elts, strict=True)
            for target, value in pairs:
                if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
                    yield target.id, value.value


def _within(body, name, constants):
    """The proofs of a file or class of this name."""
    for node in body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "pytestmark":
            yield from _marks(node.value, name, constants)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        inner = f"{name}::{node.name}"
        for decorator in node.decorator_list:
            yield from _marks(decorator, inner, constants)
        if isinstance(node, ast.ClassDef):
            yield from _within(node.body, inner, constants)


def _marks(expression, test, constants):
    for node in ast.walk(expression):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule":
            yield from _proofs_of(node, test, constants)


def _proofs_of(call, test, constants):
    """One Proof for each scheme that the mark names."""

    def said(value):
        return constants[value.id] if isinstance(value, ast.Name) else ast.literal_eval(value)

    try:
        named = {one.arg: said(one.value) for one in call.keywords}
        (rule,) = [said(value) for value in call.args] or [named.pop("number")]
        schemes, page = named.pop("scheme", None) or "", named.pop("page", None) or ""
    except (ValueError, KeyError):
        raise Trouble(f"{test}: a rule mark takes one rule and texts, written out.") from None
    if named or rule not in RULES:
        raise Trouble(f"{test}: there is no {rule}, or no such word: {', '.join(named)}")
    for scheme in [schemes] if isinstance(schemes, str) else schemes:
        yield Proof(rule, scheme, test, page)


def write():
    found = proofs()
    PAGE.write_text(document(found), "utf-8")
    missing = [rule for rule in RULES if rule not in {proof.rule for proof in found}]
    print(f"{PAGE.relative_to(ROOT)}: {len(found)} marks; without a test: {', '.join(missing) or 'none'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(write))
