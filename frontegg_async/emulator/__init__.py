"""An emulator of Frontegg's service. It runs as a server, in a Python program, or through test fixtures.

``python -m frontegg_async.emulator`` runs the emulator as a server. `Emulator` runs it in a program.
"""

from __future__ import annotations

from frontegg_async.emulator.admin.deliveries import Delivery
from frontegg_async.emulator.admin.outbox import SentEmail
from frontegg_async.emulator.admin.recorded import RecordedExchange, RecordedPart
from frontegg_async.emulator.admin.token_verbs import IssuedAccessToken, UserToken
from frontegg_async.emulator.admin.verbs import Stats
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.emulator.embedded import Emulator
from frontegg_async.emulator.handle import AsyncEmulatorHandle
from frontegg_async.emulator.services.emails.rows import EmailTemplate, MessageChannel
from frontegg_async.emulator.world.journal import Effect, JournalEntry
from frontegg_async.emulator.world.seeds import SeedResult

__all__ = [
    "AsyncEmulatorHandle",
    "Delivery",
    "Effect",
    "EmailTemplate",
    "Emulator",
    "EmulatorHandle",
    "IssuedAccessToken",
    "JournalEntry",
    "MessageChannel",
    "RecordedExchange",
    "RecordedPart",
    "SeedResult",
    "SentEmail",
    "Stats",
    "UserToken",
]
