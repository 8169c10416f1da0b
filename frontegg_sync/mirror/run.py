"""`MirrorRun`: a context manager that keeps a mirror up to date, by tasks in the thread of the event loop."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from frontegg_async._values.wrong_statements import OnlyWith
from frontegg_async.mirror.running import AsyncMirrorRun
from frontegg_sync._bridge.bridge import Bridge

__all__ = ["MirrorRun"]


class MirrorRun(OnlyWith):
    """A context manager that keeps a mirror up to date. Use each object only once, in ``with``.

    Args:
        run: The context manager that runs in the event loop.
        bridge: The bridge to the event loop.
    """

    __slots__ = ("_bridge", "_run")

    def __init__(self, run: AsyncMirrorRun, bridge: Bridge) -> None:
        self._run = run
        self._bridge = bridge

    def __enter__(self) -> Self:
        """Start the tasks.

        Raises:
            MirrorError: The tables of the mirror do not exist, or the database failed.
            FronteggError: The id of the environment could not be read.
        """
        self._bridge.call(self._run.__aenter__)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the tasks, and wait until they have ended."""
        self._bridge.call(lambda: self._run.__aexit__(None, None, None))
