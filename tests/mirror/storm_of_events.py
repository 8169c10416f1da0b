"""Accounts that change, a proxy that delivers their webhooks badly, and a worker that is killed again and again."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import os
import random
import signal
import sys
from collections.abc import Mapping

import attrs
from aiohttp import web

from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import FronteggError, MirrorError, WebhookVerificationError
from frontegg_async.mirror import AsyncMirror
from frontegg_async.webhooks import WebhookVerifier, parse_event

SECRET = "a secret of the webhook, longer than thirty-two bytes"
ACCOUNTS = 300
_SHARES = {"update": 20, "create": 4, "delete": 1, "lock": 1, "unlock": 1, "move": 1, "metadata": 2}
_PARENTS = [f"top-{number}" for number in range(5)]


@attrs.define
class Proxy:
    """Takes the calls of webhooks, and passes them on late, twice, in another order, forged, or not at all."""

    mirror: AsyncMirror
    rng: random.Random
    longest: float
    received: int = 0
    forged: int = 0
    refused: int = 0
    failed: int = 0
    _waiting: list[tuple[float, int, Mapping[str, str], bytes]] = attrs.field(factory=list)
    _verifier: WebhookVerifier = attrs.field(factory=lambda: WebhookVerifier(SECRET))

    async def take(self, request: web.Request) -> web.Response:
        """Take a call of a webhook."""
        body, headers = await request.read(), dict(request.headers)
        self.received += 1
        for _ in range(0 if self.rng.random() < 0.1 else 2 if self.rng.random() < 0.1 else 1):
            self._later(headers, body)
        if self.rng.random() < 0.01:
            self.forged += 1
            forged = b'{"eventKey":"frontegg.tenant.deleted","eventContext":{"tenantId":"account-1"}}'
            self._later(headers if self.rng.random() < 0.5 else {"x-webhook-secret": "forged"}, forged)
        return web.Response(status=204)

    def _later(self, headers: Mapping[str, str], body: bytes) -> None:
        at = asyncio.get_running_loop().time() + self.rng.random() * self.longest
        heapq.heappush(self._waiting, (at, self.rng.getrandbits(64), headers, body))

    async def run(self) -> None:
        """Pass the calls on, each at its time, until the task is cancelled."""
        while True:
            now = asyncio.get_running_loop().time()
            while self._waiting and self._waiting[0][0] <= now:
                _, _, headers, body = heapq.heappop(self._waiting)
                await self._pass_on(headers, body)
            await asyncio.sleep(0.005)

    async def _pass_on(self, headers: Mapping[str, str], body: bytes) -> None:
        try:
            self._verifier.verify(headers)
            await self.mirror.receive(parse_event(body))
        except WebhookVerificationError:
            self.refused += 1
        except MirrorError:  # the database is restarted; the service does not send an event again
            self.failed += 1


@attrs.define
class Changes:
    """Changes accounts at random."""

    client: AsyncFrontegg
    rng: random.Random
    deleted: set[str] = attrs.field(factory=set[str])
    half: asyncio.Event = attrs.field(factory=asyncio.Event)
    """Set when half of the changes are made."""

    async def run(self, count: int) -> None:
        """Make changes, eight at a time."""
        for parent in _PARENTS:
            await self.client.tenants.create(tenant_id=parent, name=parent, is_reseller=True)
        await asyncio.gather(*(self._some(count // 16) for _ in range(8)))
        self.half.set()
        await asyncio.gather(*(self._some(count // 16) for _ in range(8)))

    async def _some(self, count: int) -> None:
        for _ in range(count):
            with contextlib.suppress(FronteggError):  # it is not there, or already
                await self._one(f"account-{self.rng.randrange(ACCOUNTS)}")

    async def _one(self, tenant_id: str) -> None:
        client = self.client
        match self.rng.choices(*zip(*_SHARES.items(), strict=True))[0]:
            case "create":
                await client.tenants.create(tenant_id=tenant_id, name="N")
            case "update":
                await client.tenants.update(tenant_id, name=f"N{self.rng.random()}")
            case "delete":
                self.deleted.add(tenant_id)
                await client.tenants.delete(tenant_id)
            case "lock":
                await client.tenants.lock([tenant_id])
            case "unlock":
                await client.tenants.unlock([tenant_id])
            case "move":
                await client.hierarchy.assign(tenant_id, self.rng.choice(_PARENTS))
            case _:
                await client.tenants.add_metadata(tenant_id, {"number": self.rng.random()})


@attrs.define
class Workers:
    """Runs ``frontegg mirror run`` in a process that is killed again and again."""

    url: str
    emulator: EmulatorHandle
    rng: random.Random
    kills: int = 0
    killed: asyncio.Event = attrs.field(factory=asyncio.Event)
    """Set when the process was killed as often as it shall be."""

    async def run(self, times: int, pause: float) -> None:
        """Start and kill the process, and start it once more at the end, until the task is cancelled."""
        for _ in range(times):
            process = await self._start()
            await asyncio.sleep(self.rng.random() * pause)
            process.send_signal(signal.SIGKILL)
            await process.wait()
            self.kills += 1
        self.killed.set()
        process = await self._start()
        try:
            await process.wait()
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
                await process.wait()

    async def _start(self) -> asyncio.subprocess.Process:
        variables = {
            "FRONTEGG_BASE_URL": self.emulator.url,
            "FRONTEGG_CLIENT_ID": self.emulator.client_id,
            "FRONTEGG_SECRET_KEY": self.emulator.secret,
        }
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "frontegg_async", "mirror", "run", self.url),
            env={**os.environ, **variables},
            stderr=asyncio.subprocess.DEVNULL,
        )
