"""Convert the lines of a snapshot to rows of the mirror's table of accounts, and compute hashes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Final
from zlib import crc32

import msgspec

from frontegg_async.snapshots.reader import Portion


class _Fields(msgspec.Struct, gc=False):
    """The fields of a line for which the table has separate columns."""

    name: Any = None
    parent_tenant_id: Any = None
    is_locked: Any = None
    is_reseller: Any = None


_BUCKETS: Final = 256
_decoder: Final = msgspec.json.Decoder(_Fields)
_read: Final = _decoder.decode
_read_all: Final = _decoder.decode_lines


class AccountRecord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of the table of accounts. In a row from SQLite, the flags are 0 and 1."""

    tenant_id: str
    document: str
    """The `sorted_json` of the account."""
    hash: str
    """The SHA-256 of the document, as hexadecimal digits."""
    name: str | None
    parent_tenant_id: str | None
    is_locked: bool | None
    may_have_children: bool
    """Whether this account may have accounts below it.

    This is true for a reseller, and for an account whose line does not contain the field of resellers.
    """


def records_of(portion: Portion) -> list[AccountRecord]:
    """Convert the accounts of a portion of a snapshot to rows."""
    return [*map(_record, portion.ids, portion.lines.split(b"\n"), _read_all(portion.lines))]


def record_of(tenant_id: str, line: bytes) -> AccountRecord:
    """Convert an account to a row.

    Args:
        tenant_id: The id of the account.
        line: The `sorted_json` of the account.
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
    """Return a text for a text column, without the character NUL, which PostgreSQL refuses."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else None


def hash_of(line: bytes) -> str:
    """Return the hash of an account from its `sorted_json`."""
    return sha256(line).hexdigest()


def root_of(hashes: Iterable[tuple[Sequence[str], Sequence[str]]]) -> str:
    """Return the root hash of accounts. Equal root hashes mean that all rows are equal.

    The CRC-32 of the account's id assigns each account to one of 256 buckets. The hash of a bucket covers the hashes of
    its rows in the order of their ids. The root hash covers the hashes of all buckets.

    Args:
        hashes: Pairs of sequences: ids of accounts in the order of code points, and the hashes of their rows.
    """
    buckets = [sha256() for _ in range(_BUCKETS)]
    for ids, some in hashes:
        for tenant_id, each in zip(ids, some, strict=True):
            buckets[crc32(tenant_id.encode()) % _BUCKETS].update(each.encode())
    return sha256(b"".join(bucket.digest() for bucket in buckets)).hexdigest()
