"""Translate docstrings for people at a command line: names of Python become options and commands."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from generator.rules import GeneratorError

_PARAGRAPH: Final = re.compile(r"\n\s*\n")
_SECTION: Final = re.compile(r"(?:Args|Returns|Raises|Yields):")
_ARGUMENT: Final = re.compile(r"^ {4}(\w+): (.*(?:\n {5,}.*)*)", re.MULTILINE)
_QUOTED: Final = re.compile(r"``([^`]+)``|`([^`]+)`")
_PYTHON: Final = re.compile(r"`[^`]*`|\b(?:None|True|False|UNSET|Unset|Async\w+|[A-Z]\w*(?:Error|Warning)|SDK)\b|\w+\(")
"""Names of Python, which texts for operators must not contain."""
_CAPITAL: Final = re.compile(r"(?<!^)(?<![A-Z_])([A-Z])")


def cli_word(word: str) -> str:
    """Return the form of a word of the service on a command line."""
    return _CAPITAL.sub(r"_\1", word).lower()


@dataclass(frozen=True)
class Names:
    """The names on a command line, by the names of Python in a text."""

    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    """The options and the arguments of the method."""
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    """The words that its parameters take."""
    commands: Mapping[str, str] = field(default_factory=dict[str, str])
    """The commands of the client by the paths of their methods. Commands of the resource are also under their names."""


@dataclass(frozen=True)
class Wording:
    """The replacements of sentences of docstrings by sentences for operators, and the replacements that were used."""

    sentences: Mapping[str, str]
    used: set[str] = field(default_factory=set[str])

    def paragraphs(self, docstring: str, names: Names, place: str) -> list[str]:
        """Return the paragraphs of a docstring before its sections.

        Args:
            docstring: The docstring, without quotes.
            names: The names on the command line.
            place: The place of the docstring, for messages.
        """
        found = _PARAGRAPH.split(inspect.cleandoc(docstring))
        return [self.text(each, names, place) for each in found if not _SECTION.match(each)]

    def arguments(self, docstring: str) -> dict[str, str]:
        """Return the unchanged text of a docstring for each parameter."""
        section = inspect.cleandoc(docstring).partition("\nArgs:\n")[2].partition("\n\n")[0]
        return {name: " ".join(text.split()) for name, text in _ARGUMENT.findall(section)}

    def text(self, text: str, names: Names, place: str) -> str:
        """Return a text for operators.

        Raises:
            GeneratorError: The text still contains a name of Python.
        """
        plain = " ".join(text.split())
        for sentence in sorted(self.sentences, key=len, reverse=True):
            if sentence in plain:
                self.used.add(sentence)
                plain = plain.replace(sentence, self.sentences[sentence])
        plain = re.sub(r"\s+([.,;])(?![\w.])", r"\1", " ".join(plain.split()))  # after the removal of a sentence
        plain = _QUOTED.sub(lambda match: _called(match[1] or match[2], names, is_code=match[1] is not None), plain)
        found = _PYTHON.search(plain) or _name_in(plain, names)
        if found is not None:
            raise GeneratorError(
                f"tools/generator/catalogue.toml:1: the text about {place} contains {found[0]!r}, a name of "
                f"Python, in {plain!r}: add a sentence for the command line to [sentences]"
            )
        return plain

    def unused(self) -> list[str]:
        """Return the replaced sentences that no docstring contains."""
        return [sentence for sentence in self.sentences if sentence not in self.used]


def _called(name: str, names: Names, *, is_code: bool) -> str:
    """Return the name for operators. An unknown name keeps its quotes unless it is code."""
    if not re.search(r"[^\W_]", name):
        return f"'{name}'"  # quote a character, so that it is not read as punctuation
    bare = name.removesuffix("()")
    if is_code and name in names.words:
        return names.words[name]
    if is_code and name in names.parameters:
        return names.parameters[name]
    if bare in names.commands and (not is_code or "." in bare):
        return f"'frontegg {names.commands[bare]}'"
    return name if is_code else f"`{name}`"


def _name_in(text: str, names: Names) -> re.Match[str] | None:
    """Return the first name of a parameter or method that has several words and is not a value of a parameter."""
    several = [name for name in (*names.parameters, *names.commands) if "_" in name and name not in names.words]
    return re.search(rf"(?<![\w/.-])(?:{'|'.join(map(re.escape, several))})(?![\w-])", text) if several else None
