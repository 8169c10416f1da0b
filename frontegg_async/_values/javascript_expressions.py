"""The search for JavaScript's regular expressions in linear time, with the library RE2.

People enter the expressions in a portal. With a bad expression, a search by Python or JavaScript may take years. A
search by RE2 takes time in proportion to the length of the text. RE2 has another syntax, so this module translates each
part of an expression. An expression that cannot be translated is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

_SPACES: Final = r"\t\n\x0b\x0c\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"
_LINE_ENDS: Final = r"\n\r\x{2028}\x{2029}"
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "f": "\f"}
_CLASSES: Final = {"d": "0-9", "w": "0-9A-Za-z_", "s": _SPACES}
_GROUP: Final = re.compile(r"\((?:\?(?::|<[A-Za-z_][A-Za-z0-9_]*>))?(?!\?)", re.ASCII)
_QUANTIFIER: Final = re.compile(r"(?:[*+?]|\{([0-9]{1,4})(?:,([0-9]{0,4}))?\})\??", re.ASCII)
_HEX: Final = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})", re.ASCII)
_MOST_REPEATS: Final = 255
"""The largest repeat count. More repeats would cost RE2 tens of microseconds for each character of a text."""
_MOST_LENGTH: Final = 2_000
_MEMORY: Final = 8 << 20
_SURROGATES: Final = range(0xD800, 0xE000)
_STAND_IN: Final = 0xF0000 - 0xD800
"""The offset that maps UTF-16 surrogates, unknown to RE2, to private-use characters."""
_BEYOND: Final = re.compile("[\U00010000-\U0010ffff\ud800-\udfff]")


class UnsupportedExpressionError(ValueError):
    """The text is not a JavaScript expression, or needs a feature that RE2 lacks, such as lookahead."""


def compile_expression(text: str, re2: ModuleType) -> Callable[[str], bool]:
    """Compile an expression to a function that returns whether a text contains a match.

    Args:
        text: The expression, without flags.
        re2: The ``re2`` module.

    Raises:
        UnsupportedExpressionError: RE2 cannot search for the expression with the same result as JavaScript.
    """
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = _MEMORY
    try:
        search = re2.compile(_Translation(text).run(), options).search
    except re2.error as error:
        raise UnsupportedExpressionError(text) from error
    return lambda subject: search(_in_halves(subject)) is not None


def _in_halves(subject: str) -> str:
    """Replace each character beyond the basic plane by two characters, since JavaScript treats it as two."""
    return subject if subject.isascii() else _BEYOND.sub(_halves_of, subject)


def _halves_of(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-le", "surrogatepass")
    return "".join(chr(int.from_bytes(units[at : at + 2], "little") + _STAND_IN) for at in range(0, len(units), 2))


class _Translation:
    """The translation of one expression, from its beginning to its end."""

    def __init__(self, text: str) -> None:
        if len(text) > _MOST_LENGTH or _BEYOND.search(text):
            raise UnsupportedExpressionError(text)
        self._text = text
        self._at = 0
        self._parts: list[str] = []
        self._depth = 0
        self._names: set[str] = set()

    def run(self) -> str:
        """Return the RE2 expression."""
        while self._at < len(self._text):
            self._take()
        if self._depth:
            raise self._error()
        return "".join(self._parts)

    def _take(self) -> None:
        """Translate one part: the beginning or end of a group, an assertion, or an atom with its quantifier."""
        char = self._text[self._at]
        if char == "(":
            self._begin_group()
        elif char in "^|$":
            self._add(char, 1)
        elif self._text.startswith("\\b", self._at):
            self._add("\\b", 2)
        else:
            if char == ")":
                self._depth -= 1
                if self._depth < 0:
                    raise self._error()
                self._add(")", 1)
            elif char in "*+?{}]":
                raise self._error()
            elif char == ".":
                self._add(f"[^{_LINE_ENDS}]", 1)
            elif char == "[":
                self._take_class()
            elif char == "\\":
                self._at += 1
                self._parts.append(self._escaped(in_class=False))
            else:
                self._add(re.escape(char), 1)
            self._take_quantifier()

    def _add(self, part: str, length: int) -> None:
        self._parts.append(part)
        self._at += length

    def _begin_group(self) -> None:
        found = _GROUP.match(self._text, self._at)
        if found is None:
            raise self._error()
        name = found[0].strip("(?:")
        if name and name in self._names:
            raise self._error()
        self._names.add(name)
        self._depth += 1
        self._add("(?:", found.end() - self._at)

    def _take_quantifier(self) -> None:
        found = _QUANTIFIER.match(self._text, self._at)
        if found is None:
            return
        least = int(found[1] or 0)
        most = int(found[2] or least)
        if not least <= most <= _MOST_REPEATS:
            raise self._error()
        # Format the numbers of the quantifier again, since RE2 treats {01} as text.
        many = "" if found[2] is None else f",{most if found[2] else ''}"
        part = found[0] if found[1] is None else f"{{{least}{many}}}{'?' * found[0].endswith('?')}"
        self._add(part, found.end() - self._at)

    def _take_class(self) -> None:
        """Translate a character class, such as ``[a-z_]``."""
        self._at += 1
        begin = "["
        if self._text.startswith("^", self._at):
            self._at += 1
            begin = "[^"
        parts: list[str] = []
        while not self._text.startswith("]", self._at):
            parts.append(self._member())
        self._at += 1
        if not parts:
            raise self._error()
        self._parts.append(f"{begin}{''.join(parts)}]")

    def _member(self) -> str:
        """Translate a member of a class: a character, an escaped class, or a range."""
        first = self._member_char()
        is_range = self._text.startswith("-", self._at) and not self._text.startswith("-]", self._at)
        if not is_range:
            return first if isinstance(first, str) else f"\\x{{{first:x}}}"
        self._at += 1
        last = self._member_char()
        if isinstance(first, str) or isinstance(last, str) or last < first:
            raise self._error()
        return f"\\x{{{first:x}}}-\\x{{{last:x}}}"

    def _member_char(self) -> int | str:
        """Return the code point of a character, or the members of an escaped class."""
        char = self._char()
        if char != "\\":
            return ord(char)
        if self._text.startswith("b", self._at):
            self._at += 1
            return ord("\b")
        escaped = self._escaped(in_class=True)
        return int(escaped[3:-1], 16) if escaped.startswith("\\x{") and escaped.endswith("}") else escaped

    def _char(self) -> str:
        if self._at == len(self._text):
            raise self._error()
        self._at += 1
        return self._text[self._at - 1]

    def _escaped(self, *, in_class: bool) -> str:
        """Translate an escape after its backslash."""
        hexadecimal = _HEX.match(self._text, self._at)
        if hexadecimal is not None:
            self._at = hexadecimal.end()
            code = int(hexadecimal[1] or hexadecimal[2], 16)
            if code in _SURROGATES:
                raise self._error()
            return f"\\x{{{code:x}}}"
        char = self._char()
        if char in _CONTROLS:
            return f"\\x{{{ord(_CONTROLS[char]):x}}}"
        if char.lower() in _CLASSES:
            members = _CLASSES[char.lower()]
            if in_class:
                if char.isupper():
                    raise self._error()
                return members
            return f"[{'^' * char.isupper()}{members}]"
        if char == "0" and not self._text[self._at : self._at + 1].isdigit():
            return "\\x{0}"
        if char.isascii() and not char.isalnum() and char != "_":
            return f"\\x{{{ord(char):x}}}"
        raise self._error()

    def _error(self) -> UnsupportedExpressionError:
        return UnsupportedExpressionError(self._text)
