"""Objects that must not be finalised, since what they would close is another process's too."""

from __future__ import annotations

import msgspec


class _Knot(msgspec.Struct, eq=False, gc=False):
    """Holds itself, and the garbage collector does not look at it: nothing ever frees it."""

    things: tuple[object, ...]
    itself: object = None


def leak_on_purpose(*things: object) -> None:
    """Have objects live as long as the process, and not be finalised when it ends either.

    Args:
        things: The objects.
    """
    knot = _Knot(things)
    knot.itself = knot
