"""Decode the bodies of responses into models.

Two code paths have the same results. On the fast path, msgspec decodes expected rows. Rows that msgspec refuses take
the slow path: msgspec parses the JSON, and a cattrs converter structures the parsed rows with a generated hook for each
model. The slow path also accepts unusual input, and its errors contain the JSON paths of unreadable values.
"""

from __future__ import annotations

import codecs
import functools
import json
import re
from collections.abc import Callable
from types import NoneType
from typing import Any, Final, Generic, TypeVar, cast, get_args, get_origin, get_type_hints

import attrs
import msgspec

from frontegg_async._core.codec import large_bodies, unreadable_values
from frontegg_async._core.codec.fast_models import ODD
from frontegg_async._core.codec.fast_path import PlainRow, RowReader
from frontegg_async._core.codec.field_values import known_names
from frontegg_async._core.codec.rows import (
    MISSING,
    Missing,
    NotLoadedError,
    read_pieces,
    refuse,
    refuse_duplicates,
    rows_of,
    slow_path,
    structure,
    structure_many,
)
from frontegg_async._core.codec.unreadable_values import UnreadableError
from frontegg_async._values.fields import SECURITY_NAMES, FromResponse, from_response
from frontegg_async._values.json_values import parse_json
from frontegg_async.errors import ConfigurationError, DecodeError, ErrorDetails
from frontegg_async.models.page import Page

T = TypeVar("T")


_JSON_OR_PAGE: Final = r"(?i)\s*(?:[\[{\"]|<!doctype\s+html|<html|$)"
"""The beginning of a body that is not plain text: truncated JSON, an HTML page, or an empty body."""
_WORD: Final = r"[A-Za-z0-9._~-]{1,256}"
"""A response that is accepted as text without quotes, such as an id. Markup does not match."""

_MOST_ITEMS: Final = 2**53
"""The largest accepted total. Larger JSON numbers may be inexact."""
_DIGITS: Final = r"[0-9]{1,16}"

_ESCAPED: Final = b"\\u00"
"""The beginning of an escaped ASCII letter."""


LATER: Final = DecodeError("the response can be read in another thread", ErrorDetails(reason="decode"))
"""The result for a response whose decoder is not imported yet. Importing it here would block the event loop."""


class ResponseReader(Generic[T]):
    """Decodes the responses of operations that return one type.

    Args:
        read: Returns the value of a body, or raises an exception.
        limits: The limits of a body. ``None`` if the body is not parsed.
    """

    __slots__ = ("_limits", "_read")

    def __init__(self, read: Callable[[bytes], T | Missing], limits: large_bodies.Limits | None) -> None:
        self._read = read
        self._limits = limits

    def decode(self, body: bytes) -> T | Missing | DecodeError:
        """Decode the body of a response.

        An error is returned instead of raised, so that no traceback contains the body.

        Args:
            body: The bytes of the body, which may be empty.

        Returns:
            The value or an error. `MISSING` if the body is ``[]``, null, or ``{}`` for a model with required fields.
            `LATER` if the body must be decoded in another thread.
        """
        try:
            if len(body) > large_bodies.FREE_SIZE and self._limits is not None:
                large_bodies.check(body, self._limits)
            return self._read(body)
        except NotLoadedError:
            unreadable_values.discard()
            return LATER
        except UnreadableError as refused:
            paths = cast("tuple[str, ...]", refused.args)
        except large_bodies.TooMuchError as error:
            paths = cast("tuple[str, ...]", error.args)
        except (ValueError, RecursionError):
            paths = ("$: expected JSON",)
        unreadable_values.discard()
        return DecodeError(
            f"the response is not what was expected: {paths[0]}", ErrorDetails(reason="decode", paths=paths)
        )


_OF_TREES: Final = frozenset(
    {("frontegg_async.tree", "TenantTree"), ("frontegg_async._core.codec.tree_reader", "SubAccountIds")}
)
"""The modules and names of the types for trees. Few programs import these modules."""

_UNTYPED: Final[tuple[object, ...]] = (object, list, dict)


def _limits_of(returns: object) -> large_bodies.Limits:
    origin = get_origin(returns)
    if origin is Page:
        return large_bodies.PAGE
    if _is_tree(returns) or (origin in (tuple, list) and returns != tuple[str, ...]):
        return large_bodies.MANY
    return large_bodies.ANY if origin is tuple or any(returns is kind for kind in _UNTYPED) else large_bodies.ONE


def _is_tree(returns: object) -> bool:
    return (getattr(returns, "__module__", None), getattr(returns, "__name__", None)) in _OF_TREES


_readers: Final[dict[object, ResponseReader[Any]]] = {}


def reader_of(returns: type[T]) -> ResponseReader[T]:
    """Return the reader for responses of a type.

    Args:
        returns: A model, ``Page[Model]``, ``tuple[Model, ...]``, ``tuple[str, ...]``, ``list[Model]``, a plain JSON
            type, ``NoneType``, or ``object`` for any JSON value. ``str`` also accepts text that is not JSON, and
            ``bytes`` accept any body.

    Raises:
        ConfigurationError: An operation cannot return this type.
    """
    try:
        reader = _readers.get(returns)
    except TypeError:
        reader = None
    if reader is None:
        read = _make_read(returns)
        reader = _readers[returns] = ResponseReader(read, None if read in _UNPARSED else _limits_of(returns))
    return reader


def decode(body: bytes, returns: type[T]) -> T | Missing | DecodeError:
    """Decode the body of a response as a type, like `ResponseReader.decode`. Warnings are discarded."""
    slow_path()
    value = reader_of(returns).decode(body)
    unreadable_values.discard()
    return value


def _make_read(returns: object) -> Callable[[bytes], object]:
    origin, arguments = get_origin(returns), get_args(returns)
    for plain, read in _PLAIN:
        if returns == plain:
            return read
    if _is_tree(returns):
        from frontegg_async._core.codec import tree_responses  # noqa: PLC0415 - `hierarchy` has loaded it

        return tree_responses.READS[returns]
    if isinstance(returns, type) and origin is None and attrs.has(returns):
        return _make_read_of_one(returns)
    if arguments and _is_row(arguments[0]):
        rows = rows_of(arguments[0])
        if origin is Page:
            return lambda body: _read_page(rows, body)
        if origin is tuple and arguments[1:] == (...,):
            return lambda body: _read_many(rows, body)
        if origin is list:
            return lambda body: list(_read_many(rows, body))
    raise ConfigurationError(
        "returns must be an attrs model, Page[Model], tuple[Model, ...], tuple[str, ...], list[Model], "
        f"a plain JSON type, object or NoneType, not {returns!r}"
    )


def _make_read_of_one(model: type[attrs.AttrsInstance]) -> Callable[[bytes], object]:
    if issubclass(model, FromResponse):
        return functools.partial(_read_own, model)
    # Only names of the model's fields matter: values in `extra` decide nothing.
    keys = [f'"{name}"'.encode() for name in sorted(SECURITY_NAMES.intersection(known_names(model).values()))]
    rows: RowReader[object] = cast("RowReader[object]", rows_of(model))
    read_strictly = _strict_read_of(model)

    def read(body: bytes) -> object:
        # Check whether one of the keys may occur twice. A name with escaped ASCII letters may be any key. Searching
        # from the end is fastest, because metadata has many backslashes. The code is inline, because each response runs
        # it.
        may_repeat = body.rfind(_ESCAPED) >= 0
        for key in keys:
            may_repeat = may_repeat or body.count(key) > 1
        if may_repeat:
            json.loads(body, object_pairs_hook=refuse_duplicates)
        # Look up `rows.read_one` each time, because `learn` replaces the function.
        fast = rows.read_one(body) if read_strictly is None else read_strictly(body)
        return _read_odd_one(rows, body) if fast is None else fast

    return read


def _strict_read_of(model: type[attrs.AttrsInstance]) -> Callable[[bytes], object | None] | None:
    """Return a reader for a model that has only required plain values, such as an environment's token."""
    if any(field.default is not attrs.NOTHING for field in attrs.fields(model)):
        return None
    hints, names = get_type_hints(model), known_names(model)
    if any(hints[name] not in (str, float) for name in names):
        return None
    kind = msgspec.defstruct(model.__name__, [(name, hints[name]) for name in names], rename=names)
    decode_row = msgspec.json.Decoder(kind).decode

    def read(body: bytes) -> object | None:
        try:
            return model(**msgspec.structs.asdict(decode_row(body)))
        except ODD:
            return None

    return read


def _is_row(kind: object) -> bool:
    return isinstance(kind, type) and (attrs.has(kind) or issubclass(kind, PlainRow))


def _read_nothing(body: bytes) -> None:
    """Ignore the body, but refuse markup: a proxy sent an HTML page instead of the service."""
    if body.lstrip()[:1] == b"<":
        raise UnreadableError("$: expected nothing, got markup")


def _read_plain(kinds: tuple[type, ...], body: bytes) -> object:
    value = parse_json(body)
    if type(value) not in kinds:
        refuse("$", kinds[-1].__name__, value)
    return cast("object", value)


def _read_texts(body: bytes) -> tuple[str, ...]:
    raw = parse_json(body)
    if not isinstance(raw, list):
        refuse("$", "array", raw)
    texts = cast("list[object]", raw)
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            refuse(f"$[{index}]", "str", text)
    return tuple(cast("list[str]", texts))


def _read_text(body: bytes) -> str:
    """Return a JSON string or plain text. XML is accepted, but an HTML page of a proxy is refused."""
    try:
        value: object = parse_json(body)
    except ValueError:
        # Do not use the codec utf-8-sig: its first use imports a module, which would block the event loop.
        value = body.removeprefix(codecs.BOM_UTF8).decode()
        if re.match(_JSON_OR_PAGE, value):
            raise
    if not isinstance(value, str):
        refuse("$", "str", value)
    return value


def _read_raw(body: bytes) -> bytes:
    """Return a body unchanged, but refuse markup: a proxy sent an HTML page instead of the service."""
    _read_nothing(body)
    return body


def _read_json(body: bytes) -> object:
    return parse_json(body) if body else None


_PLAIN: Final[tuple[tuple[object, Callable[[bytes], object]], ...]] = (
    (NoneType, _read_nothing),
    (None, _read_nothing),
    (object, _read_json),
    (str, _read_text),
    (bytes, _read_raw),
    (tuple[str, ...], _read_texts),
    *((kind, functools.partial(_read_plain, (kind,))) for kind in (dict, list, bool, int)),
    (float, functools.partial(_read_plain, (int, float))),
)
"""The types that an operation may return in addition to models, each with its reader."""

_UNPARSED: Final = (_read_nothing, _read_raw)


def _read_own(model: type[FromResponse], body: bytes) -> object:
    """Decode a model that parses its responses itself. A response may be plain text."""
    try:
        value: object = parse_json(body)
    except ValueError:
        value = body.decode().strip()
        if not re.fullmatch(_WORD, value):
            raise
    found = from_response(model, value)
    if found is None:
        refuse("$", "object", value)
    return found


def _total_of(metadata: object) -> int | None:
    """Return the total number of items in the ``_metadata`` of a page, or ``None`` without a total.

    A whole number is accepted in three forms: ``450``, ``450.0`` and ``"450"``.
    """
    if not isinstance(metadata, dict):
        return None
    total = cast("dict[str, object]", metadata).get("totalItems")
    if isinstance(total, str):
        if not re.fullmatch(_DIGITS, total):
            return None
        total = int(total)
    if (
        isinstance(total, bool)
        or not isinstance(total, int | float)
        or not 0 <= total <= _MOST_ITEMS
        or total != int(total)
    ):
        return None
    return int(total)


def _read_page(rows: RowReader[T], body: bytes) -> Page[T]:
    if len(body) > large_bodies.SIZE:
        texts, about = large_bodies.split_page(body, large_bodies.PAGE)
        return Page(items=read_pieces(rows, texts, "$.items[{}]"), total=_total_of(about))
    fast = rows.read_page(body)
    if fast is not None:
        return Page(items=tuple(fast[0]), total=_total_of(fast[1]))
    raw = parse_json(body)
    if not isinstance(raw, dict):
        refuse("$", "object", raw)
    page = cast("dict[str, object]", raw)
    items, total = page.get("items"), _total_of(page.get("_metadata"))
    if items is None and total == 0:
        # Some languages serialize an empty array as null.
        items = []
    if not isinstance(items, list):
        refuse("$.items", "array", items)
    if rows.learn(cast("list[object]", items)) and (fast := rows.read_page(body)) is not None:
        return Page(items=tuple(fast[0]), total=_total_of(fast[1]))
    return Page(items=structure_many(rows, cast("list[object]", items), "$.items"), total=total)


def _read_many(rows: RowReader[T], body: bytes) -> tuple[T, ...]:
    if len(body) > large_bodies.SIZE:
        return read_pieces(rows, large_bodies.split_many(body, large_bodies.MANY), "$[{}]")
    fast = rows.read_many(body)
    if fast is not None:
        return tuple(fast)
    raw = parse_json(body)
    if rows.may_stand_alone(raw):
        # The service may send a single object in place of an array with one object.
        return (structure(rows, raw, "$"),)
    if not isinstance(raw, list):
        refuse("$", "array", raw)
    if rows.learn(cast("list[object]", raw)) and (fast := rows.read_many(body)) is not None:
        return tuple(fast)
    return structure_many(rows, cast("list[object]", raw), "$")


def _read_odd_one(rows: RowReader[T], body: bytes) -> T | Missing:
    raw = parse_json(body)
    if raw is None or raw == [] or (raw == {} and rows.needs_fields):
        return MISSING
    if isinstance(raw, list):
        raw = cast("list[object]", raw)
        if len(raw) != 1:
            raise UnreadableError(f"$: expected one object, got an array of {len(raw)}")
        return structure(rows, raw[0], "$[0]")
    if rows.learn((raw,)) and (fast := rows.read_one(body)) is not None:
        return fast
    return structure(rows, raw, "$")
