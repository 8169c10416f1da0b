"""Build the URL of a request from a path template, fields and a query. No other module builds URLs."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from yarl import URL

from frontegg_async._core.checks import arguments
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.regions import BaseUrl

_FIELD: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class RedactedQuery(tuple[tuple[str, str], ...]):
    """A query whose repr shows only names. The values may be personal, and tracebacks show local variables."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"RedactedQuery({', '.join(name for name, _ in self)})"


class RedactedFields(dict[str, str]):
    """The fields of a path. Their repr shows only names."""

    def __repr__(self) -> str:
        return f"RedactedFields({', '.join(self)})"


NO_FIELDS: Final[Mapping[str, str]] = {}


@functools.lru_cache(maxsize=1024)
def _split(template: str) -> tuple[str, tuple[tuple[str, str], ...], frozenset[str]]:
    """Return the text before the first field, each field with the text after it, and the names of all fields."""
    first, *parts = _FIELD.split(template)
    names = parts[::2]
    return first, tuple(zip(names, parts[1::2], strict=True)), frozenset(names)


_MOST_MADE: Final = 512
_made: Final[dict[tuple[object, ...], URL]] = {}
"""A cache of URLs without a query, because programs request the same few tenants again and again."""


def address(base_url: BaseUrl, template: str, fields: Mapping[str, str], query: Sequence[tuple[str, str]]) -> URL:
    """Return the URL of a request.

    Args:
        base_url: The origin and prefix.
        template: A path with ``{name}`` fields.
        fields: A value for each field of the template. Other fields are not allowed.
        query: The parameters of the query. A name may occur several times.

    Raises:
        InvalidArgumentError: See `build_path` and `build_query`.
    """
    place = (base_url.origin, base_url.prefix, template, *fields.items())
    try:
        known = None if query else _made.get(place)
    except TypeError:  # an unhashable value is not text, and is refused below
        known = None
    if known is not None:
        return known
    first, parts, _ = _split(template)
    text = build_query(query) if query else ""
    is_plain = len(fields) == len(parts)
    whole = f"{base_url.origin}{base_url.prefix}{first}"
    for name, literal in parts:
        value = fields.get(name)
        is_plain = is_plain and arguments.is_plain(value)
        whole = f"{whole}{value}{literal}"
    if not is_plain:
        return build_url(base_url, build_path(template, fields), text)
    # Parsing the URL cannot change plain segments. So the slow check is skipped for them.
    if text:
        return URL(f"{whole}?{text}", encoded=True)
    if len(_made) >= _MOST_MADE:
        _made.clear()
    made = _made[place] = URL(whole, encoded=True)
    return made


def shown_address(
    base_url: BaseUrl,
    template: str,
    fields: Mapping[str, str],
    query: Sequence[tuple[str, str]],
    secret_fields: Collection[str],
) -> str:
    """Return the URL of a request for display. Names replace the values of secret fields.

    Args:
        base_url: The origin and prefix.
        template: A path with ``{name}`` fields.
        fields: A value for each field of the template.
        query: The parameters of the query.
        secret_fields: The names of the fields with secrets.
    """
    path, parts, _ = _split(template)
    for name, literal in parts:
        value = f"{{{name}}}" if name in secret_fields else quote(fields[name], safe="")
        path = f"{path}{value}{literal}"
    text = build_query(query)
    return f"{base_url.origin}{base_url.prefix}{path}{'?' if text else ''}{text}"


def build_path(template: str, fields: Mapping[str, str]) -> str:
    """Fill a path template. Each value becomes exactly one segment, even if it contains special characters.

    Args:
        template: A path with ``{name}`` fields.
        fields: A value for each field of the template. Other fields are not allowed.

    Raises:
        InvalidArgumentError: A field is missing or unknown, or a value cannot be one segment of a path.
    """
    path, parts, names = _split(template)
    if fields.keys() != names:
        wanted = ", ".join(name for name, _ in parts)
        raise InvalidArgumentError(f"path must have the fields {wanted or '(none)'}, and no other fields")
    for name, literal in parts:
        value = fields[name]
        if not arguments.is_plain(value):
            arguments.check_path_value(value, name)
            value = quote(value, safe="")
        path = f"{path}{value}{literal}"
    return path


def build_query(pairs: Sequence[tuple[str, str]]) -> str:
    """Encode the parameters of a query. A name may occur several times.

    Raises:
        InvalidArgumentError: A name or a value is not text, or cannot be encoded as UTF-8.
    """
    encoded: list[str] = []
    for name, value in pairs:
        if not (arguments.is_plain(name) and arguments.is_plain(value)):
            arguments.check_text(name, "a name of query")
            arguments.check_text(value, f"query[{name!r}]", allow_empty=True)
            encoded.append(f"{quote(name, safe='')}={quote(value, safe='')}")
        else:
            encoded.append(f"{name}={value}")
    return "&".join(encoded)


def build_url(base_url: BaseUrl, path: str, query: str = "") -> URL:
    """Join an origin and an encoded path and query, and check that parsing them changes nothing.

    Raises:
        InvalidArgumentError: The URL would differ from the requested one.
    """
    raw_path = base_url.prefix + path
    url = URL(f"{base_url.origin}{raw_path}?{query}" if query else base_url.origin + raw_path, encoded=True)
    if (
        url.raw_path != raw_path
        or url.raw_query_string != query
        or url.raw_fragment
        or url.raw_user is not None
        or f"{url.scheme}://{url.raw_authority}" != base_url.origin
    ):
        raise InvalidArgumentError("the request was not sent: the path would change when its URL is parsed")
    return url
