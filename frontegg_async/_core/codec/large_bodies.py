"""Large bodies: what is looked at before they are parsed, and the pieces that they are parsed in.

A parser holds the interpreter until it is done. So a body that is larger than `SIZE` is read in a thread, piece by
piece, and one that would take the parser long, or much memory, is refused before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, cast

import msgspec

from frontegg_async._values.json_values import parse_json

SIZE: Final = 256 * 1024
"""From here on a body is large; in bytes."""

_MIB: Final = 1024 * 1024
_PIECE: Final = 128 * 1024
_PIECE_VALUES: Final = 2**17
_PIECE_CONTAINERS: Final = 2**15
FREE_SIZE: Final = 64 * 1024
"""Up to here a body is parsed as it is; in bytes."""

_SAMPLE: Final = 127


class TooMuchError(ValueError):
    """A body is larger or fuller than responses are; the argument says where, and never with a value."""


class Limits(msgspec.Struct, frozen=True):
    """How much a response may have.

    Args:
        size: Bytes.
        values: Values, about: commas and opening brackets are counted, those in texts too.
        containers: Arrays and objects, which the garbage collector goes through; counted likewise.
        rows: Rows of an array or a page.
    """

    size: int
    values: int
    containers: int
    rows: int = 0


ONE: Final = Limits(2 * _MIB, _PIECE_VALUES, _PIECE_CONTAINERS)
"""For a response that is about one thing."""

PAGE: Final = Limits(16 * _MIB, 2**20, 2**19, 10_000)
"""For a page: 200 rows at most are asked for."""

ANY: Final = Limits(8 * _MIB, 2 * _PIECE_VALUES, 2 * _PIECE_CONTAINERS)
"""For plain JSON values, which are parsed in one piece."""

MANY: Final = Limits(16 * _MIB, 2**20, 2**19, 250_000)
"""For an array of rows, and for a tree."""


def check(body: bytes, limits: Limits) -> None:
    """Refuse a body that would take long to parse, of more than `FREE_SIZE`.

    Raises:
        TooMuchError: It is such a body.
    """
    size = len(body)
    if size > limits.size:
        raise TooMuchError(f"$: expected at most {limits.size // _MIB} MiB")
    if size > SIZE:
        _check_values(body, limits)
    # To count in each page would be felt, so they are counted in the few that a sample says may have too many.
    elif _is_dense(body) and _count_brackets(body, 0, size) > ONE.containers:
        raise TooMuchError(f"$: expected at most {ONE.containers} arrays and objects")


def _check_values(body: bytes, limits: Limits) -> None:
    """Count piece by piece, since to count takes as long as to copy.

    Rows begin with a bracket. Where none does for long, a parser would hold the interpreter until it is at the next.
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
    """Any object: takes next to no memory, and ends the parsing at what is none."""


def _page_of(row: Any) -> Any:  # noqa: ANN401 - types made at run time
    about = ("about", msgspec.Raw, msgspec.Raw(b"null"))
    return msgspec.defstruct("LargePage", [("items", list[row]), about], rename={"about": "_metadata"})


_count_many: Final = msgspec.json.Decoder(list[_AnyRow]).decode
_split_many: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_count_page: Final = msgspec.json.Decoder(_page_of(_AnyRow)).decode
_split_page: Final = msgspec.json.Decoder(_page_of(msgspec.Raw)).decode


def split_many(body: bytes, limits: Limits) -> Sequence[msgspec.Raw]:
    """Return the texts of the rows of an array.

    Raises:
        TooMuchError: It has more rows than there may be.
        ValueError: It is no JSON array of objects.
    """
    _check_rows(len(_count_many(body)), limits)
    return _split_many(body)


def split_page(body: bytes, limits: Limits) -> tuple[Sequence[msgspec.Raw], object]:
    """Return the texts of the rows of a page, and what it says of all pages.

    Raises:
        TooMuchError: It has more rows than there may be.
        ValueError: It is no JSON object with an array of objects.
    """
    _check_rows(len(_count_page(body).items), limits)
    page = _split_page(body)
    about = memoryview(page.about)
    # It has a few numbers. More is parsed nowhere, since a parser holds the interpreter until it is done.
    return cast("Sequence[msgspec.Raw]", page.items), parse_json(about) if len(about) <= FREE_SIZE else None


def _check_rows(found: int, limits: Limits) -> None:
    if found > limits.rows:
        raise TooMuchError(f"$: expected at most {limits.rows} rows")


def pieces(rows: Iterable[bytes | msgspec.Raw]) -> Iterator[tuple[int, int, bytes]]:
    """Yield the JSON text of arrays of rows, each with the index of its first row and how many it has.

    Raises:
        TooMuchError: A row is larger or fuller than any is.
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
