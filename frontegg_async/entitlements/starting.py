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
"""Failures of one client, independent of the service."""
_DEFINITE: Final = (AuthenticationError, PermissionDeniedError, NotFoundError, ConfigurationError, *OF_CLIENT)
"""Refusals by the service or the client. An older snapshot must not hide these failures."""
PARSING: Final = 30.0
"""The longest time to parse a snapshot after its request, in seconds."""
_LONGEST_WAIT: Final = 30.0
"""The seconds after which a start takes the turn from another client, whose loop may be blocked."""


async def refresh(shared: SharedSnapshot, turn: Turn, reader: Reader, options: Options, clocks: Clocks) -> None:
    """Read the offset, and the snapshot if the offset differs.

    Args:
        shared: The shared snapshot.
        turn: The turn to read the service.
        reader: Reads the service.
        options: The options of each request.
        clocks: The clocks.

    Raises:
        FronteggError: A request failed; nothing changed.
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
    """The start of a client, until it has a first snapshot.

    Args:
        shared: The shared snapshot, which may already have been read.
        reader: Reads the service.
        keeper: Writes the file, if there is one.
        clocks: The clocks.
        period: The seconds between two refreshes.
        max_age: The age from which a snapshot is stale; ``None`` if it never is.
    """

    shared: SharedSnapshot
    reader: Reader
    keeper: FileKeeper | None
    clocks: Clocks
    period: float = attrs.field(kw_only=True)
    max_age: float | None = attrs.field(kw_only=True)

    async def run(self) -> None:
        """Wait until there is a snapshot that this client may use.

        Raises:
            FronteggError: There is no such snapshot.
        """
        now = self.clocks.monotonic
        limit = self.reader.caller.options_for(None).deadline
        until = math.inf if limit is None else now() + limit
        hangs = False
        while not self._is_usable():
            left = until - now()
            if left <= 0:
                raise RequestTimeoutError(
                    "the deadline passed before there was a snapshot of entitlements", ErrorDetails(reason="deadline")
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
        """Return whether the snapshot need not be read now: others refresh it, or an outage prevents that."""
        current = self.shared.current
        if current is None or self._is_stale(current):
            return False
        return self.shared.has_outage or self.clocks.monotonic() - current.at <= 2 * self.period

    def _is_stale(self, current: Confirmed) -> bool:
        return self.clocks.monotonic() >= stale_at(current, self.max_age)

    async def _read(self, turn: Turn, options: Options) -> None:
        """Read the service. If that fails, keep the present snapshot, or use the snapshot of the file."""
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
        max_age: The age from which the snapshot is too old; ``None`` if it never is.
    """
    return math.inf if max_age is None else current.at + max_age
