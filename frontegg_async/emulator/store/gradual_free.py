"""Frees large containers in small steps in a thread, so that the event loop can serve requests meanwhile."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

LARGE: Final = 5_000
"""The number of entries above which a container is freed in a thread, because requests would wait too long."""

_AT_ONCE: Final = 500
_PAUSE: Final = 0.001
"""The seconds between two steps. A thread that never sleeps would delay other threads by milliseconds."""

Container: TypeAlias = dict[Any, Any] | list[Any] | deque[Any]


def free_gradually(containers: Iterable[Container]) -> None:
    """Empty containers that are no longer used. Large containers are emptied in a thread."""
    filled = [container for container in containers if container]
    if sum(map(len, filled)) > LARGE:
        # Python frees a large dictionary in one step, which blocks all other threads.
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
