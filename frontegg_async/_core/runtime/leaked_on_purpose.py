"""Leak objects that must never be finalised. Their finalizers would close resources of another process."""

from __future__ import annotations

import msgspec


class _Cycle(msgspec.Struct, eq=False, gc=False):
    """A reference cycle that the garbage collector does not track and so never frees."""

    things: tuple[object, ...]
    itself: object = None


def leak_on_purpose(*things: object) -> None:
    """Keep objects alive until the process ends, and do not finalise them at exit.

    Args:
        things: The objects.
    """
    cycle = _Cycle(things)
    cycle.itself = cycle
