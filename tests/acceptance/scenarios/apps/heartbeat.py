"""Measures how long an event loop was blocked, by its own work or because other processes used the processor."""

from __future__ import annotations

import asyncio
import time
from typing import Final

_PAUSE: Final = 0.02


class Heartbeat:
    """Measures, many times a second, how late a short sleep ends."""

    def __init__(self) -> None:
        self.held_up = 0.0
        """The longest time, in seconds, for which the loop did not come to its next turn."""
        self.starved = 0.0
        """The longest time of which this process had no part: others had the processor."""

    def take(self) -> dict[str, float]:
        """Return both, and begin anew."""
        taken = {"held_up": self.held_up, "starved": self.starved}
        self.held_up = self.starved = 0.0
        return taken

    async def beat(self) -> None:
        """Look until it is cancelled."""
        while True:
            wall, own = time.monotonic(), time.process_time()
            await asyncio.sleep(_PAUSE)
            late = time.monotonic() - wall - _PAUSE
            self.held_up = max(self.held_up, late)
            self.starved = max(self.starved, late - (time.process_time() - own))
