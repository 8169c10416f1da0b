"""Bombs: small bodies that are large when they are decompressed."""

from __future__ import annotations

import asyncio
import functools
import zlib
from collections.abc import Iterator
from typing import Final

_CHUNK: Final = 1 << 20
_KEPT: Final = 8
"""How many are remembered: making a large one takes seconds."""


async def bomb(encoding: str, size: int) -> bytes:
    """Return what `make_bomb` does, without holding up other requests."""
    return await asyncio.to_thread(make_bomb, encoding, size)


@functools.lru_cache(maxsize=_KEPT)
def make_bomb(encoding: str, size: int) -> bytes:
    """Return a compressed JSON text of ``size`` bytes."""
    window = zlib.MAX_WBITS | 16 if encoding == "gzip" else zlib.MAX_WBITS
    deflater = zlib.compressobj(9, zlib.DEFLATED, window)
    return b"".join([*map(deflater.compress, _filler(size)), deflater.flush()])


def _filler(size: int) -> Iterator[bytes]:
    left = max(size - 2, 0)
    yield b'"'
    while left > 0:
        yield b"0" * min(left, _CHUNK)
        left -= _CHUNK
    yield b'"'
