"""How a line of the log is written: nothing that a person typed, and nobody's name, goes into it."""

import logging
import re

_NEXT = r"(?=^Traceback \(|^The above exception|^During handling|\Z)"

# PostgreSQL's errors quote the row that broke a rule, whatever it holds, over any number of lines.
QUOTED_ROW = re.compile(rf"^(?:DETAIL|CONTEXT): .*?{_NEXT}", re.M | re.S)

# What an exception says may quote what somebody typed: "invalid literal for int(): 'Ann'".
SAID = re.compile(rf"^([A-Za-z_][\w.]*): .*?{_NEXT}", re.M | re.S)
LEFT_OUT = "(what it said is left out)"

# These say names of the program's own, or of the machine's: of a rule, a column, a module, a file, a host.
SAY_NO_DATA = re.compile(
    r"(?:\w+Violation|IntegrityError|ProgrammingError|OperationalError|InterfaceError|OSError|TimeoutError"
    r"|FileNotFoundError|PermissionError|BrokenPipeError|Connection\w*Error|ImproperlyConfigured|ImportError"
    r"|ModuleNotFoundError|AttributeError|NameError|NoReverseMatch|TemplateDoesNotExist|UndefinedError)\Z"
)

# An address that opens something by itself: whoever reads the log must not be able to use it.
SECRET_ADDRESS = re.compile(r"(/(?:papers|testimony|password/new)/)[\w-]+")


class LineFormatter(logging.Formatter):
    """Lines without secret addresses; tracebacks without what their exceptions quote."""

    def format(self, record):
        if isinstance(record.args, dict) and "exc" in record.args:  # Celery's, of a task that failed
            record = logging.makeLogRecord(record.__dict__)
            record.args = record.args | {"exc": str(record.args["exc"]).partition("(")[0]}
        return SECRET_ADDRESS.sub(r"\1(secret)", super().format(record))

    def formatException(self, ei):  # noqa: N802 - logging's own name
        lines = QUOTED_ROW.sub("(what PostgreSQL quoted is left out)\n\n", super().formatException(ei))
        return SAID.sub(_without_data, lines).rstrip()


def _without_data(match):
    kept = SAY_NO_DATA.search(match[1].rpartition(".")[2])
    return match[0] if kept else f"{match[1]}: {LEFT_OUT}\n\n"
