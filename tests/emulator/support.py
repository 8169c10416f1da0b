"""Helpers of the emulator's tests: an environment to run rules in, and plain HTTP over real sockets."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, BinaryIO, Final

import aiohttp
import attrs

from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.emulator.http.encoding import encode_response
from frontegg_async.emulator.services.registry import RULES
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, RequestRefusedError
from frontegg_async.emulator.services.support.incoming_call import NO_FIELDS, IncomingCall, Query
from frontegg_async.emulator.store.switches import DEFAULT, change
from frontegg_async.emulator.world.clock import Clock
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment, EmulatedSettings
from frontegg_async.emulator.world.grants import NOBODY, Grant
from frontegg_async.emulator.world.signing_key import process_key

V1: Final = "/tenants/resources/tenants/v1"
V2: Final = "/tenants/resources/tenants/v2"
START: Final = 1_700_000_000.0


def make_environment(**switches: str | int) -> EmulatedEnvironment:
    """Return an environment whose clock stands still and whose ids can be repeated."""
    settings = EmulatedSettings(switches=change(DEFAULT, switches))
    clock = Clock(frozen=START)
    return EmulatedEnvironment(
        "emu_test", "emu_secret", process_key(), defaults=settings, clock=clock, rng=random.Random(1)
    )


def run(
    environment: EmulatedEnvironment,
    operation: str,
    body: Mapping[str, Any] | None = None,
    *,
    query: str = "",
    caller: Grant = NOBODY,
    about: str = "",
    headers: Mapping[str, str] = NO_FIELDS,
    **path: str,
) -> EmulatedResponse:
    """Run the rule of an operation, about a tenant or about that of the caller."""
    tenant_id = about or caller.tenant_id
    call = IncomingCall(
        body=body or {},
        query=Query(query),
        caller=caller,
        tenant_id=tenant_id,
        path=path,
        raw_path="/list",
        headers=headers,
    )
    return RULES[operation].run(environment, call)


def refusal(
    environment: EmulatedEnvironment, operation: str, body: Mapping[str, Any] | None = None, **more: Any
) -> EmulatedResponse:
    """Run a rule that must refuse; return the answer that says so."""
    try:
        answer = run(environment, operation, body, **more)
    except RequestRefusedError as refused:
        return refused.response
    raise AssertionError(f"{operation} answered {answer}")


def shown(answer: EmulatedResponse) -> Any:
    """Return the body of an answer as it is read from the wire."""
    raw = encode_response(answer, "").body
    return json.loads(raw) if raw else None


def create(environment: EmulatedEnvironment, tenant_id: str, **fields: Any) -> Any:
    """Create a tenant."""
    return shown(run(environment, "tenants.create", {"tenantId": tenant_id, "name": tenant_id.upper(), **fields}))


@attrs.frozen
class Response:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.raw)


@attrs.define
class Service:
    """An environment of an emulator over HTTP, with its token sent along."""

    emulator: AsyncEmulatorHandle
    session: aiohttp.ClientSession
    token: str = ""

    async def authenticate(self) -> str:
        """Get a token and keep it."""
        body = {"clientId": self.emulator.client_id, "secret": self.emulator.secret}
        self.token = (await self.send("POST", "/auth/vendor", body)).json["token"]
        return self.token

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        data: bytes | BinaryIO | None = None,
    ) -> Response:
        """Send a request."""
        from yarl import URL

        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent.update(headers or {})
        url = URL(self.emulator.url + path, encoded=True)
        async with self.session.request(
            method, url, json=body, data=data, headers=sent, allow_redirects=False
        ) as response:
            return Response(response.status, response.headers, await response.read())

    async def create(self, tenant_id: str, **fields: Any) -> Response:
        """Create a tenant."""
        return await self.send("POST", V1, {"tenantId": tenant_id, "name": tenant_id.upper(), **fields})

    async def admin(self, method: str, verb: str, body: Any = None, *, only: bool = True) -> Response:
        """Use the admin API, for the environment or for all."""
        target = f"environments/{self.emulator.client_id}/" if only else ""
        return await self.send(method, f"/_emulator/v1/{target}{verb}", body)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that the emulator does by itself."""
    async with asyncio.timeout(30):
        while not await condition():  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0)
