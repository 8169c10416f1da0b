"""Very long rate limits are capped, and `reset_auth()` opens closed routes."""

from __future__ import annotations

import asyncio

import pytest

from frontegg_async.errors import RateLimitError
from frontegg_async.options import Options
from tests.support.clients import FakeClock, make_client
from tests.support.jwts import make_jwt
from tests.support.raw_server import http, raw_server
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

OK = http(200, tenant_row())


async def test_a_limit_of_a_day_closes_a_route_for_two_minutes() -> None:
    """The call that met it fails with the wait; later ones wait at most two minutes, and one of them goes first."""
    clock = FakeClock()
    limited = http(429, headers={"Retry-After": "86400"})
    options = Options(deadline=None)
    async with (
        raw_server(limited, limited, OK) as server,
        make_client(server.url, clock=clock, options=options) as client,
    ):
        for slept in ([], [120.0]):
            with pytest.raises(RateLimitError) as caught:
                await client.tenants.get("t1")
            assert (caught.value.retry_after, clock.slept) == (86_400.0, slept)
        # The service changed its mind: the first call goes alone, and the others follow.
        await asyncio.gather(*(client.tenants.get("t1") for _ in range(3)))
    assert clock.slept == [120.0, 120.0, 2.0]
    assert len(server.requests) == 5


async def test_reset_auth_opens_routes() -> None:
    """Whoever knows better than the service's answer need not wait, for calls of the environment and of its users."""
    limited = http(429, headers={"Retry-After": "100"})
    async with raw_server(limited, limited, OK, http(200, [])) as server, make_client(server.url) as client:
        user = client.as_user(make_jwt())
        with pytest.raises(RateLimitError):
            await client.tenants.get("t1")
        with pytest.raises(RateLimitError):
            await user.tenants.list().all()
        client.reset_auth()
        await client.tenants.get("t1")
        assert await user.tenants.list().all() == []
    assert len(server.requests) == 4
