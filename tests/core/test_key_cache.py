"""`KeyCache` on a fake clock: when it reads keys, what it caches, and what its errors say."""

from __future__ import annotations

import asyncio
import contextlib
import logging

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from frontegg_async._core.auth.jwt_validation import SignedToken
from frontegg_async._core.auth.key_cache import KeyCache, check_signature
from frontegg_async._core.auth.keys import KeySet, keys_of_document
from frontegg_async.errors import (
    ClientClosedError,
    ConfigurationError,
    DecodeError,
    FronteggError,
    ServerError,
    TokenVerificationError,
    WrongLoopError,
)
from tests.support.clients import FakeClock
from tests.support.signing import jwk, rsa_key
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

_DAY = 86_400.0


class Issuer:
    """Has keys, or fails; notes when it was asked, and whether that was said to be the first time."""

    def __init__(self, now: float = 0.0) -> None:
        self.clock = FakeClock(now=now)
        self.keys = keys_of_document([jwk("k1"), jwk("k2", key=rsa_key("k2"))])
        self.reads: list[tuple[float, bool]] = []
        self.error: Exception | None = None
        self.seconds = 0.0
        self.cache = KeyCache(self.fetch, self.clock.monotonic, place="https://a.example/keys")

    async def fetch(self, is_first: bool) -> KeySet:
        """Return the keys."""
        self.reads.append((self.clock.now, is_first))
        self.clock.now += self.seconds
        if self.error is not None:
            raise self.error
        return self.keys

    async def finds(self, key_id: str | None, now: float) -> str | None:
        """Ask for a key at a moment, let what was begun end; return why there is none."""
        self.clock.now = now
        found = await self.cache.find(key_id)
        await until(lambda: not self.cache._single_flight.is_under_way)
        return found.reason if isinstance(found, TokenVerificationError) else None


async def test_when_keys_are_read() -> None:
    """First when one is asked for; beside the calls from the 240th second on; waited for after an hour."""
    issuer = Issuer()
    for now, reads in ((0.0, 1), (239.9, 1), (240.0, 2), (479.9, 2), (480.0, 3), (780.0, 4), (1_079.9, 5)):
        assert await issuer.finds("k1", now) is None
        assert len(issuer.reads) == reads, now
    assert [is_first for _, is_first in issuer.reads] == [True] + [False] * 4


async def test_a_key_that_is_not_there_has_them_read_each_half_minute() -> None:
    """Whoever asks in between is told at once."""
    issuer = Issuer()
    for now, reads in ((0.0, 1), (0.1, 1), (29.9, 1), (30.0, 2), (59.9, 2), (60.0, 3)):
        assert await issuer.finds("k9", now) == "unknown_key"
        assert len(issuer.reads) == reads, now


async def test_old_keys_are_waited_for() -> None:
    """When nothing failed, keys of an hour are read before one is taken: the new ones count."""
    issuer = Issuer()
    assert await issuer.finds("k1", 0.0) is None
    issuer.keys = keys_of_document([jwk("k2")])
    assert await issuer.finds("k1", 3_600.0) == "unknown_key"
    assert issuer.reads == [(0.0, True), (3_600.0, False)]


async def test_an_outage_of_a_day() -> None:
    """Keys are taken until the day is over, read again each half minute; then there are none."""
    issuer = Issuer()
    assert await issuer.finds("k1", 0.0) is None
    issuer.error = ServerError("it failed")
    for now, reads in ((240.0, 2), (269.9, 2), (270.0, 3), (_DAY - 0.1, 4)):
        assert await issuer.finds("k1", now) is None
        assert len(issuer.reads) == reads, now
    assert await issuer.finds("k9", _DAY - 0.05) == "keys_unavailable"
    assert await issuer.finds("k1", _DAY) == "keys_unavailable"
    assert await issuer.finds("k1", _DAY + 30.0) == "keys_unavailable"
    assert issuer.reads[-1] == (_DAY + 30.0, True)
    issuer.error = None
    assert await issuer.finds("k1", _DAY + 100.0) is None
    assert await issuer.finds("k1", _DAY + 100.0 + 239.9) is None
    assert issuer.reads[-1] == (_DAY + 100.0, True)


async def test_the_first_failures_are_followed_by_short_pauses() -> None:
    """1, 2, 4, 8, 16 and then 30 seconds from the end of a read, told as what to wait; a success begins anew."""
    issuer = Issuer(now=100.0)
    issuer.error = ServerError("it failed")
    issuer.seconds = 0.5
    now = 100.0
    for _ in range(2):
        for pause in (1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0):
            before = len(issuer.reads)
            assert await issuer.finds("k1", now) == "keys_unavailable"
            assert len(issuer.reads) == before + 1
            assert await issuer.finds("k1", now + 0.5 + pause - 0.125) == "keys_unavailable"
            assert len(issuer.reads) == before + 1
            problem = await issuer.cache.find("k1")
            assert isinstance(problem, TokenVerificationError)
            assert problem.details.retry_after == 0.125
            now += 0.5 + pause
        issuer.error = None
        assert await issuer.finds("k1", now) is None
        now += 2 * _DAY
        issuer.error = ServerError("it failed")


async def test_what_is_told_in_an_outage() -> None:
    """Where the keys are, and why they cannot be read; the failure's own error stays with its caller."""
    issuer = Issuer()
    issuer.error = ServerError("it failed")
    with pytest.raises(TokenVerificationError, match=r"read from https://a.example/keys: it failed$") as caught:
        await issuer.cache.read()
    assert (caught.value.reason, caught.value.details.retry_after) == ("keys_unavailable", 1.0)
    issuer.clock.now = 50.0
    problem = issuer.cache._missing("k1")
    assert (problem.reason, problem.details.retry_after) == ("keys_unavailable", 0.0)
    issuer.error = None
    await issuer.cache.read()
    assert "names no key" in str(issuer.cache._missing(None))
    assert "another environment" in str(issuer.cache._missing("k9"))
    assert issuer.cache._missing(None).reason == issuer.cache._missing("k9").reason == "unknown_key"


@pytest.mark.parametrize("error", [ClientClosedError("closed"), WrongLoopError("wrong loop")], ids=repr)
async def test_failures_of_the_callers_own(error: FronteggError) -> None:
    """They are raised as they are, to each its own, and nothing is remembered of them."""
    issuer = Issuer()
    issuer.error = error
    for _ in range(2):
        with pytest.raises(type(error), match=str(error)) as caught:
            await issuer.cache.find("k1")
        assert caught.value is not error
    issuer.error = None
    assert await issuer.finds("k1", 0.0) is None
    assert len(issuer.reads) == 3
    issuer.error = error
    assert await issuer.finds("k1", 3_600.0) is None
    assert await issuer.finds("k1", 3_600.1) is None
    assert len(issuer.reads) == 5


@pytest.mark.parametrize(
    "error",
    [
        ClientClosedError("closed"),
        ConfigurationError("the environment has no key"),
        DecodeError("not settings"),
        ServerError("it failed"),
        TypeError("of a defect"),
        WrongLoopError("wrong loop"),
    ],
    ids=repr,
)
async def test_a_known_key_stays_valid_for_its_day(error: Exception) -> None:
    """Whatever a read ends with, when it is begun beside a token and when a token waits for it."""
    issuer = Issuer()
    assert await issuer.finds("k1", 0.0) is None
    issuer.error = error
    for now in (240.0, 250.0, 270.0, 3_600.0, 3_600.1, 3_700.0, _DAY - 0.1):
        assert await issuer.finds("k1", now) is None
    assert len(issuer.reads) > 3
    issuer.error = None
    assert await issuer.finds("k1", _DAY + 30.0) is None


@pytest.mark.parametrize(
    ("published", "named", "is_replaced"),
    [(None, "k1", True), (None, None, True), ("k1", None, True), ("k1", "k1", False)],
)
async def test_a_key_that_a_token_does_not_tell_is_read_again(
    published: str | None, named: str | None, is_replaced: bool
) -> None:
    """When a signature does not match it, at most each half minute; the one that replaced it is found."""
    issuer = Issuer()
    issuer.keys = keys_of_document([jwk("k1", kid=published)])
    first = await issuer.cache.find(named)
    assert not isinstance(first, TokenVerificationError)
    issuer.keys = keys_of_document([jwk("k2", kid=published)])
    for now, reads in ((0.1, 1), (29.9, 1), (30.0, 2), (30.1, 2), (59.9, 2), (60.0, 3)):
        issuer.clock.now = now
        found = await issuer.cache.find_replacement(named, first)
        assert len(issuer.reads) == (reads if is_replaced else 1), now
        assert (found is not None) is (is_replaced and reads > 1)
    issuer.error = ServerError("it failed")
    issuer.clock.now = 120.0
    assert (await issuer.cache.find_replacement(named, first) is not None) is is_replaced


async def test_a_token_of_the_key_that_replaced_the_known_one() -> None:
    """Its signature is verified with the new key, which no id tells from the old one."""
    signature = rsa_key("k2").sign(b"signed", padding.PKCS1v15(), hashes.SHA256())
    token = SignedToken(key_id=None, signed=b"signed", payload=b"", signature=signature)
    issuer = Issuer()
    issuer.keys = keys_of_document([jwk("k1", kid=None)])
    await issuer.cache.find(None)
    issuer.keys = keys_of_document([jwk("k2", key=rsa_key("k2"), kid=None)])
    issuer.clock.now = 30.0
    assert await check_signature(issuer.cache, token, what="token") is None


async def test_an_outage_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """By its kind, once for each read."""
    issuer = Issuer()
    issuer.error = ServerError("canary")
    with caplog.at_level(logging.WARNING, logger="frontegg_async"):
        for now in (0.0, 0.5, 1.0):
            await issuer.finds("k1", now)
    assert [record.getMessage() for record in caplog.records] == [
        "the keys of the issuer could not be read: ServerError"
    ] * 2


async def test_closing_the_cache() -> None:
    """Nothing is read any more; the keys that are there are still those that they are."""
    issuer = Issuer()
    assert await issuer.finds("k1", 0.0) is None
    issuer.cache.close()
    with pytest.raises(ClientClosedError, match=r"^the verifier is closed$"):
        await issuer.cache.read()


async def test_a_child_leaves_the_read_of_its_parent_alone() -> None:
    """It begins one of its own; those who wait in the parent are served there."""
    issuer = Issuer()
    gate = asyncio.Event()

    async def fetch(is_first: bool) -> KeySet:
        await gate.wait()
        return await issuer.fetch(is_first)

    cache = KeyCache(fetch, issuer.clock.monotonic, place="somewhere")
    waiting = asyncio.ensure_future(cache.find("k1"))
    await until(lambda: cache._single_flight.is_under_way)
    cache.forget_loop()
    assert not cache._single_flight.is_under_way
    gate.set()
    assert not isinstance(await waiting, TokenVerificationError)


async def test_settings_without_a_key_are_read_again_soon() -> None:
    """After 0.5, 1, 2, 4, 8, 16 and then 30 seconds, however many tokens come: a flood of them is none of requests."""
    issuer = Issuer()
    issuer.error = ConfigurationError("the environment has no key")
    now = 0.0
    for pause in (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0):
        before = len(issuer.reads)
        for later in (0.0, pause / 2, pause - 0.125):
            issuer.clock.now = now + later
            found = await asyncio.gather(*(issuer.cache.find("k1") for _ in range(20)), return_exceptions=True)
            assert {str(each) for each in found} == {"the environment has no key"}
        assert len(issuer.reads) == before + 1
        now += pause
    issuer.error = None
    assert await issuer.finds("k1", now) is None
    assert await issuer.finds("k1", now + _DAY + 239.9) is None
    assert issuer.reads[-1] == (now + _DAY + 239.9, True)


@pytest.mark.slow
@pytest.mark.parametrize("error", [ServerError("it failed"), ConfigurationError("the environment has no key")])
async def test_the_pause_after_a_failure_has_a_bound(error: FronteggError) -> None:
    """An outage of nine hours has more failures than a float has doublings."""
    issuer = Issuer()
    issuer.error = error
    for now in range(0, 1_030 * 30, 30):
        issuer.clock.now = float(now)
        with contextlib.suppress(ConfigurationError):
            await issuer.cache.find("k1")
    issuer.error = None
    before = len(issuer.reads)
    assert await issuer.finds("k1", 1_030 * 30.0) is None
    assert len(issuer.reads) == before + 1


async def test_one_answer_without_a_key_costs_half_a_second() -> None:
    """The first answer of all may be partial; the next is not kept from the tokens."""
    issuer = Issuer()
    issuer.error = ConfigurationError("the environment has no key")
    with pytest.raises(ConfigurationError, match="has no key"):
        await issuer.finds("k1", 0.0)
    issuer.error = None
    assert await issuer.finds("k1", 0.5) is None
    assert await issuer.finds("k1", 29.0) is None
    assert len(issuer.reads) == 2
