"""A context in which a mirror is kept up to date, by tasks in the thread of the event loop."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from frontegg_async._values.wrong_statements import OnlyWith
from frontegg_async.mirror.running import AsyncMirrorRun
from frontegg_sync._bridge.bridge import Bridge

__all__ = ["MirrorRun"]


class MirrorRun(OnlyWith):
    """A context in which a mirror is kept up to date. Use it once, in ``with``.

    Args:
        run: The context in the loop.
        bridge: The bridge into the loop.
    """

    __slots__ = ("_bridge", "_run")

    def __init__(self, run: AsyncMirrorRun, bridge: Bridge) -> None:
        self._run = run
        self._bridge = bridge

    def __enter__(self) -> Self:
        """Start the tasks.

        Raises:
            MirrorError: There are no tables of a mirror, or the database failed.
            FronteggError: The id of the environment could not be read.
        """
        self._bridge.call(self._run.__aenter__)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the tasks, and wait until they have ended."""
        self._bridge.call(lambda: self._run.__aexit__(None, None, None))
