"""`Place` and `Fault`: what is wrong in files and rows that people wrote, and where."""

from __future__ import annotations

import attrs

from frontegg_async._values.printable import printable
from frontegg_async._values.value import Value


@attrs.frozen(eq=False, repr=False)
class Place(Value):
    """A place in a file, or in rows that were given in Python. Its text is ``FILE:LINE:COLUMN``, as compilers write."""

    file: str
    """The file as it was given, or a row as ``rows[3]``."""
    line: int = 0
    """The line, from 1; 0 for a whole file, and for a row that was given in Python."""
    column: int = 0
    """The character in the line, from 1; 0 where ``line`` is 0."""

    def __str__(self) -> str:
        file = printable(self.file)
        return f"{file}:{self.line}:{self.column}" if self.line else file


@attrs.frozen(eq=False, repr=False)
class Fault(Value):
    """One thing that is wrong. Its text is one line, ``FILE:LINE:COLUMN: message``."""

    place: Place
    """The place."""
    message: str
    """What is wrong, and what is allowed. It may quote the file."""

    def __str__(self) -> str:
        return f"{self.place}: {printable(self.message)}"
