"""How a line of the log is written: nothing that a person typed, and nobody's name, goes into it."""

import logging
import re

# PostgreSQL's errors quote the row that broke a rule, whatever it holds, over any number of lines.
QUOTED_ROW = re.compile(
    r"^(DETAIL|CONTEXT): .*?(?=^Traceback \(|^The above exception|^During handling|\Z)", re.M | re.S
)

# An address that opens something by itself: whoever reads the log must not be able to use it.
SECRET_ADDRESS = re.compile(r"(/(?:papers|testimony|password/new)/)[\w-]+")


class LineFormatter(logging.Formatter):
    """Lines without secret addresses; Django's tracebacks without the rows that PostgreSQL quotes in them."""

    def format(self, record):
        return SECRET_ADDRESS.sub(r"\1(secret)", super().format(record))

    def formatException(self, ei):  # noqa: N802 - logging's own name
        return QUOTED_ROW.sub(
            "(what PostgreSQL quoted is left out)\n\n", super().formatException(ei)
        ).rstrip()
