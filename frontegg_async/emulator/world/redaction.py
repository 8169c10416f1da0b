"""Redacts secrets in what the journal shows: values whose names sound secret, e-mail addresses and tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final, cast
from urllib.parse import parse_qsl, unquote_plus, urlencode

from frontegg_async.emulator.checks.nesting import is_too_deep_text

REDACTED: Final = "[redacted]"
_SECRET_WORD: Final = re.compile(r"token|secret|passw|pwd|key|code|jwt|auth|cookie|refresh|credential")
"""Searched in case-folded text, which takes a quarter of the time of a search that ignores case."""
_HARMLESS_NAMES: Final = frozenset(
    ("errorcode", "statuscode", "countrycode", "postcode", "authstrategy", "jwtalgorithm", "permissionkey")
)
"""Names of fields of the service that sound secret and are not, in lower case."""
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
    """Return whether a value with this name is not shown."""
    return name.lower() == _VERIFIER or (name.lower() not in _HARMLESS_NAMES and _has_secret_word(name))


def redact(query: str) -> str:
    """Return a query with the values of secret-sounding parameters and e-mail addresses redacted."""
    plain = unquote_plus(query)
    if "@" not in plain and not _has_secret_word(plain):
        return query
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, REDACTED if sounds_secret(name) or "@" in value else value) for name, value in pairs])


def redact_path(path: str) -> str:
    """Return a path with e-mail addresses redacted."""
    if "@" not in path:
        return path
    return "/".join(REDACTED if "@" in segment else segment for segment in path.split("/"))


def readable(text: str) -> str:
    """Return valid text: bytes of a header that are not UTF-8, and escapes in JSON, may be lone surrogates."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def redact_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return headers with the values of those that sound secret redacted, and secrets within the others."""
    return [(name, REDACTED if sounds_secret(name) else redact_text(value)) for name, value in headers]


def redact_text(text: str) -> str:
    """Return a text with tokens, e-mail addresses and the values of secret-sounding parameters redacted.

    Text that is itself a JSON object or array is redacted as JSON.
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
    """Return JSON text with secrets redacted; ``None`` if it is not JSON.

    Raises:
        RecursionError: It is nested too deeply.
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
    # Null, flags and empty values say whether there is a secret, and not which.
    if sounds_secret(name) and value not in (None, True, False, "", [], {}):
        return REDACTED
    return _redacted(value)


def completed_json(text: str) -> str:
    """Return the beginning of JSON text up to its last whole value, with what is open closed."""
    open_brackets: list[str] = []
    whole, closing = 0, ""
    previous = ""
    for found in _JSON_TOKEN.finditer(text):
        part = found[0]
        if part == '"':
            break  # a string that was cut off
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
            previous = part  # a name, or a number that may have been cut off
            continue
        previous = part
        whole, closing = found.end(), "".join(reversed(open_brackets))
    return text[:whole] + closing


def is_suspicious(text: str) -> bool:
    """Return whether text that is not JSON may have a secret that cannot be told from the rest."""
    return _has_secret_word(unquote_plus(text))
