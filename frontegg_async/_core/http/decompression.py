"""Decompression with a size limit, against decompression bombs.

The decompression of aiohttp limits the size of each piece, but not of the whole body
(https://github.com/aio-libs/aiohttp/issues/8248). So its ``auto_decompress`` is off.
"""

from __future__ import annotations

import zlib
from typing import Final

MAX_BODY: Final = 16 * 1024 * 1024
"""The largest body that is read, in bytes, before and after decompression."""

FREE_SIZE: Final = 1024 * 1024
"""The decompressed size, in bytes, up to which any compression ratio is accepted.

Decompressing a response of this size takes a few milliseconds.
"""

_MAX_RATIO: Final = 250
_GZIP: Final = 31


def inflate(data: bytes, most: int = MAX_BODY) -> bytes | None:
    """Decompress one gzip member.

    Args:
        data: The member.
        most: The largest decompressed size, in bytes.

    Returns:
        The decompressed data. ``None`` if the input is not exactly one complete member, if the data is larger than
        ``most``, or if the compression ratio is higher than that of any JSON.
    """
    limit = min(most, max(FREE_SIZE, len(data) * _MAX_RATIO))
    inflater = zlib.decompressobj(_GZIP)
    try:
        plain = inflater.decompress(data, limit + 1)
    except zlib.error:
        return None
    if len(plain) > limit or not inflater.eof or inflater.unused_data or inflater.unconsumed_tail:
        return None
    return plain
