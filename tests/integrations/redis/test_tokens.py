"""Tokens in Redis: encrypted, stored for their lifetime, and fetched by one process for all."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import attrs
import pytest
from cryptography.fernet import Fernet
from redis.asyncio import Redis
from redis.exceptions import RedisError

from frontegg_async._values.secret import Secret
from frontegg_async.errors import ConfigurationError, MissingExtraError
from frontegg_async.fleet.tokens import StoredToken, TokenStore
from frontegg_async.integrations.redis import RedisTokenStore, tokens
from tests.integrations.redis.frames import locals_of
from tests.support.redis import RedisServer
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

NAME = "a1"
KEY = Fernet.generate_key()
TOKEN = StoredToken(Secret("canary"), 1_000.0, 900.0)


@attrs.frozen
class Shared:
    """A Redis and the stores that use it."""

    server: RedisServer
    made: list[RedisTokenStore] = attrs.field(factory=list)

    def store(self, key: object = KEY, prefix: str = "frontegg") -> RedisTokenStore:
        """Return another store."""
        store = RedisTokenStore(self.server.url, encryption_key=key, prefix=prefix)  # type: ignore[arg-type] # tests
        self.made.append(store)
        return store


@pytest.fixture
async def shared(redis: RedisServer) -> AsyncIterator[Shared]:
    """Return a Redis whose stores are closed at the end."""
    shared = Shared(redis)
    yield shared
    for store in shared.made:
        await store.aclose()
    await until(lambda: redis.connections() == 0)


def _key(kind: str) -> str:
    return f"frontegg:{{{NAME}}}:{kind}"


def _left(server: RedisServer) -> int:
    left = server.ask("PTTL", _key("lease"))
    assert isinstance(left, int)
    return left


async def test_a_stored_token_is_shared(shared: Shared) -> None:
    """Its remaining life is measured by Redis's clock."""
    store: TokenStore = shared.store()
    assert await store.get(NAME) is None
    await store.put(NAME, TOKEN)
    found = await shared.store().get(NAME)
    assert found is not None
    assert (found.value.reveal(), found.life) == ("canary", 1_000.0)
    assert 890.0 < found.left <= 900.0
    shared.server.ask("PEXPIRE", _key("token"), 50_000)
    again = await store.get(NAME)
    assert again is not None
    assert 40.0 < again.left <= 50.0
    await store.put(NAME, StoredToken(Secret("next"), 10.0, 10.0))
    replaced = await store.get(NAME)
    assert replaced is not None
    assert replaced.value.reveal() == "next"
    await store.put("b2", StoredToken(Secret("ended"), 10.0, 0.0))
    assert await store.get("b2") is None


async def test_tokens_in_redis_are_encrypted(shared: Shared) -> None:
    """The stored value is encrypted."""
    await shared.store().put(NAME, TOKEN)
    kept = shared.server.ask("GET", _key("token"))
    assert isinstance(kept, bytes)
    assert b"canary" not in kept


async def test_values_of_other_names_and_keys_are_ignored(shared: Shared, caplog: pytest.LogCaptureFixture) -> None:
    """A value of another name or key is ignored, and a warning is logged once; an additional key decrypts it."""
    await shared.store().put(NAME, TOKEN)
    other = shared.store(Fernet.generate_key())
    assert [await other.get(NAME) for _ in range(3)] == [None] * 3
    assert [record.message for record in caplog.records] == [
        "a token in Redis cannot be decrypted with encryption_key: other processes use another key"
    ]
    shared.server.ask("COPY", _key("token"), "frontegg:{b2}:token")
    assert await shared.store().get("b2") is None
    assert await shared.store([Fernet.generate_key(), KEY]).get(NAME) is not None
    assert await shared.store(prefix="other").get(NAME) is None


async def test_invalid_values_are_not_tokens(shared: Shared) -> None:
    """A key without expiry, or a value that cannot be decrypted, is not a token."""
    store = shared.store()
    await store.put(NAME, TOKEN)
    shared.server.ask("PERSIST", _key("token"))
    assert await store.get(NAME) is None
    shared.server.ask("SET", _key("token"), "{}", "PX", 10_000)
    assert await store.get(NAME) is None


async def test_a_lease_has_one_holder(shared: Shared, caplog: pytest.LogCaptureFixture) -> None:
    """It lasts until it is released; an expired lease cannot be released."""
    caplog.set_level(logging.DEBUG, "asyncio")
    store, other = shared.store(), shared.store()
    lease = await store.acquire(NAME, 30.0)
    assert lease is not None
    assert await other.acquire(NAME, 30.0) is None
    await store.release(NAME, lease)
    second = await other.acquire(NAME, 30.0)
    assert second is not None
    await store.release(NAME, lease)
    await store.release(NAME, None)
    assert await store.acquire(NAME, 30.0) is None
    await other.release(NAME, second)


async def test_a_lease_without_a_time_to_live_ends(shared: Shared) -> None:
    """The next process to meet it sets a time to live; otherwise it would block the fleet forever."""
    store = shared.store()
    shared.server.ask("SET", _key("lease"), "of nobody")
    assert await store.acquire(NAME, 30.0) is None
    assert 0 < _left(shared.server) <= 3_000
    shared.server.ask("PEXPIRE", _key("lease"), 1)
    await until(lambda: not shared.server.ask("EXISTS", _key("lease")))
    lease = await store.acquire(NAME, 30.0)
    assert lease is not None
    assert await shared.store().acquire(NAME, 30.0) is None
    await store.release(NAME, lease)


async def test_those_who_wait_are_woken(shared: Shared) -> None:
    """They are woken when the lease is released, by any process."""
    store, other = shared.store(), shared.store()
    lease = await store.acquire(NAME, 30.0)
    waiting = [asyncio.create_task(each.wait(NAME, 30.0)) for each in (other, other, store)]
    await until(lambda: shared.server.ask("PUBSUB", "NUMSUB", _key("free")) == [_key("free").encode(), 3])
    await store.release(NAME, lease)
    async with asyncio.timeout(30):
        await asyncio.gather(*waiting)


async def test_a_released_lease_is_not_waited_for(shared: Shared) -> None:
    """A process that subscribes after the release checks the lease, and continues."""
    async with asyncio.timeout(30):
        await shared.store().wait(NAME, 30.0)


async def test_a_wait_has_a_limit(shared: Shared) -> None:
    """The wait ends although the lease is held."""
    store = shared.store()
    lease = await store.acquire(NAME, 30.0)
    async with asyncio.timeout(30):
        await store.wait(NAME, 0.01)
    await store.release(NAME, lease)


@pytest.mark.slow
async def test_a_lease_is_renewed(shared: Shared) -> None:
    """The lease is renewed during the fetch, and not after its maximum time."""
    store = shared.store()
    lease = await store.acquire(NAME, 30.0)
    value = shared.server.ask("GET", _key("lease"))
    shared.server.ask("PEXPIRE", _key("lease"), 60_000)
    await until(lambda: _left(shared.server) <= 3_000)
    assert shared.server.ask("GET", _key("lease")) == value
    await store.release(NAME, lease)
    late = await store.acquire(NAME, 0.0)
    assert isinstance(late, tokens._Lease)
    async with asyncio.timeout(30):
        await late.renewal
    await store.release(NAME, late)


async def test_a_lost_lease_is_not_renewed(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    """If another process has it, or Redis was wiped, the renewal stops."""
    monkeypatch.setattr(tokens, "SIGN_OF_LIFE", 0.03)
    store = shared.store()
    lease = await store.acquire(NAME, 30.0)
    assert isinstance(lease, tokens._Lease)
    shared.server.ask("SET", _key("lease"), "another's")
    async with asyncio.timeout(30):
        await lease.renewal
    await store.release(NAME, lease)
    assert shared.server.ask("GET", _key("lease")) == b"another's"
    lost = await store.acquire("b2", 30.0)
    assert isinstance(lost, tokens._Lease)
    shared.server.ask("CONFIG", "SET", "maxmemory", "1")
    shared.server.stop()
    async with asyncio.timeout(30):
        await lost.renewal
    shared.server.start()


@asynccontextmanager
async def _client(redis: RedisServer, *, decode_responses: bool) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis.url, decode_responses=decode_responses)
    try:
        yield client
    finally:
        await client.aclose()


@pytest.mark.parametrize("decodes", [False, True])
async def test_a_client_may_be_given(redis: RedisServer, *, decodes: bool) -> None:
    """A given client is borrowed: it is used unchanged, and not closed."""
    async with _client(redis, decode_responses=decodes) as client:
        store = RedisTokenStore(client, encryption_key=KEY)
        await store.put(NAME, TOKEN)
        found = await store.get(NAME)
        assert found is not None
        assert found.value.reveal() == "canary"
        lease = await store.acquire(NAME, 30.0)
        await store.wait(NAME, 0.01)
        await store.release(NAME, lease)
        await store.aclose()
        assert await client.ping()
        assert repr(store) == "RedisTokenStore(a client)"


async def test_documented_redis_permissions_suffice(shared: Shared) -> None:
    """A Redis user needs access to our keys and channels, and the documented commands."""
    rights = (
        "~frontegg:* &frontegg:* +get +set +exists +pttl +pexpire +del +eval +time +publish +subscribe +unsubscribe"
    )
    shared.server.ask("ACL", "SETUSER", "fleet", "on", ">pw", *rights.split())
    url = shared.server.tcp_url.replace("//", "//fleet:pw@")
    store = RedisTokenStore(url, encryption_key=KEY)
    shared.made.append(store)
    await store.put(NAME, TOKEN)
    assert await store.get(NAME) is not None
    lease = await store.acquire(NAME, 30.0)
    await store.wait(NAME, 0.01)
    await store.release(NAME, lease)
    shared.server.ask("ACL", "DELUSER", "fleet")


@pytest.fixture
def _no_cryptography(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)


@pytest.mark.parametrize("key", ["short", b"", [], None, 5])
def test_bad_keys_are_named(key: object) -> None:
    """The message describes a valid key; no frame has the given key or the URL's password."""
    with pytest.raises(ConfigurationError, match=r"^encryption_key must be a key from .*generate_key") as caught:
        RedisTokenStore("redis://:canary@localhost", encryption_key=key)  # type: ignore[arg-type] # that is the point
    assert "canary" not in locals_of(caught.value)
    assert "short" not in locals_of(caught.value)


@pytest.mark.usefixtures("_no_cryptography")
def test_a_missing_extra_is_named() -> None:
    """The error names the command that installs it."""
    with pytest.raises(MissingExtraError, match=r"^encryption_key needs .*pip install 'frontegg-async\[redis\]'"):
        RedisTokenStore("redis://localhost", encryption_key=KEY)


async def test_redis_errors_show_only_their_type(shared: Shared) -> None:
    """Redis repeats arguments of commands in its errors, and redis-py's frames hold the password."""
    store = RedisTokenStore(shared.server.tcp_url.replace("//", "//:canary@"), encryption_key=KEY)
    shared.made.append(store)
    with pytest.raises(RedisError) as caught:
        await store.get(NAME)
    assert (type(caught.value).__name__, str(caught.value)) == ("AuthenticationError", "")
    assert "canary" not in locals_of(caught.value)
