"""Translate errors about Python arguments into errors about options of the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import click

from frontegg_async.catalogue.lookups import method_at
from frontegg_async.catalogue.types import dashed

_PATH: Final = r"(?P<path>(?:\[(?:\d+|'[^']*'|\"[^\"]*\")\](?:\.[A-Za-z_]\w*)*)*)"
_VALUE: Final = r"(?P<value>=(?:True|False|None))?"
_LIST: Final = re.compile(r"\bgiven? (?:[^:;]*)|\bbefore \w+$|\ba key of \w+")
"""The parts of a message that list arguments. Elsewhere, a word such as ``name`` may not be an argument."""
_IN_LIST: Final = re.compile(r"(?:\b(?:give|either|of|or|and|before)|,) $")
_KINDS: Final = {
    "NoneType": "null",
    "bool": "true or false",
    "dict": "an object",
    "float": "a number",
    "int": "a number",
    "list": "an array",
    "str": "text",
    "tuple": "an array",
}
_SENTENCES: Final[Sequence[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]]] = (
    (re.compile(r"\b(?:a JwtTemplate\w+ or )?a mapping\b"), "an object"),
    (re.compile(r"\ba (?:sequence|list or tuple|list)\b"), "an array"),
    (re.compile(r"(?: with the fields of)? JwtTemplate\w+"), ""),
    (re.compile(r", or None for no limit\b"), ""),
    (re.compile(r": begin with DEFAULT_JWT_CLAIMS\b"), ""),
    (re.compile(rf"\bnot ({'|'.join(_KINDS)})\b(?:: give .*)?"), lambda match: f"not {_KINDS[match[1]]}"),
    (re.compile(r"\b(?:True|False)\b"), lambda match: match[0].lower()),
    (re.compile(r"\bNone\b"), "null"),
)
"""The JSON words that replace Python words in messages."""


def in_words(message: str, parameters: Sequence[click.Parameter]) -> str:
    """Return a message in which the command's options replace the arguments of a method.

    Args:
        message: The message, such as ``give role_ids or role_keys``.
        parameters: The parameters of the command, named like the arguments of the method.
    """
    known = {each.name: each for each in parameters if each.name}
    # A command that calls a method for each of several values receives errors about a single value.
    several = (each for each in known.values() if each.nargs != 1)
    known = {(each.name or "").removesuffix("s"): each for each in several} | known
    if not known:
        return message
    names = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    listed = [match.span() for match in _LIST.finditer(message)]

    def called(match: re.Match[str]) -> str:
        name, path, value = match["name"], match["path"], match["value"] or ""
        start = match.start()
        is_listed = any(first <= start < last for first, last in listed) and _IN_LIST.search(message[:start])
        if start and "_" not in name and not path and not value and not is_listed:
            return match[0]
        return _place(known[name], path, value)

    pattern = rf"(?<![\w.'\"/-])(?P<name>{names}){_PATH}{_VALUE}(?![\w'\"/-]|\.\w)"
    text = in_commands(re.sub(pattern, called, message))
    for sentence, replacement in _SENTENCES:
        text = sentence.sub(replacement, text)
    return text


def in_settings(message: str) -> str:
    """Return a message in which options and variables replace the arguments of a client.

    Args:
        message: The message, such as ``base_url must be https``.
    """
    text = message.replace("allow_http=True", "FRONTEGG_ALLOW_HTTP=1")
    text = re.sub(r"(?<![\w.])(?:base_url|client_id|environment_id)\b", lambda match: f"--{dashed(match[0])}", text)
    text = re.sub(r"^(?=(?:domain|region) must )", "--", text)
    return re.sub(r"^token must ", "the user's token must ", text)


def in_commands(message: str) -> str:
    """Return a message of the SDK in which commands replace methods.

    Args:
        message: The message, such as ``roles.ids_of(keys) finds it``.
    """

    def called(match: re.Match[str]) -> str:
        try:
            method = method_at("environment", match[1])
        except KeyError:
            return match[0]
        return f"'frontegg {method.command}'" if method.is_command else match[0]

    text = re.sub(r"\b([a-z_]+(?:\.[a-z_]+)+)\([^()]*\)", called, message)
    return re.sub(r"\b([a-z]+(?:_[a-z]+)+)=True\b", lambda match: f"--{dashed(match[1])}", text)


def _place(parameter: click.Parameter, path: str, value: str) -> str:
    """Return the name of an argument, or of a place in its value, on the command line."""
    if isinstance(parameter, click.Argument):
        place = parameter.human_readable_name
    else:
        place = parameter.secondary_opts[0] if value == "=False" and parameter.secondary_opts else parameter.opts[0]
    index = re.match(r"\[(\d+)\]", path) if parameter.multiple or parameter.nargs != 1 else None
    if index is not None:
        path = path[index.end() :]
        place = f"value {int(index[1]) + 1} of {place}"
    inner = re.sub(r"\[['\"](.*?)['\"]\]", r".\1", path).removeprefix(".")
    return f"'{inner}' in {place}" if inner else place
