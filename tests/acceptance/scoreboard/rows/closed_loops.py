"""Row 37: event loops that are closed while a client still has connections on them.

``python -m tests.acceptance.scoreboard.rows.closed_loops URL ID SECRET COUNT`` measures it and prints what it found as
JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Final

from frontegg_async import AsyncFrontegg
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.soak import memory, open_sockets
from tests.acceptance.scoreboard.support.emulator_process import emulator_apart

_ROOT: Final = Path(__file__).resolve().parents[4]
_LOOPS: Final = 10_000
_WARM: Final = 500
_MOST_MB: Final = 1.0


def run(url: str, client_id: str, secret: str, count: int) -> dict[str, float]:
    """Use one client in one event loop after the other, each closed without closing the client."""
    client = AsyncFrontegg(client_id, secret, base_url=url)
    start: tuple[int, float] = (0, 0.0)
    for number in range(count + _WARM):
        if number == _WARM:
            start = open_sockets(), memory()
        loop = asyncio.new_event_loop()
        loop.run_until_complete(client.tenants.get("t"))
        loop.close()
    return {"sockets": open_sockets() - start[0], "grown": memory() - start[1]}


async def measure_ended(setting: Setting) -> Finding:
    """Measure it in a process of its own, whose memory holds nothing else."""
    del setting
    with emulator_apart(tenants=[{"tenantId": "t", "name": "n"}]) as emulator:
        ready = emulator.process.ready
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(
                "-m",
                "tests.acceptance.scoreboard.rows.closed_loops",
                emulator.url,
                ready["client_id"],
                ready["secret"],
                str(_LOOPS),
            ),
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await process.communicate()
    found: dict[str, float] = json.loads(output)
    return Finding(
        figure=f"{_LOOPS:,} loops: sockets {found['sockets']:+.0f}, memory {found['grown']:+.2f} MB",
        passed=process.returncode == 0 and not found["sockets"] and found["grown"] <= _MOST_MB,
    )


ROWS: Final = (
    Row(
        number=37,
        name="closed-loops",
        title="one client in 10,000 event loops, each closed without closing the client",
        target="sockets as many as at the start; growth of memory ≤ 1 MB",
        measure=measure_ended,
        time_limit=240.0,
    ),
)


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))))
