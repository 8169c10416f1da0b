"""During a long outage of authentication, one call each second asks for a token, not every call."""

from __future__ import annotations

import asyncio
import logging

import pytest

from frontegg_async._core.auth.token_cache import STRAINED_PAUSE
from frontegg_async._core.call.retry_budget import RetryBudget
from frontegg_async.emulator import Emulator
from frontegg_async.errors import (
    AuthenticationError,
    ClientClosedError,
    ConfigurationError,
    ConnectionFailedError,
    FronteggError,
    ServerError,
)
from frontegg_async.options import Options
from tests.client.test_tokens import Issuer
from tests.support.clients import FakeClock, make_client
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


def strained_issuer(error: Exception) -> Issuer:
    issuer = Issuer(FakeClock())
    issuer.is_strained = True
    issuer.error = error
    return issuer


async def test_one_tries_in_a_second_and_the_others_fail_at_once() -> None:
    """Each raises an error of its own, and a second later one tries again."""
    issuer = strained_issuer(ConnectionFailedError("no connection"))
    tokens = issuer.tokens()
    errors: list[FronteggError] = []
    for _ in range(3):
        for _ in range(10):
            with pytest.raises(ConnectionFailedError, match="no connection") as caught:
                await tokens.fetch()
            errors.append(caught.value)
        issuer.clock.now += STRAINED_PAUSE
    assert issuer.calls == 3
    assert len({id(error) for error in errors}) == 30


async def test_without_strain_every_call_tries() -> None:
    """A failure alone holds nobody back."""
    issuer = strained_issuer(ConnectionFailedError("no connection"))
    issuer.is_strained = False
    tokens = issuer.tokens()
    for _ in range(3):
        with pytest.raises(ConnectionFailedError):
            await tokens.fetch()
    assert issuer.calls == 3


@pytest.mark.parametrize("error", [AuthenticationError("refused"), ConfigurationError("no secret")])
async def test_what_is_wrong_with_the_credential_is_no_outage(error: FronteggError) -> None:
    """Another secret is tried at once."""
    issuer = strained_issuer(error)
    tokens = issuer.tokens()
    with pytest.raises(type(error)):
        await tokens.fetch()
    issuer.secret = type(issuer.secret)("s2")
    issuer.error = None
    await tokens.fetch()
    assert tokens.current() is not None


async def test_those_who_come_during_a_try_wait_for_it() -> None:
    """The failure before it does not count any more."""
    issuer = strained_issuer(ConnectionFailedError("no connection"))
    tokens = issuer.tokens()
    with pytest.raises(ConnectionFailedError):
        await tokens.fetch()
    issuer.clock.now += STRAINED_PAUSE
    issuer.error = None
    issuer.gate.clear()
    first = asyncio.ensure_future(tokens.fetch())
    await until(lambda: issuer.calls == 2)
    issuer.clock.now -= STRAINED_PAUSE
    second = asyncio.ensure_future(tokens.fetch())
    await asyncio.sleep(0)
    issuer.gate.set()
    await asyncio.gather(first, second)
    assert issuer.calls == 2


async def test_a_reset_and_a_token_end_it() -> None:
    """What failed before a token came is forgotten, and so it is by `reset_auth`."""
    issuer = strained_issuer(ConnectionFailedError("no connection"))
    tokens = issuer.tokens()
    with pytest.raises(ConnectionFailedError):
        await tokens.fetch()
    tokens.reset()
    issuer.error = None
    await tokens.fetch()
    token = tokens.current()
    assert token is not None
    tokens.reject(token)
    await tokens.fetch()
    assert issuer.calls == 3


async def test_a_closed_client_says_so() -> None:
    """And not what failed a moment ago."""
    issuer = strained_issuer(ConnectionFailedError("no connection"))
    tokens = issuer.tokens()
    with pytest.raises(ConnectionFailedError):
        await tokens.fetch()
    tokens.close()
    with pytest.raises(ClientClosedError):
        await tokens.fetch()


async def test_an_outage_is_no_flood_of_authentications(caplog: pytest.LogCaptureFixture) -> None:
    """When the budget is used up, hundreds of calls send few requests and log few lines."""
    failing = {"type": "status", "status": 503}
    async with Emulator() as emulator, make_client(emulator.url, options=Options(max_retries=0)) as frontegg:
        await emulator.add_fault(stage="accept", action=failing, match={"path": "/auth/vendor"})
        for _ in range(300):
            with pytest.raises(ServerError):
                await frontegg.tenants.get("acme")
        sent = len(await emulator.journal())
        await emulator.delete_faults()
        await emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
        frontegg.reset_auth()
        assert (await frontegg.tenants.get("acme")).name == "Acme"
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert sent == len(warnings) == RetryBudget.SIZE / 2


async def test_a_token_ends_the_memory_of_a_failure() -> None:
    """When it is refused a moment later, another is asked for, and the failure before it is not told."""
    issuer = strained_issuer(ConnectionFailedError("no connection"))
    tokens = issuer.tokens()
    with pytest.raises(ConnectionFailedError):
        await tokens.fetch()
    issuer.error, issuer.is_strained = None, False
    await tokens.fetch()
    token = tokens.current()
    assert token is not None
    issuer.is_strained = True
    tokens.reject(token)
    await tokens.fetch()
    assert issuer.calls == 3
