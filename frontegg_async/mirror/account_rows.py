"""Convert the lines of a snapshot into rows of the mirror's table of accounts, and compute their hashes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Final
from zlib import crc32

import msgspec

from frontegg_async.snapshots.reader import Portion


class _Fields(msgspec.Struct, gc=False):
    """The fields of a line that have their own columns."""

    name: Any = None
    parent_tenant_id: Any = None
    is_locked: Any = None
    is_reseller: Any = None


_BUCKETS: Final = 256
_decoder: Final = msgspec.json.Decoder(_Fields)
_read: Final = _decoder.decode
_read_all: Final = _decoder.decode_lines


class AccountRecord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of the table of accounts. In rows that were read from SQLite, flags are 0 and 1."""

    tenant_id: str
    document: str
    """The `sorted_json` of the account."""
    hash: str
    """The SHA-256 of the document, in hexadecimal digits."""
    name: str | None
    parent_tenant_id: str | None
    is_locked: bool | None
    may_have_children: bool
    """Whether accounts may be below this account: the account is a reseller, or the service does not show this field.
    """


def records_of(portion: Portion) -> list[AccountRecord]:
    """Convert the accounts of a portion."""
    return [*map(_record, portion.ids, portion.lines.split(b"\n"), _read_all(portion.lines))]


def record_of(tenant_id: str, line: bytes) -> AccountRecord:
    """Convert an account.

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
    """Return a text for a text column; replace the character NUL, which PostgreSQL refuses."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else None


def hash_of(line: bytes) -> str:
    """Return the hash of an account from its `sorted_json`."""
    return sha256(line).hexdigest()


def root_of(hashes: Iterable[tuple[Sequence[str], Sequence[str]]]) -> str:
    """Return the root hash of accounts. Two mirrors have the same root hash only if their rows are equal.

    The CRC-32 of its id assigns each account to one of 256 buckets. The hash of a bucket covers the hashes of its rows
    in the order of their ids. The root hash covers the hashes of all buckets.

    Args:
        hashes: The ids of accounts in the order of code points, with the hash of each row.
    """
    buckets = [sha256() for _ in range(_BUCKETS)]
    for ids, some in hashes:
        for tenant_id, each in zip(ids, some, strict=True):
            buckets[crc32(tenant_id.encode()) % _BUCKETS].update(each.encode())
    return sha256(b"".join(bucket.digest() for bucket in buckets)).hexdigest()
