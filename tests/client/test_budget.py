"""Clients of one environment at one host share a retry budget."""

from __future__ import annotations

import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator import Emulator
from frontegg_async.errors import ServerError
from frontegg_async.options import Options

pytestmark = pytest.mark.anyio

_ALL = 50
_AT_ONCE = Options(max_retries=0)


async def _attempts(client: AsyncFrontegg) -> int:
    with pytest.raises(ServerError) as caught:
        await client.tenants.get("t1")
    return caught.value.attempts


async def test_what_one_client_spent_another_has_not() -> None:
    """Retries of reads and of authentications stop; those of another environment go on."""
    async with Emulator() as emulator:
        other = await emulator.create_environment()
        async with (
            emulator.client(options=_AT_ONCE) as first,
            emulator.client() as second,
            emulator.client() as third,
            other.client(options=Options(max_retries=1)) as stranger,
        ):
            assert await second.tenants.list().count() == 0
            await stranger.tenants.list().count()
            status: dict[str, JsonValue] = {"type": "status", "status": 503}
            for handle in (emulator, other):
                await handle.add_fault(stage="accept", action=status, match={"path": "/tenants/*"})
            for _ in range(_ALL):
                await _attempts(first)

            assert await _attempts(second) == 1
            assert await _attempts(stranger) == 2
            await emulator.add_fault(stage="accept", action=status, match={"path": "/auth/vendor"})
            assert await _attempts(third) == 1
            assert [entry.route for entry in await emulator.journal()].count("auth.authenticate") == 4
