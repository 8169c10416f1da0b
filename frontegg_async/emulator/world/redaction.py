"""Redacts secrets in the journal: tokens, e-mail addresses, and values whose names look like names of secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final, cast
from urllib.parse import parse_qsl, unquote_plus, urlencode

from frontegg_async.emulator.checks.nesting import is_too_deep_text

REDACTED: Final = "[redacted]"
_SECRET_WORD: Final = re.compile(r"token|secret|passw|pwd|key|code|jwt|auth|cookie|refresh|credential")
"""The words in a name that make its value count as a secret.

Names are case-folded before the search, which is four times as fast as a search that ignores case.
"""
_HARMLESS_NAMES: Final = frozenset(
    ("errorcode", "statuscode", "countrycode", "postcode", "authstrategy", "jwtalgorithm", "permissionkey")
)
"""The names, in lower case, of fields of the service that contain such a word but no secret."""
_VERIFIER: Final = "x-frontegg-headers-verifier"
_TOKEN: Final = re.compile(
    r"\beyJ[\w-]{5,}(?:\.[\w-]*)*"  # a JWT, or its beginning
    r"|\b(?:bearer|basic)\s+[\w.~+/=-]{6,}",
    re.IGNORECASE,
)
_EMAIL: Final = re.compile(r"[^\s\"'<>,;:/?&=()\[\]{}]+@[^\s\"'<>,;:/?&=()\[\]{}]+")
_PASSWORD_IN_URL: Final = re.compile(r"(?<=://)[^\s/?#@]+(?=@)")
_PAIR: Final = re.compile(r"(?P<name>[\w.%-]+)=(?P<value>[^&\s\"'<>#]+)")
_JSON_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|"', re.DOTALL)


def _has_secret_word(text: str) -> bool:
    return _SECRET_WORD.search(text.casefold()) is not None


def sounds_secret(name: str) -> bool:
    """Return whether a name looks like the name of a secret, so that its values must be hidden."""
    return name.lower() == _VERIFIER or (name.lower() not in _HARMLESS_NAMES and _has_secret_word(name))


def redact(query: str) -> str:
    """Redact e-mail addresses in a query, and the values of parameters whose names look like names of secrets."""
    plain = unquote_plus(query)
    if "@" not in plain and not _has_secret_word(plain):
        return query
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, REDACTED if sounds_secret(name) or "@" in value else value) for name, value in pairs])


def redact_path(path: str) -> str:
    """Redact e-mail addresses in a path."""
    if "@" not in path:
        return path
    return "/".join(REDACTED if "@" in segment else segment for segment in path.split("/"))


def readable(text: str) -> str:
    """Replace the lone surrogates in a text.

    Lone surrogates come from bytes of headers that are not UTF-8, and from escapes in JSON.
    """
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def redact_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Redact the values of headers whose names look like names of secrets, and secrets within other headers."""
    return [(name, REDACTED if sounds_secret(name) else redact_text(value)) for name, value in headers]


def redact_text(text: str) -> str:
    """Redact the tokens, the e-mail addresses and the values of parameters that look secret in a text.

    A text that is a JSON object or array is redacted as JSON.
    """
    if text.lstrip()[:1] in ("{", "["):
        inner = redact_json_text(text)
        if inner is not None:
            return inner
    if "@" in text:
        text = _EMAIL.sub(REDACTED, _PASSWORD_IN_URL.sub(REDACTED, text))
    if "=" in text:
        text = _PAIR.sub(lambda pair: f"{pair['name']}={REDACTED}" if sounds_secret(pair["name"]) else pair[0], text)
    return _TOKEN.sub(REDACTED, text)


def redact_json_text(text: str, *, indent: int | None = None) -> str | None:
    """Redact secrets in JSON text. Return ``None`` if the text is not JSON.

    Raises:
        RecursionError: The JSON is nested too deeply.
    """
    if is_too_deep_text(text):
        raise RecursionError
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return readable(json.dumps(_redacted(value), ensure_ascii=False, indent=indent))


def _redacted(value: object) -> object:
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, list):
        return [_redacted(each) for each in cast("list[object]", value)]
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return {redact_text(name): _member(name, each) for name, each in members.items()}
    return value


def _member(name: str, value: object) -> object:
    # Null, flags and empty values reveal only whether a secret is set, so they are not redacted.
    if sounds_secret(name) and value not in (None, True, False, "", [], {}):
        return REDACTED
    return _redacted(value)


def completed_json(text: str) -> str:
    """Return truncated JSON text up to the last complete value, and close all open objects and arrays."""
    open_brackets: list[str] = []
    whole, closing = 0, ""
    previous = ""
    for found in _JSON_TOKEN.finditer(text):
        part = found[0]
        if part == '"':
            break  # a truncated string
        if part in ("{", "["):
            open_brackets.append("}" if part == "{" else "]")
        elif part in ("}", "]"):
            if not open_brackets:
                break
            open_brackets.pop()
        elif part in (",", ":"):
            previous = part
            continue
        elif (open_brackets[-1:] == ["}"] and previous != ":") or found.end() == len(text):
            previous = part  # a name, or a number that may be truncated
            continue
        previous = part
        whole, closing = found.end(), "".join(reversed(open_brackets))
    return text[:whole] + closing


def is_suspicious(text: str) -> bool:
    """Return whether a text that is not JSON may contain a secret at an unknown place."""
    return _has_secret_word(unquote_plus(text))
