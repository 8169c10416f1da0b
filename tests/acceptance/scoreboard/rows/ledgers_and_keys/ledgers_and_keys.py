"""Row 50: what becomes of keys that glitch or rotate, and of clients whose first call a signal interrupts."""

from __future__ import annotations

from typing import Final

from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.ledgers_and_keys.keys import measure_keys
from tests.acceptance.scoreboard.rows.ledgers_and_keys.signals import measure_signals


async def measure(setting: Setting) -> Finding:
    """Measure the parts one after the other."""
    keys = await measure_keys(setting)
    signals = await measure_signals(setting)
    return Finding(
        figure=f"{keys.refused} refused of {keys.verified:,} tokens, {keys.hasty} hasty reads; "
        f"{signals.broken} broken of {signals.clients:,} clients",
        passed=not (keys.refused or keys.hasty or signals.broken) and keys.verified > 0 and signals.clients > 0,
        details=(*keys.details[:5], *signals.details[:5]),
    )


ROWS: Final = (
    Row(
        number=50,
        name="ledgers-and-keys",
        title="keys that glitch or rotate; signals whose handlers call during a client's first call",
        target="requests refused although the key is known 0; broken clients 0",
        measure=measure,
        starred=True,
        time_limit=300.0,
    ),
)
