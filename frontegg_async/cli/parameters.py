"""The parameters of generated commands: arguments for positional parameters, and options for the others."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final

import click

from frontegg_async._formats.json_text import json_line
from frontegg_async._values.json_values import JsonValue, unique_names
from frontegg_async.catalogue.types import Parameter
from frontegg_async.cli.command import Argument, ParamType
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.inputs import lines_of, read_text

_MOST_SHOWN: Final = 6
"""The maximum number of choices that the help shows beside the name of an option."""
_FROM_FILE: Final = "The option takes a file, or - for standard input."
_CAPITAL: Final = re.compile(r"(?<!^)(?<![A-Z_])([A-Z])")


def cli_word(word: str) -> str:
    """Return a word of the service in the spelling of the command line."""
    return _CAPITAL.sub(r"_\1", word).lower()


class Words(click.Choice[str]):
    """A choice of words, in the spelling of the command line or of the service.

    Args:
        words: The words of the service, such as ``createdAt``.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = {cli_word(word): word for word in words}
        super().__init__(list(self._words), case_sensitive=False)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word in the spelling of the service."""
        if value in self._words.values():
            return str(value)
        return self._words[super().convert(value, param, ctx)]


def json_of(text: str) -> JsonValue:
    """Return the value of a JSON text.

    Raises:
        RepeatedNameError: An object has a name twice.
        ValueError: The text is not JSON, or is nested too deeply.
    """
    try:
        value: JsonValue = json.loads(text, object_pairs_hook=unique_names)
    except RecursionError:
        raise ValueError("the value is nested too deeply") from None
    return value


class JsonText(ParamType):
    """A JSON value, or ``@FILE`` with a JSON value.

    Args:
        keeps_text: Whether a text value keeps its quotes, since the method takes JSON text.
    """

    name = "json"

    def __init__(self, *, keeps_text: bool = False) -> None:
        self._keeps_text = keeps_text

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Return the value of a text."""
        if not isinstance(value, str):
            return value
        try:
            text = read_text(value[1:]) if value.startswith("@") else value
            found = json_of(text)
            return json_line(found) if self._keeps_text and isinstance(found, str) else found
        except OSError as error:
            self.fail(f"{value[1:]}: {error.strerror}", param, ctx)
        except ValueError as error:
            self.fail(f"it is not JSON: {error}; a text needs quotes, such as '\"text\"'", param, ctx)


class TextOrFile(ParamType):
    """A text, or ``@FILE`` with a text."""

    name = "text"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Return the text."""
        if not isinstance(value, str) or not value.startswith("@"):
            return value
        try:
            return read_text(value[1:])
        except (OSError, UnicodeDecodeError) as error:
            self.fail(f"{value[1:]}: {getattr(error, 'strerror', None) or 'it is not UTF-8'}", param, ctx)


class FieldName(ParamType):
    """The name of a field, in the spelling of the service or of the attribute."""

    name = "text"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:  # noqa: ARG002 - click passes them
        """Return the name in the spelling of the service."""
        return re.sub(r"_([a-z])", lambda match: match[1].upper(), value) if isinstance(value, str) else value


class Moment(ParamType):
    """A time in ISO 8601. Without a time zone, the time is in UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Parse a text as a time."""
        if not isinstance(value, str):
            return value
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time in ISO 8601, such as 2026-01-31 or 2026-01-31T08:00Z", param, ctx)
        return time if time.tzinfo else time.replace(tzinfo=UTC)


def parameter_of(parameter: Parameter) -> click.Parameter:
    """Return the parameter of a command for a parameter of a method.

    Args:
        parameter: The parameter of the method.
    """
    if parameter.by_position:
        nargs = -1 if parameter.many else 1
        kind = None if parameter.kind == "text" else _type(parameter)
        return Argument(parameter.name, parameter.about, nargs=nargs, required=parameter.required, type=kind)
    return _option(parameter)


def _option(parameter: Parameter) -> click.Option:
    name, required, about = parameter.name, parameter.required, parameter.about
    if parameter.secret:
        path = click.Path(path_type=Path, allow_dash=True)
        return click.Option(
            [f"{parameter.flag}-file", name], type=path, required=required, help=f"{about} {_FROM_FILE}"
        )
    if parameter.kind == "flag":
        about += f" (default: {'on' if parameter.default == 'true' else 'off'})" if parameter.default else ""
        flags = f"{parameter.flag}/--no-{parameter.flag[2:]}"
        if required:  # no default at all: newer versions of click take None as a value
            return click.Option([flags, name], required=True, help=about)
        return click.Option([flags, name], default=None, help=about)
    kind = _type(parameter)
    default = cli_word(parameter.default) if isinstance(kind, FieldName) else parameter.default
    about += f" (default: {default})" if default else ""
    if isinstance(kind, JsonText | TextOrFile):
        about = f"{about} @FILE reads the value from a file."
    metavar = None
    if isinstance(kind, Words) and len(kind.choices) > _MOST_SHOWN:
        about, metavar = f"{about} One of {', '.join(kind.choices)}.", "WORD"
    return click.Option(
        [parameter.flag, name], type=kind, metavar=metavar, multiple=parameter.many, required=required, help=about
    )


def _type(parameter: Parameter) -> ParamType:
    match parameter.kind:
        case "text" if parameter.name == "sort_by":
            return FieldName()
        case "word":
            return Words(parameter.words)
        case "json":
            return JsonText(keeps_text=parameter.name == "metadata")
        case "document":
            return TextOrFile()
        case "time":
            return Moment()
        case "integer":
            return click.INT
        case "number":
            return click.FLOAT
        case _:
            return click.STRING


def read_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return ids; replace ``-`` by the lines of standard input.

    Raises:
        CommandError: A line is not UTF-8, or is too long.
    """
    if "-" not in values:
        return values
    try:
        # The SDK refuses ids with other white space: stripping such a space here could name another account.
        lines = (line.strip(" \t\r\n") for line in lines_of(sys.stdin, "standard input"))
        read = [line for line in lines if line]
    except UnicodeDecodeError:
        raise CommandError("standard input is not UTF-8", ExitCode.USAGE) from None
    return tuple(chain.from_iterable(read if each == "-" else [each] for each in values))
