"""Rows of accounts: the lines of a snapshot as the table has them, with their hashes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Final
from zlib import crc32

import msgspec

from frontegg_async.snapshots.reader import Portion


class _Fields(msgspec.Struct, gc=False):
    """The fields of a line that have columns of their own."""

    name: Any = None
    parent_tenant_id: Any = None
    is_locked: Any = None
    is_reseller: Any = None


_BUCKETS: Final = 256
_decoder: Final = msgspec.json.Decoder(_Fields)
_read: Final = _decoder.decode
_read_all: Final = _decoder.decode_lines


class AccountRecord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An account as the table has it. In SQLite, the flags of a row that was read are 0 and 1."""

    tenant_id: str
    document: str
    """The `sorted_json` of its row."""
    hash: str
    """The SHA-256 of the document, in hexadecimal digits."""
    name: str | None
    parent_tenant_id: str | None
    is_locked: bool | None
    may_have_children: bool
    """Whether there may be accounts below it: it is a reseller, or does not say whether it is."""


def records_of(portion: Portion) -> list[AccountRecord]:
    """Return the accounts of a portion."""
    return [*map(_record, portion.ids, portion.lines.split(b"\n"), _read_all(portion.lines))]


def record_of(tenant_id: str, line: bytes) -> AccountRecord:
    """Return an account.

    Args:
        tenant_id: Its id.
        line: The `sorted_json` of its row.
    """
    return _record(tenant_id, line, _read(line))


def _record(tenant_id: str, line: bytes, fields: _Fields) -> AccountRecord:
    return AccountRecord(
        tenant_id,
        line.decode(),
        hash_of(line),
        _text(fields.name),
        _text(fields.parent_tenant_id),
        fields.is_locked if isinstance(fields.is_locked, bool) else None,
        fields.is_reseller is not False,
    )


def _text(value: object) -> str | None:
    """Return a value as a column of text has it: PostgreSQL refuses the character NUL."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else None


def hash_of(line: bytes) -> str:
    """Return the hash of the `sorted_json` of a row."""
    return sha256(line).hexdigest()


def root_of(hashes: Iterable[tuple[Sequence[str], Sequence[str]]]) -> str:
    """Return the root hash of accounts: equal for the same rows, and for no others.

    Each account belongs to one of 256 buckets by the CRC-32 of its id. The hash of a bucket covers the hashes of its
    rows in the order of their ids, and the root covers those of all buckets.

    Args:
        hashes: The ids of accounts, in the order of code points, and the hash of the row of each.
    """
    buckets = [sha256() for _ in range(_BUCKETS)]
    for ids, some in hashes:
        for tenant_id, each in zip(ids, some, strict=True):
            buckets[crc32(tenant_id.encode()) % _BUCKETS].update(each.encode())
    return sha256(b"".join(bucket.digest() for bucket in buckets)).hexdigest()
