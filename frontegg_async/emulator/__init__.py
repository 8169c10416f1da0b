"""An emulator of the service: a server of its own, in process, or behind test fixtures.

``python -m frontegg_async.emulator`` runs it as a server; `Emulator` runs it in a program.
"""

from __future__ import annotations

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.emulator.embedded import Emulator
from frontegg_async.emulator.handle import AsyncEmulatorHandle

__all__ = ["AsyncEmulatorHandle", "Emulator", "EmulatorHandle"]
