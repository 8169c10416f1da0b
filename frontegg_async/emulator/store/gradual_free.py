"""Frees much data little by little, while requests go on being answered."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

LARGE: Final = 5_000
"""Entries above which freeing takes longer than a request should wait."""

_AT_ONCE: Final = 500
_PAUSE: Final = 0.001
"""Seconds between two pieces of work: a thread that never waits keeps others waiting for milliseconds each time."""

Container: TypeAlias = dict[Any, Any] | list[Any] | deque[Any]


def free_gradually(containers: Iterable[Container]) -> None:
    """Empty containers, in a thread if there is much in them; nobody may use them any more."""
    filled = [container for container in containers if container]
    if sum(map(len, filled)) > LARGE:
        # One large dictionary is freed in one go, which no other thread can interrupt; entry by entry it can.
        threading.Thread(target=_empty, args=(filled,), name="frontegg-emulator-disposal", daemon=True).start()


def _empty(containers: Sequence[Container]) -> None:
    for container in containers:
        while container:
            time.sleep(_PAUSE)
            for _ in range(min(len(container), _AT_ONCE)):
                if isinstance(container, dict):
                    container.popitem()
                else:
                    container.pop()
