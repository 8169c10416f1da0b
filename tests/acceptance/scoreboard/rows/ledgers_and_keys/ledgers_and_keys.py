"""Row 50: ledgers that are attacked, keys that glitch or rotate, and clients whose first call a signal interrupts."""

from __future__ import annotations

from typing import Final

from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.ledgers_and_keys.keys import measure_keys
from tests.acceptance.scoreboard.rows.ledgers_and_keys.ledgers import attack_ledgers
from tests.acceptance.scoreboard.rows.ledgers_and_keys.signals import measure_signals


async def measure(setting: Setting) -> Finding:
    """Measure the parts one after the other."""
    ledgers = await attack_ledgers(setting)
    keys = await measure_keys(setting)
    signals = await measure_signals(setting)
    return Finding(
        figure=f"{ledgers.entered} second writers, {ledgers.lost} rows lost, {ledgers.unexpected} unexpected exceptions"
        f" in {ledgers.cases} attacks on ledgers; {keys.refused} refused of {keys.verified:,} tokens, {keys.hasty}"
        f" hasty reads; "
        f"{signals.broken} broken of {signals.clients:,} clients",
        passed=not (ledgers.wrong or keys.refused or keys.hasty or signals.broken)
        and keys.verified > 0
        and signals.clients > 0,
        details=(*ledgers.details[:5], *keys.details[:5], *signals.details[:5]),
    )


ROWS: Final = (
    Row(
        number=50,
        name="ledgers-and-keys",
        title="ledgers: lock file removed, hard link, edited, half zeroed, two processes; keys that glitch or rotate;"
        " signals whose handlers call during a client's first call",
        target="two writers 0; unexpected exceptions 0; requests refused although the key is known 0; broken clients 0",
        measure=measure,
        starred=True,
    ),
)
