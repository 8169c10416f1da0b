"""P9 and P16: the cost of an import, and of a process from its start to its first tenant.

P9 counts the instructions of an import beyond those of a bare interpreter, compared with `import aiohttp`. The count
needs valgrind. P16 measures the wall time of the whole process, compared with PyPI's `frontegg`.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks import canned_server
from benchmarks.measures import Goal, Measure, RunSettings, figure, ratio

MOST_OF_AIOHTTP: Final = 1.25
_COUNTER: Final = Path(__file__).resolve().parents[1] / "tools" / "quality" / "instructions.py"
_BARE: Final = "pass"
_AIOHTTP: Final = "import aiohttp"
_CLIENTS: Final = ("from frontegg_async import AsyncFrontegg", "from frontegg_sync import Frontegg")
_PYPI: Final = "frontegg.common.clients"
_AWAITED: Final = (
    """\
import asyncio, sys
from frontegg_async import AsyncFrontegg
async def main():
    async with AsyncFrontegg("emu_canned", "emu_canned", base_url=sys.argv[1]) as frontegg:
        assert (await frontegg.tenants.get(sys.argv[2])).name
asyncio.run(main())
""",
    f"""\
import asyncio, sys
from {_PYPI}.async_http_client import HttpAsyncClient
async def main():
    client = HttpAsyncClient("emu_canned", "emu_canned", sys.argv[1] + "/")
    async with client.client:
        assert (await client.get("tenants/resources/tenants/v2/" + sys.argv[2])).json()["name"]
asyncio.run(main())
""",
)
_BLOCKING: Final = (
    """\
import sys
from frontegg_sync import Frontegg
with Frontegg("emu_canned", "emu_canned", base_url=sys.argv[1]) as frontegg:
    assert frontegg.tenants.get(sys.argv[2]).name
""",
    f"""\
import sys
from {_PYPI}.http_client import HttpClient
client = HttpClient("emu_canned", "emu_canned", sys.argv[1] + "/")
assert client.get("tenants/resources/tenants/v2/" + sys.argv[2]).json()["name"]
""",
)
_FIRST_TENANT: Final = {"awaited": (*_AWAITED, 0.80), "blocking": (*_BLOCKING, 1.0)}
"""The program with the SDK, the program with PyPI's `frontegg`, and the goal."""


def take_imports(_settings: RunSettings) -> Sequence[Measure]:
    """Measure P9."""
    if shutil.which("valgrind") is None:
        return [figure("not counted, since valgrind is not installed", 0, "")]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for code in (*_CLIENTS, _AIOHTTP):
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)  # compiles the modules
    argv = [sys.executable, str(_COUNTER), _BARE, _AIOHTTP, *_CLIENTS]
    printed = subprocess.run(argv, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    bare, aiohttp, *clients = (int(line.split()[0]) for line in printed.splitlines())
    return [
        figure(f"of {_AIOHTTP}, {code}, instructions", (each - bare) / (aiohttp - bare), "x", most=MOST_OF_AIOHTTP)
        for code, each in zip(_CLIENTS, clients, strict=True)
    ]


def _seconds(code: str, base: str, environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, base, canned_server.TENANT_ID], env=environment, check=True)
    return time.perf_counter() - started


def take_first_tenant(settings: RunSettings) -> Sequence[Measure]:
    """Measure P16."""
    rng = random.Random(settings.seed)
    measures: list[Measure] = []
    with canned_server.running() as server, tempfile.TemporaryDirectory() as directory:
        base = f"{server.plain}/plain"
        # The modules of a checkout may not be compiled yet, unlike installed modules. The first run compiles them.
        environment = {**os.environ, "FRONTEGG_API_GATEWAY_URL": base, "PYTHONPYCACHEPREFIX": directory}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for way, (ours, theirs, most) in _FIRST_TENANT.items():
            times: dict[str, list[float]] = {ours: [], theirs: []}
            for code in times:
                _seconds(code, base, environment)
            for _ in range(settings.rounds):
                for code in rng.sample([ours, theirs], 2):
                    times[code].append(_seconds(code, base, environment))
            name = f"of PyPI frontegg, {way}, a process until its first tenant"
            measures.append(ratio(name, times[ours], times[theirs], most=most))
    return measures


GOALS: Final = (
    Goal(name="P9", work="the import of a client", take=take_imports),
    Goal(name="P16", work="the first tenant of a process", take=take_first_tenant, seconds=600),
)
