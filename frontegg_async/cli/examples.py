"""The examples of generated commands: command lines with example values of the catalogue."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from frontegg_async.catalogue.lookups import columns_of
from frontegg_async.catalogue.types import Method, Parameter
from frontegg_async.cli.parameters import cli_word
from frontegg_async.cli.where import example_of_where


def example_of(method: Method, command: str) -> str:
    """Return a command line with the required values, and with an option if the command has options.

    Args:
        method: The method that the command calls.
        command: The command, without the name of the program.
    """
    words = [command]
    for parameter in method.parameters:
        if parameter.required or parameter.in_example:
            words += _words(parameter)
    options = [each for each in method.parameters if not each.by_position]
    is_listing = method.returns == "pages"
    if not any(each.required or each.in_example for each in options):
        words += _chosen(options, is_listing=is_listing) or _condition(method)
    if method.secret and method.returns == "one":
        words += ["--secret-out", "secret.txt"]
    if method.noun.startswith("user "):
        words += ["--user-token-file", "token.txt"]
    if method.is_destructive and not method.undone_by:
        words.append("--yes")
    return " ".join(words)


def _chosen(options: Sequence[Parameter], *, is_listing: bool) -> Sequence[str]:
    """Return an option for the example: prefer an option with an example value or with fixed values."""
    known = [each for each in options if each.example] or [each for each in options if each.kind in ("flag", "word")]
    if known:
        return tuple(_words(known[0]))
    return ("--limit", "10") if is_listing else ()


def _condition(method: Method) -> Sequence[str]:
    return ("--where", example_of_where(columns_of(method))) if method.returns == "many" else ()


def _words(parameter: Parameter) -> Iterator[str]:
    """Yield the words of an example for a parameter."""
    value = parameter.example or (cli_word(parameter.words[0]) if parameter.words else parameter.name.upper())
    values = value.split(" ") if parameter.many and parameter.kind != "json" else [value]
    if parameter.by_position:
        yield from map(shlex.quote, values)
    elif parameter.secret:
        yield from (f"{parameter.flag}-file", value)
    elif parameter.kind == "flag":
        is_set = parameter.example or ("false" if parameter.default == "true" else "true")
        yield parameter.flag if is_set == "true" else f"--no-{parameter.flag[2:]}"
    else:
        for each in values:
            yield from (parameter.flag, shlex.quote(each))
