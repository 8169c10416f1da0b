"""Decompression that cannot be made to fill the memory."""

from __future__ import annotations

import zlib
from typing import Final

MAX_BODY: Final = 16 * 1024 * 1024
"""The largest body that is read, in bytes, before and after decompression."""

_FREE_SIZE: Final = 1024 * 1024
_MAX_RATIO: Final = 250
_GZIP: Final = 31


def inflate(data: bytes) -> bytes | None:
    """Decompress one gzip member.

    Returns:
        The data, or ``None`` if it is not exactly one complete member, is larger than `MAX_BODY`, or has a ratio that
        no JSON reaches.
    """
    limit = min(MAX_BODY, max(_FREE_SIZE, len(data) * _MAX_RATIO))
    inflater = zlib.decompressobj(_GZIP)
    try:
        plain = inflater.decompress(data, limit + 1)
    except zlib.error:
        return None
    if len(plain) > limit or not inflater.eof or inflater.unused_data or inflater.unconsumed_tail:
        return None
    return plain
