"""P9: the cost of an import, and of a process from its start to its first tenant.

Each is measured in its own process. The cost of an import is the processor time that it adds to a bare interpreter,
with compiled modules; the first tenant is the wall time of the whole process. Both are also measured without the SDK:
the libraries that it imports, and a program that gets a token and the tenant with aiohttp and orjson, which blocks by
anyio's portal.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from resource import RUSAGE_CHILDREN, getrusage
from typing import Final

from benchmarks.performance import canned_server, rounds
from benchmarks.performance.measures import Goal, Measure, RunSettings, ratio

_INTERPRETER: Final = "a bare interpreter"
_PARTS: Final = "import aiohttp, attrs, cattrs, anyio"
_AIOHTTP: Final = "import aiohttp"
_PYPI: Final = "frontegg.common.clients"
_IMPORTS: Final = {
    _INTERPRETER: "pass",
    _PARTS: _PARTS,
    _AIOHTTP: _AIOHTTP,
    "frontegg_async": "import frontegg_async",
    "frontegg_sync": "import frontegg_sync",
    "requests": "import requests",
    "stripe": "import stripe",
    "PyPI frontegg": f"from {_PYPI}.http_client import HttpClient",
    "openai": "import openai",
    "workos": "import workos",
}
_MOST: Final = {"frontegg_async": 0.35, "frontegg_sync": 0.45}

_OURS: Final = "frontegg_async"
_OURS_BLOCKING: Final = "frontegg_sync"
_BARE: Final = f"the same without {_OURS}"
_BARE_BLOCKING: Final = f"the same without {_OURS_BLOCKING}"
_LIBRARIES: Final = "import aiohttp, attrs, msgspec"
_BACKEND: Final = "import anyio.from_thread, anyio._backends._asyncio"
_CLIENTS: Final = {
    "AsyncFrontegg": "from frontegg_async import AsyncFrontegg",
    f"AsyncFrontegg, {_BARE}": _LIBRARIES,
    "Frontegg": "from frontegg_sync import Frontegg",
    f"Frontegg, {_BARE_BLOCKING}": f"{_LIBRARIES}, anyio",
    f"Frontegg and what making the first one loads, {_BARE_BLOCKING}": f"{_LIBRARIES}; {_BACKEND}",
}
"""What is compared with importing aiohttp."""
_MOST_OF_AIOHTTP: Final = {"AsyncFrontegg": 1.15, "Frontegg": 1.15}

_BY_HAND: Final = """\
import sys, aiohttp, orjson
async def main():
    credential = {"clientId": "emu_canned", "secret": "emu_canned"}
    async with aiohttp.ClientSession() as session:
        async with session.post(sys.argv[1] + "/auth/vendor", json=credential) as response:
            token = orjson.loads(await response.read())["token"]
        url = sys.argv[1] + "/tenants/resources/tenants/v2/" + sys.argv[2]
        async with session.get(url, headers={"Authorization": "Bearer " + token}) as response:
            assert orjson.loads(await response.read())["name"]
"""
_THEIRS: Final = "PyPI frontegg, awaited"
_THEIRS_BLOCKING: Final = "PyPI frontegg, blocking"
_FIRST_TENANT: Final = {
    _OURS: """\
import asyncio, sys
from frontegg_async import AsyncFrontegg
async def main():
    async with AsyncFrontegg("emu_canned", "emu_canned", base_url=sys.argv[1]) as frontegg:
        assert (await frontegg.tenants.get(sys.argv[2])).name
asyncio.run(main())
""",
    _BARE: f"import asyncio\n{_BY_HAND}asyncio.run(main())",
    _THEIRS: f"""\
import asyncio, sys
from {_PYPI}.async_http_client import HttpAsyncClient
async def main():
    client = HttpAsyncClient("emu_canned", "emu_canned", sys.argv[1] + "/")
    async with client.client:
        assert (await client.get("tenants/resources/tenants/v2/" + sys.argv[2])).json()["name"]
asyncio.run(main())
""",
    _OURS_BLOCKING: """\
import sys
from frontegg_sync import Frontegg
with Frontegg("emu_canned", "emu_canned", base_url=sys.argv[1]) as frontegg:
    assert frontegg.tenants.get(sys.argv[2]).name
""",
    _BARE_BLOCKING: f"""\
from anyio.from_thread import start_blocking_portal
{_BY_HAND}
with start_blocking_portal() as portal:
    portal.call(main)
""",
    _THEIRS_BLOCKING: f"""\
import sys
from {_PYPI}.http_client import HttpClient
client = HttpClient("emu_canned", "emu_canned", sys.argv[1] + "/")
assert client.get("tenants/resources/tenants/v2/" + sys.argv[2]).json()["name"]
""",
}


def _run(code: str, *arguments: str, environment: Mapping[str, str]) -> rounds.Turn:
    """Return the cost of a process that runs some code."""
    started = time.perf_counter()
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code, *arguments], env=environment, check=True)
    after = getrusage(RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return rounds.Turn(spent, time.perf_counter() - started)


def _take_turns(codes: Mapping[str, str], settings: RunSettings, *arguments: str, **variables: str) -> rounds.Turns:
    rng = random.Random(settings.seed)
    turns: dict[str, list[rounds.Turn]] = {name: [] for name in codes}
    with tempfile.TemporaryDirectory() as directory:
        # Installed modules are compiled already, those of a checkout perhaps not: the first run compiles them.
        environment = {**os.environ, **variables, "PYTHONPYCACHEPREFIX": directory}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for code in codes.values():
            _run(code, *arguments, environment=environment)
        for _ in range(settings.rounds):
            for name in rng.sample(list(codes), len(codes)):
                turns[name].append(_run(codes[name], *arguments, environment=environment))
    return turns


def _import(settings: RunSettings) -> list[Measure]:
    turns = _take_turns({**_IMPORTS, **_CLIENTS}, settings)
    bare = statistics.median(rounds.cpu(turns[_INTERPRETER]))
    added = {name: [each - bare for each in rounds.cpu(taken)] for name, taken in turns.items() if name != _INTERPRETER}
    base, http = added.pop(_PARTS), added.pop(_AIOHTTP)
    clients = [
        ratio(f"of {_AIOHTTP}, for {name}", added.pop(name), http, most=_MOST_OF_AIOHTTP.get(name)) for name in _CLIENTS
    ]
    return clients + [
        ratio(f"of {_PARTS}, for {name}", values, base, most=_MOST.get(name)) for name, values in added.items()
    ]


def _first_tenant(settings: RunSettings) -> list[Measure]:
    with canned_server.running() as running:
        base = f"{running.plain}/plain"
        turns = _take_turns(_FIRST_TENANT, settings, base, canned_server.TENANT_ID, FRONTEGG_API_GATEWAY_URL=base)
    times = {name: rounds.wall(taken) for name, taken in turns.items()}
    measures: list[Measure] = []
    for ours, bare, theirs in ((_OURS, _BARE, _THEIRS), (_OURS_BLOCKING, _BARE_BLOCKING, _THEIRS_BLOCKING)):
        name = f"of {theirs}, for a process of {ours} until its first tenant"
        measures += [
            ratio(name, times[ours], times[theirs], most=0.80),
            ratio(f"{name}, {bare}", times[bare], times[theirs]),
        ]
    return measures


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P9."""
    return [*_import(settings), *_first_tenant(settings)]


GOALS: Final = (Goal(name="P9", work="imports, and the first tenant of a process", take=take, seconds=600),)
