"""`Place` and `Fault`: mistakes in files and rows that people wrote, and their places."""

from __future__ import annotations

import attrs

from frontegg_async._values.printable import printable
from frontegg_async._values.value import Value


@attrs.frozen(eq=False, repr=False)
class Place(Value):
    """A place in a file, or in rows that were given in Python. Its text is ``FILE:LINE:COLUMN``, as in compilers."""

    file: str
    """The name of the file as given, or a row such as ``rows[3]``."""
    line: int = 0
    """The line, from 1; 0 for a whole file or a row given in Python."""
    column: int = 0
    """The character in the line, from 1; 0 if ``line`` is 0."""

    def __str__(self) -> str:
        file = printable(self.file)
        return f"{file}:{self.line}:{self.column}" if self.line else file


@attrs.frozen(eq=False, repr=False)
class Fault(Value):
    """One mistake. Its text is one line, ``FILE:LINE:COLUMN: message``."""

    place: Place
    """The place."""
    message: str
    """The mistake, and what is allowed. The message may quote the file."""

    def __str__(self) -> str:
        return f"{self.place}: {printable(self.message)}"
