"""Row 38: the guards of FastAPI, aiohttp and Django answer guarded routes of random route tables with a token only."""

from __future__ import annotations

import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Final, TypeAlias

import attrs

from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from frontegg_async.errors import ConfigurationError
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.guards.aiohttp_server import serve_aiohttp
from tests.acceptance.scoreboard.rows.guards.django_site import serve_django
from tests.acceptance.scoreboard.rows.guards.fastapi_app import serve_fastapi
from tests.acceptance.scoreboard.rows.guards.route_tables import (
    PERMISSION,
    ROLE,
    Route,
    Sender,
    make_requests,
    make_table,
)

_TABLES: Final = 12
_TABLES_IN_FULL: Final = 250
_ROUTES: Final = 12
_REQUESTS: Final = 40

Ask: TypeAlias = Callable[[str, str, Mapping[str, str]], Awaitable[str | None]]
"""Sends a request and returns the name of the route that answered it, or ``None`` if none did."""

Serve: TypeAlias = Callable[[AsyncEmulatorHandle, list[Route]], contextlib.AbstractAsyncContextManager[Ask]]
"""Serves a table; raises `ConfigurationError` if the guard refuses it."""

_FRAMEWORKS: Final[Mapping[str, Serve]] = {
    "FastAPI": serve_fastapi,
    "aiohttp": serve_aiohttp,
    "Django": serve_django,
}


@attrs.define
class _Tally:
    """Counts the observations of a framework."""

    tables: int = 0
    refused_tables: int = 0
    requests: int = 0
    answered_public: int = 0
    answered_guarded: int = 0
    leaks: list[str] = attrs.field(factory=list[str])


@contextlib.asynccontextmanager
async def _environment() -> AsyncIterator[tuple[AsyncEmulatorHandle, dict[Sender, dict[str, str]]]]:
    """Yield an environment and the headers of each sender."""
    async with Emulator() as emulator:
        await emulator.seed(tenants=[{"tenantId": "t1", "name": "First"}])
        poor = await emulator.user_token(tenant_id="t1", user_id="poor", roles=[ROLE])
        good = await emulator.user_token(tenant_id="t1", user_id="good", permissions=[PERMISSION], roles=[ROLE])
        yield (
            emulator,
            {
                "nobody": {},
                "poor": {"Authorization": f"Bearer {poor.access_token}"},
                "good": {"Authorization": f"Bearer {good.access_token}"},
            },
        )


async def measure_guards(setting: Setting) -> Finding:
    """Serve route tables with each framework, and record which requests are answered."""
    tallies: dict[str, _Tally] = {}
    async with _environment() as (emulator, headers):
        for name, serve in _FRAMEWORKS.items():
            rng, tally = setting.rng(f"guards of {name}"), tallies.setdefault(name, _Tally())
            for _ in range(_TABLES_IN_FULL if setting.full else _TABLES):
                await _try_table(rng, tally, serve, emulator, headers)
    leaks = [f"{name}: {leak}" for name, tally in tallies.items() for leak in tally.leaks]
    is_idle = any(
        tally.answered_public < tally.tables
        or tally.answered_guarded < tally.tables
        or tally.refused_tables > tally.tables // 2
        for tally in tallies.values()
    )
    seen = "; ".join(
        f"{name} {tally.tables} tables ({tally.refused_tables} refused at start), {tally.requests:,} requests, "
        f"{tally.answered_guarded:,} answered by guarded routes"
        for name, tally in tallies.items()
    )
    return Finding(
        figure=f"{len(leaks)} guarded routes answered without permission: {seen}",
        passed=not leaks and not is_idle,
        details=tuple(leaks[:10]),
    )


async def _try_table(
    rng: random.Random,
    tally: _Tally,
    serve: Serve,
    emulator: AsyncEmulatorHandle,
    headers: Mapping[Sender, Mapping[str, str]],
) -> None:
    table = make_table(rng, _ROUTES)
    routes = {route.name: route for route in table}
    tally.tables += 1
    try:
        async with serve(emulator, table) as ask:
            for method, path in make_requests(rng, table, _REQUESTS):
                # The entitled caller is not always last: a stored response must not reach another caller.
                for sender in rng.choice((("good", "poor", "nobody"), ("nobody", "poor", "good", "nobody"))):
                    name = await ask(method, path, headers[sender])
                    tally.requests += 1
                    if name is None:
                        continue
                    route = routes[name]
                    tally.answered_public += route.guard == "public"
                    tally.answered_guarded += route.guard != "public"
                    if route.refuses(sender):
                        tally.leaks.append(f"{method} {path} of {sender} was answered by {route}")
    except ConfigurationError:
        tally.refused_tables += 1


ROWS: Final = (
    Row(
        number=38,
        name="guards-of-web-frameworks",
        title="guards of FastAPI, aiohttp and Django: random route tables with public and guarded routes that overlap",
        target="guarded routes answered without a token 0",
        measure=measure_guards,
        starred=True,
    ),
)
