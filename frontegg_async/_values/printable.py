"""`printable`, which makes text from users or from the service safe for a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return a text with escapes in place of unprintable characters, on which a terminal might act."""
    return text if text.isprintable() else "".join(map(_shown, text))


def printable_lines(text: str) -> str:
    """Make each line of a text `printable`."""
    return "\n".join(map(printable, text.split("\n")))


def _shown(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
