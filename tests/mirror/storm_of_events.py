"""Accounts that change, a proxy that delivers their webhooks badly, and workers that are killed one after the other."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import random
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import attrs
import jwt

from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.errors import FronteggError, MirrorError, WebhookVerificationError
from frontegg_async.mirror import AsyncMirror
from frontegg_async.webhooks import WebhookVerifier, parse_event
from tests.mirror.worker_process import variables_of

SECRET = "a secret of the webhook, longer than thirty-two bytes"
ACCOUNTS = 300
_SHARES = {"update": 18, "create": 4, "delete": 1, "lock": 2, "unlock": 2, "move": 1, "metadata": 2}
_LOCKED: Final = 20
"""The accounts that are locked, or unlocked, at a time."""
_AT_ONCE: Final = 4
"""The calls that the proxy passes on at a time."""
PARENTS = [f"top-{number}" for number in range(5)]


@attrs.define
class Proxy:
    """Takes the calls of a webhook, and passes them on late, twice, in another order, forged, or not at all."""

    mirror: AsyncMirror
    rng: random.Random
    longest: float
    """The most seconds by which it delays a call."""
    taken: int = 0
    forged: int = 0
    refused: int = 0
    failed: int = 0
    _is_over: bool = False
    _waiting: list[tuple[float, int, str, bytes]] = attrs.field(factory=list[tuple[float, int, str, bytes]])
    _header: str = attrs.field(factory=lambda: jwt.encode({}, SECRET))
    _verifier: WebhookVerifier = attrs.field(factory=lambda: WebhookVerifier(SECRET))

    def take(self, tenant_id: str) -> None:
        """Take the event of a change of an account."""
        self.taken += 1
        body = b'{"eventKey":"frontegg.tenant.updated","eventContext":{"tenantId":"%s"}}' % tenant_id.encode()
        for _ in range(0 if self.rng.random() < 0.1 else 2 if self.rng.random() < 0.1 else 1):
            self._later(self._header, body)
        if self.rng.random() < 0.01:
            self.forged += 1
            forged = b'{"eventKey":"frontegg.tenant.deleted","eventContext":{"tenantId":"account-1"}}'
            self._later(self._header if self.rng.random() < 0.5 else jwt.encode({}, SECRET[::-1]), forged)

    def _later(self, header: str, body: bytes) -> None:
        at = asyncio.get_running_loop().time() + self.rng.random() * self.longest
        heapq.heappush(self._waiting, (at, self.rng.getrandbits(64), header, body))

    @asynccontextmanager
    async def passing_on(self) -> AsyncGenerator[None]:
        """Pass the calls on, each at its time; at the end, wait until all are."""
        passing = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._is_over = True
            await passing

    async def _run(self) -> None:
        while self._waiting or not self._is_over:
            now = asyncio.get_running_loop().time()
            while self._waiting and self._waiting[0][0] <= now:
                due = [heapq.heappop(self._waiting) for _ in range(min(_AT_ONCE, len(self._waiting)))]
                await asyncio.gather(*(self._pass_on(header, body) for _, _, header, body in due))
            await asyncio.sleep(0.005)

    async def _pass_on(self, header: str, body: bytes) -> None:
        try:
            self._verifier.verify({"x-webhook-secret": header})
            await self.mirror.receive(parse_event(body))
        except WebhookVerificationError:
            self.refused += 1
        except MirrorError:  # the database is restarted; the service does not send an event again
            self.failed += 1


@attrs.define
class Changes:
    """Changes accounts at random, and gives their events to a proxy, until it has taken a number of them."""

    client: AsyncFrontegg
    rng: random.Random
    proxy: Proxy
    deleted: set[str] = attrs.field(factory=set[str])

    async def run(self, events: int) -> None:
        """Make changes, eight at a time."""
        await asyncio.gather(*(self._some(events) for _ in range(8)))

    async def _some(self, events: int) -> None:
        while self.proxy.taken < events:
            ids = self.rng.sample(range(ACCOUNTS), _LOCKED)
            with contextlib.suppress(FronteggError):  # it is not there, or already
                for changed in await self._change([f"account-{number}" for number in ids]):
                    self.proxy.take(changed)

    async def _change(self, ids: list[str]) -> list[str]:
        """Change the first of some accounts, or all; return those that were changed."""
        client, (tenant_id, *_) = self.client, ids
        match self.rng.choices(*zip(*_SHARES.items(), strict=True))[0]:
            case "create":
                await client.tenants.create(tenant_id=tenant_id, name="N")
            case "update":
                await client.tenants.update(tenant_id, name=f"N{self.rng.random()}")
            case "delete":
                self.deleted.add(tenant_id)
                await client.tenants.delete(tenant_id)
            case "lock":
                await client.tenants.lock(ids)
                return ids
            case "unlock":
                await client.tenants.unlock(ids)
                return ids
            case "move":
                await client.hierarchy.assign(tenant_id, self.rng.choice(PARENTS))
            case _:
                await client.tenants.add_metadata(tenant_id, {"number": self.rng.random()})
        return [tenant_id]


@asynccontextmanager
async def killed_workers(
    url: str, emulator: AsyncEmulatorHandle, kills: int, seed: int
) -> AsyncGenerator[asyncio.Task[bytes]]:
    """Run ``frontegg mirror run`` in processes that are killed one after the other, and in a last one to the end.

    Yields:
        A task that ends with ``killed`` and a newline when as many processes were killed as shall be.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.mirror.killed_worker", url, str(kills), str(seed)),
        env=variables_of(emulator),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    killed = asyncio.create_task(process.stdout.readline())
    try:
        yield killed
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        await killed
