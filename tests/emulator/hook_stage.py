"""An emulator with a receiver of its calls, for the tests of webhooks and prehooks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import attrs
from aiohttp import web

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.models import Webhook

SECRET: Final = "a secret of the webhook, longer than thirty-two bytes"
CREATED: Final = "frontegg.tenant.created"


@attrs.frozen
class Call:
    """A call that arrived."""

    headers: Mapping[str, str]
    raw: bytes

    @property
    def signature(self) -> str | None:
        """Its header with the JWT."""
        return self.headers.get("x-webhook-secret")

    @property
    def body(self) -> Any:
        """Its body, parsed."""
        return json.loads(self.raw)


@attrs.define
class Receiver:
    """Receives calls, and answers them."""

    url: str = ""
    calls: list[Call] = attrs.field(factory=list)
    status: int = 204
    answer: object = None
    gate: asyncio.Event = attrs.field(factory=asyncio.Event)

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Note a call and answer it, while the gate is open."""
        self.calls.append(Call(request.headers.copy(), await request.read()))
        await self.gate.wait()
        if self.answer is None:
            return web.Response(status=self.status, headers={"Location": f"{self.url}?again"})
        return web.json_response(self.answer, status=self.status)

    def tenants(self) -> list[str]:
        """The tenants of the calls, in order."""
        return [call.body["eventContext"]["tenantId"] for call in self.calls]


@attrs.frozen
class Stage:
    """An emulator, its client, and a receiver."""

    emulator: AsyncEmulatorHandle
    frontegg: AsyncFrontegg
    receiver: Receiver

    async def webhook(self, **changes: Any) -> Webhook:
        """Create a webhook of the receiver."""
        fields = {"url": self.receiver.url, "secret": SECRET, "event_keys": [CREATED], **changes}
        return await self.frontegg.webhooks.of_environment.create(**fields)

    async def prehook(self, fail_method: Any = "close", **changes: Any) -> None:
        """Create a prehook of the receiver for all events of tenants."""
        keys = ["CREATE_TENANT", "UPDATE_TENANT", "DELETE_TENANT"]
        fields = {"url": self.receiver.url, "secret": SECRET, "event_keys": keys, "fail_method": fail_method, **changes}
        await self.frontegg.prehooks.create(**fields)

    async def create(self, *tenant_ids: str) -> None:
        """Create tenants, and wait for the deliveries."""
        for tenant_id in tenant_ids:
            await self.frontegg.tenants.create(tenant_id=tenant_id, name=tenant_id)
        await self.emulator.deliveries_done()


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver that listens."""
    made = Receiver()
    made.gate.set()
    runner = web.ServerRunner(web.Server(made.handle), shutdown_timeout=0.05)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook?key=1"
    try:
        yield made
    finally:
        made.gate.set()
        await runner.cleanup()
