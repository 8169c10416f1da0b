"""Read and write plan files. The format is JSON Lines, and the first line contains the digest of all other lines."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from frontegg_async._core.runtime.replaced_file import ReplacedFile
from frontegg_async._formats.json_text import sorted_json
from frontegg_async._values.json_values import JsonValue, parse_unique
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.write import Write

FORMAT: Final = "frontegg-plan/1"


class PlanNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that a plan leaves out, and the reason."""

    key: str
    """The id of the account; empty for all accounts."""
    path: str
    """The field; empty for the whole account."""
    text: str
    """The reason."""


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line of a plan's file."""

    format: str
    environment: dict[str, str | None]
    """The id and the type of the environment."""
    inputs: list[dict[str, str]]
    """The name and the SHA-256 of each input."""
    accounts: int
    """The number of accounts in the environment; 0 if no account was read."""
    objects: dict[str, int]
    """The number of objects in each part of the environment that was read."""
    populations: dict[str, int]
    """The number of present objects of which each guard limits a share."""
    counts: dict[str, int]
    requests: int
    """The number of write requests."""
    emails: int
    guards: dict[str, dict[str, int | None]]
    not_planned: int
    """The total number of notes."""
    notes: list[PlanNote]
    """The first notes."""
    writes: int
    """The number of writes, which is the number of other lines."""
    digest: str
    """The SHA-256 of the other lines."""


_read_header: Final = msgspec.json.Decoder(Header).decode
_read_write: Final = msgspec.json.Decoder(Write).decode


def encode_lines(writes: Sequence[Write]) -> bytes:
    """Return the lines of writes.

    Args:
        writes: The writes, in the order of sending.
    """
    return b"".join(sorted_json(_plain(each)) + b"\n" for each in writes)


def _plain(write: Write) -> Mapping[str, object]:
    values: dict[str, object] = msgspec.to_builtins(write)
    left_out = {name for name, value in values.items() if value is None and name != "before"}
    if not write.dangers:
        left_out.add("dangers")
    return {name: value for name, value in values.items() if name not in left_out}


def encode_header(header: Header) -> bytes:
    """Return the first line of a plan file.

    Args:
        header: The values of the line.
    """
    return sorted_json(msgspec.to_builtins(header)) + b"\n"


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of bytes as text."""
    return hashlib.sha256(content).hexdigest()


def write_plan(path: Path, content: bytes) -> None:
    """Write a plan to a file. An existing file is replaced.

    Args:
        path: The file.
        content: The content of the plan.

    Raises:
        InvalidArgumentError: The file is a SQLite database such as a ledger.
        OSError: The file cannot be written.
    """
    file = ReplacedFile(path)
    try:
        file.open()
        file.write(content)
        file.commit()
    finally:
        file.discard()


def decode(content: bytes, name: str) -> tuple[Header, list[Write]]:
    """Return the header and the writes of a plan.

    Args:
        content: The content of the file.
        name: The name of the file, for messages.

    Raises:
        InvalidArgumentError: The content is not a plan, or was changed after it was written.
    """
    head, _, body = content.partition(b"\n")
    header = _header(head, name)
    lines = body.split(b"\n")[:-1]
    if digest_of(body) != header.digest or len(lines) != header.writes:
        raise InvalidArgumentError(
            f"{name}:1:1: the plan was changed or is damaged: its lines do not match the digest in its first line;"
            " make a new plan"
        )
    writes: list[Write] = []
    for number, line in enumerate(lines, 2):
        try:
            parse_unique(line)
            writes.append(_read_write(line))
        except (ValueError, RecursionError) as error:
            raise InvalidArgumentError(f"{name}:{number}:1: the line is not a write of a plan: {error}") from None
    return header, writes


def _header(line: bytes, name: str) -> Header:
    try:
        found: JsonValue = parse_unique(line)
    except (ValueError, RecursionError):
        found = None
    version = found.get("format") if isinstance(found, dict) else None
    if version != FORMAT:
        has = f"the format is {version!r}" if isinstance(version, str) else "it has no format"
        raise InvalidArgumentError(f"{name}:1:1: the first line of a plan must have the format {FORMAT!r}, but {has}")
    try:
        return _read_header(line)
    except (ValueError, RecursionError) as error:
        raise InvalidArgumentError(f"{name}:1:1: the first line is not the header of a plan: {error}") from None
