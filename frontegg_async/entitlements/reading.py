"""Read the snapshot of entitlements, and the offset that identifies the snapshot, from the service."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Final, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.entitlement_rules import Compiler
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints.entitlements import SNAPSHOT, SNAPSHOT_OFFSET
from frontegg_async.entitlements.snapshot import Snapshot, is_offset, read_snapshot
from frontegg_async.errors import DecodeError, ErrorDetails
from frontegg_async.options import Options

_OFFSET: Final = "snapshotOffset"


@attrs.frozen
class Read:
    """A snapshot and the JSON from which it was parsed."""

    snapshot: Snapshot
    body: bytes
    """The JSON of the snapshot."""
    refused: frozenset[str]
    """The unsupported regular expressions in targeting rules."""


def parse(body: bytes, re2: ModuleType) -> Read:
    """Parse a snapshot from the body of a response.

    Args:
        body: The JSON.
        re2: The ``re2`` module, for regular expressions.

    Raises:
        ValueError: The body is not a snapshot. The message contains no values of the body.
    """
    refused: set[str] = set()
    try:
        snapshot = read_snapshot(body, Compiler(re2, refused.add))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return Read(snapshot, body, frozenset(refused))


@attrs.frozen
class Reader:
    """Reader of the snapshot of an environment.

    Args:
        caller: Makes the calls.
        re2: The ``re2`` module, for regular expressions.
    """

    caller: Caller
    re2: ModuleType

    async def offset(self, options: Options) -> object:
        """Return the offset of the service's current snapshot.

        Raises:
            DecodeError: The response contains no offset.
            FronteggError: The call failed.
        """
        found = await self.caller.value(SNAPSHOT_OFFSET, options=options)
        offset = cast("Mapping[str, object]", found).get(_OFFSET) if isinstance(found, dict) else None
        if not is_offset(offset):
            raise _unreadable(SNAPSHOT_OFFSET, f"expected a number or a text at $.{_OFFSET}")
        return offset

    async def whole(self, options: Options) -> Read:
        """Read and return the service's current snapshot. A thread parses the response, so the event loop stays free.

        Raises:
            DecodeError: The response is not a snapshot.
            FronteggError: The call failed.
        """
        body = await self.caller.value(SNAPSHOT, options=options)
        try:
            return await run_in_thread(parse, body, self.re2)
        except ValueError as error:
            reason = str(error)
        raise _unreadable(SNAPSHOT, reason)


def _unreadable(endpoint: Endpoint[object], reason: str) -> DecodeError:
    return DecodeError(
        f"{endpoint.name}: the response is not what was expected: {reason}",
        ErrorDetails(endpoint=endpoint.name, reason="decode", paths=(f"$: {reason}",)),
    )
