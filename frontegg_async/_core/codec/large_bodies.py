"""Limits for large bodies, and their decoding in pieces.

A parser holds the GIL until it ends. So a body larger than `SIZE` is decoded in a thread, piece by piece. A body that
would take too much time or memory is refused before it is parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, cast

import msgspec

from frontegg_async._values.json_values import parse_json

SIZE: Final = 256 * 1024
"""The size, in bytes, of the largest body that is decoded in the event loop. A larger body is decoded in a thread."""

_MIB: Final = 1024 * 1024
_PIECE: Final = 128 * 1024
_PIECE_VALUES: Final = 2**17
_PIECE_CONTAINERS: Final = 2**15
FREE_SIZE: Final = 64 * 1024
"""The size, in bytes, of the largest body that is parsed without a check."""

_SAMPLE: Final = 127


class TooMuchError(ValueError):
    """A body exceeds a limit. The argument contains the path and the limit, never a value."""


class Limits(msgspec.Struct, frozen=True):
    """Limits of the body of a response.

    Args:
        size: The number of bytes.
        values: The number of values. It is estimated by counting commas and opening brackets, also in texts.
        containers: The number of arrays and objects, which the garbage collector traverses. It is estimated by counting
            brackets.
        rows: The number of rows of an array or a page.
    """

    size: int
    values: int
    containers: int
    rows: int = 0


ONE: Final = Limits(2 * _MIB, _PIECE_VALUES, _PIECE_CONTAINERS)
"""The limits for a response with one object."""

PAGE: Final = Limits(16 * _MIB, 2**20, 2**19, 10_000)
"""The limits for a page. At most 200 rows are requested."""

ANY: Final = Limits(8 * _MIB, 2 * _PIECE_VALUES, 2 * _PIECE_CONTAINERS)
"""The limits for plain JSON values, which are parsed in one piece."""

MANY: Final = Limits(16 * _MIB, 2**20, 2**19, 250_000)
"""The limits for an array of rows, and for a tree."""


def check(body: bytes, limits: Limits) -> None:
    """Refuse a body that would take too long to parse.

    Raises:
        TooMuchError: The body exceeds a limit.
    """
    size = len(body)
    if size > limits.size:
        raise TooMuchError(f"$: expected at most {limits.size // _MIB} MiB")
    if size > SIZE:
        _check_values(body, limits)
    # Counting in every body would take time. So a sample decides whether the brackets of a body are counted.
    elif _is_dense(body) and _count_brackets(body, 0, size) > ONE.containers:
        raise TooMuchError(f"$: expected at most {ONE.containers} arrays and objects")


def _check_values(body: bytes, limits: Limits) -> None:
    """Count values piece by piece, so that a bad body is refused early.

    A row begins with a bracket. A parser would hold the GIL during a long text without brackets.
    """
    commas = brackets = begun = 0
    for start in range(0, len(body), _MIB):
        found = _count_brackets(body, start, start + _MIB)
        begun = start if found else begun
        if limits.rows and start - begun > ONE.size:
            raise TooMuchError(f"$: expected rows of at most {ONE.size // _MIB} MiB")
        brackets += found
        if brackets > limits.containers:
            raise TooMuchError(f"$: expected at most {limits.containers} arrays and objects")
        commas += body.count(b",", start, start + _MIB)
        if commas + brackets > limits.values:
            raise TooMuchError(f"$: expected at most {limits.values} values")


def _is_dense(body: bytes) -> bool:
    sample = body[::_SAMPLE]
    return _count_brackets(sample, 0, len(sample)) * _SAMPLE > ONE.containers // 2


def _count_brackets(body: bytes, start: int, end: int) -> int:
    return body.count(b"[", start, end) + body.count(b"{", start, end)


class _AnyRow(msgspec.Struct, gc=False):
    """A struct for any JSON object. Decoding takes hardly any memory, and values other than objects are refused."""


def _page_of(row: Any) -> Any:  # noqa: ANN401 - types made at run time
    about = ("about", msgspec.Raw, msgspec.Raw(b"null"))
    return msgspec.defstruct("LargePage", [("items", list[row]), about], rename={"about": "_metadata"})


_count_many: Final = msgspec.json.Decoder(list[_AnyRow]).decode
_split_many: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_count_page: Final = msgspec.json.Decoder(_page_of(_AnyRow)).decode
_split_page: Final = msgspec.json.Decoder(_page_of(msgspec.Raw)).decode


def split_many(body: bytes, limits: Limits) -> Sequence[msgspec.Raw]:
    """Return the JSON text of each row of an array.

    Raises:
        TooMuchError: The array has too many rows.
        ValueError: The body is not a JSON array of objects.
    """
    _check_rows(len(_count_many(body)), limits)
    return _split_many(body)


def split_page(body: bytes, limits: Limits) -> tuple[Sequence[msgspec.Raw], object]:
    """Return the JSON text of each row of a page, and the metadata of the page.

    Raises:
        TooMuchError: The page has too many rows.
        ValueError: The body is not a JSON object with an array of objects.
    """
    _check_rows(len(_count_page(body).items), limits)
    page = _split_page(body)
    about = memoryview(page.about)
    # The metadata are a few numbers. Larger metadata are ignored, because parsing them would hold the GIL.
    return cast("Sequence[msgspec.Raw]", page.items), parse_json(about) if len(about) <= FREE_SIZE else None


def _check_rows(found: int, limits: Limits) -> None:
    if found > limits.rows:
        raise TooMuchError(f"$: expected at most {limits.rows} rows")


def pieces(rows: Iterable[bytes | msgspec.Raw]) -> Iterator[tuple[int, int, bytes]]:
    """Yield pieces of an array as JSON text, each with the index of its first row and its number of rows.

    Raises:
        TooMuchError: A row exceeds a limit.
    """
    start = size = 0
    taken: list[bytes] = []
    for index, row in enumerate(rows):
        text = bytes(memoryview(row))
        if len(text) > _PIECE:
            if len(text) > ONE.size:
                raise TooMuchError(f"$[{index}]: expected at most {ONE.size // _MIB} MiB")
            _check_values(text, ONE)
        if taken and size + len(text) > _PIECE:
            yield start, len(taken), b"[%b]" % b",".join(taken)
            start, size, taken = index, 0, []
        taken.append(text)
        size += len(text)
    if taken:
        yield start, len(taken), b"[%b]" % b",".join(taken)
