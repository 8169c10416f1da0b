"""Decompression: one complete gzip member of a plausible size, or nothing."""

from __future__ import annotations

import bz2
import gzip
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._core.http.decompression import MAX_BODY, inflate

_PAYLOAD = b'{"items": [], "_metadata": {"totalItems": 0}}'
_MIB = 1024 * 1024


@given(st.binary(max_size=10_000), st.integers(0, 9))
def test_round_trip(data: bytes, level: int) -> None:
    """What was compressed comes back."""
    assert inflate(gzip.compress(data, level)) == data


@given(st.binary(max_size=200), st.data())
def test_cut_off(data: bytes, draw: st.DataObject) -> None:
    """A member that lacks its end is refused, wherever it was cut."""
    packed = gzip.compress(data)
    assert inflate(packed[: draw.draw(st.integers(0, len(packed) - 1))]) is None


@given(st.binary(max_size=200), st.binary(min_size=1, max_size=50))
def test_trailing_bytes(data: bytes, more: bytes) -> None:
    """Nothing may follow the member."""
    assert inflate(gzip.compress(data) + more) is None


@given(st.binary(max_size=200))
def test_foreign_bytes(data: bytes) -> None:
    """Bytes that are no gzip end in a refusal and in no exception."""
    assert inflate(data) is None or data.startswith(b"\x1f\x8b")


@given(st.binary(min_size=1, max_size=200), st.data())
def test_flipped_bits(data: bytes, draw: st.DataObject) -> None:
    """A damaged member is refused, or was damaged where nothing depends on it."""
    packed = bytearray(gzip.compress(data))
    index = draw.draw(st.integers(0, len(packed) - 1))
    packed[index] ^= 1 << draw.draw(st.integers(0, 7))
    assert inflate(bytes(packed)) in (None, data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        _PAYLOAD,
        zlib.compress(_PAYLOAD),
        zlib.compress(_PAYLOAD, wbits=-15),
        bz2.compress(_PAYLOAD),
        gzip.compress(_PAYLOAD) * 2,
        gzip.compress(b"") * 2,
        gzip.compress(_PAYLOAD) + b"\x00",
        b"\x00" + gzip.compress(_PAYLOAD),
        gzip.compress(gzip.compress(_PAYLOAD))[:-8] + bytes(8),
        gzip.compress(_PAYLOAD)[:-8],
        gzip.compress(_PAYLOAD)[:-8] + bytes(4) + gzip.compress(_PAYLOAD)[-4:],
        gzip.compress(_PAYLOAD)[:-4] + bytes(4),
    ],
    ids=[
        "nothing",
        "not compressed",
        "zlib",
        "deflate",
        "bzip2",
        "two members",
        "two empty members",
        "padded",
        "prefixed",
        "no trailer",
        "cut",
        "wrong checksum",
        "wrong length",
    ],
)
def test_what_is_not_one_member(data: bytes) -> None:
    """Only one complete member of gzip is taken."""
    assert inflate(data) is None


def test_a_member_within_a_member_is_opened_once() -> None:
    """What was compressed twice comes back compressed once."""
    once = gzip.compress(_PAYLOAD)
    assert inflate(gzip.compress(once)) == once


@pytest.mark.slow
@pytest.mark.parametrize("size", [_MIB + 1, 8 * _MIB, MAX_BODY, MAX_BODY + 1, 200 * _MIB])
def test_bombs(size: int) -> None:
    """A ratio that no JSON reaches is refused, whatever the size."""
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(bomb.compress(bytes(_MIB)) for _ in range(size // _MIB))
    packed += bomb.compress(bytes(size % _MIB)) + bomb.flush()
    assert len(packed) * 250 < size
    assert inflate(packed) is None


def test_small_answers_may_have_any_ratio() -> None:
    """Up to 1 MiB, a body of one repeated byte is no danger."""
    assert inflate(gzip.compress(bytes(_MIB))) == bytes(_MIB)


@pytest.mark.slow
def test_the_ratio_is_bounded() -> None:
    """Above 1 MiB, 250 bytes for each one that came are taken, and not one more."""
    noise = random.Random(3).randbytes(8_000)
    zeros = 0
    for _ in range(20):
        zeros = 250 * len(gzip.compress(noise + bytes(zeros))) - len(noise)
    packed, larger = (gzip.compress(noise + bytes(count)) for count in (zeros, zeros + 1))
    assert len(noise) + zeros == 250 * len(packed) > _MIB
    assert len(larger) == len(packed)
    assert inflate(packed) == noise + bytes(zeros)
    assert inflate(larger) is None


def test_the_size_is_bounded() -> None:
    """The largest body, of 16 MiB, is read, and one byte more is not."""
    assert MAX_BODY == 16 * _MIB
    largest = bytes(MAX_BODY)
    assert inflate(gzip.compress(largest, 0)) == largest
    assert inflate(gzip.compress(largest + b"x", 0)) is None


def test_a_large_page_is_read() -> None:
    """Real JSON of several MiB stays far below the ratio."""
    rng = random.Random(7)
    page = (
        b"[" + b",".join(b'{"tenantId": "%016x", "name": "Acme"}' % rng.getrandbits(64) for _ in range(60_000)) + b"]"
    )
    assert len(page) > 2 * _MIB
    assert inflate(gzip.compress(page, 1)) == page
