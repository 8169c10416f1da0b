"""`Place` and `Fault`: mistakes in files and rows that people wrote, and their places."""

from __future__ import annotations

import attrs

from frontegg_async._values.printable import printable
from frontegg_async._values.value import Value


@attrs.frozen(eq=False, repr=False)
class Place(Value):
    """A place in a file, or in rows that a program passed. The text form is ``FILE:LINE:COLUMN``, as in compilers."""

    file: str
    """The name of the file as the caller wrote it, or a row such as ``rows[3]``."""
    line: int = 0
    """The number of the line, from 1; 0 for a whole file, or for a row that a program passed."""
    column: int = 0
    """The number of the character in the line, from 1; 0 if ``line`` is 0."""

    def __str__(self) -> str:
        file = printable(self.file)
        return f"{file}:{self.line}:{self.column}" if self.line else file


@attrs.frozen(eq=False, repr=False)
class Fault(Value):
    """One mistake. The text form is one line, ``FILE:LINE:COLUMN: message``."""

    place: Place
    """The place of the mistake."""
    message: str
    """The description of the mistake and of the allowed values. The message may quote the file."""

    def __str__(self) -> str:
        return f"{self.place}: {printable(self.message)}"
