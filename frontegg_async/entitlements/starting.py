"""Get the first snapshot when a client opens: from the service, from another client, or from the file."""

from __future__ import annotations

import math
from typing import Final

import attrs

from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async._core.runtime.loops import running_loop
from frontegg_async.entitlements.file_keeper import FileKeeper
from frontegg_async.entitlements.reading import Reader
from frontegg_async.entitlements.shared import Confirmed, SharedSnapshot, Turn
from frontegg_async.entitlements.stale_file import UnusableFileError
from frontegg_async.errors import (
    AuthenticationError,
    ClientClosedError,
    ConfigurationError,
    ErrorDetails,
    FronteggError,
    NotFoundError,
    PermissionDeniedError,
    RequestTimeoutError,
    WrongLoopError,
)
from frontegg_async.options import Options

OF_CLIENT: Final = (ClientClosedError, WrongLoopError)
"""Errors that only one client has, independent of the service."""
_DEFINITE: Final = (AuthenticationError, PermissionDeniedError, NotFoundError, ConfigurationError, *OF_CLIENT)
"""Errors that need a person. A start must raise them instead of using an older snapshot."""
PARSING: Final = 30.0
"""The assumed longest time, in seconds, for parsing a snapshot after its request."""
_LONGEST_WAIT: Final = 30.0
"""The seconds after which a start takes the turn from another client. The event loop of that client may be blocked."""


async def refresh(shared: SharedSnapshot, turn: Turn, reader: Reader, options: Options, clocks: Clocks) -> None:
    """Read the offset, and read the snapshot if the offset changed.

    Args:
        shared: The shared snapshot.
        turn: The turn, which is the right to read the service.
        reader: Reads the service.
        options: The options of each request.
        clocks: The clocks.

    Raises:
        FronteggError: A request failed. The shared snapshot is unchanged.
    """
    asked_at, current = clocks.monotonic(), shared.current
    if current is not None and not current.is_of_file and not shared.is_whole_wanted:
        if await reader.offset(options) == current.snapshot.offset:
            shared.confirm(turn, asked_at)
            return
        asked_at = clocks.monotonic()
    shared.replace(turn, await reader.whole(options), asked_at)


@attrs.frozen
class Start:
    """The start of a client, which ends with a first snapshot.

    Args:
        shared: The shared snapshot. Another client may have read it already.
        reader: Reads the service.
        keeper: Writes the file of the snapshot. ``None`` without a file.
        clocks: The clocks.
        period: The seconds between two refreshes.
        max_age: The age from which a snapshot is stale, in seconds. ``None`` if no snapshot is stale.
    """

    shared: SharedSnapshot
    reader: Reader
    keeper: FileKeeper | None
    clocks: Clocks
    period: float = attrs.field(kw_only=True)
    max_age: float | None = attrs.field(kw_only=True)

    async def run(self) -> None:
        """Wait for a snapshot that this client may use.

        Raises:
            FronteggError: No such snapshot can be read.
        """
        now = self.clocks.monotonic
        limit = self.reader.caller.options_for(None).deadline
        until = math.inf if limit is None else now() + limit
        hangs = False
        while not self._is_usable():
            left = until - now()
            if left <= 0:
                raise RequestTimeoutError(
                    "the deadline passed before a snapshot of entitlements was available",
                    ErrorDetails(reason="deadline"),
                )
            turn = self.shared.take_turn(running_loop(), now(), until + PARSING, takes_over=hangs)
            if turn is None:
                hangs = not await self.shared.wait_for_turn(min(left / 2, _LONGEST_WAIT))
                continue
            try:
                await self._read(turn, Options() if left == math.inf else Options(deadline=left))
                if self.shared.is_valid(turn):
                    return
            finally:
                self.shared.give_back(turn)
        if self.keeper is not None:
            self.shared.is_whole_wanted = True  # the file needs the JSON of the snapshot

    def _is_usable(self) -> bool:
        """Return whether the client can use the snapshot without reading the service.

        Other clients refresh the snapshot, or an outage prevents a refresh.
        """
        current = self.shared.current
        if current is None or self._is_stale(current):
            return False
        return self.shared.has_outage or self.clocks.monotonic() - current.at <= 2 * self.period

    def _is_stale(self, current: Confirmed) -> bool:
        return self.clocks.monotonic() >= stale_at(current, self.max_age)

    async def _read(self, turn: Turn, options: Options) -> None:
        """Read the service. If the read fails, keep the current snapshot, or use the snapshot of the file."""
        try:
            await refresh(self.shared, turn, self.reader, options, self.clocks)
        except FronteggError as error:
            failure = error.fresh()
        else:
            return
        current = self.shared.current
        if isinstance(failure, _DEFINITE):
            raise failure
        if current is None:
            await self._use_file(turn, failure)
            return
        self.shared.fail(turn, failure)
        if self._is_stale(current):
            raise failure

    async def _use_file(self, turn: Turn, failure: FronteggError) -> None:
        if self.keeper is None:
            raise failure
        try:
            read, at = await self.keeper.read(self.reader.re2)
        except UnusableFileError as error:
            failure.add_note(f"stale_file was not used: {error}")
            raise failure from None
        if self._is_stale(Confirmed(read.snapshot, at)):
            failure.add_note("stale_file was not used: its snapshot is older than max_age, or of unknown age")
            raise failure
        self.shared.start_with(turn, read, at, failure)


def stale_at(current: Confirmed, max_age: float | None) -> float:
    """Return the time when a snapshot becomes too old, on the monotonic clock.

    Args:
        current: The snapshot.
        max_age: The age from which the snapshot is too old, in seconds. ``None`` if no age is too old.
    """
    return math.inf if max_age is None else current.at + max_age
