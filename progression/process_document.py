"""`docs/process.md`, drawn from the table of states: the one place where the process is written."""

from django.conf import settings

from progression.states import CONTRACT_DECLINED, NEED_REASON, OPEN, STAGES, Owner, State

PATH = settings.BASE_DIR / "docs" / "process.md"

_OPENING = """\
# The process

Drawn from `progression/states.py` by `manage.py draw_process`: change it there. A test fails while it is old.

Each scheme says whether a refusal goes through the authoriser or stands on the manager's word, what asking
for it to be looked at again is called, who hears that, and how long each has.

"""


def process_document():
    """The whole page as text."""
    return _OPENING + _diagram() + "\n" + _table() + "\n" + _footnotes()


def _diagram():
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.DRAFT.value}"]
    lines += [f'    state "{state.label}" as {state.value}' for state in State]
    for state, stage in STAGES.items():
        lines += [f"    {state.value} --> {to.value}" for to in stage.moves]
        if not stage.moves:
            lines.append(f"    {state.value} --> [*]")
    return "\n".join([*lines, "```"]) + "\n"


def _table():
    rows = [
        "| state | acts next | the worker sees | staff see | open |",
        "|---|---|---|---|---|",
    ]
    for state, stage in STAGES.items():
        cells = (
            state.label,
            Owner(stage.owner).label,
            stage.worker_sees,
            stage.staff_see,
            "yes" if state in OPEN else "no",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _footnotes():
    need_reason = ", ".join(State(state).label.lower() for state in NEED_REASON)
    return (
        "A worker has one application in an open state at most (R1); PostgreSQL holds that.\n\n"
        f"A move into one of these is written with its reason, or not at all: {need_reason}. "
        "PostgreSQL holds that too.\n\n"
        "Where it was withdrawn by declining the new contract, the worker sees "
        f"“{CONTRACT_DECLINED.worker_sees}” and staff “{CONTRACT_DECLINED.staff_see}”.\n"
    )
