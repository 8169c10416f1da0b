"""Decompression with a size limit, against decompression bombs.

aiohttp can decompress by itself, but limits only each piece and not the whole body
(https://github.com/aio-libs/aiohttp/issues/8248), so its ``auto_decompress`` is off.
"""

from __future__ import annotations

import zlib
from typing import Final

MAX_BODY: Final = 16 * 1024 * 1024
"""The largest body that is read, in bytes, before and after decompression."""

FREE_SIZE: Final = 1024 * 1024
"""The size that a response may have at any compression ratio. Decompressing it takes some milliseconds."""

_MAX_RATIO: Final = 250
_GZIP: Final = 31


def inflate(data: bytes, most: int = MAX_BODY) -> bytes | None:
    """Decompress one gzip member.

    Args:
        data: The member.
        most: The largest decompressed size, in bytes.

    Returns:
        The decompressed data, or ``None`` if the input is not exactly one complete member, is larger than ``most``, or
        has a compression ratio that no JSON reaches.
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
