"""`printable`: text from input or from the service, made safe for a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return a text that does nothing to a terminal: control and bidirectional characters are shown as escapes."""
    return text if text.isprintable() else "".join(map(_shown, text))


def printable_lines(text: str) -> str:
    """Return a text of several lines, each of which is `printable`."""
    return "\n".join(map(printable, text.split("\n")))


def _shown(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
